"""Scheduled shares: what the plugin declares about them. What is done stands in the rooms beside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.context import Context
from bot.events import LineRestored, MessagePosted, MessageRecalled, OutgoingSettled, StageAccepted
from bot.storage import media as store
from plugins.knowledge import collecting, issues, planning, pool, posting, rota, showing
from plugins.knowledge.declared import plugin
from plugins.knowledge.tables import Material, Plan

FOR_EVER = timedelta(days=3650)
"""However late a timer comes, the rows behind it decide what is still done."""


# The owner's plans


@plugin.command(
    "分享计划 [什么时候，分享什么]", who="owner", where="private",
    aliases=("排分享 [什么时候，分享什么]", "定时分享 [什么时候，分享什么]", "分享安排 [什么时候，分享什么]"),
    summary="看看排了哪些分享；带上时间和主题就排一个，我复述一遍你点头才算",
    example=("分享计划 每周三 20:30 岩茶知识", "…《岩茶知识》…对吗…"),
)  # fmt: skip
def plan_share(ctx: Context, said: str = "") -> None:
    """Show the plans, or draft one."""
    if said:
        planning.draft(ctx, said)
    else:
        planning.show(ctx)


@plugin.answer(planning.DRAFT)
def hear_decision(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """Yes, no, or another phrase."""
    return planning.decide(ctx, event, payload)


@plugin.answer(planning.MISSING)
def hear_missing(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """What was asked back."""
    return planning.complete(ctx, event, payload)


@plugin.command(
    "改分享 <几号和新的说法>", who="owner", where="private", aliases=("分享改 <几号和新的说法>",),
    summary="改一个分享的时间或主题",
    example=("改分享 9 每周四 20:30 岩茶知识", "没有 9 号分享…"),
)  # fmt: skip
def change_share(ctx: Context, said: str) -> None:
    """Another time or topic for a plan."""
    planning.change(ctx, said)


@plugin.command(
    "分享暂停 [几号]", who="owner", where="private", aliases=("暂停分享 [几号]", "停分享 [几号]"),
    summary="先停一停，什么都不丢", example=("分享暂停 9", "没有 9 号分享…"),
)  # fmt: skip
def pause_share(ctx: Context, said: str = "") -> None:
    """Pause a plan."""
    planning.set_status(ctx, said, "paused")


@plugin.command(
    "分享继续 [几号]", who="owner", where="private", aliases=("继续分享 [几号]", "恢复分享 [几号]"),
    summary="接着按时发", example=("分享继续 9", "没有 9 号分享…"),
)  # fmt: skip
def resume_share(ctx: Context, said: str = "") -> None:
    """Go on with a plan."""
    planning.set_status(ctx, said, "active")


@plugin.command(
    "删分享 <几号>", who="owner", where="private", aliases=("分享删 <几号>", "删除分享 <几号>"),
    summary="不再发了；发过的还查得到", confirm=planning.to_be_deleted,
    example=("删分享 9", "没有 9 号分享…"),
)  # fmt: skip
def delete_share(ctx: Context, said: str) -> None:
    """End a plan."""
    planning.delete(ctx, said)


@plugin.command(
    "跳过下期 [几号]", who="owner", where="private", aliases=("下期不发 [几号]",),
    summary="只有下一次不发", example=("跳过下期 9", "没有 9 号分享…"),
)  # fmt: skip
def skip_share(ctx: Context, said: str = "") -> None:
    """Leave the next time out."""
    planning.skip(ctx, said)


@plugin.command(
    "分享来源 <几号和来源>", who="owner", where="private",
    aliases=("分享方式 <几号和来源>",), summary="内容从哪儿来：素材、轮流（请群友讲）、摘要",
    example=("分享来源 9 轮流", "没有 9 号分享…"),
)  # fmt: skip
def set_source(ctx: Context, said: str) -> None:
    """From what a plan takes its shares."""
    planning.set_source(ctx, said)


@plugin.command(
    "分享补发 <几号和多久>", who="owner", where="private",
    summary="到点没发成，多久之内还补发；「跳过」就是过了不补",
    example=("分享补发 9 1小时", "没有 9 号分享…"),
)  # fmt: skip
def set_lateness(ctx: Context, said: str) -> None:
    """For how long a missed time is caught up."""
    planning.set_lateness(ctx, said)


@plugin.command(
    "补一期 [几号]", who="owner", where="private", aliases=("现在发一期 [几号]",),
    summary="现在就从素材里发一期", example=("补一期 9", "没有 9 号分享…"),
)  # fmt: skip
def share_now(ctx: Context, said: str = "") -> None:
    """One more time, right now."""
    planning.share_now(ctx, said)


# Material


@plugin.command(
    "素材 [文字或链接]", who="owner", where="private", aliases=("加素材 [文字或链接]", "素材池 [文字或链接]"),
    summary="看看存了哪些素材；带上文字就存一条，图片、文件接着发来就行",
    example=("素材 三坑两涧指的是慧苑坑、牛栏坑、倒水坑，流香涧和悟源涧", "存下了，…"),
)  # fmt: skip
def material(ctx: Context, said: str = "") -> None:
    """Show the pool, or add to it."""
    if said:
        pool.add_text(ctx, said)
    else:
        pool.show(ctx)


@plugin.answer(pool.GIVE)
def hear_material(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """A picture, a file or a link for the pool."""
    return pool.take(ctx, event, payload)


@plugin.command(
    "删素材 <几号>", who="owner", where="private", aliases=("素材删 <几号>",),
    summary="这条不要了", example=("删素材 9", "没有 9 号素材…"),
)  # fmt: skip
def remove_material(ctx: Context, said: str) -> None:
    """Take something out of the pool."""
    pool.remove(ctx, said)


@plugin.command(
    "收录", who="member", where="group", aliases=("收藏这条", "记下这条"),
    summary="引用一条消息说「收录」，留着以后分享",
    example=("收录", "…引用…"),
)  # fmt: skip
def collect(ctx: Context) -> None:
    """Mark a quoted message."""
    collecting.collect(ctx)


@plugin.answer(collecting.WHICH)
def hear_which(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """Which of two messages was quoted."""
    return collecting.choose(ctx, event, payload)


@plugin.on(OutgoingSettled)
def notice_settled(ctx: Context, event: OutgoingSettled) -> None:
    """A file has come, or a share did not go out."""
    pool.notice_fetched(ctx, event)
    posting.notice_end(ctx, event)


@plugin.on(MessageRecalled)
def notice_recall(ctx: Context, event: MessageRecalled) -> None:
    """Whoever takes their words back takes them out of the pool."""
    pool.notice_recall(ctx, event)


# People


@plugin.on(StageAccepted)
def notice_stage(ctx: Context, event: StageAccepted) -> None:
    """Somebody agreed to give a share."""
    rota.accept(ctx, event)


@plugin.command(
    "我来分享 [题目]", who="member", where="group", aliases=("我要分享 [题目]", "我想分享 [题目]"),
    summary="报名讲一次，题目随你", example=("我来分享 怎么看叶底", "…《怎么看叶底》…"),
)  # fmt: skip
def offer(ctx: Context, topic: str = "") -> None:
    """A member wants to share something."""
    rota.offer(ctx, topic)


@plugin.command(
    "不分享了", who="member", where="group", hidden=True, aliases=("先不分享了",),
    summary="想歇一歇", example=("不分享了", "…本来就没…"),
)  # fmt: skip
def withdraw(ctx: Context) -> None:
    """A member does not want to any more."""
    rota.withdraw(ctx)


@plugin.command(
    "交稿 <内容>", who="member", where="both", hidden=True, summary="轮到你分享时，把内容交给我",
    example=("交稿 怎么看叶底：先看颜色", "…还没轮到…"), needs_room=False,
)  # fmt: skip
def hand_in(ctx: Context, said: str) -> None:
    """What somebody wants to share at their turn."""
    rota.hand_in(ctx, said)


@plugin.answer(rota.CONSENT)
def hear_consent(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """Yes or no to one's turn."""
    return rota.hear_consent(ctx, event, payload["issue"])


@plugin.answer(rota.HAND_IN)
def hear_hand_in(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """What is handed in."""
    return rota.hear_hand_in(ctx, event, payload["issue"])


@plugin.command(
    "下期预告", who="member", where="both", aliases=("下期", "下次分享", "分享预告"),
    summary="接下来有哪些分享", example=("下期预告", "…还没排…"),
)  # fmt: skip
def preview(ctx: Context) -> None:
    """What comes next."""
    showing.preview(ctx)


@plugin.command(
    "往期", who="member", where="both", aliases=("往期分享", "以前的分享", "分享记录"),
    summary="以前分享过什么", example=("往期", "…还没有…"),
)  # fmt: skip
def past(ctx: Context) -> None:
    """What there was."""
    showing.past(ctx)


# Time


@plugin.timer(issues.DUE, catch_up=FOR_EVER)
def share_due(ctx: Context, payload: dict[str, Any]) -> None:
    """It is time."""
    issues.run_due(ctx, payload["plan"])


@plugin.timer(issues.AHEAD)
def share_ahead(ctx: Context, payload: dict[str, Any]) -> None:
    """Days before."""
    issues.look_ahead(ctx, payload["plan"], payload["days"])


@plugin.timer(posting.REPLIES)
def share_replies(ctx: Context, payload: dict[str, Any]) -> None:
    """A day after."""
    posting.count_replies(ctx, payload)


@plugin.job("shares", daily_at="07:40")
def look_after_shares(ctx: Context) -> None:
    """Make good for timers that were lost; files that are still needed do not age."""
    issues.heal(ctx)
    waiting = select(Material.media).where(
        Material.room_id == ctx.room_id, Material.status == "waiting", Material.media.is_not(None)
    )
    for name in ctx.db.scalars(waiting):
        store.keep(ctx.services.media_folder, str(name), ctx.now)


@plugin.on(LineRestored, everywhere=True)
def look_after_all(ctx: Context, event: LineRestored) -> None:
    """We are back: what was missed meanwhile is caught up, or told."""
    rooms = select(Plan.room_id).where(Plan.status == "active").distinct()
    for room in ctx.db.scalars(rooms).all():
        there = ctx.in_room(room)
        if ctx.services.settings.enabled(plugin.name, room):
            issues.heal(there)
