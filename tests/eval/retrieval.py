"""Whether the kept question that asks the same is found, and whether the bot knows when to speak.

*Success@k*: the share of queries with a right sentence among the first k; MRR@20 the mean of 1/place within
the first twenty. *When to speak*: half of the queries are made unanswerable (everything that asks the same is
taken away); what is said is right if it asks the same as the query. *Recall* counts answerable queries.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from bot.analysis.retrieval.find import Candidate, Found, Retrieval
from bot.analysis.retrieval.hybrid import HybridRetrieval
from bot.analysis.retrieval.index import CharacterIndex
from bot.analysis.retrieval.vectors import sentence_encoder
from bot.analysis.retrieval.weights import STORED, linear
from tests.eval.frame import Figure, Options, Result, Row, Section, interval
from tests.eval.question_pairs import PairSet, Query, read_folder, small

NAME = "retrieval"
FOLDER = "question_pairs"
WIDE = 20
FEW = 400
SPEED_POOL = 50_000
SPEED_QUERIES = 400
SLOWEST_MS = 50
SPEED_SEED = 11
SPEAKING = {"precision": 0.9, "recall": 0.3}
WITH_MEANING = {"lcqmc": (0.85, 0.985, 0.91), "bq": (0.18, 0.46, 0.3)}
"""What is wanted of the hybrid, by set."""


@dataclass(frozen=True)
class Asked:
    """A query with its candidates; `bm25` are keys in plain BM25's order, `same` what counts as right.

    `left` is what is found when all that asks the same is taken out of the pool, for half of the queries.
    """

    query: Query
    candidates: list[Candidate]
    bm25: list[int]
    same: frozenset[int]
    left: list[Candidate] | None = None

    @property
    def right(self) -> list[bool]:
        """Which candidates are right."""
        return [one.key in self.same for one in self.candidates]

    def ranked(self, weights: Mapping[str, Any] = STORED) -> list[tuple[float, Candidate]]:
        """Candidates with the ranker's scores, best first."""
        scored = [(linear(weights["rank"], one.features), one) for one in self.candidates]
        return sorted(scored, key=lambda pair: (-pair[0], pair[1].key))

    def judged(self, weights: Mapping[str, Any] = STORED) -> list[Found]:
        """As the product judges them."""
        return Retrieval({}, weights).judged(self.query.text, self.candidates)


Kind = Callable[[Mapping[int, str]], Retrieval]
"""How a retrieval over sentences is made: by characters alone, or with meaning as well."""


def asked_of(pairs: PairSet, kind: Kind = Retrieval) -> list[Asked]:
    """Every query of a set with what the first stage finds for it, its own sentence left out."""
    retrieval, plain = kind(dict(enumerate(pairs.pool))), CharacterIndex(assumed=0)
    for key, text in enumerate(pairs.pool):
        plain.add(key, text)
    asked = []
    for query in pairs.queries:
        retrieval.remove(query.own)
        found = retrieval.candidates(query.text)
        left = _found_without(retrieval, pairs, query) if query.loses_its_answers else None
        retrieval.add(query.own, query.text)
        bm25 = [key for key, _ in plain.best(query.text, WIDE + 1) if key != query.own]
        asked.append(Asked(query, found, bm25[:WIDE], query.same, left))
    return asked


def _found_without(retrieval: Retrieval, pairs: PairSet, query: Query) -> list[Candidate]:
    """What is found when nothing in the pool asks the same: asked anew, so that nothing betrays the gap."""
    for key in query.same:
        retrieval.remove(key)
    found = retrieval.candidates(query.text)
    for key in query.same:
        retrieval.add(key, pairs.pool[key])
    return found


def made_unanswerable(asked: Sequence[Asked]) -> list[Asked]:
    """The same queries, for half of which nothing right is left."""
    return [one if one.left is None else replace(one, candidates=one.left, same=frozenset()) for one in asked]


def run(folder: Path, options: Options) -> Result:
    """Every file of the folder: search, when to speak; then speed on a large pool."""
    sets = read_folder(folder)
    asked = [asked_of(each) for each in sets]
    found = [search_section(each, one, options) for each, one in zip(sets, asked, strict=True)]
    spoken = [speak_section(each, one) for each, one in zip(sets, asked, strict=True)]
    few = [small(each, FEW, options.seed) for each in sets]
    spoken += [speak_section(each, asked_of(each)) for each in few]
    encode = sentence_encoder()
    if encode is None:
        print(f"{NAME}: the hybrid is SKIPPED, the extra `semantic` is not installed", file=sys.stderr)
    else:
        kind = partial(HybridRetrieval, encode=encode)
        hybrid = [asked_of(each, kind) for each in sets]
        found += [hybrid_section(each, one, options) for each, one in zip(sets, hybrid, strict=True)]
    return Result(NAME, [*found, *spoken, speed_section(sets)])


def search_section(pairs: PairSet, asked: list[Asked], options: Options) -> Section:
    """Single-character BM25, our ranker, and the gain with its interval."""
    held_out = [one for one in asked if one.query.held_out]
    plain = Row("single characters, BM25", search_figures(asked, _bm25_places, options))
    ours = Row("ranker", search_figures(asked, _our_places, options), ours=True)
    for measure, figure in plain.figures.items():
        ours.figures[measure] = ours.figures[measure].against(round(figure.value, 3))
    rows = [
        plain,
        ours,
        Row("BM25, held-out queries", search_figures(held_out, _bm25_places, options)),
        Row("ranker, held-out queries", search_figures(held_out, _our_places, options), ours=True),
        Row("gain, held-out queries", gain(held_out, options), ours=True),
    ]
    return Section(f"{pairs.name}: {len(asked)} queries, {len(pairs.pool)} sentences", rows)


def hybrid_section(pairs: PairSet, asked: list[Asked], options: Options) -> Section:
    """The hybrid of the extra `semantic` on the same queries. Its weights have seen the general set alone."""
    places = partial(_our_places, weights=STORED["semantic"])
    held_out = [one for one in asked if one.query.held_out]
    ours = Row("hybrid", search_figures(asked, places, options), ours=True)
    for measure, target in zip(MEASURES, WITH_MEANING.get(pairs.name.split(".")[0], ()), strict=False):
        ours.figures[measure] = ours.figures[measure].against(target)
    rows = [
        ours,
        Row("hybrid, held-out queries", search_figures(held_out, places, options), ours=True),
        Row("single characters, BM25", search_figures(asked, _bm25_places, options)),
        *speak_rows(held_out, STORED["semantic"]),
    ]
    return Section(f"{pairs.name}, with meaning", rows)


def _bm25_places(one: Asked) -> list[int]:
    return one.bm25


def _our_places(one: Asked, weights: Mapping[str, Any] = STORED) -> list[int]:
    return [found.key for found in one.judged(weights)]


def _place(one: Asked, keys: Sequence[int]) -> int:
    return next((at for at, key in enumerate(keys[:WIDE], 1) if key in one.same), 0)


MEASURES: dict[str, Callable[[int], float]] = {
    "success@1": lambda place: float(place == 1),
    "success@5": lambda place: float(1 <= place <= 5),
    "mrr@20": lambda place: 1 / place if place else 0.0,
}


def search_figures(
    asked: list[Asked], keys: Callable[[Asked], list[int]], options: Options
) -> dict[str, Figure]:
    """The three measures with intervals over queries."""
    places = [_place(one, keys(one)) for one in asked]
    return {
        name: interval([measure(place) for place in places], _mean, options, places=3)
        for name, measure in MEASURES.items()
    }


def gain(asked: list[Asked], options: Options) -> dict[str, Figure]:
    """How much better than BM25, query by query."""
    both = [(_place(one, _our_places(one)), _place(one, one.bm25)) for one in asked]
    return {
        name: interval([measure(ours) - measure(plain) for ours, plain in both], _mean, options, places=3)
        for name, measure in MEASURES.items()
    }


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


# When to speak


@dataclass(frozen=True)
class Said:
    """What would be said to a query: how sure, whether it is right, and whether anything right was there."""

    chance: float
    right: bool
    answerable: bool


def said_to(asked: Sequence[Asked], weights: Mapping[str, Any] = STORED) -> list[Said]:
    """The best candidate of each query."""
    told = []
    for one in asked:
        best = one.judged(weights)[:1]
        told += [Said(found.chance, found.key in one.same, bool(one.same)) for found in best]
    return told


def precision_recall(said: Sequence[Said], threshold: float) -> tuple[float, float]:
    """Of what is said from this chance on, how much is right; of the answerable, how many are answered."""
    spoken = [one.right for one in said if one.chance >= threshold]
    answerable = sum(one.answerable for one in said)
    right = sum(spoken)
    return (right / len(spoken) if spoken else 1.0), (right / answerable if answerable else 0.0)


def speak_section(pairs: PairSet, asked: list[Asked]) -> Section:
    """Precision and recall at the shipped threshold and along the curve, and how honest the chance is."""
    held_out = [one for one in asked if one.query.held_out]
    rows = speak_rows(held_out, STORED)
    is_large = len(pairs.pool) > FEW
    for measure, target in SPEAKING.items() if is_large and pairs.name.startswith("lcqmc") else ():
        rows[0].figures[measure] = rows[0].figures[measure].against(target)
    title = f"{pairs.name}, when to speak: {len(held_out)} held-out queries, half unanswerable"
    return Section(title, rows)


def speak_rows(asked: list[Asked], weights: Mapping[str, Any]) -> list[Row]:
    """The same for any weights."""
    said = said_to(made_unanswerable(asked), weights)
    rows = [_at(f"said as an answer, from {weights['say']}", said, weights["say"], ours=True)]
    rows += [_at(f"from {step}", said, step) for step in (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)]
    right = _mean([one.right for one in said])
    brier = _mean([(one.chance - one.right) ** 2 for one in said])
    figures = {
        "brier": Figure(brier, places=4),
        "brier_of_base_rate": Figure(right * (1 - right), places=4),
        "calibration_error": Figure(calibration_error(said), places=4),
    }
    return [*rows, Row("how honest the chance is", figures, ours=True)]


def _at(name: str, said: Sequence[Said], threshold: float, *, ours: bool = False) -> Row:
    precision, recall = precision_recall(said, threshold)
    return Row(name, {"precision": Figure(precision, places=3), "recall": Figure(recall, places=3)}, ours)


def calibration_error(said: Sequence[Said], bins: int = 10) -> float:
    """Expected calibration error over equal bins of the chance (Naeini and others, 2015)."""
    error = 0.0
    for at in range(bins):
        inside = [one for one in said if min(int(one.chance * bins), bins - 1) == at]
        gap = abs(_mean([one.chance for one in inside]) - _mean([one.right for one in inside]))
        error += gap * len(inside) / (len(said) or 1)
    return error


# Speed


def speed_section(sets: list[PairSet]) -> Section:
    """Time of one search among 50,000 kept questions, made of the sets' own sentences, varied."""
    kept = list(_varied([text for each in sets for text in each.pool], SPEED_POOL))
    index = CharacterIndex()
    for key, text in enumerate(kept):
        index.add(key, text)
    queries = [query.text for each in sets for query in each.queries][:: max(1, len(sets))]
    queries = random.Random(SPEED_SEED).sample(queries, min(SPEED_QUERIES, len(queries)))
    retrieval = Retrieval(dict(enumerate(kept)))
    whole, wide = _times(queries, retrieval.find), _times(queries, partial(index.best, limit=WIDE))
    rows = [
        Row("first stage alone", {f"p{share}_ms": _percentile(wide, share) for share in (50, 95)}),
        Row(
            "search",
            {
                "p50_ms": _percentile(whole, 50),
                "p95_ms": _percentile(whole, 95).against(SLOWEST_MS, at_most=True),
            },
            ours=True,
        ),
    ]
    return Section(f"one search among {len(kept)} kept questions", rows)


def _varied(texts: Sequence[str], count: int) -> Sequence[str]:
    dice = random.Random(SPEED_SEED)
    more = (dice.choice(texts) + dice.choice(texts)[-4:] for _ in range(max(0, count - len(texts))))
    return [*texts[:count], *more]


def _times(queries: Sequence[str], search: Callable[[str], object]) -> list[float]:
    taken = []
    for query in queries:
        begun = time.process_time()
        search(query)
        taken.append(1000 * (time.process_time() - begun))
    return sorted(taken)


def _percentile(ordered: Sequence[float], percent: int) -> Figure:
    return Figure(ordered[min(len(ordered) - 1, percent * len(ordered) // 100)] if ordered else 0.0)
