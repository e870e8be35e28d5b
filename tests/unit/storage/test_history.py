"""The questions that plugins ask of history, and that an index answers each of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.events import Quote
from bot.storage.engine import Storage, plain_connection
from bot.storage.history import History
from bot.storage.search import index_message, search
from bot.storage.tables import Gap, Member, Membership, Mention, Message, Room

START = datetime(2026, 3, 1, tzinfo=UTC)
NOW = START + timedelta(days=30)
SHANGHAI = ZoneInfo("Asia/Shanghai")
TEA, OTHER = 1, 2
BOT, ANN, BEN, CAI, SHY = 1, 2, 3, 4, 5


def minute(number: float) -> datetime:
    """A moment so many minutes after the start."""
    return START + timedelta(minutes=number)


def people(session: Session) -> None:
    """Two rooms; the bot, Ann (小安 in the tea room), Ben, Cai who left, and Shy who is not counted."""
    session.add_all(
        Room(id=key, name=name, found_at=START, status_at=START) for key, name in [(1, "茶"), (2, "酒")]
    )
    names = {BOT: "群星", ANN: "安", BEN: "Ben", CAI: "蔡", SHY: "羞"}
    session.add_all(
        Member(id=key, name=name, found_at=START, is_self=key == BOT, uncounted=key == SHY)
        for key, name in names.items()
    )
    session.flush()
    for key in names:
        left = minute(50) if key == CAI else None
        alias = "小安" if key == ANN else ""
        session.add(
            Membership(
                room_id=TEA, member_id=key, alias=alias, first_joined_at=START, joined_at=START, left_at=left
            )
        )
    session.flush()


def say(session: Session, member: int, text: str, at: float, room: int = TEA, **more: Any) -> int:
    """Store one message; its key."""
    origin = "self" if member == BOT else "live"
    row = Message(room_id=room, member_id=member, at=minute(at), text=text, **{"origin": origin, **more})
    session.add(row)
    session.flush()
    return row.id


@pytest.fixture
def talk(storage: Storage) -> Storage:
    """A short conversation in the tea room; keys are the minutes."""

    def tell(session: Session) -> None:
        people(session)
        say(session, ANN, "泡茶用多少度的水？", 1)
        say(session, BEN, "绿茶八十度", 2, quote_name="小安", quote_text="泡茶用多少度的水？", quote_id=1)
        say(session, BOT, "记下了", 3)
        say(session, SHY, "嗯", 4)
        say(session, CAI, "撤掉的话", 5, recalled=True)
        say(session, ANN, "", 6, kind="image")
        say(session, BEN, "喝酒去", 7, room=OTHER)
        say(session, ANN, "谢谢 Ben，蔡老师", 8, mentions_bot=True)
        session.add_all([Mention(message_id=8, member_id=CAI), Mention(message_id=8, member_id=BEN)])

    storage.write_now(tell)
    return storage


def ask(storage: Storage, question: Callable[[History], Any]) -> Any:
    """The answer of history, read on a snapshot and used after it."""
    return storage.read_now(lambda session: question(History(session, NOW)))


def test_one_message_with_all_that_is_known_of_it(talk: Storage) -> None:
    said = ask(talk, lambda h: h.message(2))
    assert (said.id, said.room, said.member, said.at, said.text) == (2, TEA, BEN, minute(2), "绿茶八十度")
    assert said.quote == Quote("小安", "泡茶用多少度的水？", 1)
    assert said.quoted_member == ANN
    thanks = ask(talk, lambda h: h.message(8))
    assert (thanks.mentions, thanks.mentions_bot) == ((BEN, CAI), True)
    assert ask(talk, lambda h: h.mentions(8)) == (BEN, CAI)
    assert ask(talk, lambda h: h.message(99)) is None


def test_what_was_said_in_a_room_in_order(talk: Storage) -> None:
    assert [m.id for m in ask(talk, lambda h: list(h.messages(TEA)))] == [1, 2, 4, 5, 6, 8]
    assert [m.id for m in ask(talk, lambda h: list(h.messages(TEA, include_bot=True)))] == [
        1,
        2,
        3,
        4,
        5,
        6,
        8,
    ]
    assert [m.id for m in ask(talk, lambda h: list(h.messages(TEA, counted_only=True)))] == [1, 2, 5, 6, 8]
    assert [m.id for m in ask(talk, lambda h: list(h.messages(TEA, minute(2), minute(6))))] == [2, 4, 5]
    assert [m.id for m in ask(talk, lambda h: list(h.messages(TEA, kinds=["image"])))] == [6]
    assert [m.id for m in ask(talk, lambda h: list(h.messages(TEA, limit=2)))] == [1, 2]
    assert [m.id for m in ask(talk, lambda h: list(h.messages(TEA, limit=0)))] == []


def test_a_recalled_message_counts_but_its_words_are_gone(talk: Storage) -> None:
    said = ask(talk, lambda h: h.message(5))
    assert (said.recalled, said.text) == (True, "")


def test_the_last_and_the_first_of_what_was_said(talk: Storage) -> None:
    assert [m.id for m in ask(talk, lambda h: h.recent(TEA, 3))] == [5, 6, 8]
    assert [m.id for m in ask(talk, lambda h: h.recent(TEA, 6, include_bot=True))] == [2, 3, 4, 5, 6, 8]
    assert ask(talk, lambda h: h.last_message_of(ANN, TEA)).id == 8
    assert ask(talk, lambda h: h.last_message_of(BEN, TEA)).id == 2
    assert ask(talk, lambda h: h.last_message_of(ANN, TEA, besides=8)).id == 6
    assert ask(talk, lambda h: h.first_words_of(ANN, TEA)).id == 1
    assert ask(talk, lambda h: h.first_words_of(CAI, OTHER)) is None


def test_long_histories_come_in_order_without_gap_or_repetition(storage: Storage) -> None:
    dice = random.Random(5)
    times = [dice.randint(0, 300) for _ in range(3_500)]  # many at the same moment, stored out of order

    def tell(session: Session) -> None:
        people(session)
        rows = [{"room_id": TEA, "member_id": ANN, "at": minute(t), "text": "话"} for t in times]
        session.execute(insert(Message), rows)

    storage.write_now(tell)
    expected = [key for at, key in sorted((at, key) for key, at in enumerate(times, start=1))]
    assert [m.id for m in ask(storage, lambda h: list(h.messages(TEA)))] == expected
    assert [m.id for m in ask(storage, lambda h: list(h.messages(TEA, limit=1_500)))] == expected[:1_500]


def test_so_many_messages_before_a_moment_and_after_it(talk: Storage) -> None:
    back = ask(talk, lambda h: [h.back(TEA, minute(6), count) for count in (1, 5, 6)])
    ahead = ask(talk, lambda h: [h.ahead(TEA, minute(4), count) for count in (1, 3, 4)])
    assert back == [minute(5), minute(1), None]
    assert ahead == [minute(5), minute(8), None]
    assert ask(talk, lambda h: h.back(OTHER, minute(7), 1)) is None


def test_who_is_in_a_room_and_what_they_are_called(talk: Storage) -> None:
    present = ask(talk, lambda h: h.members(TEA))
    assert [(m.member, m.name) for m in present] == [(BOT, "群星"), (ANN, "小安"), (BEN, "Ben"), (SHY, "羞")]
    assert (present[1].own_name, present[0].is_self, present[3].uncounted) == ("安", True, True)
    everyone = ask(talk, lambda h: h.members(TEA, present=False))
    assert [(m.member, m.left_at) for m in everyone if m.left_at] == [(CAI, minute(50))]
    assert [ask(talk, lambda h: h.name_of(ANN, room)) for room in (TEA, OTHER, None)] == ["小安", "安", "安"]  # noqa: B023
    assert ask(talk, lambda h: h.name_of(99, TEA)) == ""
    assert ask(talk, lambda h: h.member(ANN)).name == "安"
    assert ask(talk, lambda h: h.member(99)) is None


def test_finding_people_by_name_puts_those_who_are_there_first(talk: Storage) -> None:
    def rename(session: Session) -> None:
        for key in (ANN, CAI):
            membership = session.get(Membership, (TEA, key))
            assert membership is not None
            membership.alias = "茶友"
        ben = session.get(Member, BEN)
        assert ben is not None
        ben.name = "茶友"

    assert ask(talk, lambda h: h.find_by_name(TEA, " 小安 ")) == [ANN]
    assert ask(talk, lambda h: h.find_by_name(TEA, "安")) == [ANN]
    assert ask(talk, lambda h: h.find_by_name(TEA, "Ｂｅｎ")) == [BEN]
    assert ask(talk, lambda h: h.find_by_name(TEA, "")) == []
    assert ask(talk, lambda h: h.find_by_name(OTHER, "Ben")) == []
    talk.write_now(rename)
    assert ask(talk, lambda h: h.find_by_name(TEA, "茶友")) == [ANN, BEN, CAI]


def test_a_quote_finds_what_it_means(talk: Storage) -> None:
    def fits(name: str, text: str, before: float = 60) -> Any:
        return ask(talk, lambda h: h.find_quoted(TEA, name, text, minute(before)))

    assert fits("小安", "泡茶用多少度的水？") == [1]
    assert fits("小安", "泡茶用多少度") == [1]  # cut by WeChat
    assert fits("小安", "泡茶用多少度…") == [1]
    assert fits("安", "泡茶用多少度的水？", before=0.5) == []  # not said yet
    assert fits("Ben", "泡茶用多少度的水？") == []  # somebody else's words
    assert fits("改名了", "泡茶用多少度的水？") == [1]  # nobody has that name: then anybody
    assert fits("小安", "[图片]") == [6]
    assert fits("群星", "记下了") == [3]
    assert fits("蔡", "撤掉的话") == []
    assert fits("小安", "") == fits("小安", "…") == []


def test_a_quote_that_fits_twice_gives_both_and_the_whole_text_wins(talk: Storage) -> None:
    def tell(session: Session) -> None:
        for at, text in enumerate(["好的", "好的，明天见", "好的", "第一行\n第二行  第三"], start=20):
            say(session, BEN, text, at)

    talk.write_now(tell)
    assert ask(talk, lambda h: h.find_quoted(TEA, "Ben", "好的", NOW)) == [11, 9]
    assert ask(talk, lambda h: h.find_quoted(TEA, "Ben", "好的，明", NOW)) == [10]
    assert ask(talk, lambda h: h.find_quoted(TEA, "Ben", "第一行 第二行 第三", NOW)) == [12]


def test_counts_leave_out_the_bot_and_those_who_asked_for_it(talk: Storage) -> None:
    assert ask(talk, lambda h: h.count(TEA)) == 6
    assert ask(talk, lambda h: h.counts_by_member(TEA)) == {ANN: 3, BEN: 1, CAI: 1}
    assert ask(talk, lambda h: h.counts_by_member(TEA, minute(2), minute(7))) == {ANN: 1, BEN: 1, CAI: 1}


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Kathmandu", "America/New_York", "UTC"])
def test_days_are_those_of_the_zone(storage: Storage, zone: str) -> None:
    dice = random.Random(7)
    moments = [minute(dice.uniform(0, 60 * 24 * 20)) for _ in range(400)]

    def tell(session: Session) -> None:
        people(session)
        session.execute(
            insert(Message), [{"room_id": TEA, "member_id": ANN, "at": at, "text": "话"} for at in moments]
        )

    storage.write_now(tell)
    naive = Counter(at.astimezone(ZoneInfo(zone)).date() for at in moments)
    counted = ask(storage, lambda h: h.counts_by_day(TEA, ZoneInfo(zone)))
    assert {entry.day: entry.messages for entry in counted} == naive
    assert [entry.day for entry in counted] == sorted(naive)
    assert isinstance(counted[0].day, date)


def test_gaps_that_overlap_a_span(talk: Storage) -> None:
    def lose(session: Session) -> None:
        session.add_all(
            [
                Gap(lost_at=minute(10), restored_at=minute(20), reason="a"),
                Gap(lost_at=minute(30), restored_at=minute(40), reason="b"),
                Gap(lost_at=minute(50), restored_at=None, reason="c"),
            ]
        )

    talk.write_now(lose)
    assert [gap.reason for gap in ask(talk, lambda h: h.gaps())] == ["a", "b", "c"]
    assert [gap.reason for gap in ask(talk, lambda h: h.gaps(minute(20), minute(50)))] == ["b"]
    assert [gap.reason for gap in ask(talk, lambda h: h.gaps(minute(60)))] == ["c"]


QUESTIONS: dict[str, Callable[[History], Any]] = {
    "message": lambda h: h.message(8),
    "messages": lambda h: list(h.messages(TEA, minute(0), minute(9), kinds=["text"], counted_only=True)),
    "recent": lambda h: h.recent(TEA, 3),
    "last_message_of": lambda h: h.last_message_of(ANN, TEA),
    "first_words_of": lambda h: h.first_words_of(ANN, TEA),
    "mentions": lambda h: h.mentions(8),
    "member": lambda h: h.member(ANN),
    "members": lambda h: h.members(TEA),
    "name_of": lambda h: h.name_of(ANN, TEA),
    "find_by_name": lambda h: h.find_by_name(TEA, "小安"),
    "is_called": lambda h: h.is_called(TEA, "小安"),
    "find_quoted": lambda h: h.find_quoted(TEA, "小安", "泡茶用多少", NOW),
    "find_quoted_anybody": lambda h: h.find_quoted(TEA, "谁", "[图片]", NOW),
    "back": lambda h: h.back(TEA, minute(9), 3),
    "ahead": lambda h: h.ahead(TEA, minute(0), 3),
    "count": lambda h: h.count(TEA, minute(0), minute(9)),
    "counts_by_member": lambda h: h.counts_by_member(TEA, minute(0), minute(9)),
    "counts_by_day": lambda h: h.counts_by_day(TEA, SHANGHAI, minute(0), minute(9)),
    "search": lambda h: search(h.session, "泡茶", TEA),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_walks_through_all_messages(talk: Storage, question: str) -> None:
    asked: list[str] = []

    def explain(session: Session) -> list[str]:
        raw = plain_connection(session)
        raw.set_trace_callback(asked.append)  # each statement with its values filled in
        QUESTIONS[question](History(session, NOW))
        raw.set_trace_callback(None)
        plans = [raw.execute(f"EXPLAIN QUERY PLAN {said}") for said in asked if not said.startswith("--")]
        return [row[3] for plan in plans for row in plan]

    talk.write_now(lambda session: index_message(session, 1, "泡茶用多少度的水？"))
    plan = talk.read_now(explain)
    assert asked
    assert INDEXES.get(question, "") in " ".join(plan)
    walks = [step for step in plan if step.startswith("SCAN") and not step.startswith(ALLOWED_SCANS)]
    assert walks == []
    assert not any("TEMP B-TREE FOR ORDER BY" in step for step in plan if question in ("messages", "recent"))


INDEXES = dict.fromkeys(["last_message_of", "first_words_of", "find_quoted"], "ix_message_member_room")
INDEXES |= {"find_by_name": "ix_membership_alias", "is_called": "ix_member_name"}
INDEXES |= dict.fromkeys(
    ["messages", "recent", "back", "ahead", "count", "counts_by_member"], "ix_message_room_at"
)

# The full-text index, the rows of a bounded subquery, and a list of keys handed in.
ALLOWED_SCANS = (
    "SCAN message_search VIRTUAL TABLE INDEX", "SCAN main.message_search_config", "SCAN anon_1", "SCAN found",
    "SCAN json_each VIRTUAL TABLE",
)  # fmt: skip
