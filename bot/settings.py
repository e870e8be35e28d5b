"""The settings that hold in a room: owner's change > room in config > plugin in config > default."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.config import Config
from bot.config_problems import expected, value_said
from bot.errors import QunxingError
from bot.group_settings import GROUP, GroupSettings
from bot.messages import Texts
from bot.owner_rows import OwnerRows
from bot.plugin import Plugin
from bot.setting_names import SettingField, plugin_named, setting_named
from bot.setting_values import value_meant, wants_default
from bot.storage.tables.desk import AuditRow, SettingRow

ENABLED = "enabled"
AUDIT_ACTION = "setting"
UNDO_ACTION = "setting_undone"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Change:
    """A setting before and after. Values are as JSON has them: numbers, texts, true and false, lists."""

    plugin: str
    name: str
    title: str
    old: Any
    new: Any


class SettingsBook:
    """Settings of all plugins (and of the group itself, plugin `group`) for every room.

    Changed on the writer thread only; read from anywhere. `version` grows with every change, so that what
    is computed from settings knows when it is stale. A room of None or 0 means: what holds for all rooms.
    """

    def __init__(
        self, config: Config, plugins: Sequence[Plugin], room_name: Callable[[int], str], texts: Texts
    ) -> None:
        self.version = 0
        self._config = config
        self._plugins = {plugin.name: plugin for plugin in plugins}
        self._room_name = room_name
        self._texts = texts
        self._rows = OwnerRows(SettingRow, lambda row: row.value, self.invalidate)
        self._built: dict[tuple[str, int], BaseModel] = {}
        self._enabled: dict[tuple[str, int], bool] = {}

    def load(self, session: Session) -> None:
        """Read the owners' changes."""
        self._rows.load(session)

    def invalidate(self) -> None:
        """Something that settings depend on has changed: a value, or a room's name."""
        self._built = {}
        self._enabled = {}
        self.version += 1

    # Reading

    def for_plugin(self, plugin: str, room_id: int | None) -> Any:
        """The plugin's own settings model, frozen, as it holds in a room."""
        key = (plugin, room_id or 0)
        built = self._built
        if key not in built:
            built[key] = self._build(*key)
        return built[key]

    def group(self, room_id: int | None) -> GroupSettings:
        """The settings of a room that belong to no plugin."""
        settings: GroupSettings = self.for_plugin(GROUP, room_id)
        return settings

    def enabled(self, plugin: str, room_id: int | None) -> bool:
        """Whether a plugin is on in a room; one that does not exist or could not start is off."""
        key = (plugin, room_id or 0)
        found = self._enabled.get(key)
        if found is None:
            found = self._enabled[key] = self._is_enabled(plugin, room_id)
        return found

    def _is_enabled(self, plugin: str, room_id: int | None) -> bool:
        declared = self._plugins.get(plugin)
        if declared is None or declared.always_on:
            return declared is not None
        for row_room in dict.fromkeys((room_id or 0, 0)):
            own = self._rows.get(row_room, plugin, ENABLED)
            if own is not None:
                return bool(own)
        choices = [self._config.plugins.get(plugin)]
        if room_id:
            choices.insert(0, self._config.room(self._room_name(room_id)).plugins.get(plugin))
        return next((choice.enabled for choice in choices if choice and choice.enabled is not None), True)

    def value(self, plugin: str, name: str, room_id: int | None) -> Any:
        """One setting as JSON has it."""
        if name == ENABLED and plugin != GROUP:
            return self.enabled(plugin, room_id)
        return self.for_plugin(plugin, room_id).model_dump(mode="json")[name]

    def as_config(self, room_id: int | None) -> dict[str, Any]:
        """What holds in a room as the values of a configuration that says so for all rooms."""
        plugins = {
            name: {"enabled": self.enabled(name, room_id)}
            | self.for_plugin(name, room_id).model_dump(mode="json")
            for name in self._plugins
        }
        sections = {"bot": self._config.bot, "sending": self._config.sending, GROUP: self.group(room_id)}
        shared = {name: section.model_dump(mode="json") for name, section in sections.items()}
        return shared | {"plugins": plugins}

    # Finding

    def fields(self, plugin: str | None = None) -> Iterator[SettingField]:
        """All settings that an owner can change, of one plugin or of all, the group's own first."""
        places = [(GROUP, str(GroupSettings.model_config.get("title"))), *self._titles()]
        for owner, place in places:
            if plugin in (None, owner):
                for name, info in self._model(owner).model_fields.items():
                    title, description = info.title or name, info.description or ""
                    yield SettingField(owner, name, place, title, description, info.annotation)

    def find(self, said: str) -> SettingField:
        """The setting meant by `等待时间`, `迎新 等待时间`, `wait_seconds`; see `bot.setting_names`."""
        return setting_named(said, list(self.fields()))

    def find_plugin(self, said: str) -> Plugin:
        """The plugin of this title or name; raises QunxingError with the nearest title if there is none."""
        return plugin_named(said, list(self._plugins.values()))

    # Changing

    def change(
        self, session: Session, now: datetime, room_id: int | None, plugin: str, name: str, said: object,
        by_member: int | None,
    ) -> Change:  # fmt: skip
        """Change a setting for a room from now on; `默认` takes the owner's change back.

        Raises QunxingError if there is no such setting, or the value is not one that it can have.
        """
        field = self._field(plugin, name)
        old = self.value(plugin, name, room_id)
        if wants_default(said):
            self._rows.remove(session, room_id or 0, plugin, name)
        else:
            new = self._checked(field, room_id or 0, value_meant(said, field.annotation, name), said)
            self._put(session, now, room_id, field, new, by_member)
        change = Change(plugin, name, field.title, old, self.value(plugin, name, room_id))
        _audit(session, now, room_id, by_member, AUDIT_ACTION, change)
        return change

    def undo(self, session: Session, now: datetime, room_id: int | None, by_member: int | None) -> Change:
        """Take back the last change of a room that still stands; said twice, the one before it too."""
        query = select(AuditRow).where(
            AuditRow.action == AUDIT_ACTION,
            AuditRow.undone.is_(False),
            AuditRow.room_id.is_(None) if not room_id else AuditRow.room_id == room_id,
        )
        last = session.scalars(query.order_by(AuditRow.id.desc()).limit(1)).first()
        plugin, _, name = last.subject.partition(".") if last is not None else ("", "", "")
        if last is None or (plugin != GROUP and plugin not in self._plugins):
            raise QunxingError("setting.nothing_to_undo")
        field, before = self._field(plugin, name), self.value(plugin, name, room_id)
        last.undone = True
        self._rows.remove(session, room_id or 0, plugin, name)
        if self.value(plugin, name, room_id) != last.old:  # an earlier change of the owner's stood there
            self._put(session, now, room_id, field, last.old, by_member)
        change = Change(plugin, name, field.title, before, self.value(plugin, name, room_id))
        _audit(session, now, room_id, by_member, UNDO_ACTION, change)
        return change

    # Inside

    def _titles(self) -> list[tuple[str, str]]:
        return [(plugin.name, plugin.title) for plugin in self._plugins.values()]

    def _model(self, plugin: str) -> type[BaseModel]:
        return GroupSettings if plugin == GROUP else self._plugins[plugin].settings

    def _field(self, plugin: str, name: str) -> SettingField:
        declared = self._plugins.get(plugin)
        if name == ENABLED and declared is not None:
            if declared.always_on:
                raise QunxingError("setting.always_on", title=declared.title)
            return SettingField(plugin, ENABLED, declared.title, declared.title, declared.summary, bool)
        for field in self.fields(plugin):
            if field.name == name:
                return field
        raise QunxingError("setting.unknown", name=name)

    def _put(
        self, session: Session, now: datetime, room_id: int | None, field: SettingField, value: Any,
        by_member: int | None,
    ) -> None:  # fmt: skip
        row = SettingRow(
            room_id=room_id or 0, plugin=field.plugin, name=field.name, value=value, changed_at=now,
            changed_by=by_member,
        )  # fmt: skip
        self._rows.put(session, row)

    def _checked(self, field: SettingField, room_id: int, value: object, said: object) -> Any:
        """The value as JSON has it, if the model takes it beside all the others of that room."""
        try:
            if field.name == ENABLED and field.annotation is bool and field.plugin != GROUP:
                return TypeAdapter(bool).validate_python(value)
            given = {
                **self._given(field.plugin, room_id),
                **self._own(field.plugin, room_id),
                field.name: value,
            }
            return self._model(field.plugin).model_validate(given).model_dump(mode="json")[field.name]
        except ValidationError as error:
            wrong = expected(error.errors(include_url=False)[0], self._texts, field.plugin)
            shown = value_said(said)
            raise QunxingError(
                "setting.wrong_value", title=field.title, expected=wrong, value=shown
            ) from None

    def _given(self, plugin: str, room_id: int) -> dict[str, Any]:
        """What the config says, for all rooms and then for this one."""
        in_room = self._config.room(self._room_name(room_id)) if room_id else None
        if plugin == GROUP:
            return {**self._config.group_given, **(in_room.group if in_room else {})}
        everywhere = self._config.plugins.get(plugin)
        here = in_room.plugins.get(plugin) if in_room else None
        return {**(everywhere.given if everywhere else {}), **(here.given if here else {})}

    def _own(self, plugin: str, room_id: int) -> dict[str, Any]:
        """What owners changed, for all rooms and then for this one; names that are gone are left out."""
        changed = self._rows.named(0, plugin)
        if room_id:
            changed |= self._rows.named(room_id, plugin)
        fields = self._model(plugin).model_fields
        return {name: value for name, value in changed.items() if name in fields}

    def _build(self, plugin: str, room_id: int) -> BaseModel:
        model, given, own = self._model(plugin), self._given(plugin, room_id), self._own(plugin, room_id)
        try:
            return model.model_validate({**given, **own})
        except ValidationError as error:
            # A newer version may refuse what was once allowed: the rest of the owner's wishes still hold.
            wrong = {record["loc"][0] for record in error.errors() if record["loc"]} & own.keys()
            log.warning("stored settings refused", plugin=plugin, room=room_id, names=sorted(map(str, wrong)))
            kept = {name: value for name, value in own.items() if name not in wrong} if wrong else {}
        try:
            return model.model_validate({**given, **kept})
        except ValidationError:
            return model.model_validate(given)


def _audit(
    session: Session, now: datetime, room_id: int | None, by_member: int | None, action: str, change: Change
) -> None:
    row = AuditRow(at=now, room_id=room_id or None, member_id=by_member, action=action)
    row.subject, row.old, row.new = f"{change.plugin}.{change.name}", change.old, change.new
    session.add(row)
    session.flush()
