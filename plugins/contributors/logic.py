"""Who may be credited now, whose thanks count, which stage somebody means, what may be quoted. All pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.events import StageKind
from bot.words import normalised, number_said, plain, visible, yes_or_no

WEEK = timedelta(days=7)
PAIR_AGAIN = timedelta(days=7)
"""The same pair is thanked once in this time, in whichever direction."""

STALE_AFTER = timedelta(days=2)
LATER_AFTER = timedelta(days=14)
DECLINED_FOR = timedelta(days=90)
LONGEST_QUOTED = 24
LONGEST_REASON = 40

_NOT_TO_REPEAT = re.compile(r"\d{5}|[A-Za-z0-9_-]{12}|://|www\.|[@＠]")
_ADDRESS = re.compile(r"^\s*[@＠]\S+\s+")
_CLOSING = "。！!；;，,、.~～ "
_BECAUSE = re.compile(r"^(?:[，,、：:\s]*(?:因为|由于)?[，,：:\s]*)")
STAGE_WORDS: dict[StageKind, tuple[str, ...]] = {
    "share": ("分享", "讲给", "share"),
    "host": ("迎新", "新人", "伙伴"),
    "talk": ("线下", "讲座", "现场", "当面"),
}
STAGES: tuple[StageKind, ...] = ("share", "host", "talk")


@dataclass(frozen=True, slots=True)
class Given:
    """Thanks that somebody gave through the bot."""

    giver: int
    member: int
    at: datetime


ThanksFault = Literal["self", "often", "again", "mutual"]


def thanks_fault(
    giver: int, member: int, given: Iterable[Given], now: datetime, since_midnight: datetime, a_day: int
) -> ThanksFault | None:
    """Why these thanks do not count; None if they do."""
    if giver == member:
        return "self"
    lately = [one for one in given if now - one.at < PAIR_AGAIN]
    if any((one.giver, one.member) == (member, giver) for one in lately):
        return "mutual"
    if any((one.giver, one.member) == (giver, member) for one in lately):
        return "again"
    today = [one for one in given if one.giver == giver and one.at >= since_midnight]
    return "often" if len(today) >= a_day else None


def may_credit(
    member: int, credited: Sequence[tuple[int, datetime]], now: datetime, again_days: int, a_week: int
) -> bool:
    """Whether the group can bear another credit this week, and this person one at all."""
    lately = [one for one in credited if now - one[1] < WEEK]
    again = timedelta(days=again_days)
    return len(lately) < a_week and not any(who == member and now - at < again for who, at in credited)


def is_found_anew(state: str, decided_at: datetime | None, found_at: datetime, now: datetime) -> bool:
    """Whether somebody may be nominated again after an earlier nomination that ended so."""
    since = now - (decided_at or found_at)
    if state == "declined":
        return since > DECLINED_FOR
    if state == "later":
        return since > LATER_AFTER
    return state in ("lapsed", "credited")


def stage_meant(text: str) -> tuple[StageKind | None, bool | None]:
    """Which stage an answer chooses, and whether it is a yes or a no; (None, None) for other words."""
    said = normalised(text)
    number = number_said(said)
    if number is not None and number in (1, 2, 3):
        return STAGES[int(number) - 1], True
    answer = yes_or_no(text)
    if answer is not None:
        return None, answer
    named = [stage for stage in STAGES if any(word in said for word in STAGE_WORDS[stage])]
    if len(named) != 1 or len(said) > LONGEST_REASON:
        return None, None
    return named[0], not any(word in said for word in REFUSALS)


REFUSALS = (
    "不想", "不了", "不行", "不要", "不去", "不讲", "不做", "不用", "不太", "不方便", "不敢", "不会",
    "不愿", "不擅长", "没空", "没时间", "没兴趣", "别", "算了", "下次", "改天",
)  # fmt: skip
"""A bare 不 or 没 is no refusal: 没问题, 不如线下讲, 隔着屏幕说不清."""


def reason_said(text: str) -> str:
    """What somebody is thanked for if it may be repeated aloud, else "": no links, numbers, or long tales."""
    said = plain(_BECAUSE.sub("", text, count=1), limit=LONGEST_REASON + 1).strip(_CLOSING)
    if len(said) > LONGEST_REASON or _NOT_TO_REPEAT.search(visible(text)):
        return ""
    return said


def quotable(text: str) -> str:
    """The asker's words if they are short and harmless enough to be repeated, else ""."""
    said = plain(text, limit=LONGEST_QUOTED + 1)
    if not 4 <= len(said) <= LONGEST_QUOTED or _NOT_TO_REPEAT.search(visible(text)):
        return ""
    return said.strip(_CLOSING)


def fits_topic(wanted: str, topic: str) -> bool:
    """Whether a topic is what somebody asked for."""
    asked, known = normalised(wanted), normalised(topic)
    return bool(asked) and (asked in known or (len(known) > 1 and known in asked))


def sayable(word: str) -> bool:
    """Whether a topic's word may be said aloud as it is."""
    return bool(word) and len(word) <= LONGEST_QUOTED and not _NOT_TO_REPEAT.search(visible(word))


def cut(text: str) -> str:
    """Somebody's words for the owner's eyes, on one line and short, without the name they begin with."""
    return plain(_ADDRESS.sub("", text), limit=LONGEST_REASON)
