"""The pure parts: fitting the words, taking turns, choosing the moment, judging whether somebody answered."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.speaking import MENTION_END
from bot.words import plain
from plugins.welcome.logic import (
    ABOUT,
    LIMIT,
    PEOPLE,
    PROMISE,
    HostFacts,
    Reply,
    clause,
    fitted,
    is_answered,
    next_host,
    people_said,
    quotable,
    time_to_speak,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
FRAME = f"欢迎 {PEOPLE}进门！{ABOUT}先说一句：是什么把你带来的？有事 @小林{MENTION_END}在。"
ABOUT_TEXT = f"咱们群里说好的：{PROMISE}。"

texts = st.text(max_size=400)
frames = st.builds(
    "".join, st.permutations([PEOPLE, ABOUT, "欢迎！", "先说一句？"]).map(lambda parts: list(parts))
)
abouts = st.sampled_from(["", ABOUT_TEXT, "咱们这儿只为一件事：喝茶。", PROMISE * 2 + "茶" * 90])


# Fitting


@given(
    frame=st.one_of(frames, texts.map(plain)),
    about=abouts,
    promise=texts,
    names=st.lists(texts, min_size=1, max_size=8),
    others=st.integers(0, 500),
    more=st.text(max_size=300).map(plain),
)
def test_a_greeting_is_never_too_long_and_mentions_somebody_whole(
    frame: str, about: str, promise: str, names: list[str], others: int, more: str
) -> None:
    said = fitted(frame, about, promise, names, len(names) + others, more)
    assert len(said.text) <= LIMIT
    assert 1 <= said.mentioned <= len(names)
    assert not any(mark in said.text for mark in (PEOPLE, ABOUT, PROMISE))
    for name in names[: said.mentioned]:
        shortest = plain(name, limit=5).removesuffix("…")
        assert f"@{shortest}" in said.text or f"＠{shortest}" in said.text
    assert said.text.count(MENTION_END) >= said.mentioned


@given(
    names=st.lists(st.text(alphabet="茶友甲乙丙", min_size=1, max_size=4), min_size=1, max_size=5),
    promise=st.text(alphabet="好茶，人人有份", max_size=60),
)
def test_ordinary_names_are_all_mentioned_in_full(names: list[str], promise: str) -> None:
    said = fitted(FRAME, ABOUT_TEXT, promise, names, len(names), "")
    assert said.mentioned == len(names)
    assert all(f"@{name}{MENTION_END}" in said.text for name in names)


def test_a_promise_that_fits_is_said_whole() -> None:
    said = fitted(FRAME, ABOUT_TEXT, "每周一泡好茶。", ["阿青"], 1, "")
    assert "：每周一泡好茶。先说" in said.text


def test_without_room_for_its_promise_the_group_is_not_described_at_all() -> None:
    frame = FRAME + "茶" * 65
    said = fitted(frame, ABOUT_TEXT, "好茶" * 20, ["阿青"], 1, "")
    assert "说好的" not in said.text
    assert said.text.endswith("茶")


def test_a_frame_without_a_place_for_people_names_them_first() -> None:
    assert fitted("欢迎！", "", "", ["阿青"], 1, "").text == f"@阿青{MENTION_END}欢迎！"


@pytest.mark.parametrize(
    ("total", "expected"),
    [(2, f"@甲{MENTION_END}@乙{MENTION_END}"), (9, f"@甲{MENTION_END}@乙{MENTION_END} 等 9 位")],
)
def test_others_are_counted(total: int, expected: str) -> None:
    assert people_said(["甲", "乙"], total, " 等 9 位", 20) == expected


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("每周一泡好茶，问茶必有人答", 20, "每周一泡好茶，问茶必有人答"),
        ("每周一泡好茶，问茶必有人答", 10, "每周一泡好茶"),
        ("每周一泡好茶，问茶必有人答", 6, "每周一泡好茶"),
        ("茶，问茶必有人答，谁都可以来", 7, "茶，问茶必有…"),
        ("问茶必有人答谁都可以来", 5, "问茶必有…"),
        ("茶", 0, ""),
    ],
)
def test_clauses_are_kept_whole(text: str, limit: int, expected: str) -> None:
    assert clause(text, limit) in (expected, expected or "…")


@given(texts, st.integers(1, 60))
def test_a_clause_is_never_longer_than_asked(text: str, limit: int) -> None:
    assert len(clause(text, limit)) <= limit


# Taking turns


@given(count=st.integers(1, 6), rounds=st.integers(1, 5))
def test_everybody_gets_as_many_turns(count: int, rounds: int) -> None:
    named: dict[int, datetime | None] = dict.fromkeys(range(count))
    turns = []
    for step in range(count * rounds):
        hosts = [HostFacts(one, START + timedelta(minutes=one), named[one]) for one in named]
        turn = next_host(hosts, set(named), ())
        assert turn is not None
        named[turn] = START + timedelta(hours=1 + step)
        turns.append(turn)
    assert turns == list(range(count)) * rounds


@given(
    hosts=st.lists(
        st.builds(
            HostFacts,
            st.integers(0, 9),
            st.just(START),
            st.one_of(st.none(), st.timedeltas(timedelta(), timedelta(days=9)).map(lambda ago: START - ago)),
        ),
        unique_by=lambda host: host.member,
    ),
    present=st.sets(st.integers(0, 9)),
    newcomers=st.sets(st.integers(0, 9)),
    rotate=st.booleans(),
)
def test_only_hosts_who_are_there_and_not_new_are_named(
    hosts: list[HostFacts], present: set[int], newcomers: set[int], rotate: bool
) -> None:
    turn = next_host(hosts, present, newcomers, rotate=rotate)
    able = [host for host in hosts if host.member in present and host.member not in newcomers]
    assert (turn is None) == (not able)
    if turn is not None and rotate:
        never_named = [host.member for host in able if host.named_at is None]
        assert turn in (never_named or [host.member for host in able])
        last = {host.member: host.named_at or START - timedelta(days=99) for host in able}
        assert last[turn] == min(last.values())


# The moment


@given(
    now=st.timedeltas(timedelta(), timedelta(days=400)).map(lambda passed: START + passed),
    quiet_from=st.times(),
    quiet_until=st.times(),
)
def test_nobody_is_greeted_in_quiet_hours(now: datetime, quiet_from: time, quiet_until: time) -> None:
    start, end = quiet_from.strftime("%H:%M"), quiet_until.strftime("%H:%M")
    moment = time_to_speak(now, start, end, SHANGHAI)
    assert now <= moment <= now + timedelta(days=1)
    clock = moment.astimezone(SHANGHAI).strftime("%H:%M")
    is_quiet = start <= clock < end if start < end else start != end and (clock >= start or clock < end)
    assert not is_quiet
    assert moment == now or clock == end


def test_the_end_of_the_quiet_hours_is_a_time_to_speak() -> None:
    night = datetime(2026, 3, 2, 23, 0, tzinfo=SHANGHAI)
    assert time_to_speak(night, "22:30", "07:30", SHANGHAI) == datetime(2026, 3, 3, 7, 30, tzinfo=SHANGHAI)
    morning = datetime(2026, 3, 3, 7, 30, tzinfo=SHANGHAI)
    assert time_to_speak(morning, "22:30", "07:30", SHANGHAI) == morning


# Answers to first words: 1 is the newcomer, 2 another newcomer, 7 and 8 are old members


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        ([], False),
        ([Reply(1)], False),
        ([Reply(7)], True),
        ([Reply(7, mentions=(1,))], True),
        ([Reply(7, mentions=(8,))], False),
        ([Reply(7, mentions=(8, 1))], True),
        ([Reply(7, quotes=True, quoted_member=1)], True),
        ([Reply(7, quotes=True, quoted_member=8)], False),
        ([Reply(7, quotes=True)], False),
        ([Reply(2)], False),
        ([Reply(2, mentions=(1,))], True),
        ([Reply(2), Reply(7, mentions=(8,)), Reply(8)], True),
    ],
)
def test_whether_somebody_turned_to_the_newcomer(replies: list[Reply], expected: bool) -> None:
    assert is_answered(1, replies, {1, 2}) is expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("大家好，喝岩茶三年了。", "大家好，喝岩茶三年了"),
        ("水仙和肉桂哪个好？", "水仙和肉桂哪个好？"),
        ("加我微信 tea88888", ""),
        ("看这里 https://x.cn", ""),
        ("电话 13800138000", ""),
        ("@所有人 来抢", ""),
        ("茶" * 31, ""),
        ("茶\n友\n好", "茶 友 好"),
        ("", ""),
    ],
)
def test_only_harmless_first_words_are_repeated(words: str, expected: str) -> None:
    assert quotable(words) == expected
