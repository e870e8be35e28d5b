"""The clean list that the bot posts: what it writes is read back as the same list. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.words import plain
from plugins.meetups.jielong.entries import LONGEST_NAME, LONGEST_NOTE, MOST_QUOTES, Entry, entry_in, line_of
from plugins.meetups.jielong.people import MOST
from plugins.meetups.jielong.reading import HEADER, LONGEST_TITLE, read, reads_as_title

_NOTE_SIGNS = str.maketrans("()[]【】〔〕{}｛｝（）", "〈〉〈〉〈〉〈〉〈〉〈〉〈〉")


def write(title: str, entries: Sequence[Entry], example: str = "", slots: int = 1) -> str:
    """The list, with free numbers to go on with. Entries and title have to be `fit` to be read back."""
    heading = fit_title(title)
    heading = heading if reads_as_title(heading) else f"「{heading}」"
    coming = [one for one in fit(entries) if one.is_coming]
    lines = [f"{number}. {line_of(one)}" for number, one in enumerate(coming, 1)]
    blank = [f"{len(coming) + number}." for number in range(1, slots + 1)]
    return "\n".join([HEADER, heading, *([example] if example else []), "", *lines, *blank])


def fit_title(title: str) -> str:
    """A title on one line, without anything unseen."""
    return plain(_balanced(title), LONGEST_TITLE).rstrip(":： ") or "…"


def fit(entries: Iterable[Entry]) -> list[Entry]:
    """Entries as a list can hold them: names on one line, no two alike, notes without brackets."""
    taken: set[str] = set()
    fitted = []
    for number, entry in enumerate(entries, 1):
        one = replace(entry, name=_name(entry.name, taken), note=_note(entry.note))
        one = replace(one, count=min(max(one.count, 1), MOST), number=number)
        if not _is_read_back(one):  # a note of leaving, or letters that mean something in a list
            one = replace(one, note="")
        if not _is_read_back(one):
            one = replace(one, name=_name("".join(filter(str.isalpha, one.name)), taken))
        taken.add(one.key)
        fitted.append(one)
    return fitted


def _is_read_back(entry: Entry) -> bool:
    again = read(f"{HEADER}\nA\n\n1. {line_of(entry)}\n2.")
    wanted = (entry.name, entry.count, entry.note)
    return again is not None and [(one.name, one.count, one.note) for one in again.coming] == [wanted]


def _name(name: str, taken: set[str]) -> str:
    """A name that stands once on the list; the second 小李 becomes 小李·2."""
    wanted = plain(_balanced(name), LONGEST_NAME) or "?"
    candidates = (wanted, *(f"{wanted[: LONGEST_NAME - 3]}·{more}" for more in range(2, 100)))
    free = next((one for one in candidates if Entry(one).key not in taken), None)
    return free or f"{wanted[: LONGEST_NAME - 5]}{len(taken)}"


def _balanced(name: str) -> str:
    """Without 「」 that would close the quotes around a name too early, or hide it under many."""
    depth = 0
    for letter in name:
        depth += (letter == "「") - (letter == "」")
        if depth < 0:
            break
    return (
        name if not depth and "「" * MOST_QUOTES not in name else name.replace("「", "“").replace("」", "”")
    )


def _note(note: str) -> str:
    """A note as it is read back: no brackets, no bare numbers of persons."""
    words = " ".join(plain(note, LONGEST_NOTE).translate(_NOTE_SIGNS).split())
    for _ in range(5):
        again = entry_in(f"A（{words}）", ("A",)).note
        if again == words:
            return words
        words = again
    return ""
