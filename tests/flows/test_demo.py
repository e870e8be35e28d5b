"""The demo's own parts: what it shows is data, at any width, at its pace; a bad script says where."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.style import Style

from bot.cli import EXIT_CODES
from bot.demo import play
from bot.demo.brush import BOT_NAME, BOT_WORDS, COLOURS
from bot.demo.pace import Pace
from bot.demo.paper import line_of
from bot.demo.screen import Screen
from bot.demo.script import ScriptMistake, read_line, read_story
from bot.demo.stage import Shown
from bot.demo.wrapping import fitted, wrapped
from tests.flows.replay import STORIES

AT = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)
DAY, ZONE = date(2026, 3, 2), ZoneInfo("Asia/Shanghai")
HOSTILE = "\x1b[2J[red]危险[/red] \x1b]0;标题\x07[link=http://x]点我[/link]\u202e\x08"


def shown_on(width: int, *what: Shown) -> str:
    """What a screen of that width prints."""
    file = io.StringIO()
    screen = Screen(Console(file=file, width=width, color_system=None), "老周")
    for one in what:
        screen.show(one)
    return file.getvalue()


# The screen


@pytest.mark.parametrize("width", [60, 120])
def test_hostile_text_is_shown_as_it_is_written(width: int) -> None:
    page = shown_on(width, Shown(AT, "group", HOSTILE, who=HOSTILE, person="他", quote=(HOSTILE, HOSTILE)))
    assert "[red]危险[/red]" in page.replace("\n", "")
    assert not set(page) & set("\x1b\x07\x08\u202e")


@pytest.mark.parametrize("width", [40, 80, 99, 100, 120, 200])
@pytest.mark.parametrize("place", ["group", "private"])
def test_nothing_is_wider_than_the_screen(width: int, place: str) -> None:
    long = "这一句很长，" * 20 + "https://example.org/" + "a" * 300
    shown = Shown(
        AT, "private" if place == "private" else "group", long, who="名字也很长很长很长", person="他"
    )
    assert max(cell_len(row) for row in shown_on(width, shown).splitlines()) <= width


def test_wide_screens_put_private_talk_on_the_right() -> None:
    page = shown_on(
        120, Shown(AT, "group", "群里的话", "糖豆", "糖豆"), Shown(AT, "private", "悄悄话", "老周", "老周")
    )
    group, private = page.splitlines()
    assert group.index("群里的话") < group.index("│")
    assert private.index("│") < private.index("悄悄话")


def test_narrow_screens_mark_private_talk() -> None:
    page = shown_on(80, Shown(AT, "private", "悄悄话", "老周", "老周"))
    assert "│" not in page
    assert "〔私聊〕悄悄话" in page


def test_what_the_bot_tells_others_than_the_owner_says_to_whom() -> None:
    to_owner = Shown(AT, "private", "好", "小群星", "小群星", is_bot=True, to="老周")
    to_other = Shown(AT, "private", "好", "小群星", "小群星", is_bot=True, to="小满")
    assert "小满" in shown_on(120, to_other)
    assert "老周" not in shown_on(120, to_owner)


def test_every_style_is_one_that_rich_knows() -> None:
    for style in (*COLOURS, BOT_NAME, BOT_WORDS):
        assert Style.parse(style)


# Lines of Chinese


@given(st.text(alphabet="茶汤，。「」 @a1\n\u2005", max_size=60), st.integers(4, 30))
def test_wrapping_loses_nothing_but_space(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert [one for one in "".join(lines) if not one.isspace()] == [one for one in text if not one.isspace()]


def test_marks_stay_with_their_words() -> None:
    assert wrapped("反悔就发「撤销」。", 10) == ["反悔就发", "「撤销」。"]
    assert wrapped("先看出汤，再看水", 8) == ["先看出", "汤，再看", "水"]
    assert wrapped("喝了 100 毫升", 6) == ["喝了", "100 毫", "升"]


def test_fitted_fills_the_width_exactly() -> None:
    assert fitted("茶", 5) == "茶   "
    assert cell_len(fitted("茶源直供茶源直供", 9)) == 9


# Paper


def test_paper_indents_further_lines_and_marks_the_bot() -> None:
    shown = Shown(AT, "private", "第一行\n第二行", "小群星", "小群星", is_bot=True, to="老周")
    assert line_of(shown) == "01:05 〔私聊〕★小群星→老周：第一行\n      第二行"


# Pace


def test_pace_ends_on_time_however_long_the_playing_takes() -> None:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    pace = Pace(10.0, lines=4, clock=lambda: now[0], sleep=sleep)
    for spent in (0.5, 4.0, 0.1, 0.1):
        now[0] += spent
        pace.after("一句话")
        pace.line_done()
    assert now[0] == pytest.approx(10.0)


def test_pace_never_waits_when_it_is_late() -> None:
    now = [0.0]
    slept: list[float] = []
    pace = Pace(1.0, lines=2, clock=lambda: now[0], sleep=slept.append)
    now[0] = 5.0
    pace.after("一句话")
    pace.line_done()
    assert slept == []


# The script


def test_a_line_is_read_with_its_direction() -> None:
    line = read_line("09:30 小满、阿峰 (join unseen)：", DAY, ZONE)
    assert (line.who, line.direction, line.words) == (("小满", "阿峰"), "join unseen", "")
    quoting = read_line("09:30 大麦 (quotes 三坑 两涧)：懂了：谢谢", DAY, ZONE)
    assert (quoting.direction, quoting.about, quoting.words) == ("quotes", "三坑 两涧", "懂了：谢谢")


@pytest.mark.parametrize(
    "line",
    [
        "老周：没有钟点",
        "09:30 老周",
        "09:30 老周 (flies)：飞了",
        "09:30 老周 (note)：旁白没有人",
        "09:30 ：谁",
    ],
)
def test_a_bad_line_is_named(line: str) -> None:
    with pytest.raises(ScriptMistake, match=line.partition(" ")[0]):
        read_line(line, DAY, ZONE)


def test_scenes_of_a_day_are_put_in_the_order_of_their_times(tmp_path: Path) -> None:
    story = story_of(tmp_path, "[10:00 老周：二, 10:00 老周：三]", "[09:00 老周：一]")
    lines = read_story(story).days[0].lines
    assert [line.words for line in lines] == ["一", "二", "三"]
    assert lines[1].at < lines[2].at


def test_a_scene_does_not_go_back_in_time(tmp_path: Path) -> None:
    with pytest.raises(ScriptMistake, match="back in time"):
        read_story(story_of(tmp_path, "[10:00 老周：二, 09:00 老周：一]"))


def story_of(folder: Path, *scenes: str) -> Path:
    """A script of one day."""
    path = folder / "story.yaml"
    listed = "\n".join(f"    - {{scene: 一场, lines: {scene}}}" for scene in scenes)
    head = "group: 群\nowner: 老周\nstarts: 2026-03-02\nmembers: [老周]\n"
    path.write_text(f"{head}days:\n  - day: 1\n    scenes:\n{listed}\n", encoding="utf-8")
    return path


# The whole


def test_play_shows_the_story_writes_it_down_and_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bot.demo.STORY", STORIES / "newcomers_first_day.yaml")
    paper = tmp_path / "transcript.txt"
    play(paced=True, transcript=paper)
    shown, written = capsys.readouterr().out, paper.read_text(encoding="utf-8")
    assert "来了 7 位新人，机器人招呼到 6 位" in shown
    assert "小满 加入了群聊" in shown
    assert "10:05 木子：@小满 先买个 100 毫升撇口的" in written
    assert "\x1b" not in shown + written


def test_a_transcript_that_cannot_be_written_is_told_before_the_show(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        play(paced=False, transcript=tmp_path / "nowhere" / "transcript.txt")
    assert ended.value.code == EXIT_CODES["storage"]
    assert "写不进去" in capsys.readouterr().out
