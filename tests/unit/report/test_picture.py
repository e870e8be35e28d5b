"""The picture: its size, something in each panel, and names that are made to break it."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from bot.analysis.decentralisation import figures
from bot.messages import Texts
from bot.report.canvas import MARGIN
from bot.report.picture import LARGEST_BYTES, NotDrawn, as_png, as_svg, painted
from bot.report.study import Emerging, Study, Topic
from bot.report.wording import as_short_text, as_text
from tests.unit.report.pixels import Pixels
from tests.unit.report.studies import HOSTILE, SINCE, UNTIL, ZONE, study_of

TEXTS = Texts()
SVG = "{http://www.w3.org/2000/svg}"
HIGHLIGHTS = {
    "emerging": [Emerging(name, f"帮了 {other}") for name, other in zip(HOSTILE, HOSTILE[::-1], strict=True)],
    "topics": [Topic(name, 20 - place) for place, name in enumerate(HOSTILE)],
}


def named(people: int) -> Study:
    return study_of([f"群友{place}" for place in range(people)], people * 40)


@pytest.mark.parametrize("people", [2, 5, 60, 500])
def test_it_fits_a_phone_and_a_chat(people: int) -> None:
    png = as_png(named(people), TEXTS)
    width = int.from_bytes(png[16:20], "big")
    assert width == 1080 and 1500 < int.from_bytes(png[20:24], "big") < 4000
    assert len(png) < LARGEST_BYTES


def test_no_part_of_it_is_blank() -> None:
    study = study_of([f"群友{place}" for place in range(30)], 1_200, emerging=[Emerging("阿岚", "帮了三位")])
    svg = as_svg(study, TEXTS)
    pixels = Pixels(painted(svg))
    circles = [float(match[1]) for match in re.finditer(r'<g transform="translate\([\d.]+ ([\d.]+)\)">', svg)]
    assert len(circles) == 2
    panels = circles[0] - 220, circles[0] + 220
    assert len(pixels.colours(0.08, panels[0], 0.48, panels[1])) > 50
    assert len(pixels.colours(0.52, panels[0], 0.92, panels[1])) > 50
    for top in range(0, pixels.height - 200, 200):
        assert len(pixels.colours(0.05, top, 0.95, top + 200)) > 5, top
    edge = MARGIN * 0.4 / 1080
    assert len(pixels.colours(0, 0, edge, pixels.height)) == 1
    assert len(pixels.colours(1 - edge, 0, 1, pixels.height)) == 1


def test_without_the_two_less_is_drawn() -> None:
    svg = as_svg(named(12), TEXTS)
    now, without = svg.split("<g transform=")[1:3]
    assert now.count("<line") > without.split("</g>")[0].count("<line") > 0
    assert "stroke-dasharray" in without and "stroke-dasharray" not in now


def test_hostile_names_are_letters_and_nothing_else() -> None:
    study = study_of(HOSTILE, 800, room='<svg onload="x">&\u202e' + "名" * 90, **HIGHLIGHTS)  # type: ignore[arg-type]
    svg = as_svg(study, TEXTS)
    page = ElementTree.fromstring(svg)
    kinds = {element.tag.removeprefix(SVG) for element in page.iter()}
    assert kinds == {"svg", "rect", "text", "g", "circle", "line", "polyline"}
    words = "".join(element.text or "" for element in page.iter(f"{SVG}text"))
    assert "fancy Letters" in words and "𠮷䶮龘" in words and "محمد" in words and "\u202e" not in words
    assert "<script" not in svg and "<b>" not in svg
    png = as_png(study, TEXTS)
    pixels = Pixels(png)
    edge = 24 / 1080
    assert len(pixels.colours(1 - edge, 0, 1, pixels.height)) == 1, "something runs over the edge"


@pytest.mark.parametrize("name", HOSTILE)
def test_every_hostile_name_can_be_painted_alone(name: str) -> None:
    study = study_of([name, name, name + "二"], 60, room=name)
    assert len(as_png(study, TEXTS)) > 20_000
    for text in (as_text(study.report, TEXTS), as_short_text(study.report, TEXTS)):
        assert "\u202e" not in text and "\x1b" not in text and "\n\r" not in text


def test_an_empty_group_is_a_short_page() -> None:
    study = study_of([], 0, owners=())
    png = as_png(replace(study, counts={}), TEXTS)
    assert int.from_bytes(png[20:24], "big") < 700
    assert "一句话也没有" in as_text(study.report, TEXTS)


def test_a_page_that_cannot_be_painted_is_an_error_of_ours() -> None:
    with pytest.raises(NotDrawn):
        painted("<svg")


def test_the_words_tell_the_same_numbers() -> None:
    study = named(40)
    found = figures(study.talk, SINCE, UNTIL, ZONE, (1,))
    words, page = as_text(study.report, TEXTS), as_svg(study, TEXTS)
    left = found.without_top
    for share in (left.days, left.questions, left.people):
        assert f"{share.whole} " in words and f"剩 {share.part} " in page
    assert f"{found.absence_factor} 个人" in words and f"{found.absence_factor} 个人" in page
    assert f"{found.centralisation:.2f}" in words and f"{len(found.hubs)} 位" in words
