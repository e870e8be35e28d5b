"""The little that slides are made of: pages with a title, boxes of measured text, bars, dots, pictures.

Coordinates are points on a page of 960 × 540. Fonts are named as Windows, Mac and WPS know them; who has
none of them shows their own Chinese font, for which the measure leaves room.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from plugins.meetups.paper.measuring import LEADING, Fitted
from plugins.meetups.paper.shrinking import Picture

WIDTH, HEIGHT = 960, 540
FONT = "Microsoft YaHei"
PAPER, INK, QUIET, HAIR, PALE = "FBF8F2", "2B2A26", "7F796D", "DDD5C6", "F2ECDF"
LEAF, STAR = "2F6F5E", "C8623A"
_ACCENTS = (LEAF, STAR, "B59A5B", "6B8E9E", "8C6A7F", "A3A08F")
_TITLE_ONLY = 5


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a page."""

    x: float
    y: float
    width: float
    height: float


def new_file() -> Any:
    """An empty file of wide pages, whose master and theme carry our paper, colours and fonts."""
    file = Presentation()
    stretch = Pt(WIDTH) / file.slide_width
    file.slide_width, file.slide_height = Pt(WIDTH), Pt(HEIGHT)
    for page in (file.slide_master, *file.slide_layouts):
        for shape in page.placeholders:
            if shape.element.spPr.xfrm is not None:
                shape.left, shape.width = int(shape.left * stretch), int(shape.width * stretch)
    background = file.slide_master.background.fill
    background.solid()
    background.fore_color.rgb = _rgb(PAPER)
    theme = file.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = _themed(theme.blob)
    return file


def _themed(blob: bytes) -> bytes:
    text = blob.decode("utf-8")
    text = re.sub(r'<a:latin typeface="[^"]*"/>', f'<a:latin typeface="{FONT}"/>', text)
    text = re.sub(r'<a:ea typeface=""/>', f'<a:ea typeface="{FONT}"/>', text)
    text = re.sub(r'(<a:font script="Hans" typeface=)"[^"]*"', rf'\1"{FONT}"', text)
    for place, colour in enumerate(_ACCENTS, 1):
        text = re.sub(
            rf"<a:accent{place}>.*?</a:accent{place}>",
            f'<a:accent{place}><a:srgbClr val="{colour}"/></a:accent{place}>', text,
        )  # fmt: skip
    return text.encode("utf-8")


class Page:
    """One slide."""

    def __init__(self, file: Any, footer: str = "") -> None:
        self._slide = file.slides.add_slide(file.slide_layouts[_TITLE_ONLY])
        if footer:
            self._footer(footer)

    def title(self, box: Box, *words: Fitted) -> None:
        """The title, in the placeholder: so it stands in the outline as well."""
        shape = self._slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = _places(box)
        _write(shape.text_frame, words, INK, bold=True)

    def text(
        self, box: Box, words: Sequence[Fitted], *, colour: str = INK, bold: bool = False, right: bool = False
    ) -> None:
        """A box of paragraphs."""
        frame = self._slide.shapes.add_textbox(*_places(box)).text_frame
        _write(frame, words, colour, bold=bold, align=PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT)

    def block(self, box: Box, colour: str) -> None:
        """A filled rectangle."""
        self._shape(MSO_SHAPE.RECTANGLE, box, colour)

    def dot(self, x: float, y: float, radius: float, colour: str) -> None:
        """A filled circle around a point."""
        self._shape(MSO_SHAPE.OVAL, Box(x - radius, y - radius, 2 * radius, 2 * radius), colour)

    def line(
        self, start: tuple[float, float], end: tuple[float, float], colour: str, width: float = 1
    ) -> None:
        """A thin line."""
        line = self._slide.shapes.add_connector(1, *(Pt(one) for one in (*start, *end)))
        line.line.color.rgb = _rgb(colour)
        line.line.width = Pt(width)
        line._element.remove(line._element.find(qn("p:style")))

    def picture(self, box: Box, picture: Picture, *, top: bool = False) -> None:
        """A picture, whole, in the middle of a box, or at its top."""
        scale = min(box.width / picture.width, box.height / picture.height)
        width, height = picture.width * scale, picture.height * scale
        down = 0 if top else (box.height - height) / 2
        place = Box(box.x + (box.width - width) / 2, box.y + down, width, height)
        self._slide.shapes.add_picture(io.BytesIO(picture.content), *_places(place))

    def notes(self, words: str) -> None:
        """What only the speaker sees."""
        self._slide.notes_slide.notes_text_frame.text = words

    def _shape(self, kind: Any, box: Box, colour: str) -> None:
        shape = self._slide.shapes.add_shape(kind, *_places(box))
        shape.fill.solid()
        shape.fill.fore_color.rgb = _rgb(colour)
        shape.line.fill.background()
        shape._element.remove(shape._element.find(qn("p:style")))  # it would cast a shadow

    def _footer(self, words: str) -> None:
        self.text(Box(64, 508, 640, 18), [Fitted((words,), 11)], colour=QUIET)
        frame = self._slide.shapes.add_textbox(*_places(Box(816, 508, 80, 18))).text_frame
        _write(frame, [Fitted(("",), 11)], QUIET, align=PP_ALIGN.RIGHT)
        paragraph = frame.paragraphs[0]._p
        for run in paragraph.findall(qn("a:r")):
            paragraph.remove(run)
        paragraph.append(
            parse_xml(
                f'<a:fld {nsdecls("a")} id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">'
                f'<a:rPr lang="zh-CN" sz="1100"><a:solidFill><a:srgbClr val="{QUIET}"/></a:solidFill></a:rPr>'
                "<a:t>‹#›</a:t></a:fld>"
            )
        )


def _rgb(colour: str) -> RGBColor:
    return RGBColor(*bytes.fromhex(colour))  # type: ignore[no-untyped-call]


def _places(box: Box) -> tuple[int, int, int, int]:
    return int(Pt(box.x)), int(Pt(box.y)), int(Pt(box.width)), int(Pt(box.height))


def _write(
    frame: Any, words: Sequence[Fitted], colour: str, *, bold: bool = False, align: Any = PP_ALIGN.LEFT
) -> None:
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.vertical_anchor = MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for place, one in enumerate(words):
        paragraph = frame.paragraphs[0] if not place else frame.add_paragraph()
        paragraph.alignment = align
        paragraph.line_spacing = Pt(round(one.size * LEADING, 1))
        paragraph.space_before = paragraph.space_after = Pt(0)
        run = paragraph.add_run()
        run.text = one.text
        _dress(run, one.size, colour, bold=bold)


def _dress(run: Any, size: float, colour: str, *, bold: bool) -> None:
    font = run.font
    font.size, font.bold, font.name = Pt(size), bold, FONT
    font.color.rgb = _rgb(colour)
    properties = run._r.get_or_add_rPr()
    properties.set("lang", "zh-CN")
    properties.set("altLang", "en-US")
    latin = properties.find(qn("a:latin"))
    latin.addnext(parse_xml(f'<a:ea {nsdecls("a")} typeface="{FONT}"/>'))
