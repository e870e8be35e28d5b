"""Thanks to a person for help, and that something worked; not the thanks that are mere manners.

Thanks for a red envelope, for coming, for cooperating, in advance, and in a refusal are manners and count as
nothing. The words stand in `thanks.json`: regular expressions, any of which is enough, and plain `hint`s, one
of which stands in every text that is worth a closer look.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

Kind = Literal["thanks", "solved", "learned"]

LONGEST = 300
"""Longer texts are announcements: whom they thank at their end is nobody's helper."""


KEPT = 1 << 15
"""Verdicts that are kept: the same weeks of talk are read again and again."""


@dataclass(frozen=True, slots=True)
class Thanks:
    """`thanks` is said, `solved` says that it worked, `learned` that one knows more now; strength 0 to 1."""

    kind: Kind
    strength: float


_LISTS: dict[str, list[str]] = json.loads(Path(__file__).with_name("thanks.json").read_text(encoding="utf-8"))
_HINTS = tuple(_LISTS.pop("hint"))
_BEGS = re.compile("|".join(_LISTS.pop("begs")))
_GIFT = re.compile("|".join(_LISTS.pop("gift")))
_WORDS = {
    (name, ascii_only): re.compile(
        "|".join(one for one in words if one.isascii() or not ascii_only) or "(?!)"
    )
    for name, words in _LISTS.items()
    for ascii_only in (True, False)
}
"""A text without any Chinese is searched only for what it can hold, which is a few times faster."""


@lru_cache(KEPT)
def thanks_in(text: str) -> Thanks | None:
    """The thanks or the success that a text tells somebody; None if there is none, or it is manners."""
    text = text.lower()
    if len(text) > LONGEST or not any(map(text.__contains__, _HINTS)):
        return None
    thanks, solved, learned = _says("thanks", text), _says("solved", text), _says("learned", text)
    if (solved or learned) and _says("not_yet", text):
        solved = learned = False
    if not (thanks or solved or learned) or _says("manners", text) or _says("declines", text):
        return None
    kind: Kind = "solved" if solved else "thanks" if thanks else "learned"
    strength = 0.5 + 0.2 * (thanks + solved + learned - 1) + 0.15 * _says("strong", text)
    return Thanks(kind, round(min(1.0, strength), 2))


@lru_cache(KEPT)
def asks_for_thanks(text: str) -> bool:
    """Whether somebody asks to be thanked or praised: what is given then is given for the asking."""
    return len(text) <= LONGEST and _BEGS.search(text.lower()) is not None


def is_gift(text: str) -> bool:
    """Whether a text stands for money that is given away: thanks for it are for the money."""
    return _GIFT.search(text.lower()) is not None


def _says(name: str, text: str) -> bool:
    return _WORDS[name, text.isascii()].search(text) is not None
