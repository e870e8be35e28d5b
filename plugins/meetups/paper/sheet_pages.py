"""The pages of a question sheet, laid out on A4 and drawn in SVG. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.report.fonts import CHINESE
from bot.report.lettering import drawable, fitted, width
from bot.report.lettering import runs as runs_of
from plugins.meetups.paper.measuring import broken

WIDTH, HEIGHT, MARGIN = 1240, 1754, 104
INNER = WIDTH - 2 * MARGIN
BOTTOM = HEIGHT - 120
INK, QUIET, HAIR = "#222222", "#666666", "#b5b5b5"
MOST_QUESTIONS = 60
RULES = (6, 5, 4, 3)
"""Lines to write on under each question: as many as cost no further page."""
_RULE, _TEXT, _ASIDE, _TOPIC = 50.0, 29.0, 21.0, 31.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question; `aside` tells who asks and who may know, if they may be named."""

    text: str
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """Questions that belong together; a single group needs no name."""

    name: str
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that stands on the sheet."""

    title: str
    subtitle: str
    topics: tuple[Topic, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Something that stays in one piece on a page; what `keeps` does not end a page."""

    svg: str
    height: float
    keeps: bool = False


def page_svgs(sheet: Sheet) -> list[str]:
    """Every page as a picture."""
    fewest = len(_pages(sheet, RULES[-1]))
    pages = next(found for rules in RULES if len(found := _pages(sheet, rules)) == fewest)
    return [_page(sheet, pieces, number, len(pages)) for number, pieces in enumerate(pages, 1)]


def _pages(sheet: Sheet, rules: int) -> list[list[_Piece]]:
    """What stands on which page, with so many lines to write on."""
    pages: list[list[_Piece]] = [[]]
    y = _head_height(sheet)
    pieces = list(_pieces(sheet, rules))
    for place, piece in enumerate(pieces):
        needed = piece.height + (pieces[place + 1].height if piece.keeps and place + 1 < len(pieces) else 0)
        if pages[-1] and y + needed > BOTTOM:
            pages.append([])
            y = MARGIN
        pages[-1].append(piece)
        y += piece.height
    return pages


def _page(sheet: Sheet, pieces: Sequence[_Piece], number: int, count: int) -> str:
    parts = [*_head(sheet)] if number == 1 else []
    y = _head_height(sheet) if number == 1 else float(MARGIN)
    for piece in pieces:
        parts.append(f'<g transform="translate(0 {y:.1f})">{piece.svg}</g>')
        y += piece.height
    foot = fitted(drawable(sheet.title, 60), INNER - 120, 19)
    parts += _text(MARGIN, HEIGHT - 70, foot, 19, QUIET)
    told = f"{number} / {count}"
    parts += _text(WIDTH - MARGIN - width(told, 19), HEIGHT - 70, told, 19, QUIET)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{CHINESE}" xml:lang="zh-CN">'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{"".join(parts)}</svg>'
    )


def _head_lines(sheet: Sheet) -> tuple[tuple[str, ...], list[str]]:
    title = broken(drawable(sheet.title, 90), INNER, 46, 3)
    below = [drawable(line, 200) for line in (sheet.subtitle, sheet.remark) if line.strip()]
    return title, [line for one in below for line in broken(one, INNER, 24, 3)]


def _head_height(sheet: Sheet) -> float:
    title, below = _head_lines(sheet)
    return MARGIN + 62 * len(title) + 38 * len(below) + 44


def _head(sheet: Sheet) -> Iterator[str]:
    title, below = _head_lines(sheet)
    y = float(MARGIN) - 12
    for line in title:
        y += 62
        yield from _text(MARGIN, y - 8, line, 46, INK, bold=True)
    for line in below:
        y += 38
        yield from _text(MARGIN, y - 2, line, 24, QUIET)
    yield f'<rect x="{MARGIN}" y="{y + 22:.1f}" width="{INNER}" height="3" fill="{INK}"/>'


def _pieces(sheet: Sheet, rules: int) -> Iterator[_Piece]:
    number = 0
    for topic in sheet.topics:
        asked = [one for one in topic.questions if drawable(one.text)]
        questions = asked[: max(MOST_QUESTIONS - number, 0)]
        if topic.name.strip() and questions:
            yield _topic(topic.name)
        for one in questions:
            number += 1
            yield _question(number, one, rules)


def _topic(name: str) -> _Piece:
    words = fitted(drawable(name, 60), INNER - 60, _TOPIC, bold=True)
    bar = f'<rect x="{MARGIN}" y="22" width="9" height="36" fill="{INK}"/>'
    return _Piece(bar + "".join(_text(MARGIN + 26, 51, words, _TOPIC, INK, bold=True)), 84, keeps=True)


def _question(number: int, asked: Asked, rules: int) -> _Piece:
    """The question, who asks and who may know, and lines to write on."""
    left = MARGIN + 62
    room = WIDTH - MARGIN - left
    parts, y = [*_text(MARGIN, 36, f"{number}.", _TEXT, INK, bold=True)], 0.0
    for line in broken(drawable(asked.text, 300), room, _TEXT, 5):
        y += 43
        parts += _text(left, y - 7, line, _TEXT, INK)
    aside = drawable(asked.aside, 160)
    for line in broken(aside, room, _ASIDE, 2) if aside else ():
        y += 33
        parts += _text(left, y - 5, line, _ASIDE, QUIET)
    for _ in range(rules):
        y += _RULE
        parts.append(
            f'<line x1="{left}" y1="{y:.1f}" x2="{WIDTH - MARGIN}" y2="{y:.1f}" stroke="{HAIR}"'
            ' stroke-width="1.6" stroke-dasharray="2 5"/>'
        )
    return _Piece("".join(parts), y + 34)


def _text(x: float, y: float, words: str, size: float, colour: str, *, bold: bool = False) -> Iterator[str]:
    """One line at its base line, each stretch in a font that has its letters."""
    weight = ' font-weight="700"' if bold else ""
    for family, run in runs_of(words):
        yield (
            f'<text x="{x:.1f}" y="{y:.1f}" font-family="{family}" font-size="{size:g}" fill="{colour}"'
            f' xml:space="preserve"{weight}>{run}</text>'
        )
        x += width(_plain(run), size, bold=bold)


def _plain(run: str) -> str:
    return run.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
