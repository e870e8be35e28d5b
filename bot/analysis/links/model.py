"""How the linker weighs what it looks at; `tests/eval/train_links.py` made the weights in `links.json`.

First look: prior · P, a plain sum over a few features; the best `SECOND_LOOK` candidates stay. For each of
these the blocks of `features` are weighed by one matrix each and added up to a row z; its first number is a
plain sum of evidence, the others pass only where they are positive:

    z = message · M + place · A + state · B + words · C + person · D + dealings · E
    score(candidate) = z[0] + sum(v[i] * max(z[i], 0) for i ≥ 1)

A new thread is scored likewise by a matrix of its own, from `message` alone. The probabilities are the
softmax over these candidates and the new thread. What a block's key adds to z is kept: the same keys come
again and again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from operator import mul
from pathlib import Path
from typing import Any

from bot.analysis.links import features
from bot.analysis.links.context import Context
from bot.analysis.links.features import Key
from bot.analysis.links.talk import Said

WEIGHTS = Path(__file__).with_name("links.json")
MOST_KEPT = 30_000
SECOND_LOOK = 5
"""How many candidates are weighed in full, after a plain sum over `prior`."""

Row = list[float]
Matrix = tuple[tuple[float, ...], ...]
"""One tuple of weights for each number of z."""


class Kept:
    """What the keys of one block add to z.

    A block's numbers hang each on one half of its key: so a new pair of known halves costs an addition,
    row(head, tail) = row(head, 0) + row(0, tail) - row(0, 0).
    """

    def __init__(
        self, block: Callable[[Key], Row], weights: list[list[float]], length: int, head: int
    ) -> None:
        self._block, self._weights = block, _columns(weights)
        self._head, self._no_head, self._no_tail = head, (0,) * head, (0,) * (length - head)
        self._nothing = times(block((0,) * length), self._weights)
        self.rows: dict[Key, Row] = {}

    def __call__(self, key: Key) -> Row:
        """The row of a key."""
        row = self.rows.get(key)
        if row is None:
            if len(self.rows) >= MOST_KEPT:
                self.rows.clear()
            row = self.rows[key] = self._made(key)
        return row

    def _made(self, key: Key) -> Row:
        head, tail = key[: self._head] + self._no_tail, self._no_head + key[self._head :]
        if key in (head, tail):
            return times(self._block(key), self._weights)
        rows = zip(self(head), self(tail), self._nothing, strict=True)
        return [a + b - nothing for a, b, nothing in rows]


class Opened:
    """What the new message adds to z and to the z of a new thread, side by side.

    Its text and what was before it come in few forms, so their rows are kept; its sizes are weighed anew.
    """

    def __init__(self, weights: list[list[float]]) -> None:
        text, before = len(features.TEXT), len(features.TEXT + features.BEFORE)
        self._text, self._before = _columns(weights[:text]), _columns(weights[text:before])
        self._sizes, self._ends = weights[before:], (text, before)
        self._texts: dict[tuple[float, ...], Row] = {}
        self._befores: dict[tuple[float, ...], Row] = {}

    def __call__(self, message: Row) -> Row:
        """The row of a message (`Context.message`)."""
        text, before = self._ends
        one = _kept(self._texts, message[:text], self._text)
        two = _kept(self._befores, message[text:before], self._before)
        length, silence, own, overlap, voices = message[before:]
        return [
            a + b + length * c + silence * d + own * e + overlap * f + voices * g
            for a, b, c, d, e, f, g in zip(one, two, *self._sizes, strict=True)
        ]


def _kept(rows: dict[tuple[float, ...], Row], numbers: Row, weights: Matrix) -> Row:
    key = tuple(numbers)
    row = rows.get(key)
    if row is None:
        if len(rows) >= MOST_KEPT:
            rows.clear()
        row = rows[key] = times(numbers, weights)
    return row


def times(numbers: Row, weights: Matrix) -> Row:
    """A row of numbers times a matrix."""
    return [sum(map(mul, numbers, column)) for column in weights]


class Model:
    """Scores of the candidates of a message and of a new thread."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.version = int(told["version"])
        self._opened = Opened(
            [[*one, *new] for one, new in zip(told["message"], told["opening"], strict=True)]
        )
        self._width = len(told["message"][0])
        self._prior = Kept(features.prior, told["prior"], 3, 2)
        self._place = Kept(features.place, told["place"], 4, 2)
        self._state = Kept(features.state, told["state"], 4, 2)
        self._words = Kept(features.words, told["words"], 6, 1)
        self._person = Kept(features.person, told["person"], 8, 4)
        self._dealings = Kept(features.dealings, told["dealings"], 7, 3)
        self._passing: Row = [0.0, *told["passing"]]
        self._opening_passing: Row = [0.0, *told["opening_passing"]]

    def likely(self, it: Context, candidates: list[Said]) -> list[Said]:
        """The candidates that deserve a second look."""
        if len(candidates) <= SECOND_LOOK:
            return candidates
        looked, known, first, prior = [], self._prior.rows, self._prior, it.prior
        for one in candidates:
            key = prior(one)
            row = known.get(key) or first(key)
            looked.append((-row[0], -one.number, one))
        looked.sort()
        return [one for _, _, one in looked[:SECOND_LOOK]]

    def scores(self, it: Context, candidates: list[Said]) -> tuple[Row, float]:
        """One score for each candidate, and that of a new thread."""
        opened = self._opened(it.message())
        base = opened[: self._width]
        place, state, words, passing = self._place, self._state, self._words, self._passing
        people: dict[int, Row] = {}
        scores = []
        for one in candidates:
            who = people.get(one.member)
            if who is None:
                who = people[one.member] = self._who(it, one.member, base)
            at, of, said = place(it.place(one)), state(it.state(one)), words(it.words(one))
            rows = zip(who, at, of, said, passing, strict=True)
            evidence = sum([weight * x for a, b, c, d, weight in rows if (x := a + b + c + d) > 0.0])
            scores.append(who[0] + at[0] + of[0] + said[0] + evidence)
        return scores, _passed(opened[self._width :], self._opening_passing)

    def _who(self, it: Context, member: int, base: Row) -> Row:
        rows = zip(base, self._person(it.person(member)), self._dealings(it.dealings(member)), strict=True)
        return [a + b + c for a, b, c in rows]


def _passed(z: Row, passing: Row) -> float:
    return z[0] + sum([weight * one for weight, one in zip(passing, z, strict=True) if one > 0.0])


def _columns(rows: list[list[float]]) -> Matrix:
    return tuple(zip(*rows, strict=True))


MODEL = Model(json.loads(WEIGHTS.read_text("utf-8")))
MODEL_VERSION = MODEL.version
