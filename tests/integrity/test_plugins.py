"""Every plugin keeps its promises: its examples run, it forgets, and its import does nothing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.host import complaints, find_plugins
from bot.messages import Texts
from bot.plugin import Command, Plugin
from bot.testing import Stage, StageRoom, Unread
from tests.integrity.source import CLONE

PLUGINS, BROKEN = find_plugins()
PLACES = {"group": ("group",), "private": ("private",), "both": ("group", "private")}
EXAMPLES = [
    pytest.param(command, place, id=f"{command.name} in {place}: {command.example[0]}")
    for plugin in PLUGINS
    for command in plugin.commands
    for place in PLACES[command.where]
]
LISTENING = """
import sys
sys.path.insert(0, sys.argv[1])
import bot.context, bot.storage.history, bot.authority, bot.speaking, bot.replay, bot.regaining, bot.intake
import bot.analysis.ads, bot.analysis.retrieval, bot.analysis.unanswered

heard = []
CODE = (".py", ".pyc", ".so")

def listen(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        path = arguments[0]  # libraries may read what is theirs
        if not path.endswith(CODE) and "site-packages" not in path and not path.startswith(sys.base_prefix):
            heard.append(f"open {path}")
    elif event.split(".")[0] in ("socket", "subprocess", "sqlite3", "urllib", "shutil"):
        heard.append(event)
    elif event in ("os.system", "os.mkdir", "os.remove", "os.rename", "os.putenv"):
        heard.append(event)

sys.addaudithook(listen)
__import__(f"plugins.{sys.argv[2]}")
print("\\n".join(heard))
"""


def fits(answered: str, said: str) -> bool:
    """Whether what was said is what the example promises; `…` stands for anything."""
    pattern = ".*".join(re.escape(part) for part in answered.split("…"))
    return re.fullmatch(pattern, said, re.DOTALL) is not None


def answer(stage: Stage, room: StageRoom, command: Command, place: str) -> str:
    """Say the example where it is to be said, and hear what comes."""
    if place == "private":
        return stage.person("老周").asks(command.example[0])
    stage.person("小林").says(room, command.example[0], at_bot=True)
    return room.hears().text


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    room = stage.room("岩茶同好会", owner="老周", members=["小林", "小陈"])
    stage.person("小林").says(room, "大家早")
    return room


@pytest.mark.parametrize(("command", "place"), EXAMPLES)
def test_every_example_runs(stage: Stage, room: StageRoom, command: Command, place: str) -> None:
    said = answer(stage, room, command, place)
    assert fits(command.example[1], said), f"{command.example[0]} → {said}"
    stage.advance(seconds=30)
    for listener in (room, stage.person("老周"), stage.person("小林")):
        listener.unread.clear()


def test_an_example_that_no_longer_runs_would_be_seen(stage: Stage, room: StageRoom) -> None:
    assert fits("…好，…", "你说得好，行") and not fits("…好，", "你说得好，行") and not fits("好", "好的")
    lost = Command("x.y", "没有这样的命令", "member", "group", lambda ctx: None, ("没有这样的命令", "没有"))
    assert not fits(lost.example[1], answer(stage, room, lost, "group"))
    with pytest.raises(Unread):
        room.hears()


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.name)
def test_a_plugin_is_declared_as_the_host_wants_it(plugin: Plugin) -> None:
    others = [other for other in PLUGINS if other is not plugin]
    assert complaints(plugin, others, Texts(PLUGINS)) == []
    assert plugin.summary and plugin.title


def test_no_plugin_is_broken() -> None:
    assert BROKEN == {}
    assert {plugin.name for plugin in PLUGINS} >= {"owner", "welcome"}


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.name)
def test_a_plugin_that_remembers_members_forgets_them(plugin: Plugin) -> None:
    names_members = any(
        "member" in column.name for table in plugin.tables for column in table.__table__.columns
    )
    assert plugin.forgetters or not names_members


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.name)
def test_every_command_and_setting_says_what_it_is_for(plugin: Plugin) -> None:
    assert [one.grammar for one in plugin.commands if not one.hidden and not one.summary] == []
    fields = plugin.settings.model_fields
    assert [name for name, field in fields.items() if not (field.title and field.description)] == []


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.name)
def test_importing_a_plugin_touches_nothing(plugin: Plugin, tmp_path: Path) -> None:
    assert heard_at_import(CLONE, plugin.name, tmp_path) == []


def test_a_plugin_that_touched_something_would_be_heard(tmp_path: Path) -> None:
    for folder in ("bot", "plugins", "migrations"):
        (tmp_path / folder).symlink_to(CLONE / folder)
    (tmp_path / "plugins").unlink()
    (tmp_path / "plugins" / "noisy").mkdir(parents=True)
    (tmp_path / "plugins" / "__init__.py").touch()
    (tmp_path / "plugins" / "noisy" / "__init__.py").write_text(
        "import socket\nopen('noise.txt', 'w').close()\nsocket.socket()\n", encoding="utf-8"
    )
    heard = heard_at_import(tmp_path, "noisy", tmp_path)
    assert any("noise.txt" in one for one in heard) and any("socket" in one for one in heard)


def heard_at_import(clone: Path, name: str, at: Path) -> list[str]:
    """What the import of a plugin does beside running Python, in an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, "-c", LISTENING, str(clone), name], cwd=at, capture_output=True, text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, check=True,
    )  # fmt: skip
    return done.stdout.split()


def test_two_bots_from_the_same_plugins_share_nothing(tmp_path: Path, empty_database: Path) -> None:
    before = {plugin.name: (len(plugin.subscriptions), len(plugin.commands)) for plugin in PLUGINS}
    folders = [Path(shutil.copytree(empty_database, tmp_path / name)) for name in ("first", "second")]
    with Stage(folders[0], plugins=PLUGINS) as first, Stage(folders[1], plugins=PLUGINS) as second:
        for stage in (first, second):
            stage.room("岩茶同好会", owner="老周", members=["小林"])
        first.person("老周").asks("设置 每天主动 1")
        told = [stage.person("老周").asks("设置 每天主动") for stage in (first, second)]
        assert told[0] != told[1]
        assert [stage.app.services.settings.group(1).initiatives_per_day for stage in (first, second)] == [
            1,
            3,
        ]
    assert {plugin.name: (len(plugin.subscriptions), len(plugin.commands)) for plugin in PLUGINS} == before
