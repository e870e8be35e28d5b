"""迎新: newcomers are greeted once, briefly, and handed to a person rather than to a wall of text."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from bot.context import Context
from bot.events import MembersJoined, MembersLeft, MessagePosted, OutgoingSettled, StageAccepted
from bot.group_settings import ClockTime
from bot.plugin import Plugin
from bot.plugin import Settings as BaseSettings
from plugins.welcome import attention, choosing, greeting, hosts, inviting
from plugins.welcome.tables import Host, Newcomer


class Settings(BaseSettings):
    """How newcomers are received in a room."""

    wait_seconds: int = Field(
        default=60, ge=5, le=3600, title="等待时间", description="有人进群后等几秒，把一起来的并成一条欢迎"
    )
    mention_most: int = Field(
        default=5, ge=1, le=10, title="点名人数", description="一条欢迎里最多点几位的名，其余说「等几位」"
    )
    host_rotation: bool = Field(
        default=True, title="伙伴轮流", description="迎新伙伴轮着报；关掉就总报最先答应的那位"
    )
    newcomer_days: int = Field(
        default=7, ge=1, le=60, title="新人天数", description="进群几天之内头一回开口，算新人开口"
    )
    first_words: bool = Field(
        default=True, title="新人开口", description="新人头一回开口没人接，请一位迎新伙伴去搭话"
    )
    first_words_minutes: int = Field(
        default=5, ge=1, le=120, title="开口等待", description="新人开口后等几分钟，有人接话就不出声"
    )
    silent_days: int = Field(
        default=0, ge=0, le=60, title="沉默天数", description="来了几天没说话就私下问候一次，0 是不问候"
    )
    silent_at: ClockTime = Field(default="10:30", title="问候时间", description="几点去问候没说过话的新人")
    welcome_back: bool = Field(default=False, title="欢迎回来", description="退了又回来的人，说一句欢迎回来")


plugin = Plugin(
    "welcome",
    title="迎新",
    summary="新人进群，一句话迎进门，交给一位真人",
    settings=Settings,
    tables=[Newcomer, Host],
    chosen=[Host],
)


# Coming and going


@plugin.on(MembersJoined)
def collect_newcomers(ctx: Context, event: MembersJoined) -> None:
    """Newcomers wait a little for those who come with them."""
    greeting.collect(ctx, event)


@plugin.timer(greeting.GREET)
def greet_newcomers(ctx: Context, payload: dict[str, Any]) -> None:
    """One message for all who wait."""
    greeting.greet(ctx)


@plugin.on(MembersLeft)
def let_go(ctx: Context, event: MembersLeft) -> None:
    """Who has left is taken out of a greeting that is not said yet; hosts who leave may be the last."""
    greeting.leave_out(ctx)
    hosts.notice_leaving(ctx, event.members)


@plugin.on(OutgoingSettled)
def notice_lost_greeting(ctx: Context, event: OutgoingSettled) -> None:
    """A greeting that did not go out becomes the owner's to say."""
    greeting.hand_to_owner(ctx, event)


# Looking after them


@plugin.on(MessagePosted)
def notice_first_words(ctx: Context, event: MessagePosted) -> None:
    """A newcomer speaks for the first time: somebody should answer."""
    attention.notice(ctx, event)


@plugin.timer(attention.FIRST_WORDS)
def see_to_first_words(ctx: Context, payload: dict[str, Any]) -> None:
    """If nobody has answered by now, a host is called."""
    attention.see_to(ctx)


@plugin.job("look_after", daily_at=lambda settings: settings.silent_at if settings.silent_days else None)
def look_after_silent(ctx: Context) -> None:
    """Once in a lifetime, privately: a word to newcomers who have not spoken."""
    attention.look_after(ctx)


# Hosts


@plugin.command(
    "迎新伙伴 [名字]",
    who="owner",
    where="private",
    aliases=("迎新伙伴列表", "加迎新伙伴 <名字>", "添加迎新伙伴 <名字>"),
    summary="看迎新伙伴名单；带上名字，就去群里问 TA 愿不愿意",
    example=("迎新伙伴", "「岩茶同好会」还没有迎新伙伴…"),
)
def invite_host(ctx: Context, name: str = "") -> None:
    """List the hosts, or ask somebody to become one."""
    if name:
        choosing.choose(ctx, name, "ask")
    else:
        inviting.show(ctx)


@plugin.command(
    "迎新伙伴去掉 <名字>",
    who="owner",
    where="private",
    aliases=("去掉迎新伙伴 <名字>", "删除迎新伙伴 <名字>", "迎新伙伴删除 <名字>"),
    summary="迎新时不再报 TA 的名字",
    example=("迎新伙伴去掉 老周", "老周 本来就不是迎新伙伴。"),
)
def remove_host(ctx: Context, name: str) -> None:
    """Name this host no more."""
    choosing.choose(ctx, name, "remove")


@plugin.answer(choosing.WHICH)
def choose_by_number(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """The owner says which of several people of one name was meant."""
    return choosing.chosen(ctx, event, payload)


@plugin.timer(inviting.ASK)
def ask_in_the_morning(ctx: Context, payload: dict[str, Any]) -> None:
    """The owner named somebody at night."""
    inviting.put_question(ctx, payload["host"])


@plugin.answer(inviting.CONSENT)
def hear_consent(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """Somebody who was asked says yes or no."""
    return inviting.hear(ctx, event)


@plugin.on(StageAccepted)
def take_on_host(ctx: Context, event: StageAccepted) -> None:
    """Somebody who was offered a stage wants to look after newcomers."""
    if event.stage == "host":
        inviting.take_on(ctx, event.member)


@plugin.command(
    "不带新人了",
    who="member",
    where="group",
    hidden=True,  # hosts are told how to say it when they become one
    aliases=("不当迎新伙伴了", "不带新人"),
    summary="迎新伙伴想歇了",
    example=("不带新人了", "…你本来就没在带新人，放心。"),
)
def stop_hosting(ctx: Context) -> None:
    """A host steps down."""
    hosts.stop(ctx)


@plugin.command(
    "谁带新人",
    who="member",
    where="group",
    aliases=("新人找谁", "迎新伙伴"),
    summary="新人有事可以找谁",
    example=("谁带新人", "…老周…"),
)
def who_hosts(ctx: Context) -> None:
    """Name the hosts in the group."""
    hosts.tell_who(ctx)


@plugin.command(
    "迎新预览",
    who="owner",
    where="private",
    aliases=("预览迎新", "看看迎新", "迎新"),
    summary="新人现在进来会看到什么",
    example=("迎新预览", "新人现在进来会看到…"),
)
def preview(ctx: Context) -> None:
    """Show what a newcomer would read now."""
    greeting.preview(ctx)


@plugin.forget
def forget(ctx: Context, member: int) -> None:
    """Remove what is stored about a member, as a newcomer and as a host."""
    hosts.forget(ctx, member)
    greeting.forget(ctx, member)
