"""What the bot wants to say and when it does: classes, expiry, merging, caps, pauses, silence."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.gateway.cast import Sent
from bot.outbox import EXPIRES_AFTER, Urgency
from bot.pacing import HOUR, MINUTE
from bot.plugin import Plugin
from bot.speaking import Words, put, put_again, split_text
from bot.storage.tables import Outgoing, Room
from bot.testing import Player, Stage, StageRoom, Unread
from tests.unit.core.house import heard, outgoing, rows, skip_to

URGENCIES: tuple[Urgency, ...] = ("answer", "promised", "welcome", "initiative")


@pytest.fixture
def stage(folder: Path) -> Iterator[Stage]:
    """A bot without any plugin: it says only what a test wants it to say."""
    with Stage(folder, plugins=[]) as stage:
        yield stage


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    return stage.room("岩茶同好会", members=["小林"])


def wants(
    stage: Stage, place: StageRoom | Player, *texts: str, urgency: Urgency = "answer",
    merge: str | None = None, keep_for: timedelta | None = None,
) -> None:  # fmt: skip
    """The bot wants to say these things here."""
    room = place.key if isinstance(place, StageRoom) else None
    member = place.key if isinstance(place, Player) else None

    def plan(session: Session) -> None:
        for text in texts:
            words = Words(
                plugin="tea", urgency=urgency, text=text, room=room, member=member, merge_key=merge,
                keep_for=keep_for,
            )  # fmt: skip
            put(session, words, stage.clock.now(), split_at=200)

    stage.write(plan)
    stage.settle()


def friend(stage: Stage, name: str) -> Player:
    """Somebody who has written to the bot before."""
    player = stage.person(name)
    player.whispers("你好")
    return player


def fullest(sent: Sequence[Sent], window: timedelta) -> int:
    """How many of them went out in the fullest window of that length; times are kept to the millisecond."""
    times, window = [one.at for one in sent], window - timedelta(milliseconds=1)
    return max((sum(one <= other < one + window for other in times) for one in times), default=0)


# Classes and expiry


def test_an_answer_goes_out_at_once(stage: Stage, room: StageRoom) -> None:
    wants(stage, room, "在的")
    assert room.unread.popleft().at == stage.clock.now()
    assert outgoing(stage) == [("在的", "sent")]


@pytest.mark.parametrize("urgency", URGENCIES)
def test_what_could_not_be_said_in_time_is_not_said_any_more(
    stage: Stage, room: StageRoom, urgency: Urgency
) -> None:
    stage.write(lambda session: session.execute(update(Room).values(quiet_until_at=stage.at("23:59"))))
    stage.app.outbox.sending = stage.app.outbox.sending.model_copy(update={"account_per_minute": 1})
    wants(stage, room, "先来的")
    wants(stage, room, "迟到的", urgency=urgency, keep_for=timedelta(seconds=30))
    stage.advance(minutes=10)
    assert heard(room) == ["先来的"]
    assert outgoing(stage)[1] == ("迟到的", "expired")


def test_each_class_waits_as_long_as_it_makes_sense(stage: Stage, room: StageRoom) -> None:
    for urgency in URGENCIES:
        wants(stage, room, urgency, urgency=urgency)
    kept = {row.urgency: row.expires_at - row.not_before for row in rows(stage, Outgoing)}
    assert kept == EXPIRES_AFTER
    stage.advance(hours=2)
    assert heard(room) == ["answer", "promised", "welcome", "initiative"]


def test_at_night_a_promise_lapses_and_a_welcome_waits_for_the_morning(stage: Stage, room: StageRoom) -> None:
    skip_to(stage, "23:00")
    wants(stage, room, "今晚的分享", urgency="promised")
    wants(stage, room, "欢迎新人", urgency="welcome")
    wants(stage, room, "顺便一提", urgency="initiative")
    wants(stage, room, "在呢", urgency="answer")
    assert heard(room) == ["在呢"]
    skip_to(stage, "07:25")
    stage.advance_until(stage.at("07:29"))
    assert heard(room) == []
    assert room.hears(timedelta(minutes=2)).text == "欢迎新人"
    assert stage.clock.now() >= stage.at("07:30") - timedelta(days=1)
    assert [status for _, status in outgoing(stage)] == ["expired", "sent", "expired", "sent"]


def test_answers_go_before_promises_and_promises_before_the_rest(stage: Stage, room: StageRoom) -> None:
    skip_to(stage, "07:00")
    for urgency in reversed(URGENCIES[1:]):
        wants(stage, room, urgency, urgency=urgency)
    skip_to(stage, "07:30")
    stage.advance(minutes=1)
    assert heard(room) == ["promised", "welcome", "initiative"]


# Merging and travelling together


def test_words_of_the_same_kind_become_one_message_with_the_newest_wording(
    stage: Stage, room: StageRoom
) -> None:
    other = stage.room("绿茶群")
    skip_to(stage, "23:00")
    wants(stage, room, "欢迎甲", urgency="welcome", merge="newcomers")
    wants(stage, other, "欢迎丁", urgency="welcome", merge="newcomers")
    wants(stage, room, "欢迎甲、乙", urgency="welcome", merge="newcomers")
    skip_to(stage, "07:30")
    stage.advance(minutes=1)
    assert heard(room) == ["欢迎甲、乙"]
    assert heard(other) == ["欢迎丁"]
    wants(stage, room, "欢迎丙", urgency="welcome", merge="newcomers")
    assert room.hears().text == "欢迎丙"


def test_private_lines_to_one_person_travel_in_one_message(stage: Stage) -> None:
    owner, other = friend(stage, "老周"), friend(stage, "小林")
    wants(stage, owner, "先说这个")
    wants(stage, owner, "一", "二")
    wants(stage, other, "给小林")
    wants(stage, owner, "三")
    stage.advance(minutes=1)
    assert heard(owner) == ["先说这个", "一\n\n二\n\n三"]
    assert heard(other) == ["给小林"]
    assert {status for _, status in outgoing(stage)} == {"sent"}


def test_lines_that_travel_together_stay_below_the_length_of_one_message(stage: Stage) -> None:
    owner = friend(stage, "老周")
    wants(stage, owner, "起头")
    wants(stage, owner, *("长" * 900 for _ in range(3)))
    stage.advance(minutes=2)
    assert all(len(text) <= stage.config.sending.split_at for text in heard(owner))


def test_words_in_a_room_do_not_travel_together(stage: Stage, room: StageRoom) -> None:
    wants(stage, room, "一", "二")
    stage.advance(minutes=1)
    assert heard(room) == ["一", "二"]


# Rooms that are only watched, and silence


@pytest.mark.parametrize("status", ["watching", "off", "seen", "left"])
def test_in_a_room_that_is_not_live_it_is_only_written_down(stage: Stage, status: str) -> None:
    room = stage.room("新群", live=False)
    now = stage.clock.now()
    stage.write(lambda session: stage.app.services.register.set_room_status(session, room.key, status, now))
    wants(stage, room, "大家好", urgency="welcome")
    room.hears_nothing()
    assert outgoing(stage) == [("大家好", "withheld")]


def test_a_silence_that_the_owner_asked_for_lets_only_answers_through(stage: Stage, room: StageRoom) -> None:
    until = stage.clock.now() + timedelta(hours=1)
    stage.write(lambda session: session.execute(update(Room).values(quiet_until_at=until)))
    wants(stage, room, "约好的", urgency="promised")
    wants(stage, room, "在")
    stage.advance(minutes=59)
    assert heard(room) == ["在"]
    assert room.hears().text == "约好的"


def test_a_silent_bot_writes_down_what_it_would_have_said(folder: Path) -> None:
    with Stage(folder, plugins=[]) as stage:
        room = stage.room("岩茶同好会", members=["小林"])
        guest = friend(stage, "小林")
        stage.app.outbox.silent = True
        wants(stage, room, "大家好")
        wants(stage, guest, "你好")
        stage.advance(minutes=1)
        assert outgoing(stage) == [("大家好", "withheld"), ("你好", "withheld")]


def test_it_does_not_break_into_a_lively_exchange(stage: Stage, room: StageRoom) -> None:
    for number in range(6):
        stage.person("小林").says(room, f"第{number}泡")
    wants(stage, room, "顺便一提", urgency="initiative")
    wants(stage, room, "约好的", urgency="promised")
    stage.advance(minutes=2)
    assert heard(room) == ["约好的"]
    assert room.hears(timedelta(minutes=3)).text == "顺便一提"


def test_unasked_words_keep_to_their_budget_and_their_distance(stage: Stage, room: StageRoom) -> None:
    for _ in range(12):
        wants(stage, room, "顺便一提", urgency="initiative")
        stage.advance(minutes=30)
    times = [sent.at for sent in stage.puppet.sent]
    assert [later - earlier for earlier, later in pairwise(times)] == [HOUR, HOUR]
    heard(room)


# Caps and pauses


def test_between_two_messages_there_is_a_pause_of_three_to_eight_seconds(stage: Stage) -> None:
    rooms = [stage.room(f"{number}号茶桌") for number in range(5)]
    for room in rooms:
        wants(stage, room, "请用茶")
    stage.advance(minutes=1)
    times = [sent.at for sent in stage.puppet.sent]
    pauses = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    assert len(pauses) == 4 and all(3 <= pause <= 8 for pause in pauses)
    assert len(set(pauses)) > 1
    assert [heard(room) for room in rooms] == [["请用茶"]] * 5


def test_a_room_hears_at_most_four_a_minute_and_an_account_says_at_most_eight(stage: Stage) -> None:
    rooms = [stage.room(f"{number}号茶桌") for number in range(3)]
    for room in rooms:
        wants(stage, room, *(f"第{number}句" for number in range(6)))
    stage.advance(minutes=5)
    sent = stage.puppet.sent
    assert len(sent) == 18
    assert fullest(sent, MINUTE) == 8
    assert [fullest([one for one in sent if one.room is room.room], MINUTE) <= 4 for room in rooms] == [
        True
    ] * 3
    assert [heard(room) for room in rooms] == [[f"第{number}句" for number in range(6)]] * 3


def test_a_room_hears_at_most_thirty_an_hour(stage: Stage, room: StageRoom) -> None:
    wants(stage, room, *(f"第{number}句" for number in range(40)), keep_for=timedelta(hours=3))
    stage.advance(minutes=59)
    assert len(heard(room)) == 30
    stage.advance(minutes=30)
    assert len(heard(room)) == 10
    assert fullest(stage.puppet.sent, HOUR) == 30


SPOKEN = st.tuples(
    st.integers(0, 2),  # in which room; 2 is a private chat
    st.sampled_from(URGENCIES),
    st.integers(0, 400),  # seconds after the one before
)


@settings(max_examples=6)
@given(spoken=st.lists(SPOKEN, min_size=1, max_size=25))
def test_caps_hold_in_every_window_however_it_is_made_to_talk(
    tmp_path_factory: pytest.TempPathFactory, empty_database: Path, spoken: list[tuple[int, Urgency, int]]
) -> None:
    folder = Path(shutil.copytree(empty_database, tmp_path_factory.mktemp("caps") / "data"))
    with Stage(folder, plugins=[]) as stage:
        places: list[StageRoom | Player] = [stage.room("岩茶"), stage.room("绿茶"), friend(stage, "老周")]
        skip_to(stage, "06:50")
        for number, urgency, gap in spoken:
            wants(stage, places[number], "请用茶", urgency=urgency)
            stage.advance(seconds=gap)
        stage.advance(hours=1, minutes=30)
        sent = stage.puppet.sent
        assert fullest(sent, MINUTE) <= 8
        for conversation in {one.conversation for one in sent if one.room is not None}:
            here = [one for one in sent if one.conversation == conversation]
            assert fullest(here, MINUTE) <= 4
            assert fullest(here, HOUR) <= 30
        zone = stage.app.services.zone
        told = {row.puppet_id: row.urgency for row in rows(stage, Outgoing)}
        at_night = [one for one in sent if not "07:30" <= f"{one.at.astimezone(zone):%H:%M}" < "22:30"]
        assert {told[one.message_id] for one in at_night} <= {"answer"}
        assert {row.status for row in rows(stage, Outgoing)} <= {"sent", "expired"}
        for place in places:
            heard(place)


# Long texts


def test_a_long_text_arrives_in_parts_and_in_order(stage: Stage, room: StageRoom) -> None:
    long = "。".join(f"第{number}段" + "茶" * 60 for number in range(9))
    wants(stage, room, long)
    stage.advance(minutes=3)
    parts = heard(room)
    assert len(parts) > 2 and all(0 < len(part) <= 200 for part in parts)
    assert "".join(parts) == long


@given(text=st.text(alphabet="茶水。\n ", max_size=120), limit=st.integers(5, 40))
def test_splitting_loses_no_word_and_makes_no_empty_part(text: str, limit: int) -> None:
    parts = split_text(text, limit)
    assert all(len(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert len(parts) == 1 or all(part.strip() for part in parts)


def test_what_is_cut_is_cut_at_a_sentence_where_there_is_one() -> None:
    assert split_text("先烫杯，再投茶。然后注水出汤。", 10) == ["先烫杯，再投茶。", "然后注水出汤。"]
    assert split_text("第一行很长很长\n第二行", 10) == ["第一行很长很长", "第二行"]
    assert split_text("没有标点也没有换行", 4) == ["没有标点", "也没有换", "行"]


# Saying it again


def test_an_owner_can_have_it_said_again(stage: Stage, room: StageRoom) -> None:
    wants(stage, room, "今晚八点茶会", urgency="promised")
    assert room.hears().text == "今晚八点茶会"
    (row,) = rows(stage, Outgoing)
    skip_to(stage, "23:00")
    stage.write(lambda session: put_again(session, row, stage.clock.now()))
    assert room.hears().text == "今晚八点茶会"
    assert [one.urgency for one in rows(stage, Outgoing)] == ["promised", "answer"]


def test_words_left_unread_are_an_error(folder: Path) -> None:
    with pytest.raises(Unread, match="岩茶"), Stage(folder, plugins=[]) as stage:
        wants(stage, stage.room("岩茶"), "有人吗")


def test_a_plugin_can_be_as_small_as_its_name(folder: Path) -> None:
    with Stage(folder, plugins=[Plugin("tea", title="茶")]) as stage:
        stage.room("岩茶").hears_nothing()


@pytest.mark.parametrize(
    ("urgency", "minutes"), [("answer", 5), ("promised", 120), ("welcome", 720), ("initiative", 180)]
)
def test_how_long_each_class_is_kept(stage: Stage, room: StageRoom, urgency: Urgency, minutes: int) -> None:
    wants(stage, room, "水开了", urgency=urgency)
    (row,) = rows(stage, Outgoing)
    assert row.expires_at - row.created_at == timedelta(minutes=minutes)
    room.unread.clear()


def test_a_row_expires_at_its_very_moment_and_not_before(stage: Stage, room: StageRoom) -> None:
    def expired(at: timedelta) -> int:
        moment = stage.clock.now() + at
        return stage.write(lambda session: len(stage.app.outbox.expire(session, moment)))

    stage.puppet.log_out()
    stage.settle()
    wants(stage, room, "水开了")
    assert expired(timedelta(minutes=5) - timedelta(milliseconds=1)) == 0
    assert expired(timedelta(minutes=5)) == 1


def at_once(stage: Stage, *words: Words, split_at: int = 1_500) -> None:
    """All of this is planned before any of it goes out."""
    now = stage.clock.now()
    stage.write(lambda session: [put(session, one, now, split_at=split_at) for one in words])


def test_words_that_are_not_due_yet_do_not_travel_along(stage: Stage) -> None:
    lin = friend(stage, "小林")
    at_once(stage, *[Words(plugin="tea", urgency="answer", text=text, member=lin.key) for text in "一二三"])

    def put_off(session: Session) -> None:
        later = stage.clock.now() + timedelta(minutes=2)
        session.execute(update(Outgoing).where(Outgoing.text == "二").values(not_before=later))

    stage.write(put_off)
    stage.settle()
    assert heard(lin) == ["一\n\n三"]
    stage.advance(minutes=3)
    assert heard(lin) == ["二"]


def test_lines_fill_a_message_to_the_last_letter(stage: Stage) -> None:
    lin = friend(stage, "小林")
    first, second = "茶" * 150, "水" * (stage.app.outbox.sending.split_at - 152)
    texts = (first, second, "汤")
    at_once(stage, *[Words(plugin="tea", urgency="answer", text=text, member=lin.key) for text in texts])
    stage.settle()
    assert heard(lin) == [f"{first}\n\n{second}"]
    stage.advance(seconds=30)
    assert heard(lin) == ["汤"]


def test_an_answer_overtakes_what_was_planned_before_it(stage: Stage, room: StageRoom) -> None:
    words = [Words(plugin="tea", urgency=one, text=one, room=room.key) for one in reversed(URGENCIES)]
    at_once(stage, *words)
    stage.advance(minutes=1)
    assert heard(room)[:3] == ["answer", "promised", "welcome"]
