"""Whether a polished text says only what its draft says: pure, and rather too strict than too trusting.

A false alarm costs a smoother sentence; a name that was made up, said in front of the group, costs trust.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.analysis.topics import tagged
from bot.words import number_said

MARK = re.compile(r"⟦(\d{1,2})⟧")
_QUOTED = re.compile(r"[「『“\"‘]([^」』”\"’]*)[」』”\"’]|《([^》]*)》")
_SIGNS = re.compile(r"[「」『』“”\"‘’《》@＠]")
_LATIN = re.compile(r"[^\W\d_\u3400-\u9fff]+(?:[.'_-][^\W_\u3400-\u9fff]+)*")
_DIGITS = re.compile(r"\d+(?:[.:/-]\d+)*%?")
_NAME_TAGS = ("nr", "ns", "nt", "nz")


def mark(number: int) -> str:
    """What stands in a draft for words that are put in later."""
    return f"⟦{number}⟧"


def wrong_in(said: str, draft: str) -> str:
    """What is said and not in the draft: "marks", "quote", "number", "word" or "name"; "" if nothing."""
    if MARK.findall(said) != MARK.findall(draft):
        return "marks"
    said, draft = _even(MARK.sub(" ", said)), _even(MARK.sub(" ", draft))
    if _has_other_quotes(said, draft):
        return "quote"
    if not numbers_in(said) <= numbers_in(draft) | _bare(draft):
        return "number"
    if not {word.group().lower() for word in _LATIN.finditer(said)} <= {
        word.group().lower() for word in _LATIN.finditer(draft)
    }:
        return "word"
    if any(name not in draft for name in names_in(said)):
        return "name"
    return ""


def _even(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _has_other_quotes(said: str, draft: str) -> bool:
    """Quotes, titles and mentions must stand in the draft word for word, with their signs."""
    if any(found.group() not in draft for found in _QUOTED.finditer(said)):
        return True
    return any(sign not in draft for sign in _SIGNS.findall(_QUOTED.sub("", said)))


# Numbers


def numbers_in(text: str) -> set[tuple[str, str]]:
    """Every number with the unit after it, digits and Chinese numerals alike: (12, 句)."""
    found: set[tuple[str, str]] = set()
    for digits in _DIGITS.finditer(text):
        found.add((digits.group(), _unit_after(text[digits.end() :])))
    for numeral, rest in _numerals(text):
        value, unit = number_said(numeral), _unit_after(rest)
        is_one = value == 1 and unit not in _lists()["counted"]  # as in: one after the other
        if not is_one:
            found.add((f"{value:g}" if value is not None else numeral, unit))
    return found


def _bare(text: str) -> set[tuple[str, str]]:
    """The same numbers without their units: they may be said so."""
    return {(number, "") for number, _ in numbers_in(text)}


def _numerals(text: str) -> Iterator[tuple[str, str]]:
    """Chinese numerals that count something, each with what follows it; those of idioms count nothing."""
    pattern, at = re.compile(f"[{_lists()['numerals']}]+"), 0
    for word, tag in tagged(text):
        at = text.find(word, at) + len(word)
        if tag[:1] in ("m", "t") or pattern.fullmatch(word):
            for found in pattern.finditer(word):
                yield found.group(), word[found.end() :] + text[at : at + 3]


def _unit_after(rest: str) -> str:
    lists = _lists()
    rest = re.sub(f"^[\\s{lists['between']}]+", "", rest)
    return next((main for main, same in lists["units"].items() if rest[:1] and rest[:1] in same), "")


# Names


def names_in(text: str) -> Iterator[str]:
    """What looks like the name of a person or a place: known ones, 老陈, 阿杰, 王姐, 李老师."""
    lists = _lists()
    yield from (word for word, tag in tagged(text) if tag.startswith(_NAME_TAGS) and len(word) > 1)
    surnames, called = lists["surnames"], lists["called"]
    ordinary = set(lists["ordinary"])
    pattern = f"(?:[{called}][{surnames}]|{lists['always']}\\w|[{surnames}](?:{lists['titles']}))"
    yield from (name for name in re.findall(pattern, text) if name not in ordinary)
    yield from (role for role in lists["roles"] if role in text)
    yield from _speakers(text)


def _speakers(text: str) -> Iterator[str]:
    """Whoever is said to have said something and is not plainly anybody: 大壮 in 大壮觉得."""
    lists, words = _lists(), tagged(text)
    for (before, tag), (word, _) in pairwise([("", "x"), *words]):
        is_somebody = len(before) > 1 and tag[:1] in ("n", "a", "v", "i", "z", "j", "t", "s", "b")
        if word in lists["speaking"] and is_somebody and before not in lists["anybody"]:
            yield before


@cache
def _lists() -> dict[str, Any]:
    lists: dict[str, Any] = json.loads(Path(__file__).with_name("names.json").read_text(encoding="utf-8"))
    return lists
