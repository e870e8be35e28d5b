"""Names that a language model thinks of, beside our own: asked where the owner wants it, never needed."""

from __future__ import annotations

from typing import Any

from bot.context import Context
from bot.llm import Wording
from plugins.founding import naming, talking
from plugins.founding.declared import plugin
from plugins.founding.reading import IDEAS, remember
from plugins.founding.tables import Founding

TASK = (
    "This one is not to be polished: it is what a new chat group is about. Offer six short Chinese names for "
    "that group, one a line, without numbers, each with the group's word in it, half of them with a play on "
    "words."
)
LONGEST = 200


def think(wording: Wording, payload: dict[str, Any]) -> dict[str, Any]:
    """Ask for names; there may be none."""
    said = wording.said(payload["about"], task=TASK, longest=LONGEST)
    return {"founding": payload["founding"], "names": (said or "").splitlines()}


def offer(ctx: Context, result: dict[str, Any]) -> None:
    """Put what can be used of them first; without any, our own names stand alone."""
    one = ctx.db.get(Founding, result["founding"])
    if one is None or one.closed_at is not None or one.step != "name":
        return
    remember(ctx, one, ideas=naming.usable(result["names"]))
    talking.put(ctx, one)


plugin.work(IDEAS, done=offer, with_model=True)(think)
