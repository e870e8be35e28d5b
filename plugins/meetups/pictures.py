"""Pictures of a meetup: fetched through the outbox, kept in the data folder under names of our own."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from bot.context import Context
from bot.events import OutgoingSettled
from bot.storage import media
from bot.storage.records import Said
from plugins.meetups.tables import Meetup

FETCH = "fetch"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A picture that has arrived."""

    meetup: int
    kind: str
    author: int
    message: int
    file: str


def fetch(ctx: Context, meetup: Meetup, said: Said, kind: str) -> None:
    """Have a picture brought into the media folder; the end comes as `OutgoingSettled`."""
    name = f"{media.PREFIX}{secrets.token_hex(16)}.jpg"
    ctx.act(
        "fetch", message=said.id, path=str(ctx.services.media_folder / name), file=name, meetup=meetup.id,
        kept_as=kind, author=said.member,
    )  # fmt: skip


def fetched(event: OutgoingSettled) -> Fetched | None:
    """The picture that this is the end of; None if it did not come, or this is something else."""
    payload = event.payload
    if event.kind != FETCH or event.status != "sent" or payload is None or "kept_as" not in payload:
        return None
    return Fetched(
        payload["meetup"], payload["kept_as"], payload["author"], payload["message"], payload["file"]
    )


def delete(ctx: Context, file: str) -> None:
    """Delete a kept picture."""
    media.delete(ctx.services.media_folder, file)
