"""Which plugins work in a group: shown, switched on, switched off."""

from __future__ import annotations

from bot.context import Context
from bot.plugin import Plugin
from bot.setting_values import NO, YES
from bot.settings import ENABLED
from bot.words import Trusted, normalised
from plugins.owner.declared import plugin
from plugins.owner.views import lines


@plugin.command(
    "功能 [开关] [名字]", who="owner", where="private", aliases=("开关 [开关] [名字]", "功能列表"),
    summary="看看有哪些功能，开一个或关一个",
    example=("功能", "…功能…"),
)  # fmt: skip
def features(ctx: Context, first: str = "", second: str = "") -> None:
    """Show what there is, or switch one on or off; the two words may come in either order."""
    words = [word for word in (first, second) if word]
    if len(words) == 1 and words[0][:1] in "开关" and len(words[0]) > 1:
        words = [words[0][:1], words[0][1:]]
    switches = [word for word in words if normalised(word) in YES | NO]
    names = [word for word in words if word not in switches]
    if not names:
        _list_features(ctx)
        return
    meant = ctx.services.settings.find_plugin(names[0])
    if switches:
        change = ctx.change_setting(meant.name, ENABLED, switches[0])
        ctx.reply("feature_on" if change.new else "feature_off", title=meant.title, room=ctx.room_name)
    else:
        ctx.reply_text(_feature_line(ctx, meant), reason="feature")


def _list_features(ctx: Context) -> None:
    shown = [one for one in ctx.services.plugins() if not one.always_on]
    if not shown:
        ctx.reply("features_none")
        return
    rows = [_feature_line(ctx, one) for one in shown]
    head = ctx.text("features_head", room=ctx.room_name)
    ctx.reply_text(lines([head, *rows, ctx.text("features_foot", title=shown[0].title)]), reason="features")


def _feature_line(ctx: Context, one: Plugin) -> Trusted:
    is_on = ctx.services.settings.enabled(one.name, ctx.room_id)
    return ctx.text("feature_line_on" if is_on else "feature_line_off", title=one.title, summary=one.summary)
