"""A day and a book of days as JSON and back, exactly: a reading that stops goes on as if it had not."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from typing import Any

from bot.analysis.daybook import Day, DayBook
from bot.analysis.exchanges import Answer
from bot.analysis.helped import HelpFact, Spoken
from bot.analysis.lines import Line
from bot.analysis.open_exchanges import Open, Opening
from bot.analysis.usefulness import Helped

KEPT = 512
"""Days that are kept as they were read: whoever reckons night after night has seen all but one of them."""


def day_as_json(day: Day) -> str:
    """One day."""
    return _dumped(_day(day))


@lru_cache(KEPT)
def day_from_json(text: str) -> Day:
    """The day again; it is kept and must not be changed."""
    return _day_of(json.loads(text))


def book_as_json(book: DayBook) -> str:
    """Where the reading stands, with the days that are not settled."""
    reader = book.reader
    place = {id(one): number for number, one in enumerate(reader.found)}
    openings = {id(one): one for one in reader.part_of.values() if isinstance(one, Opening)}
    number_of = {key: number for number, key in enumerate(openings)}
    return _dumped({
        "days": {day.isoformat(): _day(one) for day, one in book.days.items()},
        "open": [_open(one) for one in reader.found],
        "openings": [_opening(one, place) for one in openings.values()],
        "parts": [[key, place[id(one)]] for key, one in reader.part_of.items() if isinstance(one, Open)],
        "follow": [[key, number_of[id(one)]] for key, one in reader.part_of.items() if id(one) in openings],
        "latest": [[member, place[id(one)]] for member, one in reader.latest.items()],
        "last": [_said(one) for said in reader.last.said.values() for one in said],
        "spoken": [_spoken(one) for one in book.spoken.values()],
    })  # fmt: skip


def book_from_json(text: str, zone: tzinfo) -> DayBook:
    """The reading again, in the timezone in which its days were told apart."""
    told = json.loads(text)
    book = DayBook(zone, {date.fromisoformat(day): _day_of(one) for day, one in told["days"].items()})
    reader = book.reader
    reader.found = [_open_of(one) for one in told["open"]]
    openings = [_opening_of(one, reader.found) for one in told["openings"]]
    reader.part_of = {key: reader.found[number] for key, number in told["parts"]}
    reader.part_of |= {key: openings[number] for key, number in told["follow"]}
    reader.latest = {member: reader.found[number] for member, number in told["latest"]}
    reader.answer_in = {
        one.message: one
        for each in reader.found
        for one in each.answers
        if reader.part_of.get(one.message) is each
    }
    for one in told["last"]:
        reader.last.add(_said_of(one))
    book.spoken = {one.line.id: one for one in map(_spoken_of, told["spoken"])}
    return book


def _dumped(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _day(day: Day) -> list[Any]:
    return [
        list(day.said.items()), list(day.sold.items()),
        [[member, sorted(partners)] for member, partners in day.met.items()],
        [[*pair, doubt] for pair, doubt in day.doubts.items()], [_fact(one) for one in day.helped],
    ]  # fmt: skip


def _day_of(told: list[Any]) -> Day:
    said, sold, met, doubts, helped = told
    return Day(
        dict(said), dict(sold), {member: set(partners) for member, partners in met},
        {(one, other): doubt for one, other, doubt in doubts}, [_fact_of(one) for one in helped],
    )  # fmt: skip


def _fact(one: HelpFact) -> list[Any]:
    helped = one.helped
    return [
        helped.helper, helped.asker, helped.question, helped.answer, _ms(helped.at), helped.confidence,
        helped.thanked, helped.closed, helped.seconds, helped.heard,
        one.is_copy, one.is_refuted, one.is_empty, one.is_begged,
    ]  # fmt: skip


def _fact_of(told: list[Any]) -> HelpFact:
    helper, asker, question, answer, at, confidence, thanked, closed, seconds, heard, *wrong = told
    helped = Helped(
        helper,
        asker,
        question,
        answer,
        _moment(at),
        confidence,
        thanked,
        closed,
        seconds=seconds,
        heard=heard,
    )
    return HelpFact(helped, *wrong)


def _open(one: Open) -> list[Any]:
    return [
        one.question, one.asker, _ms(one.asked_at), one.is_told, one.closed_by, list(one.thanked),
        sorted(one.quoted), sorted(one.wordless), None if one.closed_at is None else _ms(one.closed_at),
        sorted(one.heard), one.to, one.is_bare(),
        [[answer.message, answer.member, _ms(answer.at), answer.confidence] for answer in one.answers],
    ]  # fmt: skip


def _open_of(told: list[Any]) -> Open:
    (
        question, asker, at, is_told, closed_by, thanked, quoted, wordless, closed_at, heard,
        to, bare, answers,
    ) = told  # fmt: skip
    return Open(
        question, asker, _moment(at), to=tuple(to), is_told=is_told, closed_by=closed_by,
        thanked=dict.fromkeys(thanked), quoted=set(quoted), wordless=set(wordless), heard=set(heard),
        says_nothing_else=bare,
        closed_at=None if closed_at is None else _moment(closed_at),
        answers=[Answer(message, member, _moment(at), sure) for message, member, at, sure in answers],
    )  # fmt: skip


def _opening(one: Opening, place: dict[int, int]) -> list[Any]:
    exchange = None if one.exchange is None else place.get(id(one.exchange))
    return [one.message, one.member, _ms(one.at), one.is_problem(), exchange]


def _opening_of(told: list[Any], found: list[Open]) -> Opening:
    message, member, at, says_enough, exchange = told
    opened = None if exchange is None else found[exchange]
    return Opening(message, member, _moment(at), says_enough=says_enough, exchange=opened)


def _said(one: Opening) -> list[Any]:
    says = one.says or Spoken(Line(one.message, one.member, one.at, one.text), asks=one.asks).says
    return [one.message, one.member, _ms(one.at), one.is_problem(), *says]


def _said_of(told: list[Any]) -> Opening:
    message, member, at, says_enough, *says = told
    return Opening(
        message, member, _moment(at), says_enough=says_enough, says=(says[0], says[1], says[2], says[3])
    )


def _spoken(one: Spoken) -> list[Any]:
    return [one.line.id, one.line.member, one.is_refuted, one.is_copy, *one.says]


def _spoken_of(told: list[Any]) -> Spoken:
    message, member, is_refuted, is_copy, *says = told
    words = Spoken(Line(message, member, datetime.min.replace(tzinfo=UTC)), is_refuted=is_refuted)
    words.judge(is_copy, (says[0], says[1], says[2], says[3]))
    return words


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
