"""Who will help: people ranked on what lies before a cut against whom they help after it (`egret/`).

Pairs in order of date are cut at 30, 40, …, 80 %; the gain is the accepted answers to others in the next
20 %.
Nothing was fitted to these cuts: `standing` has one parameter, its half-life, and takes the 30 days of the
baseline, so that what is compared is people against answers. Early cuts, which are not judged, stand below.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.analysis.help import HALF_LIFE, Help, decay, standing
from tests.eval.frame import Figure, Missing, Options, Result, Row, Section

NAME = "helpers"
FOLDER = "egret"
CUTS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
EARLY = (0.1, 0.15, 0.2, 0.25)
NEXT = 0.2
TOP = 10
MONTH = timedelta(days=30)
BETTER = 5

Scorer = Callable[[Sequence["Answered"]], Mapping[str, float]]


@dataclass(frozen=True)
class Answered:
    """A question with its accepted answer."""

    at: datetime
    asker: str
    answerer: str


def run(folder: Path, options: Options) -> Result:
    """All methods on all cuts, and by how many cuts ours is better than each."""
    pairs = read_pairs(folder)
    methods: dict[str, Scorer] = {
        "raw posts": _posts,
        "distinct people helped": _people,
        "answers, 30-day half-life": _answers,
        "standing (decayed distinct people)": ours,
    }
    judged = _section("the six cuts", pairs, methods, CUTS, judged=True)
    early = _section("early cuts, not judged", pairs, methods, EARLY, judged=False)
    return Result(NAME, [judged, early])


def read_pairs(folder: Path) -> list[Answered]:
    """The pairs of `conversations.txt`, by date."""
    path = folder / "conversations.txt"
    if not path.exists():
        raise Missing(f"no conversations.txt in {folder.name or folder}/")
    pairs = []
    for row in path.read_text("utf-8").splitlines():
        parts = [part.strip() for part in row.split("+++$+++")]
        if len(parts) >= 4:
            at = datetime.strptime(parts[3], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
            pairs.append(Answered(at, parts[1], parts[2]))
    return sorted(pairs, key=lambda one: one.at)


def ours(past: Sequence[Answered]) -> Mapping[str, float]:
    """The product's own scorer."""
    key = {name: at for at, name in enumerate(sorted({name for one in past for name in _both(one)}), 1)}
    given = [
        Help(key[one.answerer], key[one.asker], number, one.at, one.at, (number,), True, True, False)
        for number, one in enumerate(past)
    ]
    name = {at: one for one, at in key.items()}
    return {name[member]: weight for member, weight in standing(given, past[-1].at, HALF_LIFE).items()}


def _section(
    title: str,
    pairs: Sequence[Answered],
    methods: Mapping[str, Scorer],
    cuts: Sequence[float],
    *,
    judged: bool,
) -> Section:
    scores = {name: [_at_cut(pairs, method, cut) for cut in cuts] for name, method in methods.items()}
    mine = scores["standing (decayed distinct people)"]
    rows, notes = [], []
    for name, theirs in scores.items():
        figures = {f"{cut:.0%}": Figure(value, places=3) for cut, value in zip(cuts, theirs, strict=True)}
        figures["mean"] = Figure(sum(theirs) / len(theirs), places=3)
        is_ours = theirs is mine
        if is_ours and judged:
            wanted = {"better than half-life": ("answers, 30-day half-life", BETTER)}
            wanted["better than posts"] = ("raw posts", len(cuts))
            for label, (other, least) in wanted.items():
                figures[label] = Figure(float(_better(mine, scores[other])), target=least, places=0)
        rows.append(Row(name, figures, is_ours))
        if not is_ours:
            gaps = " ".join(f"{a - b:+.3f}" for a, b in zip(mine, theirs, strict=True))
            notes.append(f"against {name}: {gaps}")
    return Section(title, rows, notes)


def _better(mine: Sequence[float], theirs: Sequence[float]) -> int:
    return sum(a > b for a, b in zip(mine, theirs, strict=True))


def _at_cut(pairs: Sequence[Answered], method: Scorer, cut: float) -> float:
    begins, ends = round(len(pairs) * cut), round(len(pairs) * (cut + NEXT))
    gain = Counter(one.answerer for one in pairs[begins:ends] if one.answerer != one.asker)
    return ndcg(method(pairs[:begins]), gain)


def ndcg(scores: Mapping[str, float], gain: Mapping[str, float], top: int = TOP) -> float:
    """NDCG@10; people with the same score share their gains, as over all orders of them."""
    by_score: dict[float, list[str]] = {}
    for name, score in scores.items():
        by_score.setdefault(round(score, 12), []).append(name)
    gains: list[float] = []
    for score in sorted(by_score, reverse=True):
        same = by_score[score]
        gains += [sum(gain.get(name, 0) for name in same) / len(same)] * len(same)
    best = _discounted(sorted(map(float, gain.values()), reverse=True)[:top])
    return _discounted(gains[:top]) / best if best else 0.0


def _discounted(gains: Sequence[float]) -> float:
    return sum(one / math.log2(at + 2) for at, one in enumerate(gains))


def _both(one: Answered) -> tuple[str, str]:
    return one.asker, one.answerer


def _posts(past: Sequence[Answered]) -> Mapping[str, float]:
    return Counter(name for one in past for name in _both(one))


def _people(past: Sequence[Answered]) -> Mapping[str, float]:
    return Counter(helper for asker, helper in {_both(one) for one in past} if asker != helper)


def _answers(past: Sequence[Answered]) -> Mapping[str, float]:
    weights: Counter[str] = Counter()
    for one in past:
        if one.asker != one.answerer:
            weights[one.answerer] += decay(past[-1].at - one.at, MONTH)  # type: ignore[assignment]
    return weights
