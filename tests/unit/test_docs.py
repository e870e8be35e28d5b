"""The generated parts of the documentation, and the pages that hold them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import Field

from bot.docs import Documents, Page
from bot.errors import QunxingError
from bot.group_settings import ClockTime
from bot.messages import Texts
from bot.plugin import Plugin, Settings

TEA = Path("plugins/tea/README.md")


class TeaSettings(Settings):
    cups: int = Field(default=2, ge=1, le=9, title="杯数", description="一次几杯")
    at: ClockTime = Field(default="15:00", title="茶点", description="几点喝茶")
    kind: Literal["green", "black"] = Field(default="green", title="茶种", description="绿茶 | 红茶")
    guests: list[str] = Field(default=[], title="客人", description="谁来")


@pytest.fixture
def plugin(tmp_path: Path) -> Plugin:
    folder = tmp_path / TEA.parent
    folder.mkdir(parents=True)
    (folder / "messages.yaml").write_text('poured: ["$name 请", "请 | 喝"]', encoding="utf-8")
    plugin = Plugin("tea", title="茶会", summary="一起喝茶。", settings=TeaSettings, folder=folder)

    @plugin.command("收杯", who="owner", where="private", example=("收杯", "好"), summary="散了")
    def clear(ctx: Any) -> None:
        """Clear."""

    @plugin.command(
        "上茶 [几杯]", who="member", where="group", example=("上茶", "请"), aliases=("来茶",), summary="倒茶"
    )
    def pour(ctx: Any, cups: str) -> None:
        """Pour."""

    @plugin.command("暗号", who="owner", where="private", example=("暗号", "对"), hidden=True)
    def whisper(ctx: Any) -> None:
        """Not shown."""

    return plugin


@pytest.fixture
def documents(plugin: Plugin, tmp_path: Path) -> Documents:
    return Documents([plugin], Texts([plugin]), tmp_path)


@pytest.fixture
def clone(documents: Documents, tmp_path: Path) -> Path:
    """A clone with all its pages, as `qunxing docs` leaves them."""
    (tmp_path / "README.md").touch()
    for path, text in documents.stale().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert not documents.stale()
    return tmp_path


def test_commands_are_shown_with_where_and_example_the_members_first(
    documents: Documents, plugin: Plugin
) -> None:
    said = documents.commands(plugin)
    assert "| `上茶 [几杯]`<br>`来茶` | 群里 | 倒茶 | 上茶 → 请 |" in said
    assert said.index("### 群友") < said.index("上茶") < said.index("### 群主") < said.index("收杯")
    assert "暗号" not in said


def test_settings_are_shown_with_what_they_can_be(documents: Documents, plugin: Plugin) -> None:
    said = documents.settings_of(plugin)
    assert said.startswith("写在 `config.yaml` 的 `plugins.tea` 底下（`enabled: false` 关掉）\n\n| ")
    assert "| `cups` | 杯数 | 1–9 | `2` | 一次几杯 |" in said
    assert "| `at` | 茶点 | 钟点，如 21:30 | `15:00` | 几点喝茶 |" in said
    assert "| `kind` | 茶种 | `green` / `black` | `green` | 绿茶 &#124; 红茶 |" in said
    assert "| `guests` | 客人 | 列表 | （空） | 谁来 |" in said


def test_the_house_shows_its_own_settings_and_a_line_for_each_plugin(documents: Documents) -> None:
    assert "## `gateway`" in documents.settings() and "tea" not in documents.settings()
    row = "| [茶会](plugins/tea/README.md) | 一起喝茶。 | `plugins.tea` |"
    assert row in documents.all_plugins()


def test_every_sentence_can_be_read(documents: Documents) -> None:
    said = documents.all_texts()
    assert "| `poured` | $name 请<br>请 &#124; 喝 |" in said
    assert "`config.unknown`" in said
    assert said.index("#### 配置文件") < said.index("`config.unknown`") < said.index("#### 数据库")


def test_only_what_is_between_the_markers_changes(documents: Documents, plugin: Plugin) -> None:
    text = (
        "前\n<!-- generated: commands -->\n旧的\n<!-- end -->\n中\n<!-- generated: settings -->\n<!-- end -->"
    )
    page = Page(TEA, ("commands", "settings"), plugin)
    written = documents.written(page, text)
    assert written.startswith("前\n<!-- generated: commands -->\n\n`<…>` 是要填的")
    assert "旧的" not in written and "\n中\n" in written
    assert documents.written(page, written) == written


def test_an_unknown_marker_raises(documents: Documents) -> None:
    with pytest.raises(KeyError):
        documents.written(Page(Path("README.md")), "<!-- generated: nothing -->\n<!-- end -->")


def test_every_plugin_with_a_folder_has_a_page(documents: Documents, plugin: Plugin) -> None:
    assert Page(TEA, ("commands", "settings"), plugin) in documents.pages()
    plugin.folder = None
    assert TEA not in [page.path for page in documents.pages()]


def test_a_page_that_is_missing_is_begun(documents: Documents, clone: Path) -> None:
    (clone / TEA).unlink()
    begun = documents.stale()
    assert list(begun) == [clone / TEA]
    assert begun[clone / TEA].startswith("# 茶会\n\n一起喝茶。\n\n<!-- generated: commands -->\n\n")


@pytest.mark.parametrize("part", ["commands", "settings"])
def test_a_page_that_has_lost_a_table_gets_it_back(documents: Documents, clone: Path, part: str) -> None:
    page = clone / TEA
    page.write_text(page.read_text("utf-8").replace(f"<!-- generated: {part} -->", ""), encoding="utf-8")
    assert documents.stale()[page].count(f"<!-- generated: {part} -->") == 1


@pytest.mark.parametrize(("path", "row"), [(TEA, "| `cups` |"), (Path("bot/README.md"), "| `timezone` |")])
def test_a_table_that_tells_something_else_is_stale(
    documents: Documents, clone: Path, path: Path, row: str
) -> None:
    page = clone / path
    fresh = page.read_text("utf-8")
    assert row in fresh
    page.write_text(fresh.replace(row, "| `other` |"), encoding="utf-8")
    assert documents.stale() == {page: fresh}


def test_outside_a_clone_nothing_is_written(documents: Documents) -> None:
    with pytest.raises(QunxingError):
        documents.stale()
