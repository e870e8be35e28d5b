"""Who answers whom: what is certain, what is likely, and what a line may cost."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.analysis.lines import Line, Link
from bot.analysis.links import MODEL_VERSION, RESTORED_FROM, Linker

START = datetime(2026, 3, 1, 2, tzinfo=UTC)
ANNA, BEN, CLEO, DAN = 1, 2, 3, 4
NAMES = {ANNA: ("阿南",), BEN: ("小北", "北哥"), CLEO: ("Cleo🌸",), DAN: ("[bold]丹丹", "Dan.*")}


def said(*told: tuple[int, str], seconds: int = 20) -> list[Line]:
    """Lines of a chat, evenly spaced, numbered from 1."""
    return [
        Line(number, member, START + timedelta(seconds=seconds * number), text)
        for number, (member, text) in enumerate(told, 1)
    ]


def linked(lines: list[Line]) -> list[Link]:
    linker = Linker(NAMES)
    return [linker.add(line) for line in lines]


def test_a_quote_is_certain() -> None:
    lines = said((ANNA, "岩茶第一泡要不要倒掉"), (BEN, "晚上去爬山"), (CLEO, "几点出发"), (DAN, "不用倒"))
    lines[3] = lines[3]._replace(quotes=1, quoted_member=ANNA)
    assert linked(lines)[3] == Link(4, 1, 1.0)


def test_a_quote_whose_message_is_not_known_points_to_its_author() -> None:
    lines = said((ANNA, "岩茶第一泡要不要倒掉"), (BEN, "晚上去爬山"), (CLEO, "几点出发"), (DAN, "不用倒"))
    lines[3] = lines[3]._replace(quoted_member=ANNA)
    assert linked(lines)[3].answers == 1


def test_the_alternatives_of_a_line_hold_its_link_and_change_nothing() -> None:
    lines = said(
        (ANNA, "请问怎么备份聊天记录"), (BEN, "晚上去爬山吗"), (CLEO, "去的呀"), (DAN, "电脑上点设置")
    )
    linker = Linker(NAMES)
    for line, link in zip(lines, linked(lines), strict=True):
        maybe = linker.alternatives(line)
        assert linker.alternatives(line) == maybe
        assert linker.add(line) == link
        opens = 1.0 - sum(one.confidence for one in maybe)
        told = {one.answers: one.confidence for one in maybe} | {None: opens}
        assert told[link.answers] == pytest.approx(max(told.values()), abs=1e-4)
        assert link.confidence == pytest.approx(told[link.answers], abs=1e-4)
    quoting = lines[3]._replace(id=9, quotes=1, quoted_member=ANNA)
    assert linker.alternatives(quoting) == [Link(9, 1, 1.0)]
    of_ben = linker.alternatives(lines[3]._replace(id=9, quoted_member=BEN))
    assert [one.answers for one in of_ben] == [2]


@pytest.mark.parametrize("text", ["@小北 不用倒", "小北，不用倒", "北哥不用倒的"])
def test_who_is_named_is_answered(text: str) -> None:
    lines = said((BEN, "岩茶第一泡要不要倒掉"), (ANNA, "晚上去爬山吗"), (CLEO, "去的呀"), (DAN, text))
    assert linked(lines)[3].answers == 1


def test_a_mention_without_the_name_in_the_text_counts_too() -> None:
    lines = said((BEN, "岩茶第一泡要不要倒掉"), (ANNA, "晚上去爬山吗"), (CLEO, "去的呀"), (DAN, "不用倒"))
    lines[3] = lines[3]._replace(mentions=(BEN,))
    assert linked(lines)[3].answers == 1


def test_two_who_talk_to_each_other_are_linked() -> None:
    lines = said((ANNA, "请问怎么备份聊天记录"), (BEN, "电脑上点设置"), (ANNA, "找到了 谢谢"))
    assert [link.answers for link in linked(lines)] == [None, 1, 2]


def test_the_first_line_opens_a_thread() -> None:
    assert linked(said((ANNA, "大家好")))[0] == Link(1, None, 1.0)


def chatter(many: int, seed: int = 1) -> list[Line]:
    """Random talk of forty people with names, quotes and repeated words."""
    dice = random.Random(seed)
    words = ["岩茶", "备份", "爬山", "docker", "几点", "谢谢", "好的", "怎么", "file", "出发", "周六"]
    lines: list[Line] = []
    at = START
    for number in range(1, many + 1):
        at += timedelta(seconds=dice.choice((0, 3, 10, 60, 4000)))
        member = dice.randint(1, 40)
        text = " ".join(dice.choices(words, k=dice.randint(0, 6)))
        back = dice.randint(0, min(number - 1, 30))
        quotes = number - back if back and dice.random() < 0.05 else None
        mentions = (dice.randint(1, 40),) if dice.random() < 0.1 else ()
        lines.append(Line(number, member, at, text, mentions=mentions, quotes=quotes))
    return lines


def test_a_restored_linker_goes_on_as_one_that_never_stopped() -> None:
    lines = chatter(RESTORED_FROM + 500)
    steady = Linker(NAMES)
    before = [steady.add(line) for line in lines[:-300]]
    restored = Linker(NAMES)
    for line, link in list(zip(lines, before, strict=False))[-RESTORED_FROM:]:
        restored.take(line, link)
    assert [restored.add(line) for line in lines[-300:]] == [steady.add(line) for line in lines[-300:]]


def test_confidence_is_a_probability() -> None:
    assert all(0 < link.confidence <= 1 for link in linked(chatter(300)))


def test_a_line_costs_the_same_after_a_long_history(uncollected: None) -> None:
    linker, lines = Linker(NAMES), chatter(4000)
    held = []
    for part in (lines[400:900], lines[900:3400], lines[3400:]):
        begun = time.process_time()
        for line in part:
            linker.add(line)
        held.append((time.process_time() - begun) / len(part))
    assert held[2] < 3 * held[0]
    assert len(linker.talk.lines) <= 400
    assert len(linker.talk.by_id) <= 400
    assert sum(map(len, linker.talk.of.values())) <= 400


@pytest.mark.parametrize(
    "text",
    ["", " ", "{0.__class__}", "%s%n", "(((((((((", "[bold]丹丹", "Dan.*", "a" * 100_000, "岩茶" * 20_000,
     "\u202e\u0000\ud800", "@" * 5000, "🌸" * 3000, "ﷺ" * 500, "?" * 999, "İ" * 50, "ΐ" * 999],
)  # fmt: skip
def test_hostile_text_is_only_text(text: str, uncollected: None) -> None:
    lines = said((ANNA, text), (BEN, text), (DAN, f"阿南 {text}"))
    names = {ANNA: (text, "阿南"), BEN: ("", " ", "İ")}
    linker = Linker(names)
    begun = time.process_time()
    links = [linker.add(line) for line in lines]
    assert links[2].message == 3
    assert time.process_time() - begun < 0.2


def test_a_quote_of_a_line_out_of_sight_is_still_a_link() -> None:
    line = Line(9, ANNA, START, "不用倒", quotes=3, quoted_member=BEN)
    assert Linker(NAMES).add(line) == Link(9, 3, 1.0)


def test_the_version_is_known() -> None:
    assert MODEL_VERSION >= 1
