"""A plugin that notes each thing it hears, so that it shows if something was handled twice or not at all."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context import Context
from bot.events import Event, MessagePosted
from bot.plugin import Plugin, Settings
from bot.storage.tables import AuditRow
from bot.words import Trusted

FIRST, SECOND = "witness_first", "witness_second"
REPEAT = "复述"


def make_witness() -> Plugin:
    """Two handlers that note every message, one that notes everything else, and a command that answers."""
    plugin = Plugin("witness", title="见证", settings=Settings, always_on=True)

    @plugin.on(MessagePosted, everywhere=True)
    def hear_first(ctx: Context, event: MessagePosted) -> None:
        ctx.note(FIRST, str(event.message))

    @plugin.on(MessagePosted, everywhere=True)
    def hear_second(ctx: Context, event: MessagePosted) -> None:
        ctx.note(SECOND, str(event.message))

    @plugin.on(Event, everywhere=True)
    def hear_all(ctx: Context, event: Event) -> None:
        if not isinstance(event, MessagePosted):
            ctx.note(type(event).__name__, str(event.id))

    @plugin.command(
        f"{REPEAT} <话>",
        who="member",
        where="both",
        needs_room=False,
        hidden=True,
        example=(f"{REPEAT} 茶", "茶"),
    )
    def repeat(ctx: Context, words: str) -> None:
        ctx.note(FIRST, str(_message(ctx)))
        ctx.note(SECOND, str(_message(ctx)))
        ctx.reply_text(Trusted(words), reason="repeat")

    return plugin


def _message(ctx: Context) -> int:
    assert isinstance(ctx.event, MessagePosted)
    return ctx.event.message


def heard(session: Session, action: str) -> Counter[str]:
    """How often each thing was noted under that name."""
    return Counter(session.scalars(select(AuditRow.subject).where(AuditRow.action == action)))
