"""Changing what the bot does: theme, promise, settings, and taking changes back."""

from __future__ import annotations

from sqlalchemy import select

from bot.context import Context
from bot.errors import QunxingError
from bot.group_settings import GROUP
from bot.settings import Change
from bot.storage.tables import AuditRow
from bot.words import plain
from plugins.owner import logic, texts_desk
from plugins.owner.declared import plugin
from plugins.owner.numbered import Entry, offer
from plugins.owner.setting_views import current_value, setting_field, value_shown

VALUE_SHOWN = 30


@plugin.command(
    "本群承诺 [文字]", who="owner", where="private",
    aliases=("价值承诺 [文字]", "群承诺 [文字]"),
    summary="大家留在群里能得到什么，我会说给新人听",
    example=("本群承诺 每晚一泡好茶，问了就有人答", "记下了…每晚一泡好茶，问了就有人答…"),
)  # fmt: skip
def promise(ctx: Context, text: str) -> None:
    """What members get from being here."""
    _show_or_change(ctx, "promise", text)


@plugin.command(
    "群主题 [文字]", who="owner", where="private", aliases=("本群主题 [文字]", "主题 [文字]"),
    summary="这个群为什么事聚在一起",
    example=("群主题 一起喝明白岩茶", "记下了…一起喝明白岩茶…"),
)  # fmt: skip
def theme(ctx: Context, text: str) -> None:
    """What the group has come together for."""
    _show_or_change(ctx, "theme", text)


@plugin.command(
    "设置 [名字和值]", who="owner", where="private", aliases=("改设置 [名字和值]", "把 [名字和值]"),
    summary="看看或改一项设置",
    example=("设置 每天主动 2", "「每天主动」3 → 2…"),
)  # fmt: skip
def settings(ctx: Context, said: str) -> None:
    """List, show or change settings, by whatever they are called."""
    if not said:
        _list_places(ctx)
        return
    book = ctx.services.settings
    fields, plugins = list(book.fields()), ctx.services.plugins()
    places = {name: one.name for one in plugins for name in (one.title, one.name)}
    places |= {field.place: field.plugin for field in fields if field.plugin == GROUP}
    names = [name for field in fields for name in field.names]
    found = logic.name_and_rest(said, [*names, *places])
    if found is None:
        raise _unknown_setting(ctx, said)
    name, value = found
    if name in places and name not in names:
        if value:
            raise _unknown_setting(ctx, value)
        show_place(ctx, places[name])
        return
    field = book.find(name)
    if value:
        tell_change(ctx, ctx.change_setting(field.plugin, field.name, value))
    else:
        show_setting(ctx, f"{field.plugin}.{field.name}")


@plugin.command(
    "撤销", who="owner", where="private", aliases=("反悔", "撤销改动", "改回去", "恢复上一步"),
    summary="把上一次改动改回去",
    example=("撤销", "这个群没有可以撤销的改动。"),
)  # fmt: skip
def undo(ctx: Context) -> None:
    """The last change that still stands, be it a setting or a wording."""
    last = ctx.db.scalar(
        select(AuditRow)
        .where(
            AuditRow.room_id == ctx.room_id,
            AuditRow.action.in_(("setting", "text")),
            AuditRow.undone.is_(False),
        )
        .order_by(AuditRow.id.desc())
        .limit(1)
    )
    if last is None or last.action == "setting":
        change = ctx.services.settings.undo(ctx.db, ctx.now, ctx.room_id, ctx.member)
        tell_change(ctx, change, undone=True)
        return
    owner, _, key = last.subject.partition(".")
    last.undone = True
    ctx.services.texts.set_override(
        ctx.db, ctx.now, ctx.room_id or 0, owner, key, str(last.old or ""), ctx.member, action="text_undone"
    )
    texts_desk.tell_change(ctx, "text_undone", owner, key)


def show_place(ctx: Context, place: str) -> None:
    """The settings of one plugin (or of the group), numbered."""
    fields = list(ctx.services.settings.fields(place))
    if not fields:
        ctx.reply("settings_none")
        return
    entries = []
    for field in fields:
        subject = f"{field.plugin}.{field.name}"
        value = plain(value_shown(ctx, subject, current_value(ctx, field)), VALUE_SHOWN)
        entries.append(Entry("setting", subject, ctx.text("setting_line", title=field.title, value=value)))
    offer(ctx, ctx.text("settings_of", place=fields[0].place), entries, ctx.text("settings_foot"))


def show_setting(ctx: Context, subject: str) -> None:
    """One setting: what it is, what it means, how to change it."""
    field = setting_field(ctx, subject)
    assert field is not None
    ctx.reply(
        "setting_shown", title=field.title, place=field.place, description=field.description,
        value=value_shown(ctx, subject, current_value(ctx, field)),
    )  # fmt: skip


def tell_change(ctx: Context, change: Change, *, undone: bool = False) -> None:
    """What a setting was and is."""
    subject = f"{change.plugin}.{change.name}"
    ctx.reply(
        "setting_undone" if undone else "setting_changed", title=change.title,
        old=value_shown(ctx, subject, change.old), new=value_shown(ctx, subject, change.new),
    )  # fmt: skip


def _show_or_change(ctx: Context, name: str, text: str) -> None:
    if text:
        change = ctx.change_setting(GROUP, name, text)
        ctx.reply("group_changed", title=change.title, new=value_shown(ctx, name, change.new))
        return
    field = setting_field(ctx, f"{GROUP}.{name}")
    assert field is not None
    shown = value_shown(ctx, name, current_value(ctx, field))
    ctx.reply("group_shown", title=field.title, value=shown, description=field.description)


def _list_places(ctx: Context) -> None:
    """Level one: whose settings."""
    titles: dict[str, tuple[str, int]] = {}
    for field in ctx.services.settings.fields():
        place, count = titles.get(field.plugin, (field.place, 0))
        titles[field.plugin] = (place, count + 1)
    entries = [
        Entry("settings", name, ctx.text("settings_line", place=place, count=count))
        for name, (place, count) in titles.items()
    ]
    offer(ctx, ctx.text("settings_head", room=ctx.room_name), entries, ctx.text("settings_places_foot"))


def _unknown_setting(ctx: Context, said: str) -> QunxingError:
    """The error with the nearest name there is."""
    try:
        field = ctx.services.settings.find(said.split()[0])
    except QunxingError as error:
        return error
    return QunxingError("setting.unknown_near", name=said, near=field.title)
