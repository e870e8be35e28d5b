"""Foreign words made fit to be drawn: cleaned, measured, cut, wrapped, escaped, in fonts that have them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from xml.sax.saxutils import escape

from bot.report.fonts import CHINESE, Font, emoji_font, font_of
from bot.words import shorten, visible

JOINER, EMOJI_SIGN = "\u200d", "\ufe0f"
MISSING = "□"
"""Stands for letters that no font has."""
MOST_MARKS = 2
"""Further accents on one letter only smear over the lines around it."""
REGULAR, BOLD = 1.06, 1.12
"""How much wider letters are than the fonts' thinnest, which their tables tell of; Chinese ones are not."""
_UNSEEN = re.compile(f"([{JOINER}{EMOJI_SIGN}])")
_EMOJI_WIDTH = 1.275
_MODIFIERS = "\U0001f3fb\U0001f3ff"
_FLAGS = frozenset(map(chr, range(0x1F1E6, 0x1F200)))
_NO_BREAK_BEFORE = frozenset("，。！？：；、）」』》…,.!?:;)%")
_WORDS = re.compile(r"[（「『《(]*(?:[A-Za-z0-9@#%&+./:'’_-]+ ?|.)", re.DOTALL)


def drawable(text: object, limit: int = 300) -> str:
    """One line without anything unseen or unsightly; fancy letters plain, composed emoji whole."""
    parts = _UNSEEN.split("".join(map(_unadorned, unicodedata.normalize("NFC", str(text)))))
    kept = ""
    for words, sign in zip(parts[::2], [*parts[1::2], ""], strict=True):
        kept += visible(words)
        if _is_emoji(kept[-1:]) or (kept.endswith(EMOJI_SIGN) and sign == JOINER):
            kept += sign
    letters: list[str] = []
    for character in " ".join(kept.split()):
        if not _is_mark(character):
            letters.append(character if character in (" ", JOINER) or font_of(character) else MISSING)
        elif letters and sum(map(_is_mark, letters[-MOST_MARKS:])) < MOST_MARKS and font_of(character):
            letters.append(character)
    return shorten(re.sub(f"{MISSING}+", MISSING, "".join(letters)), limit).strip(JOINER + " ")


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a drawable text is, in pixels; emoji that consist of several are as wide as one."""
    ems, before = 0.0, ""
    for character, after in zip(text, [*text[1:], ""], strict=False):
        is_part = before == JOINER or _MODIFIERS[0] <= character <= _MODIFIERS[1]
        if before and character in _FLAGS and before in _FLAGS:
            is_part, character = True, ""  # flags come in pairs
        if character not in (JOINER, EMOJI_SIGN, "") and not is_part and not _is_mark(character):
            own = _font(character).width(character) if after != EMOJI_SIGN else _EMOJI_WIDTH
            ems += own if own >= 1 else own * (BOLD if bold else REGULAR)
        before = character
    return size * ems


def fitted(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text cut to a width; a final … shows that it was."""
    if width(text, size, bold=bold) <= room:
        return text
    room -= width("…", size, bold=bold)
    kept = ""
    for character in text:
        if width(kept + character, size, bold=bold) > room:
            break
        kept += character
    return kept.rstrip(JOINER + " ") + "…"


def wrapped(text: str, room: float, size: float, most: int = 3) -> list[str]:
    """The text in lines of at most this width, Latin words whole; what does not fit is cut with a …"""
    lines, line = [""], 0
    for word in _WORDS.findall(text):
        pieces = [word] if width(word, size) <= room else list(word)
        for piece in pieces:
            is_over = width(lines[line] + piece.rstrip(), size) > room
            if lines[line] and is_over and piece not in _NO_BREAK_BEFORE:
                lines.append("")
                line += 1
            lines[line] += piece if lines[line] else piece.lstrip()
    if len(lines) > most:
        rest = lines[most - 1] + "".join(lines[most:])
        lines = [*lines[: most - 1], fitted(rest, room, size)]
    return [one.rstrip() for one in lines]


def runs(text: str) -> list[tuple[str, str]]:
    """The text in stretches of one font, each escaped and with the font's family before it.

    Each has to be drawn by itself: the renderer breaks on composed emoji beside letters of another font.
    """
    return [
        (family, escape("".join(character for _, character in group)))
        for family, group in groupby(_with_families(text), key=lambda one: one[0])
    ]


def _with_families(text: str) -> Iterator[tuple[str, str]]:
    """Each character with its family; what joins or marks others, and a space, goes with the one before."""
    family, joined = CHINESE, False
    for place, (character, after) in enumerate(zip(text, [*text[1:], ""], strict=False)):
        follows = character in (JOINER, EMOJI_SIGN) or joined or _is_mark(character)
        if not follows and (character != " " or not place):
            is_emoji = after == EMOJI_SIGN and emoji_font().glyph(character)
            family = emoji_font().family if is_emoji else _font(character).family
        joined = character == JOINER
        yield family, character


@cache
def _unadorned(character: str) -> str:
    """Letters in fancy dress are drawn as what they are; so is what no font has, if it has a plain form."""
    is_dress = unicodedata.decomposition(character).startswith("<font>")
    return unicodedata.normalize("NFKC", character) if is_dress or not font_of(character) else character


@cache
def _font(character: str) -> Font:
    found = font_of(character) or font_of(MISSING)
    assert found is not None
    return found


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me") and character != EMOJI_SIGN


def _is_emoji(character: str) -> bool:
    return bool(character) and bool(emoji_font().glyph(character))
