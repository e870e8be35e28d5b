"""What a meetup hands out: a calendar that phones take, slides and a sheet on which nothing is cut."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pptx import Presentation

from plugins.meetups.paper.calendar import Appointment, calendar_file
from plugins.meetups.paper.deck import Deck, Idea, Quote, deck
from plugins.meetups.paper.drafting import Answer, drafted
from plugins.meetups.paper.measuring import LEADING, SAFE, fit, joined_lines, lines_of
from plugins.meetups.paper.sheet import question_sheet
from plugins.meetups.paper.sheet_pages import BOTTOM, RULES, _pages, page_svgs
from plugins.meetups.paper.shrinking import shrunk
from tests.plugins.meetups import papers

START = datetime(2026, 11, 28, 7, 0, tzinfo=UTC)
MEGABYTES = 2_000_000


def appointment(**changes: Any) -> Appointment:
    told: dict[str, Any] = {
        "key": "meetup-1-7", "title": "岩茶的火功", "starts_at": START, "ends_at": START + timedelta(hours=3),
        "zone": "Asia/Shanghai", "stamped_at": START - timedelta(days=3), "place": "老街茶馆, 二楼; 左转",
        "note": "主讲：阿岩\n自带杯子",
    }  # fmt: skip
    return Appointment(**(told | changes))


def lines_in(content: bytes) -> list[str]:
    """The unfolded lines of a calendar file, checked by hand against RFC 5545."""
    assert content.endswith(b"\r\n") and b"\n" not in content.replace(b"\r\n", b"")
    raw = content.decode("utf-8").split("\r\n")
    assert all(len(line.encode()) <= 75 for line in raw)
    return re.sub(r"\r\n[ \t]", "", content.decode("utf-8")).split("\r\n")[:-1]


def value(lines: list[str], name: str) -> str:
    inside = lines[
        lines.index("BEGIN:VEVENT") : lines.index("BEGIN:VALARM") if "BEGIN:VALARM" in lines else None
    ]
    found = [line.partition(":")[2] for line in inside if re.split("[:;]", line)[0] == name]
    assert len(found) == 1, f"{name}: {found}"
    return found[0]


def test_a_calendar_takes_the_file() -> None:
    lines = lines_in(calendar_file(appointment()))
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR"
    assert (
        "VERSION:2.0" in lines
        and "METHOD:PUBLISH" in lines
        and any(one.startswith("PRODID:") for one in lines)
    )
    assert lines.count("BEGIN:VTIMEZONE") == 1 and "TZID:Asia/Shanghai" in lines
    assert "TZOFFSETTO:+0800" in lines and lines.index("BEGIN:VTIMEZONE") != lines.index("BEGIN:VEVENT")
    assert "DTSTART;TZID=Asia/Shanghai:20261128T150000" in lines
    assert "DTEND;TZID=Asia/Shanghai:20261128T180000" in lines
    assert value(lines, "DTSTAMP") == "20261125T070000Z" and value(lines, "SEQUENCE") == "0"
    assert value(lines, "UID") == "meetup-1-7@qunxing" and value(lines, "STATUS") == "CONFIRMED"
    assert value(lines, "LOCATION") == r"老街茶馆\, 二楼\; 左转"
    assert value(lines, "DESCRIPTION") == r"主讲：阿岩\n自带杯子"
    assert "TRIGGER:-PT2H" in lines


def test_every_rule_of_the_time_zone_can_be_read() -> None:
    rules = [
        line.partition(":")[2] for line in lines_in(calendar_file(appointment())) if line.startswith("RRULE")
    ]
    assert all(rrulestr(rule, dtstart=datetime(1990, 1, 1, tzinfo=UTC)) for rule in rules)


def test_a_moved_meetup_keeps_its_name_and_a_dropped_one_is_taken_out() -> None:
    moved = lines_in(calendar_file(appointment(sequence=2, starts_at=START + timedelta(days=7))))
    assert value(moved, "UID") == "meetup-1-7@qunxing" and value(moved, "SEQUENCE") == "2"
    gone = lines_in(calendar_file(appointment(sequence=3, is_cancelled=True)))
    assert "METHOD:CANCEL" in gone and value(gone, "STATUS") == "CANCELLED" and "BEGIN:VALARM" not in gone
    assert value(gone, "UID") == value(moved, "UID") and int(value(gone, "SEQUENCE")) > int(
        value(moved, "SEQUENCE")
    )


@settings(max_examples=30)
@given(st.one_of(st.text(max_size=200), st.sampled_from(papers.NASTY)))
def test_no_title_breaks_out_of_the_calendar(words: str) -> None:
    evil = f"{words}\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:x"
    lines = lines_in(calendar_file(appointment(title=evil, place=evil, note=evil)))
    assert lines.count("BEGIN:VEVENT") == 1 == lines.count("END:VEVENT")
    assert sum(line.startswith("SUMMARY") for line in lines) == 1


def test_answers_stand_with_the_point_that_they_belong_to() -> None:
    answers = [Answer("退火要多久？", "三个月", "阿岚"), Answer("水要多热？", "滚水", "老周")]
    long = "电焙和炭焙，头三泡喝不出差别，第五泡以后才分得出来，所以别急着下结论，多喝几泡再说，不妨盲品一次"
    ideas = drafted("焙火", ["退火要多久", long], [("存茶", "一行\n两行")], answers, _pairs)
    assert [one.heading for one in ideas] == ["退火要多久", "电焙和炭焙", "存茶", "水要多热？"]
    assert ideas[0].quotes == (Quote("三个月", "阿岚"),) and ideas[3].quotes == (Quote("滚水", "老周"),)
    assert ideas[1].text.startswith("头三泡") and ideas[2].text == "一行\n两行"


def _pairs(text: str) -> frozenset[str]:
    return frozenset(a + b for a, b in pairwise(text) if "火" in a + b)


@cache
def made(name: str) -> bytes:
    return deck(getattr(papers, name)())


def texts(slide: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_the_slides_are_what_was_shared() -> None:
    file = Presentation(io.BytesIO(made("usual_deck")))
    assert file.slide_width / file.slide_height == pytest.approx(16 / 9)
    pages = [texts(slide) for slide in file.slides]
    assert len(pages) == 8
    assert "岩茶的火功：" in pages[0] and "主讲：阿岩" in pages[0] and "岩茶同好会" in pages[0]
    assert pages[1].startswith("今天聊什么") and "退火要多久？" in pages[1]
    assert "—— 小满" in pages[2] and "焦糖味和焦味是两回事" in pages[2]
    assert any(shape.shape_type == 13 for shape in file.slides[3].shapes)
    assert "还没有答案的问题" in pages[-1] and "烤箱能不能代替" in pages[-1] and "山月" in pages[-1]
    assert file.slides[6].notes_slide.notes_text_frame.text == "小林在群里问过两次"
    assert all(slide.shapes.title is not None and slide.shapes.title.text_frame.text for slide in file.slides)


@pytest.mark.parametrize("name", ["usual_deck", "worst_deck"])
def test_nothing_leaves_its_page_and_no_text_its_box(name: str) -> None:
    content = made(name)
    file = Presentation(io.BytesIO(content))
    width, height = file.slide_width or 0, file.slide_height or 0
    assert len(content) < MEGABYTES
    for slide in file.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= width + 1
            assert shape.top >= 0 and shape.top + shape.height <= height + 1
            if not shape.has_text_frame or not shape.text_frame.text:
                continue
            needed = 0.0
            for paragraph in shape.text_frame.paragraphs:
                size = paragraph.runs[0].font.size.pt if paragraph.runs else 11
                lines = lines_of(paragraph.text, shape.width.pt / SAFE * 0.99, size)
                needed += len(lines) * size * LEADING
            assert needed <= shape.height.pt + 3, shape.text_frame.text


def test_every_question_stands_on_a_slide() -> None:
    said = "\n".join(texts(slide) for slide in Presentation(io.BytesIO(made("worst_deck"))).slides)
    assert all(f"第 {number} 个问题：" in said for number in range(16, 41))


def test_chinese_fonts_are_named_for_chinese_letters() -> None:
    file = Presentation(io.BytesIO(made("usual_deck")))
    runs = [run for slide in file.slides for shape in slide.shapes if shape.has_text_frame
            for paragraph in shape.text_frame.paragraphs for run in paragraph.runs]  # fmt: skip
    assert runs and all("<a:ea " in run._r.xml and 'lang="zh-CN"' in run._r.xml for run in runs)


def test_twelve_large_pictures_still_travel() -> None:
    picture = papers.photo(1800, 1600, noise=True)
    content = deck(
        Deck("图多", papers.WORDS, ideas=tuple(Idea(f"图{one}", picture=picture) for one in range(14)))
    )
    assert len(content) < MEGABYTES


def test_pictures_that_are_none_or_traps_are_left_out() -> None:
    bomb = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(bomb, "PNG")
    assert (
        shrunk(b"", 1000) is None
        and shrunk(b"GIF89a", 1000) is None
        and shrunk(bomb.getvalue(), 10**6) is None
    )
    through = io.BytesIO()
    Image.new("RGBA", (3000, 20), (0, 0, 0, 0)).save(through, "PNG")
    found = shrunk(through.getvalue(), 100_000)
    assert found is not None and found.width == 1400


@given(st.text(max_size=80), st.integers(60, 800))
def test_what_is_fitted_fits(words: str, room: int) -> None:
    found = fit(words, room, 80, (30, 24, 18))
    assert found.height <= 80
    assert joined_lines(found.lines).count("\n") == 0


def test_the_sheet_has_every_question_and_lines_to_write_on() -> None:
    sheet = papers.usual_sheet()
    svgs = page_svgs(sheet)
    drawn = "".join(re.sub("<[^>]*>", "", svg) for svg in svgs)
    for topic in sheet.topics:
        assert topic.name in drawn and all(
            one.text[:14] in drawn and one.aside in drawn for one in topic.questions
        )
    assert sum(svg.count("stroke-dasharray") for svg in svgs) >= RULES[-1] * 5
    content = question_sheet(sheet)
    assert content.startswith(b"%PDF") and len(re.findall(rb"/Type /Page\b", content)) == len(svgs) <= 2


def test_the_worst_sheet_is_whole() -> None:
    sheet = papers.worst_sheet()
    pages = _pages(sheet, RULES[-1])
    assert all(sum(piece.height for piece in page) <= BOTTOM for page in pages)
    assert not any(page[-1].keeps for page in pages)  # no topic alone at the end of a page
    drawn = "".join(page_svgs(sheet))
    assert "<b>" not in drawn and "怎么办" in drawn


@pytest.mark.slow
def test_the_worst_sheet_travels() -> None:
    assert len(question_sheet(papers.worst_sheet())) < MEGABYTES


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not on this machine")
@pytest.mark.parametrize("name", ["usual_deck", "worst_deck"])
def test_libreoffice_opens_the_slides(name: str, tmp_path: Path) -> None:
    (tmp_path / "deck.pptx").write_bytes(made(name))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    told = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "deck.pptx"),
    ]
    subprocess.run(told, check=True, capture_output=True, timeout=180)
    pages = len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "deck.pdf").read_bytes()))
    assert pages == len(Presentation(io.BytesIO(made(name))).slides)
