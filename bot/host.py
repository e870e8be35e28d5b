"""Finding, checking and starting plugins. A bad one is left out with one clear line; the rest run."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import structlog
from sqlalchemy import Table
from sqlalchemy.orm import Session

import plugins as plugin_folder
from bot.commands import CommandBook, pattern_of
from bot.events import Event
from bot.messages import TextMistake, Texts
from bot.plugin import Command, Plugin, Subscription
from bot.storage.tables import Base

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Host:
    """The plugins of one bot. `broken` says for each plugin that was left out why."""

    plugins: dict[str, Plugin] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    commands: CommandBook = field(default_factory=lambda: CommandBook(()))
    _subscribers: dict[type[Event], list[tuple[Plugin, Subscription]]] = field(default_factory=dict)

    def all(self) -> Sequence[Plugin]:
        """The plugins that run, in the order of their names; those that are always on come last."""
        return list(self.plugins.values())

    def subscribers(self, event: type[Event]) -> list[tuple[Plugin, Subscription]]:
        """Who handles this kind of event."""
        found = self._subscribers.get(event)
        if found is None:
            found = [
                (plugin, subscription)
                for plugin in self.plugins.values()
                for subscription in plugin.subscriptions
                if issubclass(event, subscription.event)
            ]
            self._subscribers[event] = found
        return found

    def leave_out(self, name: str, why: str) -> None:
        """Run without this plugin."""
        self.plugins.pop(name, None)
        self.broken[name] = why
        self._subscribers.clear()
        log.error("plugin_left_out", plugin=name, why=why)
        self.read_commands()

    def read_commands(self) -> None:
        """Collect the commands of the plugins that run."""
        self.commands = CommandBook(
            command for plugin in self.plugins.values() for command in plugin.commands
        )


def find_plugins() -> tuple[list[Plugin], dict[str, str]]:
    """Every plugin in the `plugins` folder, and what could not be imported with the reason."""
    found, broken = [], {}
    for info in pkgutil.iter_modules(plugin_folder.__path__):
        try:
            found.append(_plugin_of(importlib.import_module(f"plugins.{info.name}")))
        except Exception as error:  # whatever a plugin's import raises, the others shall run
            broken[info.name] = f"{type(error).__name__}: {error}"
    return found, broken


def read_texts(
    texts: Texts, plugins: Sequence[Plugin], broken: dict[str, str]
) -> tuple[list[Plugin], dict[str, str]]:
    """The plugins whose texts can be used, and the others with the reason."""
    usable = []
    for plugin in plugins:
        try:
            texts.add(plugin)
        except TextMistake as error:
            broken = broken | {plugin.name: str(error)}
        else:
            usable.append(plugin)
    return usable, broken


def start(session: Session, candidates: Iterable[Plugin], broken: dict[str, str], texts: Texts) -> Host:
    """Check each plugin, make its tables if they are missing, and put them together."""
    host = Host(broken=dict(broken))
    for plugin in sorted(candidates, key=lambda one: (one.always_on, one.name)):
        why = "; ".join(complaints(plugin, host.plugins.values(), texts))
        if why:
            host.leave_out(plugin.name, why)
            continue
        make_tables(session, plugin)
        host.plugins[plugin.name] = plugin
    host.read_commands()
    return host


def complaints(plugin: Plugin, others: Iterable[Plugin], texts: Texts) -> list[str]:
    """What is wrong with a plugin's declaration; empty if nothing is."""
    found = []
    others = list(others)
    if plugin.name in [other.name for other in others]:
        found.append("a plugin of that name runs already")
    if not plugin.name.isidentifier():
        found.append("the name is not a Python identifier")
    for table in plugin.tables:
        if not str(table.__tablename__).startswith(f"{plugin.name}_"):
            found.append(f"table {table.__tablename__} does not begin with {plugin.name}_")
    if _names_members(plugin) and not plugin.forgetters:
        found.append("a table names members but nothing is declared with @plugin.forget")
    taken = {pattern_of(said).words for other in others for one in other.commands for said in _ways(one)}
    for command in plugin.commands:
        for way in _ways(command):
            found += _grammar_complaints(way, taken - {""})
        if isinstance(command.confirm, str) and command.confirm not in texts.keys(plugin.name):
            found.append(f"no text {command.confirm!r} for confirming {command.grammar}")
    return found


def make_tables(session: Session, plugin: Plugin) -> None:
    """Create the plugin's tables that no migration has made (a plugin of somebody's own)."""
    tables = [table.__table__ for table in plugin.tables]
    Base.metadata.create_all(
        session.connection(), tables=[table for table in tables if isinstance(table, Table)]
    )


def _plugin_of(module: ModuleType) -> Plugin:
    plugin = getattr(module, "plugin", None)
    if not isinstance(plugin, Plugin):
        raise TypeError("the package exports no value `plugin = Plugin(...)`")
    if plugin.folder is None and module.__file__ is not None:
        plugin.folder = Path(module.__file__).parent
    return plugin


def _names_members(plugin: Plugin) -> bool:
    columns = [column for table in plugin.tables for column in table.__table__.columns]
    return any(key.column.table.name == "member" for column in columns for key in column.foreign_keys) or any(
        "member" in column.name for column in columns
    )


def _ways(command: Command) -> tuple[str, ...]:
    """Every way in which a command can be said."""
    return command.grammar, *command.aliases


def _grammar_complaints(grammar: str, taken: set[str]) -> list[str]:
    try:
        words = pattern_of(grammar).words
    except ValueError as error:
        return [str(error)]
    return [f"command {grammar!r} is taken"] if words in taken else []
