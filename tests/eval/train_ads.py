"""Makes `bot/analysis/ads.json`: `python -m tests.eval.train_ads ../shared/data`.

Needs scikit-learn. Learns from the four fifths of the groups of `ads/` that are not held out, and, so that
technical and English talk is known to be none, from lines of `egret/` and of the part of `irc/` that is for
learning. How strongly weights are held down and where the cuts lie was found by cross-validation over groups
within those four fifths (`--search`). `wechat_lines/`, `questions/` and `gitter/` are not looked at.
"""

from __future__ import annotations

import argparse
import json
import random
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import Any
from zlib import compress

import numpy
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression

from bot.analysis.ads import buckets_of
from tests.eval.ad_texts import Text, read_ads
from tests.eval.irc import TAR, archive
from tests.eval.question_texts import english

VERSION = 1
SEED = 7
SIZE = 1 << 16
HELD_DOWN = 15.0
OTHER_TALK = 3_000
"""Lines each of the forum and of the chats that stand for talk without ads."""

LIKELY, SURE = 0.02, 0.007
"""The shares of ordinary texts of unseen groups that may pass the two cuts."""

STEPS = 31


def main() -> None:
    """Train, or with `--search` show what was tried."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--search", action="store_true")
    asked = parser.parse_args()
    texts = [one for one in read_ads(asked.data / "ads") if not one.is_held_out]
    others = other_talk(asked.data)
    if asked.search:
        search(texts, others)
        return
    scores = crossed(texts, others, SIZE, HELD_DOWN)
    cuts = cut_at(scores, LIKELY), cut_at(scores, SURE)
    model = written(texts, others, cuts)
    target = Path(__file__).parents[2] / "bot" / "analysis" / "ads.json"
    target.write_text(json.dumps(model, indent=0) + "\n", encoding="utf-8")
    print(f"{target.name}: {target.stat().st_size} bytes, likely {cuts[0]:.2f}, sure {cuts[1]:.2f}")


def other_talk(data: Path) -> list[str]:
    """Lines of a Chinese forum and of English chats."""
    forum = [
        line.split(" +++$+++ ", 2)[-1].strip()
        for line in (data / "egret" / "lines.txt").read_text("utf-8", "replace").splitlines()
    ]
    chats = [one.text + "?" * one.asks for one in english(archive(data / "irc" / TAR)[0])]
    dice = random.Random(SEED)
    return dice.sample([one for one in forum if one], OTHER_TALK) + dice.sample(chats, OTHER_TALK)


def rows_of(texts: Sequence[str], size: int) -> Any:
    """One row a text, every row of the same length."""
    columns: list[int] = []
    values: list[float] = []
    starts = [0]
    for text in texts:
        found = sorted(buckets_of(text, size))
        columns += found
        values += [len(found) ** -0.5] * len(found)
        starts.append(len(columns))
    return csr_matrix((values, columns, starts), shape=(len(texts), size))


@dataclass(frozen=True)
class Model:
    """Weights in whole steps of a scale, as they are stored."""

    steps: Any
    scale: float
    intercept: float

    def scores(self, rows: Any) -> list[float]:
        """How much each row speaks for an ad."""
        return [float(one) for one in rows @ (self.steps * self.scale) + self.intercept]


def fitted(rows: Any, are_ads: Any, held_down: float) -> Model:
    """The model that was learnt, rounded to its steps."""
    found = LogisticRegression(C=held_down, solver="liblinear").fit(rows, are_ads)
    weights = found.coef_[0]
    scale = round(float(numpy.percentile(numpy.abs(weights), 99.9)) / STEPS, 6)
    steps = numpy.clip(numpy.round(weights / scale), -STEPS, STEPS).astype(numpy.int8)
    return Model(steps, scale, round(float(found.intercept_[0]), 4))


def crossed(
    texts: Sequence[Text], others: Sequence[str], size: int, held_down: float, parts: int = 5
) -> list[tuple[float, bool]]:
    """Each text scored by a model that has seen nothing of its group."""
    rows, other_rows = rows_of([one.text for one in texts], size), rows_of(others, size)
    are_ads = numpy.array([one.is_ad for one in texts])
    part_of = numpy.array([one.group // 5 % parts for one in texts])
    scored = []
    for part in range(parts):
        seen = part_of != part
        stacked = vstack([rows[seen], other_rows]).tocsr()
        model = fitted(stacked, [*are_ads[seen], *([False] * len(others))], held_down)
        scored += list(zip(model.scores(rows[~seen]), map(bool, are_ads[~seen]), strict=True))
    return scored


def cut_at(scores: Sequence[tuple[float, bool]], share: float) -> float:
    """The score that this share of ordinary texts passes."""
    ordinary = sorted((score for score, is_ad in scores if not is_ad), reverse=True)
    return ordinary[int(share * len(ordinary))]


def search(texts: Sequence[Text], others: Sequence[str]) -> None:
    """What the size of the table and holding the weights down do, by cross-validation."""
    for size in (13, 14, 15, 16):
        for held_down in (5.0, 10.0, 20.0):
            scores = crossed(texts, others, 1 << size, held_down)
            cut = cut_at(scores, 0.01)
            ads = [score for score, is_ad in scores if is_ad]
            recall = sum(score > cut for score in ads) / len(ads)
            print(f"2^{size} C {held_down}: recall {recall:.3f} at 1 %", flush=True)


def written(texts: Sequence[Text], others: Sequence[str], cuts: tuple[float, float]) -> dict[str, Any]:
    """The model as it is stored: weights in whole steps, the cuts as chances."""
    rows = vstack([rows_of([one.text for one in texts], SIZE), rows_of(others, SIZE)]).tocsr()
    model = fitted(rows, [*(one.is_ad for one in texts), *([False] * len(others))], HELD_DOWN)
    likely, sure = (round(1 / (1 + exp(-cut)), 3) for cut in cuts)
    return {
        "version": VERSION, "size": SIZE, "scale": model.scale, "intercept": model.intercept,
        "likely": likely, "sure": sure, "weights": b64encode(compress(model.steps.tobytes(), 9)).decode(),
    }  # fmt: skip


if __name__ == "__main__":
    main()
