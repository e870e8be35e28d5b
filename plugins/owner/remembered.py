"""What members may know about what is stored of them, and how they are forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot import authority
from bot.context import Context
from bot.events import MessagePosted
from bot.privacy import has_been_spoken_to, stored_about
from bot.words import duration_said, normalised, yes_or_no
from plugins.owner.declared import plugin

ANSWER_WITHIN = timedelta(minutes=10)
FORGET_AFTER = timedelta(minutes=1)
"""Long enough for the last word to go out, which is forgotten with all the rest."""

YES = frozenset({"忘记我", "忘了我", "忘记吧", "忘了吧", "确定", "是", "是的", "忘", "好", "嗯"})
NO = frozenset({"不忘", "不忘了", "别忘", "别忘了", "先不忘", "先不", "不删", "不删了", "取消", "留着"})


@plugin.command(
    "我的数据", who="member", where="both", aliases=("你记了我什么", "我的资料"),
    summary="我记了你些什么",
    example=("我的数据", "…条消息…忘记我…"),
)  # fmt: skip
def tell_what_is_stored(ctx: Context) -> None:
    """Counts only: the words themselves are in the group for everybody to read."""
    assert ctx.member is not None
    if not _is_known(ctx):
        return
    about = stored_about(ctx.db, ctx.member)
    since = ctx.now - about.since if about.since else timedelta()
    key = "my_data_uncounted" if about.is_uncounted else "my_data"
    ctx.reply(
        key,
        messages=about.messages,
        private=about.private_messages,
        since=duration_said(since),
        rooms=about.rooms,
        quoted=about.quoted_by_others,
        mentions=about.mentions,
    )


@plugin.command(
    "忘记我", who="member", where="both", aliases=("忘了我", "删除我的数据", "删掉我的数据"),
    summary="把记下的你都忘掉",
    example=("忘记我", "…确定…忘记我…"),
)  # fmt: skip
def ask_before_forgetting(ctx: Context) -> None:
    """Forgetting cannot be undone, so it is asked about once, there where it was wished for."""
    assert ctx.member is not None
    if not _is_known(ctx):
        return
    ctx.ask("forget", ctx.member, wait=ANSWER_WITHIN, in_group=ctx.asked_in_group)
    is_owner = authority.is_owner(ctx.db, ctx.member)
    ctx.reply("forget_ask_owner" if is_owner else "forget_ask")


@plugin.answer("forget")
def decide_to_forget(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """Only a plain yes forgets, a no ends the question, and anything else is talk."""
    said = normalised(event.text.split("\u2005")[-1]).strip(" 。！!~").replace(" ", "")
    if yes_or_no(said) is False or said in NO:
        ctx.reply("forget_kept")
        return True
    if said not in YES:
        return False
    ctx.reply("forgetting")
    ctx.later("forget", after=FORGET_AFTER, key=str(ctx.member))
    return True


@plugin.timer("forget")
def forget(ctx: Context, payload: dict[str, Any]) -> None:
    """Everything goes, this request and its answer too."""
    assert ctx.member is not None
    ctx.forget_member(ctx.member)


def _is_known(ctx: Context) -> bool:
    """Whether this person is in a group of ours or has been talked to at a door; others learn nothing."""
    assert ctx.member is not None
    in_group = stored_about(ctx.db, ctx.member).rooms > 0
    return in_group or has_been_spoken_to(ctx.db, ctx.member)
