"""What the bot says: Chinese texts from messages.yaml, strict placeholders, an owner's own wording first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from string import Template

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from sqlalchemy.orm import Session

from bot.errors import QunxingError
from bot.owner_rows import OwnerRows
from bot.plugin import Plugin
from bot.storage.tables.desk import AuditRow, TextOverride
from bot.words import Trusted, own_wording, plain

CORE = "core"
LONGEST_OVERRIDE = 500
TEXTS_FILE = "messages.yaml"
CORE_FILE = Path(__file__).with_name(TEXTS_FILE)

Choose = Callable[[Sequence[str]], str]


class TextMistake(ValueError):
    """A text or its use in the code is wrong: for whoever writes the code, never for a person in a chat."""


@dataclass(frozen=True, slots=True)
class Text:
    """One thing the bot can say: its variants, and the placeholders that they use together."""

    variants: tuple[str, ...]
    placeholders: frozenset[str]


def first(variants: Sequence[str]) -> str:
    """A `choose` without chance, for what is not said in a chat."""
    return variants[0]


class Texts:
    """All texts of the core (plugin name `core`) and of the plugins, with the owners' overrides.

    A text is a string or a list of variants, with placeholders `$name` or `${name}`; `$$` is a dollar.
    """

    def __init__(self, plugins: Iterable[Plugin] = ()) -> None:
        self._texts: dict[tuple[str, str], Text] = {}
        self._overrides = OwnerRows(TextOverride, lambda row: row.text, lambda: None)
        self._said_last: dict[tuple[int, str, str], str] = {}
        self._add_file(CORE, CORE_FILE)
        for plugin in plugins:
            self.add(plugin)

    def add(self, plugin: Plugin) -> None:
        """Read a plugin's messages.yaml, if it has one; raises TextMistake if that cannot be used."""
        if plugin.folder is not None and (plugin.folder / TEXTS_FILE).exists():
            self._add_file(plugin.name, plugin.folder / TEXTS_FILE)

    def load(self, session: Session) -> None:
        """Read the owners' overrides."""
        self._overrides.load(session)

    def keys(self, plugin: str) -> list[str]:
        """Everything a plugin can say, in the order of its file."""
        return [key for owner, key in self._texts if owner == plugin]

    def has(self, plugin: str, key: str) -> bool:
        """Whether a plugin has such a text."""
        return (plugin, key) in self._texts

    def variants(self, plugin: str, key: str) -> tuple[str, ...]:
        """The wordings that the file gives for a key."""
        return self._text(plugin, key).variants

    def placeholders(self, plugin: str, key: str) -> frozenset[str]:
        """The names that a text wants; every call must give all of these and no others."""
        return self._text(plugin, key).placeholders

    def render(
        self, plugin: str, key: str, room_id: int | None, choose: Choose = first, **values: object
    ) -> Trusted:
        """The text for a room (None: no room), with the values made harmless.

        `choose` picks among several variants; the one said last in that room is not offered again. Raises
        TextMistake if the key is unknown or the values are not exactly the text's placeholders.
        """
        text = self._text(plugin, key)
        if values.keys() != text.placeholders:
            wrong = ", ".join(sorted(values.keys() ^ text.placeholders))
            raise TextMistake(f"{plugin}.{key}: placeholders missing or surplus: {wrong}")
        template = self.override(plugin, key, room_id) or self._pick(
            (room_id or 0, plugin, key), text, choose
        )
        return Trusted(Template(template).substitute({name: plain(value) for name, value in values.items()}))

    def said(self, error: QunxingError, plugin: str = CORE, room_id: int | None = None) -> Trusted:
        """The sentence for an error: the plugin's own text for its key, else the core's."""
        owner = plugin if self.has(plugin, error.key) else CORE
        return self.render(owner, error.key, room_id, first, **error.values)

    def override(self, plugin: str, key: str, room_id: int | None) -> str | None:
        """The owner's own wording for a room, else for all rooms, else None."""
        own = self._overrides.get(room_id or 0, plugin, key) or self._overrides.get(0, plugin, key)
        return str(own) if own else None

    def set_override(
        self,
        session: Session,
        now: datetime,
        room_id: int,
        plugin: str,
        key: str,
        text: str,
        by: int | None = None,
        action: str = "text",
    ) -> None:
        """Say it in the owner's words from now on; an empty text goes back to ours.

        `action` is what the audit log calls it.

        Raises QunxingError if there is no such text, it is too long, or it has an unknown placeholder.
        """
        text = own_wording(text)
        self._check_override(plugin, key, text)
        old = self._overrides.get(room_id, plugin, key)
        if text:
            row = TextOverride(room_id=room_id, plugin=plugin, name=key, text=text, changed_at=now)
            self._overrides.put(session, row)
        else:
            self._overrides.remove(session, room_id, plugin, key)
        audit = AuditRow(
            at=now, room_id=room_id or None, member_id=by, action=action, old=old, new=text or None
        )
        audit.subject = f"{plugin}.{key}"
        session.add(audit)

    def _check_override(self, plugin: str, key: str, text: str) -> None:
        if not self.has(plugin, key):
            raise QunxingError("text.unknown_key", name=key)
        if len(text) > LONGEST_OVERRIDE:
            raise QunxingError("text.too_long", limit=LONGEST_OVERRIDE, length=len(text))
        template, known = Template(text), self.placeholders(plugin, key)
        surplus = sorted(set(template.get_identifiers()) - known)
        if surplus or not template.is_valid():
            listed = "、".join(f"${name}" for name in sorted(known))
            if not known:
                raise QunxingError("text.no_placeholders")
            raise QunxingError("text.unknown_placeholder", name="$" + "".join(surplus[:1]), known=listed)

    def _pick(self, place: tuple[int, str, str], text: Text, choose: Choose) -> str:
        if len(text.variants) == 1:
            return text.variants[0]
        last = self._said_last.get(place)
        chosen = choose([variant for variant in text.variants if variant != last])
        self._said_last[place] = chosen
        return chosen

    def _text(self, plugin: str, key: str) -> Text:
        try:
            return self._texts[plugin, key]
        except KeyError:
            raise TextMistake(f"no text {plugin}.{key}") from None

    def _add_file(self, plugin: str, path: Path) -> None:
        written = path.stat()
        for key, text in texts_in(path, written.st_mtime_ns, written.st_size).items():
            self._texts[plugin, key] = text


@cache
def texts_in(path: Path, mtime_ns: int, size: int) -> Mapping[str, Text]:
    """The texts of a file, read once for each state it had; raises TextMistake if it cannot be used."""
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        raise TextMistake(f"{path}: {error}") from error
    if not isinstance(content, dict):
        raise TextMistake(f"{path}: not a mapping of keys to texts")
    return {str(key): read_text(f"{path}: {key}", value) for key, value in content.items()}


def read_text(where: str, value: object) -> Text:
    """A text as it stands in a file; raises TextMistake naming `where` if it is none."""
    variants: list[object] = value if isinstance(value, list) else [value]
    if not variants or len(set(map(str, variants))) < len(variants):
        raise TextMistake(f"{where}: no variant, or one twice")
    texts = [variant for variant in variants if isinstance(variant, str) and variant.strip()]
    if len(texts) < len(variants):
        raise TextMistake(f"{where}: not a text")
    if not all(Template(text).is_valid() for text in texts):
        raise TextMistake(f"{where}: a $ that is neither $name nor $$")
    names = {name for text in texts for name in Template(text).get_identifiers()}
    return Text(tuple(text.strip("\n") for text in texts), frozenset(names))
