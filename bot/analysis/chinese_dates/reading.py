"""Reading a schedule phrase: what it means, or what has to be asked back. Pure. See `understand`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.analysis.chinese_dates import assembly, day_math
from bot.analysis.chinese_dates.rules import DAY, Days, Part, Rule
from bot.analysis.chinese_dates.scanning import scan, schedule_of
from bot.analysis.chinese_dates.tokens import (
    LIMIT_TOKENS,
    Again,
    Ask,
    Choice,
    Clock,
    Dates,
    Every,
    Exactly,
    Except,
    Found,
    Lasting,
    PartOfDay,
    Put,
    Since,
    Stretch,
    Until,
    flat,
)
from bot.words import visible

LONGEST = 160

_SUSPICIOUS = re.compile(
    r"顺延|延后|除外|隔周|隔天|大小周|为止|\d+:\d\d|[一二两三四五六七八九十\d]点(?:半|钟)"
)
_OR = re.compile(r"\s*,?\s*(?:或者?|要么|要不|还是)")
_OR_BEFORE = re.compile(r"(?:或者?|要么|要不|还是)\s*$")
_EDGE = r"[\s,、。;:：，；!！.…·|/「」『』()（）-]"
_OPENING = re.compile(
    rf"^(?:{_EDGE}|请|麻烦|帮我|帮忙|[帮给]群里|给大家|[在往]群里|安排|计划|定时|准时|发布|推送|提醒(?:一?下)?(?:大家|各位|我|群里)"
    r"|分享(?!会)|发?一下|发?一(?:篇|条|期|份|个|次|则)|那个|那就|就是|就|弄个|搞个|来个|来一[个期篇条场]|发(?=早|晚|日|周)|哈|吧|的(?=,|，)|我们|咱们|每(?=$))+"
)
_CLOSING = re.compile(
    rf"(?:{_EDGE}|推送|在|于|的|吧|哈|啊|呀|哦|呢|嘛|麻烦了?|谢谢|辛苦了?|拜托了?|别忘了?|别迟到|(?:先|帮我)?记一?下|提醒一?下"
    r"|就行|就好|就可以|每天都要|也?算|每)+$"
)


@dataclass(frozen=True, slots=True)
class Understood:
    """A schedule, and the rest of the text."""

    rule: Rule
    topic: str


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be asked back: `kind` names the question, `word` the words that it is about."""

    kind: str
    word: str = ""


def understand(
    text: str, now: datetime, zone: ZoneInfo, *, default: time | None = None
) -> Understood | Question:
    """Read a phrase said at `now`, whose times are those of `zone`'s clocks; `default` if it names none."""
    text = visible(text)[:LONGEST]
    said, local = flat(text), now.astimezone(zone)
    pieces = schedule_of(scan(said, local), said)
    topic = topic_of(text, pieces)
    if not pieces:
        return Question("no_schedule")
    choice = _choice_left(said, pieces)
    if choice:
        return Question("alternatives", choice)
    try:
        rule = _rule(pieces, local, zone.key, default)
    except Ask as question:
        return Question(question.kind, question.word or _words(text, pieces))
    strange = _SUSPICIOUS.search(flat(topic))
    if strange is not None:
        return Question("unsure", strange[0])
    return Understood(rule, topic)


def topic_of(text: str, pieces: Sequence[Found]) -> str:
    """What is left when the schedule is taken away."""
    left, at = [], 0
    for piece in pieces:
        between = text[at : piece.start]
        left.append("" if at and re.fullmatch(r"(?:[\s、，,和及与跟还有以的])*", between) else between)
        at = piece.end
    left.append(text[at:])
    parts = [_CLOSING.sub("", _OPENING.sub("", part)) for part in left]
    return " ".join(part for part in parts if part).strip()


def _choice_left(said: str, pieces: Sequence[Found]) -> str:
    """`或者` beside a piece of the schedule: one of two things is meant, and nobody knows which."""
    for piece in pieces:
        if _OR.match(said, piece.end) or _OR_BEFORE.search(said, 0, piece.start):
            return said[piece.start : piece.end + 6].strip()
    return ""


def _words(text: str, pieces: Sequence[Found]) -> str:
    cores = [piece for piece in pieces if not isinstance(piece.token, LIMIT_TOKENS)] or list(pieces)
    return text[cores[0].start : cores[-1].end].strip()


def _rule(pieces: Sequence[Found], now: datetime, zone: str, default: time | None) -> Rule:
    for piece in pieces:
        if isinstance(piece.token, Ask):
            raise piece.token
    exact = [piece.token.at for piece in pieces if isinstance(piece.token, Exactly)]
    since, until = _bounds(pieces, now)
    if exact:
        rule = _at(exact[0], zone, now)
    else:
        limits = any(isinstance(piece.token, Again | Lasting | Until | Since) for piece in pieces)
        reading = assembly.Reading(now, limits)
        parts = assembly.parts_of(assembly.groups_of(_cores(pieces)), reading, default)
        rule = Rule(parts, zone, since.astimezone(UTC), until)
    rule = _limited(rule, pieces)
    return _checked(_anchored(rule), pieces, now)


def _cores(pieces: Sequence[Found]) -> list[Found]:
    kinds = (Every, Choice, Dates, Stretch, Clock, PartOfDay)
    return [piece for piece in pieces if isinstance(piece.token, kinds)]


def _at(moment: datetime, zone: str, now: datetime) -> Rule:
    """A single moment, in whole minutes."""
    local = (moment + timedelta(seconds=59)).replace(second=0, microsecond=0)
    part = Part(Days("once", dates=(local.date(),)), (local.time(),))
    return Rule((part,), zone, now.astimezone(UTC))


def _bounds(pieces: Sequence[Found], now: datetime) -> tuple[datetime, date | None]:
    """From when and until when: as said, or from now on."""
    since, until = now, None
    for piece in pieces:
        token = piece.token
        if isinstance(token, Since):
            since = max(now, _midnight(token.day, now))
        elif isinstance(token, Until):
            until = token.day
        elif isinstance(token, Stretch):
            since, until = max(now, _midnight(token.first, now)), token.last
    return since, until


def _midnight(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(), now.tzinfo) - timedelta(seconds=1)


def _limited(rule: Rule, pieces: Sequence[Found]) -> Rule:
    for piece in pieces:
        token = piece.token
        if isinstance(token, Except):
            rule = replace(rule, not_on=rule.not_on + token.days)
        elif isinstance(token, Put):
            rule = replace(rule, avoided=token.avoided, shift=token.shift)
    return rule


def _anchored(rule: Rule) -> Rule:
    """Every second week counts from the first time that it can be."""
    parts = []
    for part in rule.parts:
        if part.days.every > 1:
            plain = replace(rule, parts=(replace(part, days=replace(part.days, every=1)),), most=None)
            first = plain.next_dates(rule.since, 1)
            day = first[0].astimezone(ZoneInfo(rule.zone)).date() if first else None
            part = replace(part, days=replace(part.days, anchor=day))
        parts.append(part)
    return replace(rule, parts=tuple(parts))


def _checked(rule: Rule, pieces: Sequence[Found], now: datetime) -> Rule:
    first = rule.next_dates(now.astimezone(UTC), 1)
    if not first:
        raise Ask("past" if rule.is_once else "never")
    for piece in pieces:
        if isinstance(piece.token, Lasting):
            rule = _lasting(rule, piece.token, first[0].astimezone(ZoneInfo(rule.zone)).date())
    if rule.is_once:
        count = sum(len(part.days.dates) * (len(part.times) + part.midnight) for part in rule.parts)
        if len(rule.next_dates(now.astimezone(UTC), count + 1)) < count and not rule.not_on:
            raise Ask("past")
    return rule


def _lasting(rule: Rule, lasting: Lasting, first: date) -> Rule:
    """The rule with its end: so many times, or so long from the first time on."""
    if lasting.unit == "times":
        return replace(rule, most=lasting.number)
    if lasting.unit in ("day", "week"):
        days = lasting.number * (7 if lasting.unit == "week" else 1)
        return replace(rule, until=first + (days - 1) * DAY)
    months = lasting.number * (12 if lasting.unit == "year" else 1)
    year, month = day_math.months_later(first.year, first.month, months)
    day = min(first.day, 28)
    return replace(rule, until=date(year, month, day) + (first.day - day - 1) * DAY)
