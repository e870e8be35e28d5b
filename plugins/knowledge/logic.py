"""Promises, read and counted. Pure: no clock, no database."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.analysis.chinese_dates import Question, Rule, Understood, understand
from bot.words import normalised, number_said, parse_duration

Kind = Literal["share", "answer", "meetup", "post", "free"]
Unit = Literal["", "day", "week", "month", "quarter", "year"]

KIND_WORDS: dict[Kind, tuple[str, ...]] = {
    "answer": ("有人答", "回答", "必答", "有人回", "回复", "解答", "有答", "答复", "有回应"),
    "meetup": ("线下", "聚会", "茶会", "见面", "面聊", "聚一次", "沙龙", "圆桌"),
    "post": ("报价", "价格", "行情", "上新", "价目", "晒", "公布", "播报", "日报", "更新"),
    "share": ("干货", "分享", "讲", "早报", "知识", "课", "科普", "读书"),
}
UNITS: dict[str, Unit] = {
    "天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month", "季度": "quarter",
    "年": "year",
}  # fmt: skip
END_OF_DAY = time(23, 59)
NO_DAY = frozenset({"no_schedule", "no_day", "which_day", "which_weekday", "vague_day"})
"""Questions of the grammar that a promise without a day need not answer: 每月一次 is enough."""


_OFTEN = re.compile(
    r"(?:每个?|一个?)(?P<unit>天|日|周|星期|礼拜|月|季度|年)[^\d一二两三四五六七八九十]{0,4}?"
    r"(?P<count>\d+|[一二两三四五六七八九十]+)(?:次|回|场|期|篇|条)"
)
_BARE = re.compile(r"每个?(?P<unit>天|日|周|星期|礼拜|月|季度|年)")
_WITHIN = re.compile(
    r"(?P<for>\d+|[一二两三四五六七八九十]+|半)\s*(?:个)?(?P<unit>小时|钟头|天|分钟)\s*(?:之|以)?内|(?P<today>当天|当日)"
)
_FILLERS = re.compile(
    r"有人|必须|一定|保证|至少|都会|会有|都有|会|有|发|群主|我们|群里|大家|前|每天|每日|点|的"
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a promise means: days named by a rule, or so many times in each unit; answers within hours."""

    kind: Kind
    rule: Rule | None = None
    unit: Unit = ""
    count: int = 1
    hours: int = 0
    words: str = ""


def terms_of(said: str, now: datetime, zone: ZoneInfo) -> Terms | Question:
    """What is promised; what has to be asked back if nobody can tell when it is due."""
    plain = normalised(said)
    kind = kind_of(plain)
    if kind == "answer":
        hours = hours_in(plain)
        return Terms("answer", hours=hours) if hours else Question("promise", said)
    often = _OFTEN.search(plain)
    if often is not None:
        count = int(number_said(often["count"]) or 1)
        return Terms(kind, unit=UNITS[often["unit"]], count=count, words=_words(plain, often[0]))
    found = understand(said, now, zone, default=END_OF_DAY)
    if isinstance(found, Understood) and not found.rule.is_once:
        return Terms(kind, rule=found.rule, words=_words(normalised(found.topic), ""))
    if isinstance(found, Question) and found.kind not in NO_DAY:
        return found
    bare = _BARE.search(plain)
    if bare is not None:
        return Terms(kind, unit=UNITS[bare["unit"]], words=_words(plain, bare[0]))
    return Question("promise", said)


def kind_of(said: str) -> Kind:
    """Which kind of promise it is; free if nothing that can be measured is named."""
    return next((kind for kind, words in KIND_WORDS.items() if any(one in said for one in words)), "free")


def hours_in(said: str) -> int:
    """Within how many hours an answer is promised; 0 if it is not said."""
    match = _WITHIN.search(said)
    if match is None:
        return 0
    if match["today"]:
        return 24
    length = parse_duration(f"{match['for']}{match['unit']}")
    return max(round(length.total_seconds() / 3600), 1) if length is not None else 0


def _words(said: str, cadence: str) -> str:
    """What to look for in posts: the words that are neither cadence nor filler."""
    return _FILLERS.sub("", said.replace(cadence, "")).strip(" ,，。、！!")[:20]


@dataclass(frozen=True, slots=True)
class Period:
    """A span in which something is due, under a key of its own."""

    key: str
    begins_at: datetime
    due_at: datetime


def periods(terms: Terms, since: datetime, until: datetime, zone: ZoneInfo) -> list[Period]:
    """The spans that begin in [since, until): the days of the rule, or whole units of the calendar."""
    if terms.rule is not None:
        return _days(terms.rule, since, until, zone)
    if not terms.unit:
        return []
    found, begins = [], unit_start(since.astimezone(zone), terms.unit)
    while begins < until:
        ends = unit_end(begins, terms.unit)
        if begins.astimezone(UTC) >= since or ends.astimezone(UTC) > since:
            found.append(_period(f"{terms.unit}:{begins:%Y-%m-%d}", max(begins, since), ends))
        begins = ends
    return [one for one in found if one.begins_at < until]


def _days(rule: Rule, since: datetime, until: datetime, zone: ZoneInfo) -> list[Period]:
    found: list[Period] = []
    for due in rule.next_dates(since, 40):
        local = due.astimezone(zone)
        begins = datetime.combine(local.date(), time(), zone)
        if begins >= until:
            break
        found.append(_period(f"day:{local:%Y-%m-%d %H:%M}", begins, due))
    return found


def _period(key: str, begins: datetime, due: datetime) -> Period:
    return Period(key, begins.astimezone(UTC), due.astimezone(UTC))


def unit_start(local: datetime, unit: Unit) -> datetime:
    """The beginning of the day, week, month, quarter or year that a moment lies in."""
    day = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1)


def unit_end(begins: datetime, unit: Unit) -> datetime:
    """The end of the unit that begins so."""
    step = {"day": 1, "week": 7, "month": 32, "quarter": 93, "year": 367}[unit or "day"]
    return (
        begins + timedelta(days=step)
        if unit in ("day", "week")
        else unit_start(begins + timedelta(days=step), unit)
    )


def warn_at(begins_at: datetime, due_at: datetime) -> datetime:
    """When the owner should hear that something is still missing: while there is time to act."""
    length = due_at - begins_at
    ahead = max(min(length / 4, timedelta(days=10)), timedelta(hours=4))
    return max(due_at - ahead, begins_at)


@dataclass(frozen=True, slots=True)
class Account:
    """How often a promise was kept, missed, and not seen because we were away."""

    kept: int
    missed: int
    unsure: int

    @property
    def rate(self) -> int | None:
        """Kept out of what is known, in per cent; None if nothing is known yet."""
        known = self.kept + self.missed
        return round(100 * self.kept / known) if known else None


def account(statuses: Iterable[str]) -> Account:
    """Count the ends of deliveries."""
    ends = list(statuses)
    return Account(ends.count("kept"), ends.count("missed"), ends.count("unsure"))
