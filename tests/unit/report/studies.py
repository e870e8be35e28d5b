"""Groups for the report: talk with a seed, without a database."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.analysis.advice import advice
from bot.analysis.decentralisation import Talk, figures, message_counts
from bot.analysis.exchanges import Answer, Exchange
from bot.analysis.graph import reply_graph
from bot.analysis.lines import Line, Link
from bot.report.study import Emerging, Report, Study, Topic, Week
from tests.unit.analysis.talk import replies

ZONE = ZoneInfo("Asia/Shanghai")
SINCE = datetime(2026, 2, 28, 16, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=28)
EARLIER = SINCE - timedelta(days=28)
HOSTILE = [
    "<b>\"&'</text>]]><script>{{x}}$y%s", "\u202eمحمد عربي", "a\u200bb\u200d\u2066c", "👨‍👩‍👧‍👦👩🏽‍🚀🇨🇳❤️",
    "𝓯𝓪𝓷𝓬𝔂 𝕷𝖊𝖙𝖙𝖊𝖗𝖘", "𠮷䶮龘", "王" * 200, "z̸̢̛̠a̶l̷g̴o̵" + "\u0301" * 60, "\u3164", "𓀀𒀀", "&#x3C;svg&gt;",
    "\x1b[31mred\n\r", "שלום", "꧁༺茶༻꧂", "ᴛᴇᴀ ツ", "  ", "$people", "[bold]x[/]", "﷽", "🏳️‍🌈1️⃣",
]  # fmt: skip


def talk_of(people: int, messages: int, seed: int = 1) -> Talk:
    """Talk of people of whom the first say most, over the two windows."""
    if not people:
        return Talk([], [], [])
    dice = random.Random(seed)
    weights = [1 / (place + 1) for place in range(people)]
    ats = sorted(EARLIER + dice.random() * (UNTIL - EARLIER) for _ in range(messages))
    members = dice.choices(range(1, people + 1), weights, k=messages)
    lines = [Line(key, member, at) for key, (member, at) in enumerate(zip(members, ats, strict=True), 1)]
    links = [Link(line.id, dice.randint(max(1, line.id - 4), line.id), 0.8) for line in lines]
    asked = []
    for line in lines[::23]:
        helpers = dict.fromkeys(dice.choices(range(1, people + 1), weights, k=dice.randint(0, 2)))
        answers = tuple(Answer(line.id, one, line.at, 0.9) for one in helpers if one != line.member)
        asked.append(Exchange(line.id, line.member, line.at, f"第{line.id}泡怎么发涩？", answers))
    return Talk(lines, replies(lines, links), asked)


def study_of(
    names: Sequence[str], messages: int, *, emerging: Sequence[Emerging] = (), topics: Sequence[Topic] = (),
    room: str = "岩茶同好会", owners: Sequence[int] = (1,),
) -> Study:  # fmt: skip
    """A study of people of these names."""
    talk = talk_of(len(names), messages)
    found = figures(talk, SINCE, UNTIL, ZONE, owners)
    before = figures(talk, EARLIER, SINCE, ZONE, owners)
    part = talk.part(SINCE, UNTIL)
    counts = message_counts(part.lines)
    called = dict(enumerate(names, 1))
    weeks = tuple(Week(EARLIER + timedelta(days=7 * one), 5 + one, 100, 40 + one) for one in range(8))
    report = Report(
        room, 28, ZONE.key, found, before, weeks, tuple(advice(talk, found, owners, called)), called, EARLIER,
        (), 1, tuple(emerging), tuple(topics),
    )  # fmt: skip
    return Study(report, reply_graph(counts, part.replies), counts, talk, {}, tuple(owners), called)
