"""Documentation that cannot rot: tables in Markdown made from the plugins' declarations.

They stand on pages (`Documents.pages`: some of the house's, and one in the folder of each plugin) between
`<!-- generated: commands -->` and `<!-- end -->`; a test compares them, and the shipped config.yaml with
`Documents.config_example`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.config import SCHEMA_NAME, config_model
from bot.config_problems import model_at, value_said, without_wrapping
from bot.errors import QunxingError
from bot.group_settings import CLOCK_PATTERN
from bot.messages import CORE, CORE_FILE, TEXTS_FILE, Texts
from bot.plugin import Command, Plugin, Who
from bot.text_page import by_moment

PAGE_NAME = "README.md"
SHIPPED_CONFIG = "config.yaml"

_MARKED = re.compile(r"(<!-- generated: (?P<name>[\w-]+) -->\n)(?P<body>.*?)(<!-- end -->)", re.DOTALL)
_EXAMPLE = Path("tests/docs_example")
_FENCES = {".py": "python", ".yaml": "text"}  # the texts of a plugin are no configuration
_NAMED_TYPES = {bool: "switch", int: "integer", float: "number", str: "text"}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the clone and the generated parts that it must hold; a plugin's page tells of that plugin."""

    path: Path
    parts: tuple[str, ...] = ()
    plugin: Plugin | None = None


PAGES_OF_THE_HOUSE = (
    Page(Path(PAGE_NAME), ("plugins",)),
    Page(Path("bot", PAGE_NAME), ("settings",)),
    Page(_EXAMPLE / PAGE_NAME, ("example",)),
)


class Documents:
    """Writes the generated parts. `plugins` come in the order in which they are shown.

    `clone` is where the project's files lie; only pages and the example need them.
    """

    def __init__(self, plugins: Sequence[Plugin], texts: Texts, clone: Path = Path()) -> None:
        self._plugins = plugins
        self._texts = texts
        self._clone = clone

    def pages(self) -> list[Page]:
        """Every page that holds generated parts: the house's, and one for each plugin that has a folder."""
        return [*PAGES_OF_THE_HOUSE, *map(self._page_of, filter(lambda one: one.folder, self._plugins))]

    def _page_of(self, plugin: Plugin) -> Page:
        parts = (("commands", _shown(plugin)), ("settings", plugin.settings.model_fields))
        return Page(_path_of(plugin), tuple(name for name, rows in parts if rows), plugin)

    def parts(self, plugin: Plugin | None = None) -> dict[str, Callable[[], str]]:
        """What can stand between markers, by name: on a page of the house, or on a plugin's."""
        if plugin is not None:
            return {"commands": lambda: self.commands(plugin), "settings": lambda: self.settings_of(plugin)}
        return {
            "plugins": self.all_plugins, "settings": self.settings, "texts": self.all_texts,
            "example": self.example,
        }  # fmt: skip

    def written(self, page: Page, text: str) -> str:
        """The page's text with everything between its markers made anew.

        A part that it lacks comes at its end; an empty page gets a heading. Raises KeyError for an unknown
        marker.
        """
        if not text and page.plugin is not None:
            text = f"# {page.plugin.title}\n\n{page.plugin.summary}\n"
        there = {found["name"] for found in _MARKED.finditer(text)}
        lacking = [name for name in page.parts if name not in there]
        text += "".join(f"\n<!-- generated: {name} -->\n<!-- end -->\n" for name in lacking)
        parts = self.parts(page.plugin)
        return _MARKED.sub(lambda found: f"{found[1]}\n{parts[found['name']]().strip()}\n\n{found[4]}", text)

    def stale(self) -> dict[Path, str]:
        """What in the clone no longer says what the code says, each with what it should say.

        A page that is missing is among them, and a config.yaml that somebody has changed for a bot of their
        own. Raises QunxingError where there is no clone.
        """
        if not (self._clone / PAGE_NAME).exists():
            raise QunxingError("docs_not_here")
        there = {self._clone / page.path: page for page in self.pages()}
        wanted = {path: self.written(page, _read(path)) for path, page in there.items()}
        shipped = self._clone / SHIPPED_CONFIG
        if shipped.exists():
            wanted[shipped] = self.config_example()
        return {path: text for path, text in wanted.items() if not path.exists() or _read(path) != text}

    # Plugins and their commands

    def all_plugins(self) -> str:
        """Every plugin in a line, with a link to its page."""
        return self._table("plugin", map(self._plugin_row, self._plugins))

    def _plugin_row(self, plugin: Plugin) -> list[str]:
        switch = self._say("docs.always_on") if plugin.always_on else ""
        page = f"[{plugin.title}]({_path_of(plugin).as_posix()})"
        return [page, plugin.summary, f"`plugins.{plugin.name}`{switch}"]

    def commands(self, plugin: Plugin) -> str:
        """Every command that is not hidden, members' first: how it is said, where, what for, an example."""
        tables = [self._say("docs.how_to_read")]
        for who in get_args(Who):
            rows = [self._command_row(one) for one in _shown(plugin) if one.who == who]
            if rows:
                tables.append(f"### {self._say(f'docs.who.{who}')}\n\n{self._table('command', rows)}")
        return "\n\n".join(tables)

    def _command_row(self, command: Command) -> list[str]:
        said, answered = command.example
        also = " ".join(f"`{alias}`" for alias in command.aliases if alias != command.grammar)
        return [
            f"`{command.grammar}`" + (f"<br>{also}" if also else ""),
            self._say(f"docs.where.{command.where}"),
            command.summary,
            f"{said} → {answered}",
        ]

    # Settings

    def settings(self) -> str:
        """Every setting of config.yaml that no plugin owns: its name, values, default and meaning."""
        root = config_model(self._plugins)
        core = [name for name in root.model_fields if name not in ("plugins", "rooms")]
        return "\n\n".join(self._settings_of_section(name, model_at(root, (name,)) or root) for name in core)

    def _settings_of_section(self, section: str, model: type[BaseModel]) -> str:
        return f"## `{section}`\n\n{self._say(f'docs.section.{section}')}\n\n{self._settings_table(model)}"

    def settings_of(self, plugin: Plugin) -> str:
        """The same for the settings of one plugin."""
        where = self._say("docs.where_settings_stand", name=plugin.name)
        switch = "" if plugin.always_on else self._say("docs.switch")
        return f"{where}{switch}\n\n{self._settings_table(plugin.settings)}"

    def _settings_table(self, model: type[BaseModel]) -> str:
        return self._table("setting", [self._setting_row(*field) for field in model.model_fields.items()])

    def _about(self, plugin: Plugin) -> str:
        """What a plugin is for, for the shipped config.yaml."""
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

    def _table(self, columns: str, rows: Iterable[list[str]]) -> str:
        titles = self._say(f"docs.columns.{columns}").split("|")
        head = [_row(titles), _row(["---"] * len(titles))]
        return "\n".join([*head, *(_row(row) for row in rows)])

    def _say(self, key: str, **values: Any) -> str:
        return self._texts.render(CORE, key, None, **values)

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
            lines += [f"  {plugin.name}:  # {self._about(plugin)}"]
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


def _shown(plugin: Plugin) -> list[Command]:
    """The commands that people are told of."""
    return [one for one in plugin.commands if not one.hidden]


def _path_of(plugin: Plugin) -> Path:
    """A plugin's page, in its folder."""
    return Path("plugins", plugin.name, PAGE_NAME)


def _read(path: Path) -> str:
    """What a file holds; nothing if it is not there."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(map(_cell, cells)) + " |"


def _cell(text: str) -> str:
    """A text that stays in its cell."""
    return text.replace("\n", "<br>").replace("|", "&#124;")
