"""Which setting or plugin people mean by what they call it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.config_problems import nearest
from bot.errors import QunxingError
from bot.plugin import Plugin
from bot.words import normalised


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting as people see it. `title` is its short Chinese name, `place` its plugin's."""

    plugin: str
    name: str
    place: str
    title: str
    description: str
    annotation: Any

    @property
    def names(self) -> tuple[str, ...]:
        """Everything by which people may call it."""
        return self.title, self.name, f"{self.plugin}.{self.name}", f"{self.place}{self.title}"


def setting_named(said: str, fields: Sequence[SettingField]) -> SettingField:
    """The setting meant by `等待时间`, `迎新 等待时间`, `wait_seconds` or `welcome.wait_seconds`.

    Raises QunxingError with the nearest name if there is none, or with the choices if there are several.
    """
    wanted = _bare(said)
    found = [field for field in fields if wanted in map(_bare, field.names)]
    if len(found) == 1:
        return found[0]
    if found:
        raise QunxingError("setting.ambiguous", name=said, choices="、".join(map(_full_name, found)))
    meant: dict[str, SettingField] = {}
    for field in fields:
        for name in field.names:
            meant.setdefault(_bare(name), field)
    near = nearest(wanted, meant)
    if near is None:
        raise QunxingError("setting.unknown", name=said)
    raise QunxingError("setting.unknown_near", name=said, near=meant[near].title)


def plugin_named(said: str, plugins: Sequence[Plugin]) -> Plugin:
    """The plugin of this title or name; raises QunxingError with the nearest title if there is none."""
    names = {_bare(name): plugin for plugin in plugins for name in (plugin.name, plugin.title)}
    wanted = _bare(said)
    if wanted in names:
        return names[wanted]
    near = nearest(wanted, names)
    if near is None:
        raise QunxingError("setting.unknown_plugin", name=said)
    raise QunxingError("setting.unknown_plugin_near", name=said, near=names[near].title)


def _full_name(field: SettingField) -> str:
    return f"{field.place}·{field.title}"


def _bare(said: str) -> str:
    """A name without what people put between its parts."""
    return "".join(letter for letter in normalised(said) if letter not in " .·的:/_-")
