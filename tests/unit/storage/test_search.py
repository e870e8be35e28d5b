"""Search: every substring of Chinese is found, whatever people write is data."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from bot.storage.engine import Storage, savepoint
from bot.storage.search import (
    CANDIDATES,
    index_messages,
    rebuild,
    remove_messages,
    replace_message,
    search,
    tidy,
)
from bot.storage.tables import Member, Message, Room
from bot.storage.tokens import normalised

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=20)
COMMON = st.text("的是我茶好今天", min_size=2, max_size=20)  # words that overlap and repeat
MIXED = st.lists(st.one_of(CHINESE, COMMON, st.sampled_from(["，", "。", " ", "tea", "2026", "😀", "\n"])))


def fill(session: Session, texts: list[str], room: int = 1, origin: str = "live") -> list[int]:
    """Store and index texts as messages a minute apart; their keys."""
    for key in (1, 2):
        session.merge(Room(id=key, name="群", found_at=NOW, status_at=NOW))
    session.merge(Member(id=1, name="人", found_at=NOW))
    session.flush()
    rows = [
        Message(room_id=room, member_id=1, at=NOW + timedelta(minutes=n), text=text, origin=origin)
        for n, text in enumerate(texts)
    ]
    session.add_all(rows)
    session.flush()
    index_messages(session, [(row.id, row.text) for row in rows])
    return [row.id for row in rows]


def found(storage: Storage, words: str, **how: int | bool | datetime) -> list[str]:
    """The texts found, best first."""
    return [hit.text for hit in storage.read_now(lambda session: search(session, words, **how))]  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(MIXED.map("".join), min_size=1, max_size=8), data=st.data())
def test_every_chinese_substring_is_found_and_nothing_else(
    storage: Storage, texts: list[str], data: st.DataObject
) -> None:
    runs = [run for text in texts for run in _chinese_runs(text)]
    run = data.draw(st.sampled_from(runs)) if runs else "茶好"
    start = data.draw(st.integers(0, len(run) - 2))
    asked = run[start : data.draw(st.integers(start + 2, len(run)))]

    def look(session: Session) -> tuple[set[int], set[int]]:
        keys = fill(session, texts)
        hits = {hit.message for hit in search(session, asked, limit=100)}
        expected = {key for key, text in zip(keys, texts, strict=True) if asked in _without_gaps(text)}
        session.execute(sql("INSERT INTO message_search(message_search) VALUES ('delete-all')"))
        session.execute(delete(Message))
        return hits, expected

    hits, expected = storage.write_now(look)
    assert hits == expected


def _chinese_runs(text: str) -> list[str]:
    kept = "".join(c if "\u4e00" <= c <= "\u9fa5" else " " for c in text)
    return [run for run in kept.split() if len(run) >= 2]


def _without_gaps(text: str) -> str:
    return "".join(c for c in normalised(text) if c not in "，。 \n")


def test_latin_words_are_found_whole_or_by_their_beginning(storage: Storage) -> None:
    storage.write_now(lambda s: fill(s, ["喝Green Tea吧", "steak", "GREENTEA2026年"]))
    assert found(storage, "green tea") == ["喝Green Tea吧"]
    assert found(storage, "GRE") == ["喝Green Tea吧", "GREENTEA2026年"]
    assert found(storage, "tea") == ["喝Green Tea吧"]
    assert found(storage, "tea吧") == ["喝Green Tea吧"]
    assert found(storage, "2026年") == []  # the middle of a word, not its beginning


def test_forms_of_the_same_character_are_alike(storage: Storage) -> None:
    storage.write_now(lambda s: fill(s, ["ＡＩ茶会", "ﬁne ①号", "STRASSE"]))
    assert found(storage, "ai茶") == ["ＡＩ茶会"]
    assert found(storage, "Ａｉ") == ["ＡＩ茶会"]
    assert found(storage, "FINE 1号") == ["ﬁne ①号"]
    assert found(storage, "straße") == ["STRASSE"]


def test_what_was_imported_late_is_not_taken_for_the_newest(storage: Storage) -> None:
    """More fit than are ranked, and those of an import, which are old, were stored last."""

    def talk(session: Session) -> None:
        fill(session, ["岩茶真香"])
        many = fill(session, ["岩茶"] * CANDIDATES, origin="import")
        session.execute(update(Message).where(Message.id.in_(many)).values(at=NOW - timedelta(days=400)))

    storage.write_now(talk)
    hits = storage.read_now(lambda session: search(session, "岩茶", 1, limit=CANDIDATES))
    assert "岩茶真香" in {hit.text for hit in hits}


def test_every_word_must_be_there_and_the_fuller_fit_comes_first(storage: Storage) -> None:
    storage.write_now(
        lambda s: fill(s, ["武夷岩茶怎么泡", "岩茶" + "很长的闲话" * 20 + "怎么泡", "岩茶好喝", "怎么泡茶"])
    )
    assert found(storage, "岩茶 怎么泡") == ["武夷岩茶怎么泡", "岩茶" + "很长的闲话" * 20 + "怎么泡"]


def test_among_equals_the_newer_comes_first(storage: Storage) -> None:
    keys = storage.write_now(lambda s: fill(s, ["喝茶"] * 5))
    hits = storage.read_now(lambda s: search(s, "喝茶", limit=2))
    assert [hit.message for hit in hits] == keys[:-3:-1]
    assert (hits[0].room, hits[0].member, hits[0].at) == (1, 1, NOW + timedelta(minutes=4))


def test_room_times_recalled_and_the_bots_own_words(storage: Storage) -> None:
    storage.write_now(lambda s: fill(s, ["茶一号", "茶二号", "茶三号"]))
    storage.write_now(lambda s: fill(s, ["茶别处"], room=2))
    storage.write_now(lambda s: fill(s, ["茶机器"], origin="self"))
    assert len(found(storage, "茶")) == 4
    assert found(storage, "茶", room=2) == ["茶别处"]
    assert found(storage, "茶", room=1, since=NOW + timedelta(minutes=2)) == ["茶三号"]
    assert found(storage, "茶", room=1, until=NOW + timedelta(minutes=1)) == ["茶一号"]
    assert "茶机器" in found(storage, "茶", include_bot=True)
    storage.write_now(lambda s: s.execute(update(Message).values(recalled=True)))
    assert found(storage, "茶", include_bot=True) == []


HOSTILE = [
    '"', "'", '""', "*", "^茶", "NEAR(a b)", "a AND b", "OR", "NOT", "text:茶", "{text}:x", "-茶", "(", ")",
    "茶*", "'; DROP TABLE message; --", "%", "_", "\\", "\x00茶", "茶\u200b", "\u202e茶", "w", "+",
    "茶" * 5000,     "a b c d e f g h i j k l", "$x {y} %(z)s", ":match", "\ud7ff", "\ufdfa" * 3000,
    "🏳️\u200d🌈", "message_search",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_no_query_is_syntax(storage: Storage, query: str) -> None:
    texts = ["普通的话", "另外一句话"]
    storage.write_now(lambda s: fill(s, [*texts, query]))
    hits = found(storage, query)
    assert hits in ([], [query])


def test_a_query_of_marks_only_finds_nothing(storage: Storage) -> None:
    storage.write_now(lambda s: fill(s, ["好，茶。"]))
    assert found(storage, "，。") == found(storage, "") == found(storage, "   ") == []
    assert found(storage, "好茶") == ["好，茶。"]


def check_index(session: Session) -> None:
    """Let FTS5 look for damage; raises if it finds any."""
    session.execute(sql("INSERT INTO message_search(message_search) VALUES ('integrity-check')"))


def test_what_is_taken_out_is_not_found(storage: Storage) -> None:
    keys = storage.write_now(lambda s: fill(s, ["秘密的茶", "公开的茶"]))
    storage.write_now(lambda s: remove_messages(s, [keys[0], 999]))
    storage.write_now(lambda s: remove_messages(s, keys[:1]))  # once more changes nothing
    assert found(storage, "的茶") == ["公开的茶"]
    storage.write_now(check_index)


def test_the_index_stays_simple_over_many_nights(storage: Storage) -> None:
    """FTS5's own `optimize` does not keep it so: see `tidy`."""
    for night in range(60):
        for part in range(3):
            line = "".join(chr(0x4E00 + (night * 37 + part * 11 + k * 61) % 900) for k in range(40))
            storage.write_now(partial(fill, texts=["谢谢" + line]))
        steps = 0
        while storage.write_now(tidy):
            steps += 1
            assert steps < 20
    storage.write_now(check_index)
    structure = storage.read_now(
        lambda s: s.scalar(sql("SELECT block FROM message_search_data WHERE id = 10"))
    )
    assert len(structure) < 80
    assert len(found(storage, "谢谢", limit=200)) == 180


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "add and fail", "remove and fail", "tidy"]), st.integers(0, 50)
    ),
    max_size=40,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writes=st.lists(STEPS, min_size=1, max_size=4))
def test_rollbacks_leave_the_index_as_it_was(storage: Storage, writes: list[list[tuple[str, int]]]) -> None:
    storage.write_now(lambda s: (s.execute(delete(Message)), rebuild(s)))
    for write in writes:
        storage.write_now(partial(_do_steps, write))
        storage.write_now(check_index)
    stored = storage.read_now(lambda s: set(s.scalars(select(Message.id))))
    hits = storage.read_now(lambda s: {hit.message for hit in search(s, "好茶", limit=1_000)})
    assert hits == stored


def _do_steps(write: list[tuple[str, int]], session: Session) -> None:
    for step, number in write:
        if step == "tidy":
            tidy(session)
        elif step.startswith("add"):
            _in_part(session, partial(fill, session, [f"好茶{number}"]), fails="fail" in step)
        elif step.startswith("remove"):
            _in_part(session, partial(_remove_one, session, number), fails="fail" in step)


def _remove_one(session: Session, number: int) -> None:
    keys = list(session.scalars(select(Message.id)))
    if keys:
        key = keys[number % len(keys)]
        remove_messages(session, [key])
        session.execute(delete(Message).where(Message.id == key))


def _in_part(session: Session, step: Callable[[], object], *, fails: bool) -> None:
    with suppress(LookupError), savepoint(session):
        step()
        if fails:
            raise LookupError


def test_a_changed_text_is_found_by_its_new_words(storage: Storage) -> None:
    key = storage.write_now(lambda s: fill(s, ["旧的话"]))[0]

    def change(session: Session) -> None:
        replace_message(session, key, "旧的话", "新的话")
        session.execute(update(Message).values(text="新的话"))

    storage.write_now(change)
    assert found(storage, "旧的") == []
    assert found(storage, "新的") == ["新的话"]


def test_a_rebuilt_index_finds_what_the_table_holds(storage: Storage) -> None:
    storage.write_now(lambda s: fill(s, ["茶一", "茶二"]))
    storage.write_now(lambda s: s.execute(update(Message).where(Message.text == "茶一").values(text="酒一")))
    assert storage.write_now(rebuild) == 2
    assert found(storage, "茶") == ["茶二"]
    assert found(storage, "酒一") == ["酒一"]


def test_a_very_long_message_is_found_by_its_beginning(storage: Storage) -> None:
    storage.write_now(lambda s: fill(s, ["开头" + "啊" * 20_000 + "结尾"]))
    assert len(found(storage, "开头啊")) == 1
    assert found(storage, "啊结尾") == []


def test_the_index_holds_no_text(storage: Storage, tmp_path: Path) -> None:
    storage.write_now(lambda s: fill(s, ["canaryword金丝雀"]))
    storage.write_now(lambda s: s.execute(update(Message).values(text="")))
    storage.checkpoint()
    assert storage.read_now(lambda s: s.scalar(select(Message.text))) == ""
    stored = storage.file.read_bytes()
    assert b"canary" not in stored
    assert "金丝雀".encode() not in stored
