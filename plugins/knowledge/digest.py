"""What somebody missed: threads, two quotes each, open questions, new answers, what comes next."""

from __future__ import annotations

from bot.context import Context
from bot.events import MeetupPlanned
from plugins.knowledge import digesting
from plugins.knowledge.declared import plugin
from plugins.knowledge.posting import COMPOSERS
from plugins.knowledge.smoothing import SMOOTH, smooth

COMPOSERS["digest"] = digesting.compose_share
plugin.work(digesting.MAKE, done=digesting.tell)(digesting.make)
plugin.work(SMOOTH, done=digesting.tell_smoothed, with_model=True)(smooth)


@plugin.command(
    "我错过了什么", who="member", where="group", aliases=("错过了什么", "我错过什么了", "聊了什么"),
    summary="你上次说话以后，大家聊了些什么", example=("我错过了什么", "…没错过什么…"),
)  # fmt: skip
def tell_what_was_missed(ctx: Context) -> None:
    """The digest since the asker's last words."""
    digesting.ask(ctx)


@plugin.command(
    "摘要", who="owner", where="private", aliases=("我错过了什么", "群摘要"),
    summary="你上次在群里说话以后，大家聊了些什么", example=("摘要", "…没错过什么…"),
)  # fmt: skip
def tell_owner(ctx: Context) -> None:
    """The same in private."""
    digesting.ask(ctx)


@plugin.job("weekly_digest", daily_at=lambda settings: settings.digest_at if settings.digest_weekly else None)
def tell_room(ctx: Context) -> None:
    """Once a week, if it is switched on."""
    digesting.ask_weekly(ctx)


@plugin.on(MeetupPlanned)
def note_meetup(ctx: Context, event: MeetupPlanned) -> None:
    """A meetup has a date."""
    digesting.plan_meetup(ctx, event)
