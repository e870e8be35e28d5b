"""The report as one picture, 1080 wide: a page that reads from top to bottom, plain statements first."""

from __future__ import annotations

from collections.abc import Sequence

import resvg_py

from bot.analysis.decentralisation import SCALE, Trend, absence_grade
from bot.messages import Texts
from bot.report.canvas import (
    BETTER,
    FADED,
    HAIR,
    INK,
    INNER,
    LEAF,
    MARGIN,
    PALE,
    QUIET,
    STAR,
    WORSE,
    Canvas,
)
from bot.report.fonts import font_files
from bot.report.lettering import drawable, wrapped
from bot.report.panels import Network, alone, draw_panels
from bot.report.study import LABELLED, Study, Week
from bot.report.wording import KINDS, Kind, Wording, percent

PANEL = 452.0
GAP = 24.0
LARGEST_BYTES = 1_000_000
TOPICS, EMERGING = 6, 4


class NotDrawn(Exception):
    """The picture could not be made, or is more than a chat takes."""


def as_png(study: Study, texts: Texts, room: int | None = None) -> bytes:
    """The picture of a report; raises NotDrawn."""
    return painted(as_svg(study, texts, room))


def painted(svg: str) -> bytes:
    """A page of SVG as PNG, with the packaged fonts only; raises NotDrawn."""
    try:
        png = bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=[*font_files()]))
    except ValueError as error:
        raise NotDrawn(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the renderer's own, and not an Exception
            raise
        raise NotDrawn(str(error)) from error
    if len(png) > LARGEST_BYTES:
        raise NotDrawn(f"{len(png)} bytes")
    return png


def as_svg(study: Study, texts: Texts, room: int | None = None) -> str:
    """The picture before it is painted."""
    page = _Page(study, Wording(study.report, texts, room, drawable))
    page.head()
    if not study.report.figures.messages:
        page.empty()
    else:
        page.left()
        page.network()
        page.measures()
        page.weeks()
        page.emerging()
        page.topics()
        page.advice()
    return page.foot()


class _Page:
    """Draws one section below the other."""

    def __init__(self, study: Study, said: Wording) -> None:
        self.study, self.report, self.words = study, study.report, said
        self.canvas = Canvas()
        self.y = 104.0

    def head(self) -> None:
        self.canvas.bar(MARGIN, self.y - 44, 10, 52, STAR)
        self.canvas.text(
            MARGIN + 30,
            self.y,
            self.words.said("title", room=self.report.room),
            46,
            bold=True,
            room=INNER - 30,
        )
        self.canvas.text(MARGIN, self.y + 52, self.words.span(), 23, QUIET)
        self.y += 84

    def empty(self) -> None:
        self._title("left_title")
        self._paragraph(self.words.said("empty"), 26, INK)

    # What would be left

    def left(self) -> None:
        self._title("left_title")
        stars = self.report.figures.without_top.silent
        self._paragraph(self.words.said("if_silent", names=self.words.names(stars, 2)), 25, QUIET)
        self.y += 16
        column = (INNER - 2 * 40) / 3
        for place, (kind, good) in enumerate(KINDS):
            moved = self.words.left_trend(kind, good)
            self._figure(MARGIN + place * (column + 40), column, kind, moved)
        self.y += 208
        owner = self.words.owner()
        if owner:
            self._paragraph(owner, 23, QUIET, most=2)

    def _figure(self, x: float, column: float, kind: Kind, moved: tuple[str, Trend | None]) -> None:
        share = getattr(self.report.figures.without_top, kind)
        canvas, y = self.canvas, self.y
        canvas.text(x, y + 24, self.words.said(f"head_{kind}"), 24, bold=True, room=column)
        canvas.text(x, y + 100, percent(share), 72, LEAF if share.whole else FADED, bold=True, room=column)
        canvas.bar(x, y + 120, column, 10, PALE)
        canvas.bar(x, y + 120, column * (share.value or 0), 10, LEAF)
        told = self.words.short(self.report.figures.without_top, kind)
        canvas.text(x, y + 160, told, 20, QUIET, room=column)
        canvas.text(x, y + 188, moved[0], 20, _colour(moved[1]), room=column)

    def network(self) -> None:
        canvas, found, graph = self.canvas, self.report.figures, self.study.graph
        stars = found.without_top.silent
        self.y += 28
        right = MARGIN + PANEL + GAP
        canvas.text(MARGIN, self.y + 20, self.words.said("panel_now"), 26, bold=True)
        canvas.text(right, self.y + 20, self.words.said("panel_without"), 26, bold=True)
        labelled = list(dict.fromkeys([*stars, *found.hubs, *self.study.counts]))[:LABELLED]
        network = Network(graph, self.study.counts, stars, labelled, self.report.names)
        draw_panels(canvas, network, MARGIN, right, self.y + 44, PANEL)
        self.y += 44 + PANEL + 40
        if graph.answered:
            rest = graph.without(stars)
            now = self.words.said("panel_now_foot", people=len(graph.people), ties=len(graph.ties()))
            then = self.words.said("panel_without_foot", ties=len(rest.ties()), alone=alone(graph, stars))
        else:
            now = then = self.words.said("panel_empty")
        canvas.text(MARGIN + PANEL / 2, self.y, now, 20, QUIET, anchor="middle", room=PANEL)
        canvas.text(right + PANEL / 2, self.y, then, 20, QUIET, anchor="middle", room=PANEL)
        self.y += 20

    # The other figures

    def measures(self) -> None:
        self._title("measures_title")
        self._scale()
        for key, (name, value, then, moved) in zip(self._keys(), self.words.measures(), strict=True):
            canvas, y = self.canvas, self.y
            canvas.text(MARGIN, y + 26, name, 24, room=290)
            canvas.text(MARGIN + 300, y + 26, value, 24, bold=True, room=350)
            canvas.text(MARGIN + INNER, y + 26, then, 20, _colour(moved), anchor="end", room=270)
            canvas.text(MARGIN, y + 54, self.words.said(f"good_{key}"), 18, QUIET)
            canvas.rule(y + 72)
            self.y += 82

    def _keys(self) -> list[str]:
        has_owner = self.report.figures.owner_share is not None
        return ["absence", "tenth", *(["owner"] if has_owner else []), "central", "hubs"]

    def _scale(self) -> None:
        """The absence factor on its six steps."""
        grade = absence_grade(self.report.figures.absence_factor)
        step = INNER / (len(SCALE) + 1)
        for place in range(len(SCALE) + 1):
            x = MARGIN + step * place
            is_here = place == grade
            self.canvas.bar(x, self.y + 6, step - 8, 12, LEAF if is_here else PALE)
            words = self.words.said(f"grade_{place}")
            colour = INK if is_here else QUIET
            self.canvas.text(
                x + (step - 8) / 2, self.y + 46, words, 19, colour, bold=is_here, anchor="middle"
            )
        self.y += 70

    def weeks(self) -> None:
        self._title("weeks_title")
        weeks = self.report.weeks
        if len(weeks) < 2:
            self._paragraph(self.words.said("weeks_few"), 24, QUIET)
            return
        width_of_one = (INNER - 48) / 2
        people = [float(week.people) for week in weeks]
        two = [100 * week.of_two / week.messages if week.messages else 0.0 for week in weeks]
        right = MARGIN + width_of_one + 48
        self._chart(MARGIN, width_of_one, self.words.said("weeks_people"), people, "{:.0f}", LEAF)
        self._chart(right, width_of_one, self.words.said("weeks_two"), two, "{:.0f}%", STAR)
        self.y += 190

    def _chart(
        self, x: float, wide: float, title: str, values: Sequence[float], form: str, colour: str
    ) -> None:
        canvas, high, top = self.canvas, 96.0, self.y + 58
        canvas.text(x, self.y + 20, title, 22, room=wide)
        most = max(values) or 1.0
        inner, step = x + 8, (wide - 70) / (len(values) - 1)
        points = [
            (inner + step * place, top + high * (1 - value / most)) for place, value in enumerate(values)
        ]
        canvas.add(
            f'<rect x="{x:.1f}" y="{top + high + 8:.1f}" width="{wide:.1f}" height="1.5" fill="{HAIR}"/>'
        )
        line = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        canvas.add(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="3.5"/>')
        for px, py in points:
            canvas.add(f'<circle cx="{px:.1f}" cy="{py:.1f}" r="4.5" fill="{colour}"/>')
        first, last = points[0], points[-1]
        canvas.text(last[0] + 14, last[1] + 8, form.format(values[-1]), 22, colour, bold=True)
        canvas.text(x, top + high + 34, self._week(self.report.weeks[0]), 18, QUIET)
        canvas.text(last[0], top + high + 34, self._week(self.report.weeks[-1]), 18, QUIET, anchor="middle")
        if abs(first[1] - last[1]) > 6 or len(points) > 2:
            canvas.text(first[0], first[1] - 14, form.format(values[0]), 18, QUIET)

    def _week(self, week: Week) -> str:
        return self.words.day(week.since)

    # In words

    def emerging(self) -> None:
        self._title("emerging_title")
        if not self.report.emerging:
            self._paragraph(self.words.said("emerging_none"), 24, QUIET)
        for one in self.report.emerging[:EMERGING]:
            self.canvas.bar(MARGIN, self.y + 8, 14, 14, LEAF)
            self.canvas.text(MARGIN + 30, self.y + 24, one.name, 25, bold=True, room=INNER - 30)
            self.y += 34
            self._paragraph(one.sentence, 23, QUIET, most=3, indent=30)
            self.y += 12

    def topics(self) -> None:
        self._title("topics_title")
        shown = self.report.topics[:TOPICS]
        if not shown:
            self._paragraph(self.words.said("topics_none"), 24, QUIET)
        most = max((one.people for one in shown), default=1)
        for one in shown:
            self.canvas.text(MARGIN, self.y + 26, one.name, 24, room=220)
            self.canvas.bar(MARGIN + 240, self.y + 10, (INNER - 340) * one.people / most, 18, LEAF)
            people = self.words.said("topic_people", people=one.people)
            self.canvas.text(MARGIN + INNER, self.y + 26, people, 21, QUIET, anchor="end")
            self.y += 44

    def advice(self) -> None:
        self._title("advice_title")
        for number, piece in enumerate(self.words.advice(), 1):
            self.canvas.text(MARGIN, self.y + 28, number, 30, STAR, bold=True)
            self._paragraph(piece, 25, INK, most=6, indent=38)
            self.y += 14

    def foot(self) -> str:
        self.y += 34
        self.canvas.rule(self.y)
        self.y += 10
        for remark in self.words.remarks():
            self._paragraph(remark, 18, QUIET, most=3)
        return self.canvas.svg(self.y + 44)

    def _title(self, key: str) -> None:
        self.y += 62
        self.canvas.text(MARGIN, self.y, self.words.said(key), 34, bold=True)
        self.y += 22

    def _paragraph(self, text: str, size: float, colour: str, *, most: int = 3, indent: float = 0) -> None:
        for line in wrapped(drawable(text, 600), INNER - indent, size, most):
            self.y += size * 1.5
            self.canvas.text(MARGIN + indent, self.y - size * 0.35, line, size, colour)
        self.y += size * 0.2


def _colour(moved: Trend | None) -> str:
    return {"better": BETTER, "worse": WORSE}.get(moved or "", QUIET)
