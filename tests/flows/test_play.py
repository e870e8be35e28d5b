"""Stepping into the simulated group: what a typed line means, at the plain prompt, and on the screen."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta
from pathlib import Path

import pytest
from rich.text import Text
from textual.widgets import Input, Static

from bot.cli import run_command_line
from bot.demo import STORY
from bot.demo.play_app import Pane, PlayApp
from bot.demo.play_lines import EMPTY_LINE, UNCLEAR, UNCLEAR_TIME, Move, move_meant
from bot.demo.play_room import stepped_in
from bot.demo.script import read_story

HOSTILE = "\x1b[2J[red]危险[/red] {code} %s \u202e"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("小林：大家好", Move("say", ("小林",), "大家好")),
        ("小林: 比例 1:5", Move("say", ("小林",), "比例 1:5")),
        ("小林（私聊）：我的数据", Move("whisper", ("小林",), "我的数据")),
        ("小林(私聊):我的数据", Move("whisper", ("小林",), "我的数据")),
        ("群主：状态", Move("whisper", ("老周",), "状态")),
        ("私聊 文案 迎新 1：欢迎", Move("whisper", ("老周",), "文案 迎新 1：欢迎")),
        ("老周：喝茶", Move("say", ("老周",), "喝茶")),
        ("加入 小陈、阿杰", Move("join", ("小陈", "阿杰"))),
        ("离开小陈", Move("leave", ("小陈",))),
        ("离开 群主", Move("leave", ("老周",))),
        ("快进 2小时", Move("wait", span=timedelta(hours=2))),
        ("快进半小时", Move("wait", span=timedelta(minutes=30))),
        ("快进到 20:30", Move("wait_until", clock="20:30")),
        ("快进到晚上八点半", Move("wait_until", clock="20:30")),
        ("  ", Move("wait", span=EMPTY_LINE)),
        ("帮助", Move("help")),
        ("退出", Move("quit")),
        ("大家好", UNCLEAR),
        ("小林：", UNCLEAR),
        ("快进", UNCLEAR),
        ("快进 3年", UNCLEAR_TIME),
        ("快进到 25:00", UNCLEAR_TIME),
        ("快进到 昨天", UNCLEAR_TIME),
        ("加入 " + "长" * 40, UNCLEAR),
    ],
)
def test_what_a_line_means(typed: str, meant: Move) -> None:
    assert move_meant(typed, "老周") == meant


# The plain prompt


def played(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *lines: str,
    options: tuple[str, ...] = (),
) -> str:
    """What is printed when these lines are typed."""
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    assert run_command_line(["demo", "--play", *options]) == 0
    return capsys.readouterr().out


def test_lines_in_talk_out(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    out = played(
        monkeypatch, capsys, "小林：大家好", "小林：@机器人 帮助", "群主：状态", "加入 小陈", "", "",
        "快进到 20:30", "小陈（私聊）：我的数据", "离开 小陈", "离开 老鼠", "加入 小林", "机器人：我是人",
        "什么", "退出", "小林：没人听了",
    )  # fmt: skip
    assert "小林 加入了群聊" in out and "别统计我" in out
    assert "〔私聊〕【岩茶同好会】在说话" in out
    assert "周一 20:30" in out and "小陈 退出了群聊" in out
    assert "老鼠 不在群里" in out and "小林 已经在群里了" in out
    assert "由它自己说" in out and "没看懂" in out
    assert "@小林" in out and "@小陈" in out  # both were welcomed
    assert "没人听了" not in out and out.rstrip().endswith("什么也没留下。")


def test_hostile_lines_are_shown_as_they_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    paper = tmp_path / "talk.txt"
    out = played(
        monkeypatch, capsys, f"小林：{HOSTILE}", f"[b]他[/b]：@机器人 {HOSTILE}", f"加入 {HOSTILE}",
        "快进 2天", "小林：早", options=("--transcript", str(paper)),
    )  # fmt: skip
    assert "[red]危险[/red] {code} %s" in out and "第 3 天" in out
    for text in (out, paper.read_text(encoding="utf-8")):
        assert not set(text) & set("\x1b\u202e")
    assert "小林：早" in paper.read_text(encoding="utf-8")


# The screen


def words_on(pane: Pane) -> str:
    """What stands in a pane."""
    return "\n".join(strip.text.rstrip() for strip in pane.lines)


async def typed_on_screen(app: PlayApp, size: tuple[int, int]) -> None:
    """Type a few lines, look at both panes, change the size, take a line up again, leave."""
    async with app.run_test(size=size) as pilot:
        field, group, private = app.query_one(Input), *app.query(Pane)
        for line in ("小林：大家好", f"小林：@机器人 {HOSTILE}", "群主：状态", "快进 2分钟"):
            field.value = line
            await pilot.press("enter")
        await app.settled()
        await pilot.pause()
        assert "小林 加入了群聊" in words_on(group) and "@小林" in words_on(group)
        assert "[red]" in words_on(group) and "状态" not in words_on(group)
        assert "【岩茶同好会】" in words_on(private)
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert "【岩茶同好会】" in words_on(private)
        assert "快进" in str(app.query_one("#help", Static).content)
        await pilot.press("up")
        assert field.value == "快进 2分钟"
        field.value = "退出"
        await pilot.press("enter")
        await app.settled()
    assert app.failure is None


@pytest.mark.parametrize("size", [(130, 36), (80, 24)])
def test_the_screen_shows_the_group_and_private_talk(size: tuple[int, int]) -> None:
    with stepped_in(read_story(STORY)) as room:
        asyncio.run(typed_on_screen(PlayApp(room), size))
        assert room.over


def test_what_breaks_while_playing_is_raised_by_whoever_runs_the_screen() -> None:
    class Torn(Text):
        """An audience that cannot write any more."""

        def day(self, heading: str) -> None: ...

        def show(self, shown: object) -> None:
            raise OSError("full")

        def line_done(self) -> None: ...

    async def type_one(app: PlayApp) -> None:
        async with app.run_test() as pilot:
            app.query_one(Input).value = "小林：大家好"
            await pilot.press("enter")
            await app.settled()

    with stepped_in(read_story(STORY)) as room:
        app = PlayApp(room, [Torn()])
        asyncio.run(type_one(app))
        assert isinstance(app.failure, OSError)
