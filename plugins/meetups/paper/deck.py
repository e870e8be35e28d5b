"""The slides of a talk, made from what was shared: a start that a speaker goes on from. Pure.

Title, agenda, one idea a page with quotes, names and pictures, and at the end the open questions. Every text
is measured before it is set: it gets smaller, then goes on with a further page; nothing is cut at an edge.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

from plugins.meetups.paper.flowing import Block, Paragraph, Saying, flowed, placed
from plugins.meetups.paper.listing import Item, list_pages
from plugins.meetups.paper.measuring import Fitted, fit, lines_of, simple
from plugins.meetups.paper.shrinking import Picture, shrunk
from plugins.meetups.paper.slides import HAIR, INK, LEAF, QUIET, STAR, Box, Page, new_file

MOST_IDEAS, MOST_PICTURES, MOST_QUESTIONS = 30, 12, 60
FOR_PICTURES = 1_500_000
"""Bytes that all pictures together may take: files over 2 MB do not travel."""
COVER_SIZES = (52, 46, 40, 34, 28, 24)
_HEADING = Box(64, 44, 832, 92)
_SKY = (
    (700, 120, 9), (790, 90, 5), (860, 170, 13), (760, 220, 20), (690, 300, 6), (850, 320, 8), (905, 255, 4),
    (790, 400, 11), (700, 430, 4), (880, 440, 6),
)  # fmt: skip
_TIES = ((0, 3), (1, 3), (2, 3), (4, 3), (5, 3), (2, 6), (5, 7), (7, 8), (5, 9), (0, 1), (4, 7))


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody said, with their name."""

    text: str
    name: str


@dataclass(frozen=True, slots=True)
class Idea:
    """One thing that is to be said. Only a heading makes a page of its own as well."""

    heading: str
    text: str = ""
    quotes: tuple[Quote, ...] = ()
    picture: bytes | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class DeckWords:
    """What the slides say by themselves."""

    agenda: str
    questions: str
    more: str


@dataclass(frozen=True, slots=True)
class Deck:
    """All that the slides are made of. `questions` are texts with the asker's name, or none."""

    title: str
    words: DeckWords
    group: str = ""
    speaker: str = ""
    when: str = ""
    ideas: tuple[Idea, ...] = ()
    questions: tuple[Quote, ...] = ()


def deck(content: Deck) -> bytes:
    """The file (.pptx)."""
    file = new_file()
    footer = simple(content.title, 40)
    ideas = [one for one in map(_headed, content.ideas) if one.heading][:MOST_IDEAS]
    _cover(Page(file), content)
    if len(ideas) > 1:
        list_pages(
            file, footer, content.words.agenda, [Item(one.heading) for one in ideas], content.words.more
        )
    for idea, picture in zip(ideas, _pictures(ideas), strict=True):
        _idea(file, footer, idea, picture, content.words.more)
    asked = [Item(one.text, one.name) for one in content.questions if simple(one.text)][:MOST_QUESTIONS]
    if asked:
        list_pages(file, footer, content.words.questions, asked, content.words.more)
    else:
        _statement(Page(file, footer), content.words.questions)
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()


def _cover(page: Page, content: Deck) -> None:
    for start, end in _TIES:
        page.line(_SKY[start][:2], _SKY[end][:2], HAIR, 1.25)
    for place, (x, y, radius) in enumerate(_SKY):
        page.dot(x, y, radius, STAR if place == 3 else LEAF if radius > 7 else "B9C9C0")
    if content.group:
        page.text(Box(64, 72, 560, 30), [fit(content.group, 560, 30, (18,), 60)], colour=LEAF, bold=True)
    title = _cover_title(content.title)
    height = sum(one.height for one in title)
    page.block(Box(64, 128, 56, 5), STAR)
    page.title(Box(64, 150, 590, height + 4), *title)
    below = 150 + height + 26
    for words, size, colour, height in ((content.speaker, 24, INK, 34), (content.when, 17, QUIET, 70)):
        if words:
            fitted = fit(words, 560, height, (size, size - 4), 120)
            page.text(Box(64, below, 580, fitted.height), [fitted], colour=colour)
            below += fitted.height + 8


def _cover_title(words: str) -> tuple[Fitted, ...]:
    """The title, in two parts where its writer made two: `火功：怎么喝` breaks after the colon."""
    first, colon, rest = simple(words, 120).partition("：")
    for size in COVER_SIZES[:4] if first and rest else ():
        parts = [Fitted(lines_of(one, 580, size), size) for one in (first + colon, rest)]
        if all(len(one.lines) == 1 for one in parts):
            return tuple(parts)
    return (fit(words, 580, 232, COVER_SIZES, 120),)


def _idea(file: object, footer: str, idea: Idea, picture: Picture | None, more: str) -> None:
    blocks: list[Block] = [Paragraph(line) for line in idea.text.splitlines() if line.strip()]
    blocks += [Saying(one.text, one.name) for one in idea.quotes if one.text.strip()]
    if not blocks:
        page = Page(file, footer)
        if picture is None:
            _statement(page, idea.heading)
        else:
            _heading(page, idea.heading)
            page.picture(Box(64, 150, 832, 340), picture)
        _note(page, idea)
        return
    width = 832.0 if picture is None else 474.0
    for number, part in enumerate(flowed(blocks, width)):
        page = Page(file, footer)
        top = _heading(page, idea.heading, more if number else "") + 26
        placed(page, part, Box(64, top, width, 340))
        if picture is not None:
            page.picture(Box(570, top + 4, 326, 330), picture, top=True)
        _note(page, idea)


def _headed(idea: Idea) -> Idea:
    """With a heading that can be seen: without one the first words serve."""
    return replace(idea, heading=simple(idea.heading, 110) or simple(idea.text, 24))


def _heading(page: Page, words: str, more: str = "") -> float:
    """The heading; where it ends."""
    fitted = fit(f"{simple(words, 110)}{more}", _HEADING.width, 82, (34, 30, 26, 22), 130)
    page.block(Box(40, 50, 6, max(fitted.height - 12, 20)), LEAF)
    page.title(Box(_HEADING.x, _HEADING.y, _HEADING.width, fitted.height + 2), fitted)
    return _HEADING.y + fitted.height


def _statement(page: Page, words: str) -> None:
    """A page with nothing but one sentence, to be talked about."""
    fitted = fit(words, 740, 260, (48, 42, 36, 30, 26), 200)
    top = (540 - fitted.height) / 2 - 16
    page.block(Box(64, top - 26, 56, 5), STAR)
    page.title(Box(64, top, 780, fitted.height + 4), fitted)


def _note(page: Page, idea: Idea) -> None:
    notes = simple(idea.notes, 600)
    if notes:
        page.notes(notes)


def _pictures(ideas: Sequence[Idea]) -> list[Picture | None]:
    """The pictures of the ideas, each with its part of what the file may weigh."""
    count = sum(one.picture is not None for one in ideas)
    budget = FOR_PICTURES // max(min(count, MOST_PICTURES), 1)
    found: list[Picture | None] = []
    for idea in ideas:
        is_room = sum(one is not None for one in found) < MOST_PICTURES
        found.append(shrunk(idea.picture, budget) if idea.picture and is_room else None)
    return found
