"""Documentation that cannot rot: tables in Markdown made from the plugins' declarations.

They stand in README.md between `<!-- generated: commands -->` and `<!-- end -->`; a test compares them, and
the shipped config.yaml with `Documents.config_example`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.config import SCHEMA_NAME, config_model
from bot.config_problems import model_at, value_said, without_wrapping
from bot.errors import QunxingError
from bot.group_settings import CLOCK_PATTERN
from bot.messages import CORE, CORE_FILE, TEXTS_FILE, Texts
from bot.plugin import Command, Plugin
from bot.text_page import by_moment

PAGES = ("README.md", "README.en.md")
SHIPPED_CONFIG = "config.yaml"

_MARKED = re.compile(r"(<!-- generated: (?P<name>[\w-]+) -->\n)(?P<body>.*?)(<!-- end -->)", re.DOTALL)
_EXAMPLE = Path("tests/docs_example")
_FENCES = {".py": "python", ".yaml": "text"}  # the texts of a plugin are no configuration
_NAMED_TYPES = {bool: "switch", int: "integer", float: "number", str: "text"}


class Documents:
    """Writes the generated parts. `plugins` come in the order in which they are shown.

    `clone` is where the project's files lie; only the example needs them.
    """

    def __init__(self, plugins: Sequence[Plugin], texts: Texts, clone: Path = Path()) -> None:
        self._plugins = plugins
        self._texts = texts
        self._clone = clone

    def parts(self) -> dict[str, Callable[[], str]]:
        """What can stand between markers, by name."""
        return {
            "commands": self.commands, "settings": self.settings, "texts": self.all_texts,
            "example": self.example,
        }  # fmt: skip

    def written_into(self, page: str) -> str:
        """The page with everything between its markers made anew; raises KeyError for an unknown marker."""
        parts = self.parts()
        return _MARKED.sub(lambda found: f"{found[1]}\n{parts[found['name']]().strip()}\n\n{found[4]}", page)

    def stale(self) -> dict[Path, str]:
        """What in the clone no longer says what the code says, each with what it should say.

        A config.yaml that somebody has changed for a bot of their own is among them. Raises QunxingError
        where there is no clone.
        """
        pages = [self._clone / name for name in PAGES]
        if not all(page.exists() for page in pages):
            raise QunxingError("docs_not_here")
        wanted = {page: self.written_into(_read(page)) for page in pages}
        shipped = self._clone / SHIPPED_CONFIG
        if shipped.exists():
            wanted[shipped] = self.config_example()
        return {path: text for path, text in wanted.items() if _read(path) != text}

    # Commands

    def commands(self) -> str:
        """Every command that is not hidden, members' first: how it is said, by whom, where, an example."""
        shown = [
            (plugin, sorted((one for one in plugin.commands if not one.hidden), key=lambda one: one.who))
            for plugin in self._plugins
        ]
        return "\n\n".join(
            f"{self._heading(plugin)}\n\n{self._table('command', map(self._command_row, commands))}"
            for plugin, commands in shown
            if commands
        )

    def _command_row(self, command: Command) -> list[str]:
        said, answered = command.example
        also = " ".join(f"`{alias}`" for alias in command.aliases if alias != command.grammar)
        return [
            f"`{command.grammar}`" + (f"<br>{also}" if also else ""),
            self._say(f"docs.who.{command.who}"),
            self._say(f"docs.where.{command.where}"),
            command.summary,
            f"{said} → {answered}",
        ]

    # Settings

    def settings(self) -> str:
        """Every setting of config.yaml: its name, what it can be, its default and its meaning."""
        root = config_model(self._plugins)
        core = [name for name in root.model_fields if name not in ("plugins", "rooms")]
        tables = [self._settings_table(name, model_at(root, (name,)) or root) for name in core]
        tables += [self._settings_table(f"plugins.{one.name}", one.settings, one) for one in self._plugins]
        return "\n\n".join(tables)

    def _settings_table(self, section: str, model: type[BaseModel], plugin: Plugin | None = None) -> str:
        about = self._about(section, plugin)
        rows = [self._setting_row(name, info) for name, info in model.model_fields.items()]
        return f"#### `{section}`\n\n{about}" + (f"\n\n{self._table('setting', rows)}" if rows else "")

    def _about(self, section: str, plugin: Plugin | None) -> str:
        """What a section is for; a plugin says it itself."""
        if plugin is None:
            return self._say(f"docs.section.{section}")
        about = f"{plugin.title}：{plugin.summary}" if plugin.summary else plugin.title
        return about if plugin.always_on else about + self._say("docs.switch")

    def _setting_row(self, name: str, info: FieldInfo) -> list[str]:
        default = info.get_default(call_default_factory=True)
        shown = self._say("docs.no_value") if default in (None, "", [], {}) else f"`{value_said(default)}`"
        return [f"`{name}`", info.title or "", self._kind(info), shown, info.description or ""]

    def _kind(self, info: FieldInfo) -> str:
        """What a setting can be, with its bounds."""
        wanted = without_wrapping(info.annotation)
        limits = {type(limit).__name__: limit for limit in info.metadata}
        low, high = getattr(limits.get("Ge"), "ge", None), getattr(limits.get("Le"), "le", None)
        if get_origin(wanted) is Literal:
            return " / ".join(f"`{choice}`" for choice in get_args(wanted))
        if any(getattr(limit, "pattern", None) == CLOCK_PATTERN for limit in info.metadata):
            return self._say("docs.type.clock")
        if low is not None and high is not None:
            return f"{low}–{high}"
        if get_origin(wanted) in (list, tuple, set, frozenset):
            return self._say("docs.type.list")
        return self._say(f"docs.type.{_NAMED_TYPES.get(wanted, 'text')}")

    # Texts

    def all_texts(self) -> str:
        """Every sentence that the bot can say, for owners who want to put some of them differently."""
        owners = [(CORE, self._say("docs.core_texts"), CORE_FILE)]
        owners += [(one.name, one.title, one.folder / TEXTS_FILE) for one in self._plugins if one.folder]
        return "\n\n".join(
            f"### {title} `{name}`\n\n{self._texts_of(name, path)}"
            for name, title, path in owners
            if self._texts.keys(name)
        )

    def _texts_of(self, plugin: str, path: Path) -> str:
        """A table for each moment at which something is said."""
        parts = []
        for moment, keys in by_moment(path, self._texts.keys(plugin)):
            rows = [[f"`{key}`", "<br>".join(map(_cell, self._texts.variants(plugin, key)))] for key in keys]
            heading = moment or self._say("docs.anywhere")
            parts.append(f"#### {heading}\n\n{self._table('text', rows)}")
        return "\n\n".join(parts)

    # The example plugin

    def example(self) -> str:
        """The plugin that the tests run, file by file, word for word."""
        files = sorted(path for path in (self._clone / _EXAMPLE).rglob("*") if path.suffix in _FENCES)
        shown = [
            f"`{path.relative_to(self._clone).as_posix()}`\n\n"
            f"```{_FENCES[path.suffix]}\n{_read(path).strip()}\n```"
            for path in files
        ]
        return "\n\n".join([self._say("docs.example.plugin"), *shown]) if shown else ""

    # Inside

    def _heading(self, plugin: Plugin) -> str:
        return f"#### {plugin.title}" + (f"\n\n{plugin.summary}" if plugin.summary else "")

    def _table(self, columns: str, rows: Iterable[list[str]]) -> str:
        titles = self._say(f"docs.columns.{columns}").split("|")
        head = [_row(titles), _row(["---"] * len(titles))]
        return "\n".join([*head, *(_row(row) for row in rows)])

    def _say(self, key: str) -> str:
        return self._texts.render(CORE, key, None)

    # config.yaml

    def config_example(self) -> str:
        """A whole config.yaml with every default, ready to be changed."""
        root = config_model(self._plugins)
        lines = [f"# yaml-language-server: $schema=data/{SCHEMA_NAME}", *self._remark("docs.example.top")]
        for name in root.model_fields:
            if name not in ("plugins", "rooms"):
                lines += ["", *self._remark(f"docs.section.{name}"), f"{name}:"]
                lines += _yaml_lines((model_at(root, (name,)) or root).model_fields, "  ")
        lines += ["", *self._remark("docs.section.plugins"), "plugins:"]
        for plugin in self._plugins:
            lines += [f"  {plugin.name}:  # {self._about(plugin.name, plugin)}"]
            lines += [] if plugin.always_on else ["    enabled: true"]
            lines += _yaml_lines(plugin.settings.model_fields, "    ")
        return "\n".join([*lines, "", *self._remark("docs.example.rooms")]) + "\n"

    def _remark(self, key: str) -> list[str]:
        return [f"# {line}".rstrip() for line in self._say(key).split("\n")]


def _yaml_lines(fields: dict[str, FieldInfo], indent: str) -> Iterator[str]:
    """`name: default  # description`, the remarks under one another."""
    for name, info in fields.items():
        default = info.get_default(call_default_factory=True)
        written = "" if default is None else json.dumps(default, ensure_ascii=False, default=str)
        yield f"{indent}{name}: {written}".rstrip().ljust(38) + f"  # {info.description or info.title}"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(map(_cell, cells)) + " |"


def _cell(text: str) -> str:
    """A text that stays in its cell."""
    return text.replace("\n", "<br>").replace("|", "&#124;")
