"""What was once answered well is kept and found again, with the name of who answered it."""

from __future__ import annotations

from typing import Any

from bot.analysis.thanks import thanks_in
from bot.context import Context
from bot.events import MessagePosted, MessageRecalled, QuestionSettled
from plugins.knowledge import candidates, collecting, correcting, forgetting, keeping, meaning, telling
from plugins.knowledge.declared import plugin


@plugin.on(MessagePosted)
def notice_closing(ctx: Context, event: MessagePosted) -> None:
    """Thanks and quotes may have closed a question."""
    if not event.late and (event.quote is not None or thanks_in(event.text) is not None):
        keeping.notice(ctx, event)


@plugin.on(MessageRecalled)
def hear_answer_recalled(ctx: Context, event: MessageRecalled) -> None:
    """An answer was taken back."""
    keeping.hear_recall(ctx, event)


@plugin.on(QuestionSettled)
def hear_settled(ctx: Context, event: QuestionSettled) -> None:
    """A round table has answered."""
    keeping.hear_settled(ctx, event)


@plugin.timer(keeping.LOOK_BACK)
def look_back(ctx: Context, payload: dict[str, Any]) -> None:
    """What was closed meanwhile."""
    keeping.look_back(ctx)


@plugin.job("list_candidates", daily_at="20:30")
def list_candidates(ctx: Context) -> None:
    """The owner hears of new candidates."""
    candidates.put_on_list(ctx)


plugin.work(keeping.MARKED, done=collecting.take_marked)(keeping.find_marked)
plugin.work(keeping.CLOSING, done=keeping.take_closed)(keeping.find_closed)
plugin.work(meaning.MAKE, done=meaning.store)(meaning.make)
plugin.work(telling.FIND, done=telling.tell_found)(telling.find)


@plugin.command("<问题>", who="member", where="group", hidden=True, example=("今晚喝什么茶好呢", "…"))
def answer_question(ctx: Context, said: str) -> bool:
    """A question to the bot: what was answered before is said again."""
    return telling.ask(ctx, said)


@plugin.command(
    "搜 <什么>", who="member", where="group",
    aliases=("搜索 <什么>", "搜一下 <什么>", "找找 <什么>", "有没有人问过 <什么>"),
    summary="翻翻以前有没有人答过", example=("搜 洗茶", "…「洗茶」…没有…"),
)  # fmt: skip
def search(ctx: Context, words: str) -> None:
    """Find by words."""
    telling.search(ctx, words)


@plugin.command(
    "搜 <什么>", who="owner", where="private", aliases=("搜索 <什么>", "搜一下 <什么>"),
    summary="翻翻以前有没有人答过", example=("搜 洗茶", "…「洗茶」…没有…"),
)  # fmt: skip
def search_privately(ctx: Context, words: str) -> None:
    """Find by words."""
    telling.search(ctx, words)


@plugin.command(
    "没帮上", who="member", where="group", aliases=("没帮上忙", "没用", "不是这个", "答非所问"), hidden=True,
    summary="刚才那条旧回答没帮上忙", example=("没帮上", "…哪一条…"),
)  # fmt: skip
def did_not_help(ctx: Context) -> None:
    """It lowers what was told."""
    correcting.did_not_help(ctx)


@plugin.command(
    "更正 <正确的说法>", who="member", where="group", aliases=("纠正 <正确的说法>",),
    summary="旧回答不对了，换成新的说法", example=("更正 水温要 95 度以上", "…哪一条…"),
)  # fmt: skip
def correct(ctx: Context, words: str) -> None:
    """A better answer."""
    correcting.correct(ctx, words)


@plugin.command(
    "撤下我的回答", who="member", where="group", aliases=("别再用我的回答", "收回我的回答"),
    summary="我的那条旧回答不要再拿出来", example=("撤下我的回答", "…没有…"),
)  # fmt: skip
def withdraw(ctx: Context) -> None:
    """The author takes it back."""
    correcting.withdraw(ctx)


@plugin.command(
    "知识", who="owner", where="private", aliases=("知识库", "问答", "旧回答"),
    summary="存了多少好回答，哪些等我点头", example=("知识", "「岩茶同好会」还没有…"),
)  # fmt: skip
def show_knowledge(ctx: Context) -> None:
    """What is kept and what waits."""
    candidates.show(ctx)


@plugin.command(
    "整理知识", who="owner", where="private", aliases=("整理问答", "翻翻旧账"),
    summary="把以前聊过的翻一遍，找出好回答", example=("整理知识", "好，我翻一翻…"),
)  # fmt: skip
def gather(ctx: Context) -> None:
    """Everything that was ever said."""
    candidates.gather(ctx)


@plugin.command(
    "存下 <几号>", who="owner", where="private", aliases=("收进知识 <几号>", "存下回答 <几号>"),
    summary="这几号回答存下来，以后有人问就拿出来", example=("存下 9", "没有 9 号回答…"),
)  # fmt: skip
def confirm(ctx: Context, said: str) -> None:
    """The owner's word."""
    candidates.confirm(ctx, said)


@plugin.command(
    "不存 <几号>", who="owner", where="private", aliases=("不收 <几号>", "删回答 <几号>"),
    summary="这几号不要，存过的也不再拿出来", example=("不存 9", "没有 9 号回答…"),
)  # fmt: skip
def drop(ctx: Context, said: str) -> None:
    """Not this one."""
    candidates.drop(ctx, said)


@plugin.command(
    "改回答 <几号和新的说法>", who="owner", where="private",
    summary="一条回答换成更准的说法", example=("改回答 9 水温要 95 度以上", "没有 9 号回答…"),
)  # fmt: skip
def reword(ctx: Context, said: str) -> None:
    """The owner's wording."""
    candidates.reword(ctx, said)


@plugin.forget
def forget(ctx: Context, member: int) -> None:
    """Their questions and answers."""
    forgetting.forget_questions(ctx, member)
    forgetting.forget_answers(ctx, member)
