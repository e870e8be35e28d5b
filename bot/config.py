"""config.yaml to typed, frozen settings; secrets come from the environment only.

Every mistake in the file is told at once, in Chinese, with its line: see `bot.config_problems`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, SecretStr, TypeAdapter, ValidationError, create_model

from bot.config_file import Document, Problem, read_document
from bot.config_problems import config_error, expected, problems_in
from bot.config_sections import (
    ENDPOINT_VARIABLE,
    MODEL_ADDRESS_VARIABLE,
    MODEL_KEY_VARIABLE,
    MODEL_NAME_VARIABLE,
    TOKEN_VARIABLE,
    AlertSettings,
    BotSettings,
    GatewaySettings,
    KeepingSettings,
    SendingSettings,
)
from bot.group_settings import GROUP, GroupSettings
from bot.llm import Endpoint
from bot.messages import TextMistake, Texts
from bot.plugin import Plugin, Settings
from bot.words import normalised

SCHEMA_NAME = "config.schema.json"


@dataclass(frozen=True, slots=True)
class PluginChoice:
    """What the file says about a plugin: on or off (None: nothing said), and the settings it names."""

    enabled: bool | None = None
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RoomChoice:
    """What the file says about one room beside what it says about all."""

    group: Mapping[str, Any] = field(default_factory=dict)
    plugins: Mapping[str, PluginChoice] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that whoever runs the bot has decided. `rooms` is by normalised room name."""

    bot: BotSettings = field(default_factory=BotSettings)
    gateway: GatewaySettings = field(default_factory=GatewaySettings)
    group: GroupSettings = field(default_factory=GroupSettings)
    sending: SendingSettings = field(default_factory=SendingSettings)
    keeping: KeepingSettings = field(default_factory=KeepingSettings)
    alerts: AlertSettings = field(default_factory=AlertSettings)
    token: SecretStr = field(default_factory=lambda: SecretStr(""))
    llm: Endpoint | None = None
    group_given: Mapping[str, Any] = field(default_factory=dict)
    plugins: Mapping[str, PluginChoice] = field(default_factory=dict)
    rooms: Mapping[str, RoomChoice] = field(default_factory=dict)

    @property
    def secrets(self) -> list[str]:
        """What must never stand in a log."""
        keys = [self.token, *([self.llm.key] if self.llm else [])]
        return [key.get_secret_value() for key in keys]

    def room(self, name: str) -> RoomChoice:
        """What is said about the room of this name, an empty choice if nothing."""
        return self.rooms.get(normalised(name), RoomChoice())


def config_model(plugins: Sequence[Plugin]) -> type[BaseModel]:
    """The model of the whole file, with a section for each plugin."""
    sections: dict[str, Any] = {plugin.name: _part(_plugin_section(plugin)) for plugin in plugins}
    all_plugins = create_model("Plugins", __base__=Settings, **sections)
    room: Any = create_model(
        "Room", __base__=Settings, group=_part(GroupSettings), plugins=_part(all_plugins)
    )
    parts: dict[str, type[BaseModel]] = {
        "bot": BotSettings,
        "gateway": GatewaySettings,
        "group": GroupSettings,
        "sending": SendingSettings,
        "keeping": KeepingSettings,
        "alerts": AlertSettings,
        "plugins": all_plugins,
    }
    fields: dict[str, Any] = {name: _part(model) for name, model in parts.items()}
    return create_model("Config", __base__=Settings, **fields, rooms=(dict[str, room], {}))


def _part(model: type[BaseModel]) -> Any:
    """A section that may be left out."""
    return model, Field(default_factory=model)


def _plugin_section(plugin: Plugin) -> type[BaseModel]:
    switch = (bool, Field(default=True, title="开关", description=f"{plugin.title}：开还是关"))
    section: type[BaseModel] = create_model(
        f"{plugin.name}_section",
        __base__=plugin.settings,
        __doc__=plugin.summary or plugin.title,
        enabled=switch,
    )
    return section


def load_config(
    path: Path, plugins: Sequence[Plugin], environment: Mapping[str, str] | None = None
) -> Config:
    """Read a file. Raises ConfigError with every problem in it; an empty file is all defaults."""
    environment = os.environ if environment is None else environment
    document = read_document(path)
    problems = list(document.problems)
    texts = _texts_of(plugins)
    root = config_model(plugins)
    if document.tree:
        problems += _validated(root, document, plugins, texts)
    problems += _environment_problems(environment, texts)
    if problems:
        raise config_error(path.name, problems, texts)
    return _config(root.model_validate(document.tree), document.tree, environment)


def config_of(values: Mapping[str, Any], plugins: Sequence[Plugin]) -> Config:
    """A configuration from values that are known to be right, without any environment."""
    return _config(config_model(plugins).model_validate(values), values, {})


def _texts_of(plugins: Sequence[Plugin]) -> Texts:
    """The core's texts, and what plugins say about their own settings; a broken file is the host's affair."""
    texts = Texts()
    for plugin in plugins:
        with suppress(TextMistake):
            texts.add(plugin)
    return texts


def _validated(
    root: type[BaseModel], document: Document, plugins: Sequence[Plugin], texts: Texts
) -> list[Problem]:
    """What is wrong with the values of a file; names without a value are taken out as not given."""
    error = _error_in(root, document.tree)
    while error is not None and _take_out_empty(document.tree, error):
        error = _error_in(root, document.tree)
    problems = [] if error is None else problems_in(error, root, document, texts)
    problems += _switched_off(document, plugins)
    return problems or list(_room_problems(document, plugins, texts))


def _error_in(model: type[BaseModel], tree: Mapping[str, Any]) -> ValidationError | None:
    try:
        model.model_validate(tree)
    except ValidationError as error:
        return error
    return None


def _take_out_empty(tree: dict[str, Any], error: ValidationError) -> bool:
    """Remove `name:` with nothing after it, where that is a mistake; True if there was one."""
    found = False
    for record in error.errors(include_url=False, include_context=False):
        if record["input"] is None and record["type"] != "extra_forbidden":
            *place, name = record["loc"]
            section: Any = tree
            for step in place:
                section = section[step]
            if isinstance(section, dict) and name in section:
                del section[str(name)]
                found = True
    return found


def _switched_off(document: Document, plugins: Sequence[Plugin]) -> Iterator[Problem]:
    """Plugins without which there is no bot, switched off in the file."""
    rooms = document.tree.get("rooms")
    places: list[tuple[str, ...]] = [
        (),
        *(("rooms", room) for room in (rooms if isinstance(rooms, dict) else ())),
    ]
    for place in places:
        for plugin in plugins:
            location = (*place, "plugins", plugin.name, "enabled")
            if plugin.always_on and _at(document.tree, location) is False:
                yield Problem(document.line_of(location), "config.always_on", {"name": plugin.name})


def _at(tree: Any, location: Sequence[str]) -> Any:
    """What stands at a location, None if nothing does."""
    for step in location:
        tree = tree.get(step) if isinstance(tree, dict) else None
    return tree


def _room_problems(document: Document, plugins: Sequence[Plugin], texts: Texts) -> Iterator[Problem]:
    """Rooms whose own values do not go together with those given for all rooms."""
    models: dict[tuple[str, ...], type[BaseModel]] = {("group",): GroupSettings}
    models |= {("plugins", plugin.name): plugin.settings for plugin in plugins}
    for room in document.tree.get("rooms", {}):
        for place, model in models.items():
            location = ("rooms", room, *place)
            own = _at(document.tree, location)
            merged = {**(_at(document.tree, place) or {}), **(own or {})}
            merged.pop("enabled", None)
            error = _error_in(model, merged) if own else None
            if error is not None:
                detail = expected(error.errors()[0], texts, place[-1])
                values = {"path": ".".join(location), "detail": detail}
                yield Problem(document.line_of(location), "config.together", values)


def _environment_problems(environment: Mapping[str, str], texts: Texts) -> Iterator[Problem]:
    address = environment.get(MODEL_ADDRESS_VARIABLE, "").strip() or None
    checked: tuple[tuple[str, type[BaseModel], str, str | None], ...] = (
        (ENDPOINT_VARIABLE, GatewaySettings, "endpoint", environment.get(ENDPOINT_VARIABLE, "")),
        (MODEL_ADDRESS_VARIABLE, AlertSettings, "webhook", address),  # a web address as well
    )
    for name, model, field_name, value in checked:
        error = _error_in(model, {field_name: value})
        if error is not None:
            values = {"name": name, "expected": expected(error.errors()[0], texts), "value": value}
            yield Problem(0, "config.environment", values)


def _config(validated: BaseModel, tree: Mapping[str, Any], environment: Mapping[str, str]) -> Config:
    """The settings of a file that is known to be right."""
    sections = {
        name: getattr(validated, name) for name in ("bot", "gateway", "group", "sending", "keeping", "alerts")
    }
    endpoint = environment.get(ENDPOINT_VARIABLE, "").strip()
    if endpoint:
        sections["gateway"] = sections["gateway"].model_copy(update={"endpoint": endpoint})
    rooms = {
        normalised(name): RoomChoice(dict(_at(room, ("group",)) or {}), _choices(room))
        for name, room in (tree.get("rooms") or {}).items()
    }
    return Config(
        **sections,
        token=SecretStr(environment.get(TOKEN_VARIABLE, "").strip()),
        llm=_model(environment),
        group_given=dict(tree.get(GROUP) or {}),
        plugins=_choices(tree),
        rooms=rooms,
    )


def _model(environment: Mapping[str, str]) -> Endpoint | None:
    """The language model, if there is one: where it is and its key never stand in a file."""
    address = environment.get(MODEL_ADDRESS_VARIABLE, "").strip()
    key = SecretStr(environment.get(MODEL_KEY_VARIABLE, "").strip())
    return Endpoint(address, key, environment.get(MODEL_NAME_VARIABLE, "").strip()) if address else None


def _choices(place: Mapping[str, Any] | None) -> dict[str, PluginChoice]:
    """What the `plugins:` of the file or of a room says about each."""
    choices = {}
    for name, section in (_at(place, ("plugins",)) or {}).items():
        given = {key: value for key, value in (section or {}).items() if key != "enabled"}
        # As the model reads it: `enabled: "off"` is off.
        choices[name] = PluginChoice(_switch(section), given)
    return choices


def _switch(section: Mapping[str, Any] | None) -> bool | None:
    if not section or "enabled" not in section:
        return None
    return TypeAdapter(bool).validate_python(section["enabled"])


def json_schema(plugins: Sequence[Plugin]) -> dict[str, Any]:
    """The JSON schema of config.yaml, by which an editor completes names and shows what they mean."""
    return config_model(plugins).model_json_schema()


def write_schema(folder: Path, plugins: Sequence[Plugin]) -> Path:
    """Write the schema where the first line of the shipped config.yaml looks for it; returns the file."""
    path = folder / SCHEMA_NAME
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(json.dumps(json_schema(plugins), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path
