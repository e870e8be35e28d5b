"""Makes `bot/analysis/retrieval/retrieval.json` from pairs of questions that ask the same.

    python -m tests.eval.train_retrieval ../shared/data/question_pairs common
    python -m tests.eval.train_retrieval ../shared/data/question_pairs
    python -m tests.eval.train_retrieval ../shared/data/question_pairs semantic

Half of the queries (`Query.held_out`) are never looked at; the evaluation `retrieval` is judged on them. The
ranker is a softmax over a query's candidates (listwise logistic loss), the chance a logistic regression on
the best candidate with half of the queries made unanswerable. The chance, the threshold from which on to
speak, and the hybrid's ranker learn from the general set alone: the other sets judge them unseen.
Needs the extra `eval` (scikit-learn).
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from bot.analysis.retrieval import weights
from bot.analysis.retrieval.find import Retrieval, certainty
from bot.analysis.retrieval.hybrid import HybridRetrieval
from bot.analysis.retrieval.index import units_of
from bot.analysis.retrieval.vectors import sentence_encoder
from tests.eval.question_pairs import PairSet, read_folder, small
from tests.eval.retrieval import Asked, Kind, asked_of, made_unanswerable, said_to

VERSION = 2
SURE = 0.91
"""Precision that the chances promise from `say` on: a little above what is wanted."""

POSSIBLE = 0.35
SMALL = (60, 300, 1_500)
"""A group keeps few questions: the chance is learnt on pools of these sizes as well."""

COMMONEST = 500
FILE = Path(weights.__file__).with_name("retrieval.json")


def main() -> int:
    """Train what was asked for, and write the file."""
    sets, asked = read_folder(Path(sys.argv[1])), sys.argv[2:]
    if asked == ["common"]:  # the other weights stand on this: first of the runs
        return write(dict(weights.STORED) | {"common": common(general(sets).pool)})
    if asked == ["semantic"]:
        encode = sentence_encoder()
        if encode is None:
            print("the extra `semantic` is not installed", file=sys.stderr)
            return 1
        kind = partial(HybridRetrieval, encode=encode, weights=weights.STORED)
        return write(dict(weights.STORED) | {"semantic": trained(sets, kind, [general(sets)])})
    return write(dict(weights.STORED) | trained(sets, Retrieval, sets) | {"version": VERSION})


def trained(sets: list[PairSet], kind: Kind, ranked: list[PairSet]) -> dict[str, Any]:
    """The weights of one kind of retrieval: its ranker learns from the sets `ranked`."""
    main_set = general(sets)
    seen = {each.name: learnt(each, kind) for each in {id(one): one for one in [*ranked, main_set]}.values()}
    little = [one for size in SMALL for one in learnt(small(main_set, size, size), kind)]
    return weighed([one for each in ranked for one in seen[each.name]], seen[main_set.name], little)


def weighed(ranked: list[Asked], seen: list[Asked], little: list[Asked]) -> dict[str, Any]:
    """The ranker, the chance, and the threshold."""
    made: dict[str, Any] = {"rank": ranker(ranked)}
    made |= chance(seen + little, made)
    return made | {"say": say_from(seen, made), "maybe": POSSIBLE}


def learnt(pairs: PairSet, kind: Kind) -> list[Asked]:
    """The queries of a set that may be looked at."""
    return [one for one in asked_of(pairs, kind) if not one.query.held_out]


def common(texts: list[str]) -> dict[str, str]:
    """Single characters by the share of texts that hold them, in steps of a quarter, the commonest first."""
    holding = Counter(unit for text in texts for unit in set(units_of(text)) if len(unit) == 1)
    grouped: dict[str, str] = {}
    for unit, count in holding.most_common(COMMONEST):
        share = f"{1.25 ** round(math.log(count / len(texts), 1.25)):.2g}"
        grouped[share] = grouped.get(share, "") + unit
    return grouped


def write(made: Mapping[str, Any]) -> int:
    """Put the weights beside the functions that use them."""
    FILE.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def general(sets: list[PairSet]) -> PairSet:
    """The largest set holds questions of every kind, and is nearest to what groups ask."""
    return max(sets, key=lambda each: len(each.pool))


def say_from(seen: list[Asked], made: Mapping[str, Any]) -> float:
    """The lowest threshold from which on the chances themselves promise the precision that is wanted.

    Their mean jumps about less than the share of right answers among a few hundred.
    """
    chances = [said.chance for said in said_to(made_unanswerable(seen), made)]
    for step in (at / 200 for at in range(100, 200)):
        above = [one for one in chances if one >= step]
        if above and sum(above) / len(above) >= SURE:
            return step
    return 0.999


def ranker(asked: list[Asked], l2: float = 1e-3) -> list[float]:
    """Weights of a softmax over each query's candidates; those of several right ones are added up."""
    useful = [one for one in asked if any(one.right)]
    rows = np.vstack([np.array([c.features for c in one.candidates]) for one in useful])
    scale = rows.std(axis=0) + 1e-9
    most = max(len(one.candidates) for one in useful)
    table = np.zeros((len(useful), most, rows.shape[1]))
    there = np.zeros((len(useful), most), dtype=bool)
    right = np.zeros((len(useful), most), dtype=bool)
    for at, one in enumerate(useful):
        table[at, : len(one.candidates)] = np.array([c.features for c in one.candidates]) / scale
        there[at, : len(one.candidates)] = True
        right[at, : len(one.right)] = one.right

    def loss(vector: Any) -> tuple[float, Any]:
        scores = np.where(there, table @ vector, -1e9)
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        share = odds / odds.sum(axis=1, keepdims=True)
        won = share * right
        value = -np.log(won.sum(axis=1)).mean() + l2 * vector @ vector
        slope = np.einsum("ij,ijk->k", share - won / won.sum(axis=1, keepdims=True), table)
        return float(value), slope / len(useful) + 2 * l2 * vector

    found = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x
    return [round(float(weight), 3) for weight in found / scale]


def chance(asked: list[Asked], made: Mapping[str, Any]) -> dict[str, Any]:
    """Weights and bias of the logistic regression."""
    rows, fits = [], []
    for one in made_unanswerable(asked):
        ranked = one.ranked(made)
        if ranked:
            scores = [score for score, _ in ranked]
            rows.append(certainty(one.query.text, ranked[0][1], 0, scores))
            fits.append(ranked[0][1].key in one.same)
    table = np.array(rows)
    scale = table.std(axis=0) + 1e-9
    model = LogisticRegression(C=0.3, max_iter=5000).fit(table / scale, fits)
    return {
        "chance": [round(float(weight), 3) for weight in model.coef_[0] / scale],
        "chance_bias": round(float(model.intercept_[0]), 3),
    }


if __name__ == "__main__":
    sys.exit(main())
