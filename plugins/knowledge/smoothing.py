"""The digest's own words through a language model; quotes, names and titles are marks and never leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.llm import MARK, Wording, mark
from bot.words import Trusted
from plugins.knowledge.said_by import rows_of

SMOOTH = "smooth_digest"
TASK = (
    "This one is a digest of what a group talked about: connect its parts, so that each topic begins with a "
    "short sentence of its own instead of a heading, with the topic, the people and the messages counted."
)


@dataclass(frozen=True, slots=True)
class Part:
    """A line of the digest. Only what is our own wording may be changed."""

    text: Trusted
    is_ours: bool = False


def draft_of(parts: Sequence[Part]) -> str:
    """What a model is shown: our own lines, and a mark for every other one."""
    lines, count = [], 0
    for part in parts:
        count += not part.is_ours
        lines.append(part.text if part.is_ours else mark(count))
    return "\n".join(lines)


def smooth(wording: Wording, payload: dict[str, Any]) -> dict[str, Any]:
    """Ask for smoother words; there may be none."""
    words = wording.said(payload["draft"], task=TASK)
    return {"made": payload["made"], "draft": payload["draft"], "words": words}


def together(parts: Sequence[Part], smoothed: str | None) -> Trusted | None:
    """The digest in words, with the lines that are not ours where their marks stand; None if it is empty."""
    if smoothed is None:
        return rows_of([part.text for part in parts]) if parts else None
    kept = [part.text for part in parts if not part.is_ours]
    put_in = MARK.sub(lambda found: f"\n{kept[int(found[1]) - 1]}\n", smoothed)
    return rows_of([line for line in put_in.split("\n") if line])
