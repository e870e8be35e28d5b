"""Lists that are answered with a number: shown a page at a time, understood for a while."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import timedelta
from typing import Any

from bot.context import Context
from bot.words import Trusted
from plugins.owner.views import lines

LIST = "list"
PAGE = 14


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list. What a number does is decided by `kind` and `ref` (see `menu`).

    The label is fit to be said: rendered, or passed through `plain`.
    """

    kind: str
    ref: str
    label: str


def offer(ctx: Context, heading: str, entries: Sequence[Entry], footer: str = "") -> None:
    """Show the first page, and expect a number."""
    payload = {"heading": heading, "footer": footer, "entries": [astuple(one) for one in entries], "shown": 0}
    show_page(ctx, payload)


def show_page(ctx: Context, payload: dict[str, Any]) -> None:
    """Show the page after what was shown; from the top again when everything was."""
    entries, start = payload["entries"], payload["shown"]
    if start >= len(entries):
        start = 0
    end = min(start + PAGE, len(entries))
    if len(entries) - end == 1:  # the last one takes no more room than the word that there is one more
        end = len(entries)
    page = [
        ctx.text("list_line", number=number, label=Trusted(label))
        for number, (_, _, label) in enumerate(entries[start:end], start + 1)
    ]
    more = [ctx.text("list_more", count=len(entries) - end)] if end < len(entries) else []
    foot = [payload["footer"]] if payload["footer"] else []
    ctx.reply_text(lines([payload["heading"], *page, *more, *foot]), reason="list")
    keep(ctx, payload | {"shown": end})


def keep(ctx: Context, payload: dict[str, Any]) -> None:
    """Go on expecting numbers for this list."""
    assert ctx.member is not None
    ctx.ask(LIST, ctx.member, wait=timedelta(minutes=ctx.settings.list_minutes), **payload)
