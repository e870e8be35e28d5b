"""Plugins: found, checked, and left out one by one with a clear line, while the rest run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import ForeignKey, inspect
from sqlalchemy.orm import Mapped, mapped_column

import plugins as plugin_folder
from bot.context import Context
from bot.events import MessagePosted
from bot.host import complaints, find_plugins
from bot.messages import Texts
from bot.plugin import Plugin
from bot.storage.tables import Base
from bot.testing import Stage
from tests.unit.core.house import written


class HostTestGuest(Base):
    """Somebody whose tea is remembered."""

    __tablename__ = "guests_seen"
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    cups: Mapped[int] = mapped_column(default=0)


def plugin_with(grammar: str, *aliases: str, name: str = "tea", **more: Any) -> Plugin:
    """A plugin with one command."""
    plugin = Plugin(name, title="茶")
    plugin.command(grammar, who="member", where="group", example=(grammar, "…"), aliases=aliases, **more)(
        lambda ctx, *rest: ctx.reply_text("好")
    )
    return plugin


def said_about(plugin: Plugin, *others: Plugin) -> str:
    """What the host has to say about a plugin's declaration."""
    return "; ".join(complaints(plugin, others, Texts([plugin])))


def test_a_good_plugin_gives_no_cause_for_complaint() -> None:
    assert said_about(plugin_with("上茶 <茶>")) == ""


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: Plugin("my tea", title="茶"), "not a Python identifier"),
        (lambda: plugin_with("把 <茶> 上来"), "after a slot"),
        (lambda: plugin_with("上茶", "把 <茶> 上来"), "after a slot"),
        (lambda: plugin_with("上茶", confirm="no_such_text"), "no text 'no_such_text'"),
        (lambda: Plugin("tea", title="茶", tables=[HostTestGuest]), "does not begin with tea_"),
        (lambda: Plugin("guests", title="茶", tables=[HostTestGuest]), "@plugin.forget"),
    ],
)
def test_a_bad_declaration_is_named(make: Callable[[], Plugin], complaint: str) -> None:
    assert complaint in said_about(make())


@pytest.mark.parametrize(
    "second",
    [plugin_with("上茶", name="second"), plugin_with("倒茶", "上 茶", name="second")],
    ids=["grammar", "alias"],
)
def test_two_plugins_do_not_share_a_command(second: Plugin) -> None:
    assert "taken" in said_about(second, plugin_with("来茶", "上茶"))
    assert "taken" in said_about(second, plugin_with("上茶"))


def test_two_plugins_do_not_share_a_name() -> None:
    assert "runs already" in said_about(Plugin("tea", title="茶"), Plugin("tea", title="另一种茶"))


def test_a_plugin_that_remembers_people_and_forgets_them_is_fine() -> None:
    guests = Plugin("guests", title="茶客", tables=[HostTestGuest])
    guests.forget(lambda ctx, member: None)
    assert said_about(guests) == ""


def test_bad_plugins_are_left_out_and_the_others_serve(folder: Path) -> None:
    bad = [plugin_with("把 <茶> 上来", name="bad"), plugin_with("倒茶", "把 <茶> 倒掉", name="worse")]
    twin = plugin_with("上茶", name="twin")
    broken_texts = written(folder, "mumbling", {"hello": "欢迎 $"})
    with Stage(folder, plugins=[*bad, plugin_with("上茶"), twin, broken_texts]) as stage:
        assert [plugin.name for plugin in stage.app.host.all()] == ["tea"]
        assert sorted(stage.app.host.broken) == ["bad", "mumbling", "twin", "worse"]
        room = stage.room("岩茶", members=["小林"])
        stage.person("小林").says(room, "上茶", at_bot=True)
        assert room.hears().text == "@小林\u2005好"


def test_a_plugin_can_be_left_out_while_running(folder: Path) -> None:
    with Stage(folder, plugins=[plugin_with("上茶")]) as stage:
        room = stage.room("岩茶", members=["小林"])
        stage.app.host.leave_out("tea", "it did harm")
        stage.person("小林").says(room, "上茶", at_bot=True)
        room.hears_nothing()
        assert stage.app.host.broken == {"tea": "it did harm"}


def test_a_plugin_of_somebodys_own_gets_its_tables_without_a_migration(folder: Path) -> None:
    guests = Plugin("guests", title="茶客", tables=[HostTestGuest])
    guests.forget(lambda ctx, member: None)
    with Stage(folder, plugins=[guests]) as stage:
        tables = stage.read(lambda session: inspect(session.connection()).get_table_names())
        assert "guests_seen" in tables
        stage.restart()


# Finding


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which plugins are found beside those of the house."""
    place = tmp_path / "shelf"
    place.mkdir()
    monkeypatch.setattr(plugin_folder, "__path__", [str(place)])
    yield place
    for name in [name for name in sys.modules if name.startswith("plugins.found_")]:
        del sys.modules[name]


def put(shelf: Path, name: str, code: str) -> None:
    """A plugin package with this code."""
    (shelf / f"found_{name}").mkdir()
    (shelf / f"found_{name}" / "__init__.py").write_text(code, encoding="utf-8")


def test_plugins_are_found_in_their_folder_and_broken_ones_are_named(shelf: Path) -> None:
    put(shelf, "tea", "from bot.plugin import Plugin\nplugin = Plugin('found_tea', title='茶')\n")
    put(shelf, "typo", "import no_such_module\n")
    put(shelf, "nothing", "pluggin = 1\n")
    put(shelf, "syntax", "def (:\n")
    found, broken = find_plugins()
    assert [(plugin.name, plugin.folder) for plugin in found] == [("found_tea", shelf / "found_tea")]
    assert {name: why.split(":")[0] for name, why in broken.items()} == {
        "found_typo": "ModuleNotFoundError", "found_nothing": "TypeError", "found_syntax": "SyntaxError",
    }  # fmt: skip


def test_always_on_plugins_hear_last(folder: Path) -> None:
    order: list[str] = []
    desk, tea = Plugin("a_desk", title="台", always_on=True), Plugin("tea", title="茶")
    for plugin in (desk, tea):

        def hear(ctx: Context, event: object) -> None:
            order.append(ctx.plugin)

        plugin.on(MessagePosted)(hear)
    with Stage(folder, plugins=[desk, tea]) as stage:
        stage.person("小林").says(stage.room("岩茶", members=["小林"]), "早")
        assert order == ["tea", "a_desk"]
