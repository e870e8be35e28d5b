"""What an owner writes for a setting (开, 30分钟, 两小时) as the value that the setting wants. Pure."""

from __future__ import annotations

import re
from typing import Any, Literal, get_args, get_origin

from bot.config_problems import without_wrapping
from bot.words import normalised, number_said, parse_duration, visible

YES = frozenset({"开", "打开", "开启", "启用", "是", "要", "好", "对", "true", "on", "yes", "1"})
NO = frozenset({"关", "关闭", "关掉", "停用", "禁用", "否", "不", "不要", "不是", "false", "off", "no", "0"})
DEFAULT = frozenset({"默认", "恢复默认", "default"})
EMPTY = frozenset({"空", "无", "清空", "没有", "none"})

_UNIT_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}
_MEASURE = re.compile(r"(?<=.)(条|次|个|位|人|字|句|份|页|遍|名|天|分|秒|%)$")
_BETWEEN_ITEMS = re.compile(r"[、，,;；\n]+")


def wants_default(said: object) -> bool:
    """Whether the owner asks for the value that would stand without their change."""
    return isinstance(said, str) and normalised(said) in DEFAULT


def value_meant(said: object, annotation: Any, name: str) -> object:
    """The value meant for a field of this type and name; what cannot be read is handed on as it is.

    A duration is counted in the unit that the field's name ends in (`_minutes`). The model decides in the
    end: this only makes it possible to write as people do.
    """
    if not isinstance(said, str):
        return said
    wanted, text = without_wrapping(annotation), visible(said).strip()
    if get_origin(wanted) in (list, tuple, set, frozenset):
        items = (item.strip() for item in _BETWEEN_ITEMS.split(text))
        return [] if normalised(text) in EMPTY else [item for item in items if item]
    if wanted is bool:
        return _switch_meant(text)
    if wanted in (int, float):
        return _number_meant(text, name)
    if get_origin(wanted) is Literal:
        same = (choice for choice in get_args(wanted) if normalised(str(choice)) == normalised(text))
        return next(same, text)
    return "" if normalised(text) in EMPTY else text


def _switch_meant(text: str) -> object:
    word = normalised(text)
    return True if word in YES else False if word in NO else text


def _number_meant(text: str, name: str) -> object:
    unit = _UNIT_SECONDS.get(name.removesuffix("_min").removesuffix("_max").rpartition("_")[2])
    duration = parse_duration(text) if unit else None
    if unit and duration is not None:
        number: float | None = duration.total_seconds() / unit
    else:
        number = number_said(text)
        if number is None:
            number = number_said(_MEASURE.sub("", normalised(text)))
    if number is None:
        return text
    return int(number) if number.is_integer() else number
