"""The command grammar: words and slots, read forgivingly. Pure; who may do what is decided elsewhere.

`安静 [时长]` is matched by 安静, 安静2小时, 安静 两小时 and 「安静：2小时」. The longest words win, so that
`安静` never swallows `安静名单`. A command made of nothing but one slot catches what nothing else matched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from bot.plugin import Command, Where
from bot.words import normalised, visible

_SLOT = re.compile(r"<([^>]+)>|\[([^\]]+)\]")
_SEPARATORS = " \t:：,，、"
_ENDINGS = "。！!~～.…吧呀啊哦呢"
_POLITE = re.compile(r"^(?:/|／|请|麻烦|帮我|帮忙|我要|我想)+\s*")
NEAR_ENOUGH = 60


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to say a command: its words (normalised, without spaces) and its slots."""

    words: str
    required: int
    slots: int

    @property
    def catches_all(self) -> bool:
        """Whether it has no words of its own."""
        return not self.words


@dataclass(frozen=True, slots=True)
class Match:
    """A command that was meant, with its slots' texts; `complete` is false if one is missing."""

    command: Command
    arguments: tuple[str, ...]
    complete: bool = True


@cache
def pattern_of(grammar: str) -> Pattern:
    """Read a grammar line (once: plugins declare few). Raises ValueError if words follow a slot."""
    slots = list(_SLOT.finditer(grammar))
    words = grammar[: slots[0].start()] if slots else grammar
    between = _SLOT.sub("", grammar[len(words) :]).strip()
    if between:
        raise ValueError(f"words after a slot in {grammar!r}")
    required = sum(1 for slot in slots if slot.group(1))
    return Pattern(normalised(words).replace(" ", ""), required, len(slots))


def _rest_after(words: str, line: str) -> str | None:
    """What follows the words in the line, spaces between the words allowed; None if it does not start so."""
    position = 0
    for letter in words:
        while position < len(line) and line[position].isspace():
            position += 1
        if position >= len(line) or normalised(line[position]) != letter:
            return None
        position += 1
    return line[position:]


def _arguments(pattern: Pattern, rest: str) -> tuple[tuple[str, ...], bool] | None:
    """The slots' texts and whether all that must be there is there; None if the rest does not fit."""
    rest = rest.strip(_SEPARATORS)
    if pattern.slots == 0:
        return None if rest.strip(_ENDINGS + _SEPARATORS) else ((), True)
    parts = rest.split(None, pattern.slots - 1) if rest else []
    filled = tuple(parts) + ("",) * (pattern.slots - len(parts))
    return filled, len(parts) >= pattern.required


class CommandBook:
    """All commands of all plugins, matched longest words first."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self.commands: tuple[Command, ...] = tuple(commands)
        patterns = [
            (pattern_of(grammar), command)
            for command in self.commands
            for grammar in (command.grammar, *command.aliases)
        ]
        self._patterns = sorted(patterns, key=lambda one: -len(one[0].words))

    def match(
        self, line: str, where: Where, *, is_owner: bool, is_on: Callable[[Command], bool] = lambda _: True
    ) -> Match | None:
        """The command that this line means here, for somebody who is (or is not) an owner."""
        said = _POLITE.sub("", visible(line).strip())
        incomplete: Match | None = None
        for pattern, command in self._patterns:
            if not _may(command, where, is_owner) or not is_on(command):
                continue
            if pattern.catches_all and incomplete is not None:
                break
            rest = _rest_after(pattern.words, said)
            read = None if rest is None else _arguments(pattern, rest)
            if read is None:
                continue
            if read[1]:
                return Match(command, read[0])
            incomplete = incomplete or Match(command, read[0], complete=False)
        return incomplete

    def catching(
        self, line: str, where: Where, *, is_owner: bool, is_on: Callable[[Command], bool] = lambda _: True
    ) -> Sequence[Match]:
        """Every command that takes what nothing else matched, in the order in which they are to be tried."""
        said = _POLITE.sub("", visible(line).strip())
        read = [
            (command, _arguments(pattern, said))
            for pattern, command in self._patterns
            if pattern.catches_all and _may(command, where, is_owner) and is_on(command)
        ]
        return [Match(command, found[0]) for command, found in read if found is not None and found[1]]

    def nearest(self, line: str, where: Where, *, is_owner: bool) -> Command | None:
        """What may have been meant by a line that matched nothing; None if nothing is near."""
        said = normalised(line)[:40]
        scored = [
            (fuzz.partial_ratio(pattern.words, said), len(pattern.words), command)
            for pattern, command in self._patterns
            if pattern.words and not command.hidden and _may(command, where, is_owner)
        ]
        best = max(scored, key=lambda one: one[:2], default=None)
        return best[2] if best is not None and best[0] >= NEAR_ENOUGH else None

    def offered(self, where: Where, *, is_owner: bool) -> Sequence[Command]:
        """What a help page lists here."""
        return [one for one in self.commands if not one.hidden and _may(one, where, is_owner)]


def _may(command: Command, where: Where, is_owner: bool) -> bool:
    return command.where in (where, "both") and (is_owner or command.who == "member")
