"""The clever parts of welcoming, as pure functions: fitting the words, taking turns, choosing the moment."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, tzinfo

from bot.pacing import after_quiet
from bot.speaking import mention_token
from bot.words import plain, shorten, visible

LIMIT = 120
"""A greeting is at most so long, whoever joined under whatever name."""

# Marks for what is put in last, when the room that is left is known. Private-use characters cannot occur
# in anybody's words, because `plain` takes them out.
PEOPLE, ABOUT, PROMISE = "\ue000", "\ue001", "\ue002"

NAME_LENGTHS = (20, 12, 8, 5)
LEAST_PROMISE = 20
LONGEST_MORE = 12
LONGEST_QUOTED = 30
SHORT_QUOTE = 12

_CLAUSE_END = re.compile(r"[。！？!?；;，,、]")
_CLOSING = "。！!；;，,、.~～ "
_NOT_TO_REPEAT = re.compile(r"\d{5}|[A-Za-z0-9_-]{8}|://|www\.|[@＠]")


@dataclass(frozen=True, slots=True)
class Greeting:
    """A finished greeting, and how many of the newcomers it really mentions."""

    text: str
    mentioned: int


def fitted(
    frame: str, about: str, promise: str, names: Sequence[str], total: int, more: str, limit: int = LIMIT
) -> Greeting:
    """The greeting with as many mentions as fit, then as much of the names, then of the promise.

    `frame` holds the marks PEOPLE and ABOUT, `about` may hold PROMISE. `more` stands for those of the
    `total` newcomers that are not among the names shown. There must be a name.
    """
    frame = frame if PEOPLE in frame else PEOPLE + frame
    promise, more = plain(promise).strip(_CLOSING), shorten(more, LONGEST_MORE)
    for part in dict.fromkeys((about, "")):
        for shown in range(len(names), 0, -1):
            for longest in NAME_LENGTHS:
                people = people_said(names[:shown], total, more, longest)
                text = _filled(frame.replace(ABOUT, part).replace(PEOPLE, people), promise, limit)
                if text is not None:
                    return Greeting(text, shown)
    people = people_said(names[:1], total, more, NAME_LENGTHS[-1])
    rest = frame.replace(ABOUT, "").replace(PEOPLE, "")
    return Greeting(people + shorten(rest, limit - len(people)), 1)


def people_said(names: Sequence[str], total: int, more: str, longest: int) -> str:
    """The names as mentions, none longer than `longest`, and `more` if there are others."""
    tokens = "".join(mention_token(plain(name, limit=longest)) for name in names)
    return tokens + more if total > len(names) else tokens


def _filled(text: str, promise: str, limit: int) -> str | None:
    """The text with its promise, shortened if need be; None if too little of it would be left."""
    left = limit - len(text.replace(PROMISE, ""))
    places = text.count(PROMISE)
    if left < 0 or (places and left // places < min(len(promise), LEAST_PROMISE)):
        return None
    return text.replace(PROMISE, clause(promise, left // places)) if places else text


def clause(text: str, limit: int) -> str:
    """As many whole clauses of the text as fit, if they are at least half of what would fit; else cut."""
    if len(text) <= limit:
        return text
    ends = [found.start() for found in _CLAUSE_END.finditer(text, 0, limit + 1)]
    return text[: ends[-1]] if ends and ends[-1] * 2 >= limit else shorten(text, limit)


def time_to_speak(now: datetime, quiet_from: str, quiet_until: str, zone: tzinfo) -> datetime:
    """Now, or in quiet hours (`HH:MM` each) their end: whoever comes at night is greeted together."""
    return after_quiet(now, time.fromisoformat(quiet_from), time.fromisoformat(quiet_until), zone)


@dataclass(frozen=True, slots=True)
class HostFacts:
    """What taking turns looks at."""

    member: int
    agreed_at: datetime
    named_at: datetime | None


def next_host(
    hosts: Iterable[HostFacts], present: Collection[int], newcomers: Collection[int], *, rotate: bool = True
) -> int | None:
    """Whose turn it is: of those who are there and are not themselves new, who was named longest ago.

    Without rotation it is always the one who agreed first.
    """
    able = [host for host in hosts if host.member in present and host.member not in newcomers]
    never = datetime.min.replace(tzinfo=UTC)

    def turn(host: HostFacts) -> tuple[datetime, datetime, int]:
        return (host.named_at or never) if rotate else never, host.agreed_at, host.member

    return min(able, key=turn).member if able else None


@dataclass(frozen=True, slots=True)
class Reply:
    """A message from around somebody's first words. `quotes` holds even if nobody knows whom."""

    member: int
    mentions: tuple[int, ...] = ()
    quotes: bool = False
    quoted_member: int | None = None


def is_turned_to(newcomer: int, reply: Reply) -> bool:
    """Whether a message of somebody else is plainly for the newcomer."""
    return reply.member != newcomer and (newcomer in reply.mentions or reply.quoted_member == newcomer)


def is_answered(newcomer: int, replies: Iterable[Reply], newcomers: Collection[int]) -> bool:
    """Whether somebody has turned to the newcomer: by name, by a quote, or by simply going on talking.

    What is plainly said to somebody else is no answer, nor are the first words of other newcomers.
    """
    for reply in replies:
        if reply.member == newcomer:
            continue
        if is_turned_to(newcomer, reply):
            return True
        if not reply.mentions and not reply.quotes and reply.member not in newcomers:
            return True
    return False


def quotable(words: str) -> str:
    """Somebody's first words if a host may repeat them aloud, else "": no long ones, links or numbers."""
    said = plain(words, limit=LONGEST_QUOTED + 1)
    if len(said) > LONGEST_QUOTED or _NOT_TO_REPEAT.search(visible(words)):
        return ""
    return said.strip(_CLOSING)
