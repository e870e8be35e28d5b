"""What a report calls plugins and the texts that they say, so that an owner can find and change them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.messages import Texts
from bot.plugin import Plugin


@dataclass(frozen=True, slots=True)
class Wording:
    """Titles by plugin, and by plugin the keys of its texts in the order in which they are numbered."""

    titles: Mapping[str, str]
    keys: Mapping[str, Sequence[str]]

    def title(self, plugin: str) -> str:
        """The plugin's Chinese title."""
        return self.titles.get(plugin, plugin)

    def number(self, plugin: str, reason: str) -> int | None:
        """The text that was said for this reason, as 文案 counts them; None if it was not one text alone."""
        keys = self.keys.get(plugin, ())
        return keys.index(reason) + 1 if reason in keys else None


def wording_of(plugins: Iterable[Plugin], texts: Texts) -> Wording:
    """What these plugins are called, and what they can say."""
    known = list(plugins)
    return Wording(
        titles={plugin.name: plugin.title for plugin in known},
        keys={plugin.name: texts.keys(plugin.name) for plugin in known},
    )
