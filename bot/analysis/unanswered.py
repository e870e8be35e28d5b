"""Questions that nobody has answered, told by more than the lack of a link: by what came after them.

One sure link from somebody else is an answer. Where links are not sure, it counts whether anybody turned to
the asker, whether the asker turned to anybody, and whether the question opened something at all. The weights
stand in `unanswered.json` and are made by `tests/eval/train_unanswered.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from math import exp
from pathlib import Path

from bot.analysis.lines import Heard, Line, Link, lines_of, links_of

AHEAD = 30
"""Lines after a question that are looked at, and before it."""

FEATURES = (
    "opens", "sure to open", "links from others", "best link", "named after", "turned to",
    "asker names after", "asker goes on", "silent before", "to somebody", "chance", "end of talk",
    "others follow up",
)  # fmt: skip

_MODEL = json.loads(Path(__file__).with_name("unanswered.json").read_text(encoding="utf-8"))
_WEIGHTS: list[float] = _MODEL["weights"]
_INTERCEPT: float = _MODEL["intercept"]


def unanswered(talk: Sequence[Heard], asks: float = 0.5) -> dict[int, float]:
    """For each message that asks something: the chance that it opens a question and nobody answered it."""
    lines, linked = lines_of(talk), {link.message: link for link in links_of(talk)}
    asking = {one.line.id: one.question for one in talk if one.question is not None}
    replies = replies_to(lines, linked)
    return {
        line.id: _chance(features(at, lines, linked, replies, asking))
        for at, line in enumerate(lines)
        if asking.get(line.id, 0.0) >= asks
    }


def _chance(values: Sequence[float]) -> float:
    score = _INTERCEPT + sum(weight * value for weight, value in zip(_WEIGHTS, values, strict=True))
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, score))))


Replies = dict[int, list[tuple[Line, float]]]


def replies_to(lines: Iterable[Line], links: Mapping[int, Link]) -> Replies:
    """By message, the lines that answer it and how sure that is."""
    found: Replies = {}
    for line in lines:
        link = links.get(line.id)
        if link is not None and link.answers is not None:
            found.setdefault(link.answers, []).append((line, link.confidence))
    return found


def features(
    at: int, lines: Sequence[Line], links: Mapping[int, Link], replies: Replies, asking: Mapping[int, float]
) -> list[float]:
    """What is known about the question that stands at this place, in the order of `FEATURES`."""
    line = lines[at]
    link, asker = links.get(line.id), line.member
    opens = link is None or link.answers is None
    sure = 0.5 if link is None else link.confidence
    others = [sure for reply, sure in replies.get(line.id, ()) if reply.member != asker]
    own = [reply.id for reply, _ in replies.get(line.id, ()) if reply.member == asker]
    follow_up = [sure for one in own for reply, sure in replies.get(one, ()) if reply.member != asker]
    after, before = lines[at + 1 : at + 1 + AHEAD], lines[max(0, at - AHEAD) : at]
    turned_to = {one.member for one in after if asker in one.mentions}
    mine = [one for one in after if one.member == asker]
    return [
        float(opens),
        sure if opens else 1.0 - sure,
        min(3.0, sum(others)),
        max(others, default=0.0),
        float(bool(turned_to)),
        min(3.0, float(len(turned_to))),
        float(any(one.mentions for one in mine)),
        float(bool(mine)),
        float(all(one.member != asker for one in before)),
        float(bool(line.mentions or line.quoted_member)),
        asking.get(line.id, 0.0),
        1.0 - len(after) / AHEAD,
        min(2.0, sum(follow_up)),
    ]
