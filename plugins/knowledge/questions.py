"""Questions that nobody answers: one quiet action, then the owner's list, then the round table."""

from __future__ import annotations

from typing import Any

from bot.context import Context
from bot.events import MemberUncounted, MessagePosted, MessageRecalled, OwnerDecided, QuestionAnswered
from plugins.knowledge import deciding, helpers, judging, listing, telling, waiting
from plugins.knowledge.declared import plugin


@plugin.on(MessagePosted)
def watch_question(ctx: Context, event: MessagePosted) -> None:
    """A question is noted; any word may make a planned one needless."""
    waiting.hear_more(ctx, event)
    waiting.watch(ctx, event)


@plugin.on(QuestionAnswered)
def hear_answer(ctx: Context, event: QuestionAnswered) -> None:
    """It waits no longer."""
    waiting.hear_answer(ctx, event)


@plugin.on(MessageRecalled)
def hear_question_recalled(ctx: Context, event: MessageRecalled) -> None:
    """It was taken back."""
    waiting.hear_recall(ctx, event)


@plugin.on(OwnerDecided)
def hear_owner(ctx: Context, event: OwnerDecided) -> None:
    """同意 or 不用 to a question, to candidates or to a correction."""
    deciding.hear(ctx, event)


@plugin.on(MemberUncounted, everywhere=True)
def hear_uncounted(ctx: Context, event: MemberUncounted) -> None:
    """Their questions are watched no more, and nobody calls them."""
    waiting.leave_alone(ctx, event.member)


@plugin.timer(waiting.LOOK)
def look_at_question(ctx: Context, payload: dict[str, Any]) -> None:
    """The room's usual time is over."""
    waiting.look(ctx, payload)


@plugin.timer(waiting.DAY_LATER)
def look_a_day_later(ctx: Context, payload: dict[str, Any]) -> None:
    """Still nobody: it is the owner's to see."""
    waiting.day_later(ctx, payload)


@plugin.timer(waiting.AGAIN)
def judge_question_again(ctx: Context, payload: dict[str, Any]) -> None:
    """Somebody said something after a helper was called."""
    waiting.judge_again(ctx, payload)


plugin.work(waiting.JUDGE, done=waiting.judged)(judging.judge)
plugin.work(waiting.JUDGE_DAY_LATER, done=waiting.judged_a_day_later)(judging.judge)
plugin.work(waiting.MEASURE, done=waiting.measured)(waiting.measure)
plugin.work(waiting.LOOK_UP, done=waiting.act)(telling.find_for_open)
plugin.answer(listing.POOL)(listing.hear_consent)
plugin.answer(helpers.CONSENT)(helpers.hear_consent)


@plugin.command(
    "还没人答的", who="member", where="group", aliases=("没人答的问题", "还没人回答的", "待答"),
    summary="还没人答的问题，会的接一句", example=("还没人答的", "…都有人答…"),
)  # fmt: skip
def show_open(ctx: Context) -> None:
    """The questions that wait."""
    listing.show(ctx)


@plugin.command(
    "还没人答的", who="owner", where="private", aliases=("没人答的问题", "还没人回答的", "待答"),
    summary="还没人答的问题，可以收进圆桌题库", example=("还没人答的", "…没有没人答的问题…"),
)  # fmt: skip
def show_open_to_owner(ctx: Context) -> None:
    """The same with numbers."""
    listing.show_owner(ctx)


@plugin.command(
    "留到圆桌", who="member", where="group", aliases=("放进圆桌", "圆桌上问", "线下再问"),
    summary="我刚问的没人答，留到线下圆桌上聊", example=("留到圆桌", "…没找到你还没人答的问题…"),
)  # fmt: skip
def pool_own(ctx: Context) -> None:
    """The asker agrees."""
    listing.pool_own(ctx)


@plugin.command(
    "收进圆桌 <几号>", who="owner", where="private", aliases=("进圆桌 <几号>", "放进圆桌 <几号>"),
    summary="把没人答的问题收进圆桌题库", example=("收进圆桌 9", "没有 9 号问题…"),
)  # fmt: skip
def pool_numbered(ctx: Context, said: str) -> None:
    """The owner says so."""
    listing.pool_numbered(ctx, said)


@plugin.command(
    "有答案了", who="member", where="group", aliases=("我的问题解决了", "问题解决了", "不用答了"),
    summary="我问的已经解决了，不用再等", example=("有答案了", "…没找到你还没人答的问题…"),
)  # fmt: skip
def close_own(ctx: Context) -> None:
    """The asker needs no answer any more."""
    listing.close_own(ctx)


@plugin.command(
    "可以问我 [哪些事]", who="member", where="group", aliases=("我来答疑 [哪些事]", "愿意答疑 [哪些事]"),
    summary="没人答的时候可以喊我；带上话题就只问这些", example=("可以问我 冲泡 水温", "…冲泡 水温…"),
)  # fmt: skip
def offer_help(ctx: Context, topics: str = "") -> None:
    """A member agrees to be asked."""
    helpers.offer(ctx, topics)


@plugin.command(
    "别问我了", who="member", where="group", aliases=("不答疑了", "别再问我", "不用问我了"),
    summary="不想再被请出来答问题了", example=("别问我了", "…本来就没…"), hidden=True,
)  # fmt: skip
def stop_help(ctx: Context) -> None:
    """A member wants to be left alone."""
    helpers.stop(ctx)


@plugin.command(
    "答疑伙伴 [名字]", who="owner", where="private", aliases=("加答疑伙伴 [名字]", "请答疑 [名字]"),
    summary="看谁答应了被问；带上名字，就去群里问 TA 愿不愿意",
    example=("答疑伙伴", "「岩茶同好会」还没有…"),
)  # fmt: skip
def invite_helper(ctx: Context, name: str = "") -> None:
    """Who may be asked, or ask one more."""
    if name:
        helpers.invite(ctx, name)
    else:
        helpers.show(ctx)
