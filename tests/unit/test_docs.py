"""The generated parts of the documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import Field

from bot.docs import Documents
from bot.group_settings import ClockTime
from bot.messages import Texts
from bot.plugin import Plugin, Settings


class TeaSettings(Settings):
    cups: int = Field(default=2, ge=1, le=9, title="杯数", description="一次几杯")
    at: ClockTime = Field(default="15:00", title="茶点", description="几点喝茶")
    kind: Literal["green", "black"] = Field(default="green", title="茶种", description="绿茶 | 红茶")
    guests: list[str] = Field(default=[], title="客人", description="谁来")


@pytest.fixture
def documents(tmp_path: Path) -> Documents:
    (tmp_path / "messages.yaml").write_text('poured: ["$name 请", "请 | 喝"]', encoding="utf-8")
    plugin = Plugin("tea", title="茶会", summary="一起喝茶。", settings=TeaSettings, folder=tmp_path)

    @plugin.command(
        "上茶 [几杯]", who="member", where="group", example=("上茶", "请"), aliases=("来茶",), summary="倒茶"
    )
    def pour(ctx: Any, cups: str) -> None:
        """Pour."""

    @plugin.command("暗号", who="owner", where="private", example=("暗号", "对"), hidden=True)
    def whisper(ctx: Any) -> None:
        """Not shown."""

    return Documents([plugin], Texts([plugin]))


def test_commands_are_shown_with_who_where_and_example(documents: Documents) -> None:
    said = documents.commands()
    assert "| `上茶 [几杯]`<br>`来茶` | 群友 | 群里 | 倒茶 | 上茶 → 请 |" in said
    assert "#### 茶会\n\n一起喝茶。" in said
    assert "暗号" not in said


def test_settings_are_shown_with_what_they_can_be(documents: Documents) -> None:
    said = documents.settings()
    assert "#### `plugins.tea`\n\n茶会：一起喝茶。（`enabled: false` 关掉）" in said
    assert "| `cups` | 杯数 | 1–9 | `2` | 一次几杯 |" in said
    assert "| `at` | 茶点 | 钟点，如 21:30 | `15:00` | 几点喝茶 |" in said
    assert "| `kind` | 茶种 | `green` / `black` | `green` | 绿茶 &#124; 红茶 |" in said
    assert "| `guests` | 客人 | 列表 | （空） | 谁来 |" in said


def test_every_sentence_can_be_read(documents: Documents) -> None:
    said = documents.all_texts()
    assert "| `poured` | $name 请<br>请 &#124; 喝 |" in said
    assert "`config.unknown`" in said
    assert said.index("#### 配置文件") < said.index("`config.unknown`") < said.index("#### 数据库")


def test_only_what_is_between_the_markers_changes(documents: Documents) -> None:
    page = (
        "前\n<!-- generated: commands -->\n旧的\n<!-- end -->\n中\n<!-- generated: settings --><!-- end -->"
    )
    written = documents.written_into(page)
    assert written.startswith("前\n<!-- generated: commands -->\n\n#### 茶会")
    assert "旧的" not in written and "\n中\n" in written
    assert documents.written_into(written) == written


def test_an_unknown_marker_raises(documents: Documents) -> None:
    with pytest.raises(KeyError):
        documents.written_into("<!-- generated: nothing -->\n<!-- end -->")
