"""How settings look: their names, their values with units."""

from __future__ import annotations

from typing import Any

from bot.context import Context
from bot.setting_names import SettingField

UNITS = {
    "seconds": "unit_seconds",
    "minutes": "unit_minutes",
    "hours": "unit_hours",
    "days": "unit_days",
    "weeks": "unit_weeks",
}


def setting_title(ctx: Context, subject: str) -> str:
    """`迎新·等待时间` for `welcome.wait_seconds`; the subject itself if it is no setting."""
    field = setting_field(ctx, subject)
    if field is not None:
        return f"{field.place}·{field.title}"
    titles = {one.name: one.title for one in ctx.services.plugins()}
    return titles.get(subject.partition(".")[0], subject)


def value_shown(ctx: Context, subject: str, value: Any) -> str:
    """A setting's value as people write it, with its unit."""
    if isinstance(value, bool):
        return ctx.text("value_on" if value else "value_off")
    if value is None or value in ("", []):
        return ctx.text("value_empty")
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    words = subject.removesuffix("_min").removesuffix("_max").rpartition("_")
    unit = UNITS.get(words[2])
    return f"{value} {ctx.text(unit)}" if unit and isinstance(value, int | float) else str(value)


def setting_field(ctx: Context, subject: str) -> SettingField | None:
    """The setting of this name; None if there is none."""
    place, _, name = subject.partition(".")
    return next((one for one in ctx.services.settings.fields(place) if one.name == name), None)


def current_value(ctx: Context, field: SettingField) -> Any:
    """What it is set to in this room."""
    return ctx.services.settings.value(field.plugin, field.name, ctx.room_id)
