"""Pictures and files that are kept for a share: fetched through the outbox, under names of our own."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from bot.context import Context
from bot.events import OutgoingSettled
from bot.storage import media as store

FETCH = "fetch"
ENDINGS = {"image": ".jpg", "file": "", "video": ".mp4"}
KEPT_ENDINGS = frozenset(
    {".jpg", ".jpeg", ".png", ".gif", ".webp", ".pdf", ".txt", ".md", ".doc", ".docx", ".xls", ".xlsx",
     ".ppt", ".pptx", ".csv", ".mp4", ".mp3"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """How fetching ended; `file` is None if there is nothing."""

    kind: str
    text: str
    message: int
    author: int | None
    added_by: int | None
    issue: int | None
    file: str | None


def fetch(
    ctx: Context, message: int, kind: str, text: str, *, author: int | None, issue: int | None = None
) -> None:
    """Have a message's picture or file brought into the media folder; the end comes as `OutgoingSettled`."""
    ending = text[text.rfind(".") :].lower() if "." in text else ENDINGS.get(kind, "")
    name = (
        store.PREFIX + secrets.token_hex(16) + (ending if ending in KEPT_ENDINGS else ENDINGS.get(kind, ""))
    )
    ctx.act(
        "fetch", message=message, path=str(ctx.services.media_folder / name), file=name, media=kind,
        text_of=text, author=author, added_by=ctx.member, issue=issue,
    )  # fmt: skip


def kept(ctx: Context, event: OutgoingSettled) -> Kept | None:
    """What became of a `fetch` of ours; None if this is the end of something else."""
    if event.kind != FETCH or event.payload is None:
        return None
    payload = event.payload
    kind = "image" if payload["media"] == "image" else "file"
    file = payload["file"] if event.status == "sent" else None
    return Kept(
        kind,
        payload["text_of"],
        payload["message"],
        payload["author"],
        payload["added_by"],
        payload["issue"],
        file,
    )


def delete(ctx: Context, file: str) -> None:
    """Delete a kept file."""
    store.delete(ctx.services.media_folder, file)
