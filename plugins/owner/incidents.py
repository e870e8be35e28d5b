"""What went wrong on the way to WeChat: told to the owners at once, with what to do by hand."""

from __future__ import annotations

from datetime import timedelta

from bot import authority
from bot.context import Context
from bot.events import LineRestored, OutgoingSettled, TroubleNoticed
from bot.storage.tables import Outgoing
from bot.words import Trusted, duration_said, joined, plain
from plugins.owner.declared import plugin
from plugins.owner.views import LISTED_FOR, moment

BY_HAND = {
    "text": "by_hand_text",
    "file": "by_hand_file",
    "invite": "by_hand_invite",
    "remove": "by_hand_remove",
    "announce": "by_hand_announce",
    "rename": "by_hand_rename",
    "create_room": "by_hand_create_room",
    "accept_friend": "by_hand_accept_friend",
    "accept_invitation": "by_hand_accept_invitation",
}
"""For each thing that the bot does towards WeChat: the text that says it as a step for a person."""

TROUBLES = {
    "storage_full_waiting": "trouble_storage_full_waiting",
    "upkeep_failed": "trouble_upkeep_failed",
}

WORDS = ("text", "file")
TEXT_KEPT = 500


@plugin.on(OutgoingSettled, everywhere=True)
def report_outgoing(ctx: Context, event: OutgoingSettled) -> None:
    """Nothing that may be lost, was refused, or was promised and came too late, goes by unseen."""
    row = ctx.db.get(Outgoing, event.outgoing)
    if row is None or row.kind not in BY_HAND or not _is_worth_a_look(row, event.status):
        return  # a recall that failed is told to whoever asked for it
    item = _step_by_hand(ctx, row)
    number = ctx.put_on_list(f"outgoing:{row.id}", item, outgoing=row.id)
    is_to_owner = row.room_id is None and row.member_id in authority.owners_of(ctx.db, None)
    if is_to_owner or event.status == "expired":
        return  # what does not reach an owner now would not reach them with a complaint either
    for owner in authority.owners_of(ctx.db, row.room_id):
        notice = _notice(ctx, row, event.status, item, number)
        ctx.tell_text(owner, notice, keep_for=LISTED_FOR, reason="outgoing_notice")


@plugin.on(LineRestored, everywhere=True)
def report_gap(ctx: Context, event: LineRestored) -> None:
    """Say once how long nobody listened."""
    if event.gap_from is None:
        return
    lasted = event.at - event.gap_from
    for owner in authority.owners_of(ctx.db, None):
        if lasted > _gap_worth_a_word(ctx, owner):
            ctx.tell(
                owner, "line_restored", urgency="promised", keep_for=LISTED_FOR, merge="line_restored",
                since=moment(ctx, event.gap_from), lasted=duration_said(lasted),
            )  # fmt: skip


@plugin.on(TroubleNoticed, everywhere=True)
def report_trouble(ctx: Context, event: TroubleNoticed) -> None:
    """What is wrong with the bot itself, to every owner once."""
    key = TROUBLES.get(event.what)
    if key is None:
        return
    for owner in authority.owners_of(ctx.db, None):
        ctx.tell(owner, key, urgency="promised", keep_for=LISTED_FOR, merge=key)


def _is_worth_a_look(row: Outgoing, ended: str) -> bool:
    is_late_promise = ended == "expired" and row.urgency == "promised" and row.room_id is not None
    return ended in ("unknown", "refused") or is_late_promise


def _gap_worth_a_word(ctx: Context, owner: int) -> timedelta:
    """The shortest that is set in any of the owner's rooms."""
    rooms = authority.rooms_of(ctx.db, owner)
    book = ctx.services.settings
    return timedelta(minutes=min(book.for_plugin(plugin.name, room).gap_minutes for room in rooms))


def _step_by_hand(ctx: Context, row: Outgoing) -> Trusted:
    """What a person would do in the bot's place. Private words stay private: only their addressee is told."""
    people = joined([ctx.name_of(one) for one in row.payload.get("people", [])])
    member = row.member_id or row.payload.get("member")
    to = ctx.name_of(member) if member else ""
    if row.kind in WORDS and row.room_id is None:
        return ctx.text("by_hand_private", to=to)
    values: dict[str, object] = {
        "room": ctx.room_name,
        "said": plain(row.text, TEXT_KEPT),
        "people": people,
        "to": to,
    }
    key = BY_HAND[row.kind]
    wanted = ctx.services.texts.placeholders(plugin.name, key)
    return ctx.text(key, **{name: value for name, value in values.items() if name in wanted})


def _notice(ctx: Context, row: Outgoing, ended: str, item: Trusted, number: int) -> Trusted:
    if row.kind in WORDS:
        key = "notice_words_unknown" if ended == "unknown" else "notice_words_refused"
        return ctx.text(key, item=item, number=number)
    key = "notice_act_unknown" if ended == "unknown" else "notice_act_refused"
    return ctx.text(key, item=item, number=number)
