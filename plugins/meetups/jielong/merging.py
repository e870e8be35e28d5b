"""What a copied list changes in ours: who joined, who left on purpose, and whose line got lost. Pure.

People copy the list that they see and add a line. Two who copied the same list overwrite one another, and who
scrolled up copies an old one. So a line that is missing was lost, unless it is the poster's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.words import normalised
from plugins.meetups.jielong.entries import Entry
from plugins.meetups.jielong.reading import Jielong

_PARTS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Merged:
    """Our list after a posted one, and what it did. Who left stays as a line that is not coming.

    `handed`: lines on which somebody wrote another name instead of their own; these neither left nor joined.
    """

    entries: tuple[Entry, ...]
    joined: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    title: str = ""
    handed: tuple[tuple[str, str], ...] = ()

    @property
    def coming(self) -> tuple[Entry, ...]:
        """Those who come, first come first."""
        return tuple(one for one in self.entries if one.is_coming)


def merge(
    ours: Sequence[Entry], posted: Jielong, sender: str, by: str = "", *, is_whole: bool = True
) -> Merged:
    """Our entries after `sender` (kept as `by`) posted a list.

    Nobody is taken off but by themselves, by who had written them on, or by a line that says so. Who left
    does not come back by somebody's old copy. Without `is_whole` a line of its own was posted: nothing is
    missing.
    """
    work = _Work(list(ours), posted, sender, by or sender)
    _match(work)
    if is_whole:
        _miss(work)
    return work.merged()


class _Work:
    """A merge under way."""

    def __init__(self, ours: list[Entry], posted: Jielong, sender: str, by: str) -> None:
        self.ours, self.posted, self.sender, self.by = ours, posted, sender, by
        self.joined: list[str] = []
        self.changed: list[str] = []
        self.left: list[str] = []
        self.lost: list[str] = []
        self.handed: list[tuple[str, str]] = []
        self.new = [one for one in posted.entries if one.is_coming and self.place(one.key) is None]

    def merged(self) -> Merged:
        """What came of it."""
        joined, changed, left, lost = map(tuple, (self.joined, self.changed, self.left, self.lost))
        return Merged(tuple(self.ours), joined, changed, left, lost, handed=tuple(self.handed))

    def place(self, key: str) -> int | None:
        """Where somebody stands in ours."""
        return next((place for place, one in enumerate(self.ours) if one.key == key), None)

    def is_own(self, entry: Entry) -> bool:
        """Whether a line belongs to the poster: they wrote it, or it bears their name."""
        return entry.by == self.by or is_same(entry.name, self.sender)


def is_same(name: str, other: str) -> bool:
    """Whether two names may mean one person: 小李, 小李🍵, 小李-上海."""
    first, second = normalised(name), normalised(other)
    if first == second:
        return bool(first)
    first_parts, second_parts = ([part for part in _PARTS.split(one) if part] for one in (first, second))
    if not first_parts or not second_parts:
        return False
    alone = len(first_parts) == 1 or len(second_parts) == 1
    return alone and first_parts[0] == second_parts[0]


def _match(work: _Work) -> None:
    """What the posted lines say, one after another."""
    for entry in work.posted.entries:
        place = work.place(entry.key)
        if place is None:
            if entry.is_coming and not _replaces(work, entry):
                _join(work, entry)
            continue
        old = work.ours[place]
        if not old.is_coming:
            if entry.is_coming and work.is_own(old):
                del work.ours[place]
                _join(work, entry)
            continue
        work.ours[place] = _updated(work, old, entry)


def _updated(work: _Work, old: Entry, entry: Entry) -> Entry:
    """Somebody who stood there already: their own changes count, others only add where nothing was said."""
    if not entry.is_coming:
        work.left.append(old.name)
        return replace(old, is_coming=False, note=entry.note, is_listed=True)
    if (old.count, old.note) == (entry.count, entry.note):
        return replace(old, is_listed=True)
    if work.is_own(old) or old.is_bare:
        work.changed.append(old.name)
        return replace(old, count=entry.count, note=entry.note, is_listed=True)
    if old.is_listed:
        work.lost.append(old.name)
    return replace(old, is_listed=True)


def _join(work: _Work, entry: Entry) -> None:
    is_own = len(work.new) == 1 or is_same(entry.name, work.sender)
    work.ours.append(replace(entry, by=work.by if is_own else "", is_listed=True))
    work.joined.append(entry.name)


def _replaces(work: _Work, entry: Entry) -> bool:
    """The poster wrote another name at the number of their own line: they keep the place."""
    names = {one.key for one in work.posted.entries}
    listed = [one for one in work.ours if one.is_coming and one.is_listed]
    place = entry.number - 1
    if not 0 <= place < len(listed) or len(work.new) != 1:
        return False
    old = listed[place]
    before = {one.key for one in listed[:place]}
    if old.key in names or not work.is_own(old) or not before <= names:
        return False
    work.ours[work.ours.index(old)] = replace(entry, by=work.by, is_listed=True)
    work.handed.append((old.name, entry.name))
    return True


def _miss(work: _Work) -> None:
    """The lines that every reader had seen and that the posted list does not have."""
    names = {one.key for one in work.posted.entries}
    for place, old in enumerate(work.ours):
        if not old.is_coming or not old.is_listed or old.key in names:
            continue
        if work.is_own(old):
            work.left.append(old.name)
            work.ours[place] = replace(old, is_coming=False)
        else:
            work.lost.append(old.name)
