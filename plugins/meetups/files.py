"""Files of a meetup: asked for here, made off the writer (`file_making`), handed to who asked."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from bot.context import Context
from bot.storage.history import History
from plugins.meetups import file_making, flow
from plugins.meetups.declared import plugin
from plugins.meetups.scene import date_said, the_one
from plugins.meetups.tables import Meetup

WORK = "paper"
ENDINGS = {"deck": ".pptx", "sheet": ".pdf", "calendar": ".ics"}


def ask_for(ctx: Context, meetup: Meetup, kind: str) -> bool:
    """Have a file made; False if it is too early for one."""
    if (
        meetup.state == flow.State.IDEA
        or not meetup.title
        or (kind == "calendar" and meetup.starts_at is None)
    ):
        return False
    name = f"{file_making.PREFIX}{secrets.token_hex(16)}{ENDINGS[kind]}"
    ctx.work(
        WORK, kind=kind, meetup=meetup.id, file=str(ctx.services.media_folder / name), zone=ctx.zone.key,
        media=str(ctx.services.media_folder), group=ctx.room_name,
        when=date_said(ctx, meetup.starts_at) if meetup.starts_at else "",
    )  # fmt: skip
    return True


def made(ctx: Context, result: dict[str, Any]) -> None:
    """Hand it over where it was asked for: calendars in the group too, the rest is the owner's."""
    meetup = ctx.db.get(Meetup, result["meetup"])
    if meetup is None or not result["file"]:
        return
    kind = result["kind"]
    name = f"{meetup.title} {ctx.text(f'file_{kind}')}{ENDINGS[kind]}"
    member = None if ctx.asked_in_group else ctx.member
    ctx.send_file(Path(result["file"]), member=member, name=_safe(name), reason=f"file_{kind}")
    if kind == "deck" and not ctx.asked_in_group:
        ctx.reply("deck_hint")


def _safe(name: str) -> str:
    """A file name that every system takes."""
    return "".join(one if one.isalnum() or one in " .-_·" else "_" for one in name)[-80:]


def calendar(ctx: Context) -> None:
    """A member wants the next meetup in their calendar, or one that was dropped out of it again."""
    meetup = the_one(ctx, flow.COMING) or _dropped(ctx)
    if meetup is None or not ask_for(ctx, meetup, "calendar"):
        ctx.reply("no_place_none")


def _dropped(ctx: Context) -> Meetup | None:
    meetup = the_one(ctx, [flow.State.DROPPED])
    is_ahead = meetup is not None and meetup.starts_at is not None and meetup.starts_at > ctx.now
    return meetup if is_ahead else None


def deck_or_sheet(ctx: Context, meetup: Meetup, kind: str) -> bool:
    """The owner wants the slides, or the sheet: told that they are on their way."""
    if not ask_for(ctx, meetup, kind):
        return False
    ctx.reply("making_deck" if kind == "deck" else "making_sheet")
    return True


@plugin.work(WORK, done=made, apart=True)
def make(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """Read what belongs to it and write the file."""
    return file_making.make(history, payload)


@plugin.forget
def delete_files(ctx: Context, member: int) -> None:
    """What lies about of slides and sheets may name them."""
    file_making.delete_all(ctx.services.media_folder)
