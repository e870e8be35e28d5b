"""接龙: lists that members copy on are put together with the sign-ups; written clean when a line is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.context import Context
from bot.words import plain
from plugins.meetups import flow, signing
from plugins.meetups.jielong import Entry, Jielong, Merged, hear, is_same, write
from plugins.meetups.naming import members_called
from plugins.meetups.scene import called
from plugins.meetups.tables import Meetup, SignUp

KEPT = signing.KEPT
MORE = 20
"""Names that are not shown to be members need a name that can be said."""


def _ours(ctx: Context, meetup: Meetup) -> tuple[Jielong, list[SignUp]]:
    """The sign-ups as a list that was posted, and the row behind each line.

    Who left stands there as well, as not coming: an old copy that still names them brings nobody back.
    """
    rows = list(signing.rows_of(ctx, meetup, "in", "waiting", "offered"))
    entries = [_entry(ctx, row) for row in rows]
    names = {one.key for one in entries}
    for row in signing.rows_of(ctx, meetup, "out"):
        entry = _entry(ctx, row)
        if row.is_listed and entry.key not in names:
            names.add(entry.key)
            rows.append(row)
            entries.append(replace(entry, is_coming=False))
    return Jielong(meetup.title, tuple(entries), is_headed=True), rows


def _entry(ctx: Context, row: SignUp) -> Entry:
    name = called(ctx, row.member_id) if row.member_id is not None else row.name
    by = str(row.entered_by or row.member_id or "")
    return Entry(name, 1 + row.more, row.note, by=by, is_listed=row.is_listed)


def take(ctx: Context, meetup: Meetup, member: int, text: str) -> bool:
    """Put a posted list (or a line of one) together with ours; False if it is about other things."""
    ours, rows = _ours(ctx, meetup)
    sender = called(ctx, member)
    merged = hear(ours, text, sender, str(member))
    if merged is None:
        return False
    if not _may_join(meetup):
        merged = replace(merged, joined=())
    by_name = {entry.name: row for entry, row in zip(ours.entries, rows, strict=True)}
    for name in merged.left:
        if name in by_name and by_name[name].status != "out":
            signing.take_out(ctx, meetup, by_name[name])
    entries = {one.name: one for one in merged.entries}
    for old, new in merged.handed:
        _hand_on(ctx, meetup, by_name[old], entries[new], member)
    for name in merged.changed:
        _change(ctx, meetup, by_name.get(name), entries.get(name))
    outcomes = {name: _join(ctx, meetup, entries[name], member) for name in merged.joined if name in entries}
    _mark_listed(ctx, meetup, merged)
    _tell_full(ctx, meetup, member, outcomes)
    if merged.lost:
        _mend(ctx, meetup, merged.lost)
    return True


def _may_join(meetup: Meetup) -> bool:
    return flow.step(meetup.state, flow.Input.SIGN) is not None


def _hand_on(ctx: Context, meetup: Meetup, row: SignUp, entry: Entry, sender: int) -> None:
    """Somebody wrote another name on their own line: that person has the seat now, if they have none yet."""
    member = _member_of(ctx, entry.name, None)
    has_own = member is not None and signing.row_of(ctx, meetup, member) is not None
    if row.status != "in" or has_own or _is_there(ctx, meetup, entry.name):
        signing.take_out(ctx, meetup, row)
        if _may_join(meetup):
            _join(ctx, meetup, entry, sender)
        return
    row.member_id, row.entered_by = member, sender
    row.name = plain(entry.name, MORE) if member is None else ""
    signing.change(ctx, meetup, row, entry.count - 1, plain(entry.note, 40))
    ctx.db.flush()


def _member_of(ctx: Context, name: str, sender: int | None) -> int | None:
    """The one member whom a line means, if it is clear."""
    if sender is not None and is_same(name, called(ctx, sender)):
        return sender
    found = members_called(ctx, name)
    return found[0] if len(found) == 1 else None


def _join(ctx: Context, meetup: Meetup, entry: Entry, sender: int) -> str:
    """A new line, and what became of it."""
    member = _member_of(ctx, entry.name, sender)
    if member is None and _is_there(ctx, meetup, entry.name):
        return "same"
    _, outcome = signing.put(
        ctx, meetup, member, name=plain(entry.name, MORE) if member is None else "", more=entry.count - 1,
        note=plain(entry.note, 40), by=None if member == sender else sender,
    )  # fmt: skip
    return outcome


def _tell_full(ctx: Context, meetup: Meetup, sender: int, outcomes: dict[str, str]) -> None:
    """Who wrote more names than there are seats hears so; part of their own party may fit."""
    own = signing.row_of(ctx, meetup, sender)
    if own is not None and own.status == "offered" and "offered" in outcomes.values():
        signing.say_to(ctx, sender, "offered_part", seats=1 + own.more)
    waiting = [name for name, outcome in outcomes.items() if outcome in ("waiting", "full")]
    if waiting:
        signing.say_to(ctx, sender, "list_full", names="、".join(plain(name, MORE) for name in waiting))


def _is_there(ctx: Context, meetup: Meetup, name: str) -> bool:
    return any(
        row.name == plain(name, MORE) for row in signing.rows_of(ctx, meetup, "in", "waiting", "offered")
    )


def _change(ctx: Context, meetup: Meetup, row: SignUp | None, entry: Entry | None) -> None:
    """Their own line says something else: more friends only where there are seats."""
    if row is not None and entry is not None and row.status != "out":
        signing.change(ctx, meetup, row, entry.count - 1, plain(entry.note, 40))


def _mark_listed(ctx: Context, meetup: Meetup, merged: Merged) -> None:
    """Which lines the room has seen on a list."""
    listed = {one.name for one in merged.entries if one.is_listed}
    for row in signing.rows_of(ctx, meetup, "in", "waiting", "offered"):
        row.is_listed = row.is_listed or _entry(ctx, row).name in listed
    ctx.db.flush()


def _mend(ctx: Context, meetup: Meetup, lost: Sequence[str]) -> None:
    """Two copied the same list and one line went missing: here is the whole one."""
    names = "、".join(plain(name, MORE) for name in lost[:5])
    ctx.say(
        "list_mended", urgency="answer", merge=f"mend:{meetup.id}", keep_for=KEPT, names=names,
        list=written(ctx, meetup),
    )  # fmt: skip


def written(ctx: Context, meetup: Meetup) -> Any:
    """The clean list of those who come, to be copied on; its lines count as seen from now on."""
    rows = signing.rows_of(ctx, meetup, "in")
    for row in rows:
        row.is_listed = True
    ctx.db.flush()
    entries = [_entry(ctx, row) for row in rows]
    slots = 1 if _may_join(meetup) else 0
    return signing.as_ours(write(meetup.title, entries, slots=slots))


def say(ctx: Context, meetup: Meetup, head: str, *, urgency: Any) -> None:
    """The list as it stands now, and who waits."""
    parts = [ctx.text(head, title=meetup.title, count=signing.head_count(ctx, meetup)), written(ctx, meetup)]
    waiting = signing.listed(ctx, meetup, "waiting")
    if waiting:
        parts.append(ctx.text("list_waiting", count=len(waiting), names="、".join(waiting)))
    ctx.say_text(signing.as_ours("\n\n".join(parts)), urgency=urgency, reason=head, keep_for=KEPT)
