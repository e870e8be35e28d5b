"""What pydantic says about config.yaml, as problems that a group owner can mend."""

from __future__ import annotations

import types
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from rapidfuzz import fuzz, process

from bot.config_file import Document, Location, Problem
from bot.errors import ConfigError
from bot.messages import CORE, Texts, first
from bot.words import Trusted, plain

_LIKE_ENOUGH = 65  # of 100; `wiat` finds `wait`, `foo` finds nothing
_BOUNDS = {
    "greater_than_equal": ("expected.at_least", "ge"),
    "less_than_equal": ("expected.at_most", "le"),
    "greater_than": ("expected.more_than", "gt"),
    "less_than": ("expected.less_than", "lt"),
    "string_too_long": ("expected.too_long", "max_length"),
    "too_long": ("expected.too_long", "max_length"),
    "string_too_short": ("expected.too_short", "min_length"),
    "too_short": ("expected.too_short", "min_length"),
}
_KINDS = {
    "int": "expected.int",
    "float": "expected.number",
    "bool": "expected.bool",
    "string": "expected.text",
    "path": "expected.text",
    "list": "expected.list",
    "tuple": "expected.list",
    "dict": "expected.section",
    "model": "expected.section",
}


def nearest(name: str, choices: Iterable[str]) -> str | None:
    """The choice that looks most like `name`, None if nothing does."""
    found = process.extractOne(name, list(choices), scorer=fuzz.ratio, score_cutoff=_LIKE_ENOUGH)
    return None if found is None else str(found[0])


def expected(error: Any, texts: Texts, plugin: str = CORE) -> Trusted:
    """What a value should have been, from one of pydantic's error records.

    A validator of a plugin's raises PydanticCustomError("kind", …) and has a text `expected.kind`.
    """
    kind, context = error["type"], error.get("ctx") or {}
    if kind in _BOUNDS:
        key, bound = _BOUNDS[kind]
        return texts.render(CORE, key, 0, first, bound=context[bound])
    if kind in ("literal_error", "enum"):
        choices = str(context["expected"]).replace("'", "").replace(" or ", ", ")
        return texts.render(CORE, "expected.one_of", 0, first, choices=choices)
    family, _, fault = kind.partition("_")
    known = fault in ("type", "parsing", "from_float", "attributes_type")
    key = _KINDS[family] if known and family in _KINDS else f"expected.{kind}"
    for owner in (plugin, CORE):
        if texts.has(owner, key) and not texts.placeholders(owner, key):
            return texts.render(owner, key, None)
    # A validator without a text of its own: its words are the best there are.
    detail = str(context.get("error") or error["msg"])
    return texts.render(CORE, "expected.other", None, first, detail=detail)


def model_at(model: Any, location: Sequence[str | int]) -> type[BaseModel] | None:
    """The model that describes the section at a location, None if there is no such section."""
    for step in location:
        model = without_wrapping(model)
        if isinstance(model, type) and issubclass(model, BaseModel):
            info = model.model_fields.get(str(step))
            model = None if info is None else info.annotation
        else:
            model = (get_args(model) or (None,))[-1]  # dict[str, X] and list[X]
    model = without_wrapping(model)
    return model if isinstance(model, type) and issubclass(model, BaseModel) else None


def without_wrapping(annotation: Any) -> Any:
    """`X` from `Annotated[X, …]` and from `X | None`."""
    if get_origin(annotation) is Annotated:
        return without_wrapping(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [choice for choice in get_args(annotation) if choice is not type(None)]
        return without_wrapping(inner[0])
    return annotation


def problems_in(
    error: ValidationError, root: type[BaseModel], document: Document, texts: Texts
) -> list[Problem]:
    """Every record of a validation error as a problem with its line."""
    found = []
    for record in error.errors(include_url=False):
        location: Location = tuple(record["loc"])
        line = document.line_of(location)
        if location == ("gateway", "token"):
            found.append(Problem(line, "config.token"))
        elif record["type"] == "extra_forbidden":
            found.append(_unknown_name(root, location, line))
        else:
            found.append(_wrong_value(record, location, line, root, texts))
    return found


def _wrong_value(record: Any, location: Location, line: int, root: type[BaseModel], texts: Texts) -> Problem:
    said, path = expected(record, texts, plugin_at(location)), path_said(location)
    if record["type"] == "missing":
        return Problem(line, "config.lacking", {"path": path})
    if (
        record["type"] not in _BOUNDS
        and model_at(root, location)
        and isinstance(record["input"], dict | BaseModel)
    ):
        return Problem(line, "config.together", {"path": path, "detail": said})
    value = plain(value_said(record["input"]), 40)
    return Problem(line, "config.wrong", {"path": path, "expected": said, "value": value})


def plugin_at(location: Location) -> str:
    """The plugin whose section a location is in, `core` if it is in none."""
    at = location.index("plugins") + 1 if "plugins" in location else len(location)
    return str(location[at]) if at < len(location) else CORE


def value_said(value: object) -> str:
    """A value as it is written in YAML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return '""' if value == "" else str(value)


def path_said(location: Location) -> str:
    """`plugins.welcome.wait_seconds`; places in lists count from one."""
    return ".".join(str(step + 1) if isinstance(step, int) else plain(step, 40) for step in location)


def _unknown_name(root: type[BaseModel], location: Location, line: int) -> Problem:
    """An unknown name, with the likeliest thing that was meant."""
    *place, name = location
    section = model_at(root, place)
    valid = list(section.model_fields) if section is not None else []
    path = path_said(location)
    near = nearest(str(name), valid)
    if near is not None:
        return Problem(line, "config.unknown_near", {"path": path, "near": near})
    for other in _sections(root):
        described = model_at(root, other)
        if other != tuple(place) and described is not None and name in described.model_fields:
            if other:
                return Problem(line, "config.unknown_elsewhere", {"path": path, "place": path_said(other)})
            return Problem(line, "config.unknown_top", {"path": path, "name": str(name)})
    if valid:
        return Problem(line, "config.unknown_choices", {"path": path, "choices": "、".join(valid)})
    return Problem(line, "config.unknown", {"path": path})


def _sections(root: type[BaseModel]) -> list[Location]:
    """Where a misplaced name may belong: the top, its sections, and each plugin's own."""
    plugins = model_at(root, ("plugins",))
    inner: list[Location] = [("plugins", name) for name in (plugins.model_fields if plugins else ())]
    return [(), *((name,) for name in root.model_fields), *inner]


def config_error(file: str, problems: Sequence[Problem], texts: Texts) -> ConfigError:
    """One error that says every problem, in the order of the file; `lines` in its values has them singly."""
    lines = []
    for problem in sorted(problems, key=lambda problem: problem.line):
        said = texts.render(CORE, problem.key, 0, first, **problem.values)
        key, where = ("config.line", {"line": problem.line}) if problem.line else ("config.whole", {})
        lines.append(texts.render(CORE, key, 0, first, file=file, problem=said, **where))
    return ConfigError("config.problems", count=len(lines), problems=Trusted("\n".join(lines)))
