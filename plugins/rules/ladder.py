"""The steps: a quiet note to the owner, a reminder, a warning, the owner is asked. One case, one step."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update

from bot.context import Context
from bot.events import MembersLeft, OutgoingSettled
from bot.speaking import take_back
from bot.storage.tables import Outgoing, OwnerItem
from bot.words import Trusted, plain
from plugins.rules import logic
from plugins.rules.declared import plugin
from plugins.rules.tables import Case

KEY, APPEAL = "case:", ":appeal"
LISTED_FOR = timedelta(days=7)
SAID_WITHIN = timedelta(minutes=40)
"""A reminder that comes later than this reminds of nothing; the step is then taken at the next occasion."""

LONGEST_WORDS = 40
"""Of a message, for the owner: short enough to stand whole on the list, and to be taken back whole."""
A_DAY = timedelta(days=1)


def take_step(ctx: Context, case: Case, count: int) -> None:
    """What this case calls for; the owner is told in any case, with the message."""
    if case.rung in (logic.REMINDER, logic.WARNING):
        speak_to(ctx, case)
    if case.rung == logic.ASK:
        case.said = True
    tell_owner(ctx, case, count)
    ctx.db.flush()


def speak_to(ctx: Context, case: Case) -> None:
    """The reminder or the warning: privately if WeChat lets us, else in the group, within the budget."""
    key = "reminder" if case.rung == logic.REMINDER else "warning"
    outgoing = ctx.tell(case.member_id, f"{key}_private", urgency="promised", room=ctx.room_name)
    case.in_public = outgoing is None
    if outgoing is None:
        outgoing = ctx.say(
            key, urgency="initiative", mention=[case.member_id], merge=f"{KEY}{case.member_id}",
            keep_for=SAID_WITHIN, reason=key,
        )  # fmt: skip
    case.outgoing_id, case.said = outgoing, outgoing is not None
    ctx.db.flush()


# The owner


def tell_owner(ctx: Context, case: Case, count: int) -> None:
    """The note, on the list and, a few times a day, by a message."""
    words = words_of(ctx, case)
    name = called(ctx, case.member_id)
    item = ctx.text(f"item_{_STEP[case.rung]}", name=name, words=words)
    number = ctx.put_on_list(f"{KEY}{case.id}", item, keep_for=LISTED_FOR, decide=True)
    if _notes_today(ctx) > ctx.settings.notes_a_day:
        return
    ctx.tell_owners(
        f"told_{_STEP[case.rung]}", room=ctx.room_name, name=name, words=words, number=number,
        why=_why(ctx, case), count=count,
    )  # fmt: skip


_STEP = {logic.NOTE: "note", logic.REMINDER: "reminder", logic.WARNING: "warning", logic.ASK: "ask"}


def _why(ctx: Context, case: Case) -> Trusted:
    """What spoke for it, in a few words."""
    said = [ctx.text(f"why_{reason}") for reason in case.reasons]
    return Trusted("、".join(said)) or ctx.text("why_words")


def _notes_today(ctx: Context) -> int:
    query = select(func.count()).where(Case.room_id == ctx.room_id, Case.at > ctx.now - A_DAY)
    return ctx.db.scalar(query) or 0


def words_of(ctx: Context, case: Case) -> str:
    """The message, shortened; a card has no words of its own."""
    said = ctx.history.message(case.message_id) if case.message_id is not None else None
    return plain(said.text, LONGEST_WORDS) if said is not None and said.text else ctx.text("no_words")


def called(ctx: Context, member: int) -> str:
    """What the room calls somebody; a name that cannot be seen is no name to call anybody by."""
    return plain(ctx.name_of(member), limit=20) or ctx.text("nameless")


# Removing


def remove(ctx: Context, case: Case, *, by_itself: bool = False) -> None:
    """Ask WeChat for it; how it ended is heard later. WeChat may refuse: then the owner has the step."""
    take_words_back(ctx, case.member_id)
    case.state, case.rung, case.said = "removing", logic.ASK, True
    case.outgoing_id = ctx.act("remove", people=[case.member_id])
    if by_itself:
        ctx.tell_owners(
            "removed_alone", room=ctx.room_name, name=called(ctx, case.member_id), words=words_of(ctx, case)
        )
    ctx.db.flush()


@plugin.on(OutgoingSettled)
def notice_end(ctx: Context, event: OutgoingSettled) -> None:
    """A word that was not said is no step; a removal that was refused leaves the case open for the owner."""
    if event.plugin != ctx.plugin:
        return
    for case in ctx.db.scalars(select(Case).where(Case.outgoing_id == event.outgoing)):
        if event.kind == "remove":
            case.state = "removed" if event.status == "sent" else "refused"
        elif event.status in ("refused", "expired"):
            case.said, case.in_public = False, False


@plugin.on(MembersLeft)
def let_go(ctx: Context, event: MembersLeft) -> None:
    """Nobody is reminded of anything behind their back."""
    for member in event.members:
        take_words_back(ctx, member)


def take_words_back(ctx: Context, member: int) -> None:
    """What is still to be said to somebody is not said."""
    waiting = select(Case).join(Outgoing, Outgoing.id == Case.outgoing_id)
    mine = (Case.room_id == ctx.room_id) & (Case.member_id == member) & (Outgoing.kind == "text")
    for case in ctx.db.scalars(waiting.where(mine, Outgoing.status == "planned")).all():
        if case.outgoing_id is not None and take_back(ctx.db, case.outgoing_id, ctx.now):
            case.said, case.in_public = False, False
    ctx.db.flush()


# Calling off


def call_off(ctx: Context, case: Case) -> None:
    """What is still to be said about it is not said, and nothing waits for the owner any more."""
    if case.outgoing_id is not None and take_back(ctx.db, case.outgoing_id, ctx.now):
        case.said, case.in_public = False, False
    close_item(ctx, case)
    ctx.db.flush()


def close_item(ctx: Context, case: Case) -> None:
    """The entry on the owner's list is done with."""
    mine = (OwnerItem.plugin == ctx.plugin) & OwnerItem.key.in_(keys_of(case))
    ctx.db.execute(update(OwnerItem).where(mine, OwnerItem.done_at.is_(None)).values(done_at=ctx.now))


def keys_of(case: Case) -> tuple[str, str]:
    """Under what the case, and an appeal against it, stand on the owner's list."""
    return f"{KEY}{case.id}", f"{KEY}{case.id}{APPEAL}"


def case_of(key: str) -> int:
    """The case that an entry on the list is about."""
    return int(key.removeprefix(KEY).removesuffix(APPEAL))
