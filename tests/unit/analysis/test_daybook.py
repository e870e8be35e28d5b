"""Days that are put away and read on from amount to the same as the whole talk read at once."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analysis.daybook import Day, DayBook, day_book
from bot.analysis.daybook_json import book_as_json, book_from_json, day_as_json, day_from_json
from bot.analysis.lines import Heard, Line, Link, heard
from bot.analysis.open_exchanges import OPEN_FOR
from bot.analysis.originality import ECHOES_WITHIN

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
WORDS = (
    "请问水仙怎么存？", "放冰箱里密封，别见光，半年都没问题", "谢谢，搞定了", "没用，还是不行", "嗯",
    "我家的盖碗总是烫手，试了好多办法都没用", "今天天气真好", "好茶", "加我微信，厂家直销，五折", "谢谢大佬",
)  # fmt: skip


def talk(seed: int, count: int, days: int) -> list[Heard]:
    """Random talk of a few people, in order, with pictures, quotes, recalls, mentions and links."""
    dice = random.Random(seed)
    ats = sorted(START + timedelta(milliseconds=dice.randrange(days * 86_400_000)) for _ in range(count))
    lines: list[Line] = []
    links: list[Link] = []
    for key, at in enumerate(ats, 1):
        quotes = dice.randrange(1, key) if key > 1 and dice.random() < 0.1 else None
        above = quotes or (max(1, key - dice.randint(1, 8)) if key > 1 and dice.random() < 0.75 else None)
        kind = dice.choices(("text", "image", "recalled"), (12, 1, 1))[0]
        quoted = None if quotes is None else lines[quotes - 1].member
        mentions = (dice.randint(1, 5),) if dice.random() < 0.2 else ()
        text = dice.choice(WORDS) if kind == "text" else ""
        lines.append(Line(key, dice.randint(1, 5), at, text, kind, mentions, quotes, quoted))  # type: ignore[arg-type]
        if dice.random() < 0.95:
            links.append(Link(key, above, 1.0 if quotes else round(dice.random(), 3)))
    return heard(lines, links)


def read_in_pieces(talk: Sequence[Heard], cuts: Sequence[int]) -> dict[date, Day]:
    """The same talk with the reading put away, as JSON, after each of the cuts."""
    settled: dict[date, str] = {}
    kept, done = book_as_json(DayBook(ZONE)), 0
    for cut in [*sorted(cuts), len(talk)]:
        book = book_from_json(kept, ZONE)
        for one in talk[:done]:
            if one.line.at >= talk[max(done - 1, 0)].line.at - ECHOES_WITHIN:
                book.hear(one.line, one.above)
        for one in talk[done:cut]:
            book.read(one)
        if cut:
            settled |= {day: day_as_json(one) for day, one in book.settle(talk[cut - 1].line.at).items()}
        kept, done = book_as_json(book), cut
    return {day: day_from_json(one) for day, one in settled.items()} | book_from_json(kept, ZONE).all_days()


def as_told(days: dict[date, Day]) -> dict[date, object]:
    """What the days hold, whatever the order in which it was found."""
    return {
        day: (
            one.said, {who: sorted(texts) for who, texts in one.sold.items()}, one.met,
            {pair: round(doubt, 9) for pair, doubt in one.doubts.items()},
            sorted(map(str, one.helped)),
        )
        for day, one in days.items()
    }  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(
    seed=st.integers(0, 10**9), count=st.integers(1, 120), days=st.integers(1, 40),
    cuts=st.lists(st.integers(0, 120), max_size=6),
)  # fmt: skip
def test_going_on_changes_nothing(seed: int, count: int, days: int, cuts: list[int]) -> None:
    said = talk(seed, count, days)
    whole = day_book(said, ZONE).all_days()
    pieces = read_in_pieces(said, [min(cut, count) for cut in cuts])
    assert as_told(pieces) == as_told(whole)


def test_what_is_kept_is_bounded_by_the_last_days() -> None:
    sizes = []
    for days in (30, 300):
        said = talk(1, days * 20, days)
        book, last = day_book(said, ZONE), said[-1].line.at
        settled = book.settle(last)
        assert len(settled) + len(book.days) == days + 1  # it begins in the middle of a local day
        assert max(settled) < (last - OPEN_FOR).astimezone(ZONE).date()
        sizes.append(len(book_as_json(book)))
    assert sizes[1] < 1.5 * sizes[0]


def test_no_words_are_kept() -> None:
    said = talk(2, 400, 20)
    book = day_book(said, ZONE)
    settled = book.settle(said[-1].line.at)
    told = book_as_json(book) + "".join(map(day_as_json, settled.values()))
    assert json.loads(book_as_json(book)) and not any(word in told for word in WORDS)
    assert told.isascii()
