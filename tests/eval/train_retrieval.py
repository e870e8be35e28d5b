"""Makes `bot/analysis/retrieval/retrieval.json` from pairs of questions that ask the same.

    python -m tests.eval.train_retrieval ../shared/data/question_pairs common
    python -m tests.eval.train_retrieval ../shared/data/question_pairs

Half of the queries (`Query.held_out`) are never looked at; the evaluation `retrieval` is judged on them. The
ranker is a softmax over a query's candidates (listwise logistic loss), the chance a logistic regression on
the best candidate with half of the queries made unanswerable. Needs the extra `eval` (scikit-learn).
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from bot.analysis.retrieval import weights
from bot.analysis.retrieval.find import CERTAINTY, FEATURES, certainty
from bot.analysis.retrieval.index import units_of
from tests.eval.question_pairs import PairSet, read_folder, small
from tests.eval.retrieval import Asked, asked_of, made_unanswerable, threshold_for

VERSION = 1
SURE = 0.92
"""Precision wanted on the training half from `say` on: a little above what is promised."""

POSSIBLE = 0.4
SMALL = (60, 300, 1_500)
"""A group keeps few questions: the chance is learnt on pools of these sizes as well."""

COMMONEST = 500
FILE = Path(weights.__file__).with_name("retrieval.json")


def main() -> int:
    """Train, and write the file."""
    sets = read_folder(Path(sys.argv[1]))
    if sys.argv[2:] == ["common"]:  # the other weights stand on this: first of two runs
        return write(dict(weights.STORED) | {"common": common(general(sets).pool)})
    seen = [learnt(each) for each in sets]
    little = [one for each in sets for size in SMALL for one in learnt(small(each, size, size))]
    together = [one for each in seen for one in each]
    made: dict[str, Any] = dict(weights.STORED) | {"version": VERSION, "rank": ranker(together)}
    made |= chance(together + little, made)
    made |= {"say": say_from(sets, seen, made), "maybe": POSSIBLE}
    write(made)
    for name, weight in zip(FEATURES, made["rank"], strict=True):
        print(f"rank {name:20} {weight:8.3f}")
    for name, weight in zip(CERTAINTY, made["chance"], strict=True):
        print(f"chance {name:20} {weight:8.3f}")
    print(f"say from {made['say']}")
    return 0


def learnt(pairs: PairSet) -> list[Asked]:
    """The queries of a set that may be looked at."""
    return [one for one in asked_of(pairs) if not one.query.held_out]


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


def say_from(sets: list[PairSet], seen: list[list[Asked]], made: Mapping[str, Any]) -> float:
    """The threshold at which the general set's seen queries reach the precision that is wanted."""
    asked = seen[sets.index(general(sets))]
    return round(threshold_for(made_unanswerable(asked), made, SURE), 3)


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
