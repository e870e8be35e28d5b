"""What members can say: read the rules, object. And how an owner writes the rules."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from bot.context import Context
from bot.text_page import SCREEN_LINES, screen_lines
from bot.words import Trusted, own_wording, plain
from plugins.rules import ladder
from plugins.rules.declared import plugin
from plugins.rules.tables import Case

LONGEST_APPEAL = 100
_PLEA = re.compile("申诉|不是广告|冤枉")
APPEALS_WITHIN = timedelta(days=30)


@plugin.command(
    "群规",
    who="member",
    where="group",
    aliases=("本群群规", "群里的规矩", "看群规"),
    summary="这个群的几条约定",
    example=("群规", "…群主还没写群规…"),
)
def show_rules(ctx: Context) -> None:
    """The owner's own words, as they are."""
    posted: str = ctx.settings.posted
    if posted:
        ctx.reply("rules_shown", rules=Trusted(own_wording(posted)))
    else:
        ctx.reply("rules_unwritten")


@plugin.command(
    "群规 [全文]",
    who="owner",
    where="private",
    aliases=("本群群规 [全文]", "写群规 [全文]"),
    summary="写下群规，谁 @我 说「群规」就贴给谁看",
    example=("群规 聊茶不聊别的，先问再发链接", "记下了…聊茶不聊别的，先问再发链接…"),
)
def write_rules(ctx: Context, text: str = "") -> None:
    """Write them anew, or show them."""
    if text and screen_lines(own_wording(text)) > SCREEN_LINES:
        ctx.reply("rules_too_long")
    elif text:
        ctx.change_setting(ctx.plugin, "posted", own_wording(text))
        ctx.reply("rules_written", rules=Trusted(own_wording(text)))
    elif ctx.settings.posted:
        ctx.reply("rules_now", room=ctx.room_name, rules=Trusted(own_wording(ctx.settings.posted)))
    else:
        ctx.reply("rules_none", room=ctx.room_name)


@plugin.command(
    "申诉 [怎么回事]",
    who="member",
    where="both",
    aliases=("我不是广告 [怎么回事]", "不是广告 [怎么回事]", "冤枉 [怎么回事]"),
    summary="觉得我提醒错了，说一声，群主会看到原话",
    example=("申诉 那是我自己写的文章", "…没有记着你什么…"),
)
def appeal(ctx: Context, said: str = "") -> None:
    """The owner is shown the message again, with what the person says to it."""
    case = _last_case(ctx)
    if case is None:
        ctx.reply("appeal_nothing")
        return
    if case.appealed_at is not None:
        ctx.reply("appeal_already")
        return
    case.appealed_at = ctx.now
    there = ctx.in_room(case.room_id)
    name, words = ladder.called(there, case.member_id), ladder.words_of(there, case)
    plea = plain(said.strip(" ：:，,"), LONGEST_APPEAL) or there.text("appeal_wordless")
    ladder.close_item(there, case)
    item = there.text("item_appeal", name=name, words=words)
    number = there.put_on_list(ladder.keys_of(case)[1], item, keep_for=ladder.LISTED_FOR)
    there.tell_owners("told_appeal", room=there.room_name, name=name, words=words, plea=plea, number=number)
    ctx.reply("appeal_passed_on")


def plea_in(text: str) -> str:
    """The part of an appeal that the owner was shown."""
    return plain(_PLEA.split(text)[-1].strip(" ：:，,"), LONGEST_APPEAL)


def _last_case(ctx: Context) -> Case | None:
    """The person's latest case that counts: here, or in private anywhere."""
    query = select(Case).where(
        Case.member_id == ctx.member, Case.at > ctx.now - APPEALS_WITHIN,
        Case.state.in_(("open", "removing", "removed", "refused")),
    )  # fmt: skip
    if ctx.room_id is not None:
        query = query.where(Case.room_id == ctx.room_id)
    return ctx.db.scalar(query.order_by(Case.at.desc(), Case.id.desc()).limit(1))
