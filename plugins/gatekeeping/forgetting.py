"""忘记我 at the door: an applicant's greeting, answers and everything about them."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from bot.context import Context
from bot.privacy import take_back_words
from bot.speaking import take_back
from bot.storage.tables import OwnerItem
from plugins.gatekeeping import deciding
from plugins.gatekeeping.declared import plugin
from plugins.gatekeeping.tables import Application


@plugin.forget
def forget(ctx: Context, member: int) -> None:
    """Remove their applications, and what stands on an owner's list in their words."""
    for one in ctx.db.scalars(select(Application).where(Application.member_id == member)).all():
        if one.outgoing_id is not None:
            take_back(ctx.db, one.outgoing_id, ctx.now)
        take_back_words(ctx.db, deciding.words_shown(one))
        about = OwnerItem.key.startswith(f"{deciding.KEY}{one.id}:") | (
            OwnerItem.key == f"unconfirmed:{one.id}"
        )
        ctx.db.execute(delete(OwnerItem).where(OwnerItem.plugin == plugin.name, about))
    ctx.db.execute(delete(Application).where(Application.member_id == member))
    decided = Application.decided_by == member
    ctx.db.execute(update(Application).where(decided).values(decided_by=None))
