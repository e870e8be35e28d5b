"""Makes `links.json` from the annotated chats: `python -m tests.eval.train_links irc/train….tar.gz`.

The held-out chats are never looked at. Mentions are thinned at random, chat by chat at different shares, so
that the model also works where hardly anybody is named; some chats are slowed down or sped up, so that it
does not take the pace of one channel for a law. The talk's state comes from the model's own links, not from
the annotation, as it will be in a live room: so training goes in rounds, each with the links of the round
before.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.analysis.lines import Line
from bot.analysis.links import features
from bot.analysis.links.context import Context
from bot.analysis.links.features import BLOCKS, MESSAGE, PRIOR, Key
from bot.analysis.links.model import SECOND_LOOK, WEIGHTS
from bot.analysis.links.names import Names
from bot.analysis.links.talk import WINDOW, Said, Talk
from tests.eval.irc import Chat, archive, mention_share, thinned

KEPT = SECOND_LOOK
HIDDEN, OPENING_HIDDEN = 16, 10
SHARES = (0.45, 0.35, 0.25, 0.15, 0.10, 0.05, 0.0)
PACES = (1, 1, 1, 1, 1, 0.5, 3, 10, 40)
VERSION = 2

Array = NDArray[Any]
Weights = dict[str, Array]


@dataclass
class Blocks:
    """The rows of one block that occur, each once."""

    numbers: Callable[[Key], list[float]]
    at: dict[Key, int] = field(default_factory=dict)
    rows: list[list[float]] = field(default_factory=list)

    def place(self, key: Key) -> int:
        """Where the key's row stands."""
        found = self.at.get(key)
        if found is None:
            found = self.at[key] = len(self.rows)
            self.rows.append(self.numbers(key))
        return found


@dataclass
class Examples:
    """Scored messages: the message's numbers, its candidates' rows, which of them are right."""

    blocks: dict[str, Blocks] = field(
        default_factory=lambda: {name: Blocks(getattr(features, name)) for name in BLOCKS}
    )
    messages: list[list[float]] = field(default_factory=list)
    chosen: list[Array] = field(default_factory=list)
    right: list[Array] = field(default_factory=list)

    def arrays(self) -> Weights:
        """Everything as arrays."""
        tables = {name: np.array(block.rows, np.float32) for name, block in self.blocks.items()}
        return tables | {
            "message": np.array(self.messages, np.float32),
            "chosen": np.array(self.chosen),
            "right": np.array(self.right),
        }


class Net:
    """The model's weights while they are learned, and its gradient."""

    def __init__(self, seed: int) -> None:
        dice = np.random.default_rng(seed)

        def drawn(rows: int, columns: int) -> Array:
            matrix: Array = dice.standard_normal((rows, columns)) * (0.5 / rows**0.5)
            matrix[:, 0] = 0
            return np.asarray(matrix, np.float32)

        self.weights: Weights = {name: drawn(len(block), 1 + HIDDEN) for name, block in BLOCKS.items()}
        self.weights["message"] = drawn(len(MESSAGE), 1 + HIDDEN)
        self.weights["opening"] = drawn(len(MESSAGE), 1 + OPENING_HIDDEN)
        self.weights["passing"] = (dice.standard_normal(HIDDEN) * 0.3).astype(np.float32)
        self.weights["opening_passing"] = (dice.standard_normal(OPENING_HIDDEN) * 0.3).astype(np.float32)
        self._first = {name: np.zeros_like(one) for name, one in self.weights.items()}
        self._second = {name: np.zeros_like(one) for name, one in self.weights.items()}
        self._steps = 0

    def learn(self, data: Weights, batch: Array, rate: float, decay: float) -> float:
        """One step of Adam on some messages; the loss before it."""
        w, message, chosen, right = (
            self.weights,
            data["message"][batch],
            data["chosen"][batch],
            data["right"][batch],
        )
        real = chosen[:, :, 0] >= 0
        rows = {name: data[name][chosen[:, :, at]] for at, name in enumerate(BLOCKS)}
        z = sum((rows[name] @ w[name] for name in BLOCKS), (message @ w["message"])[:, None, :])
        hidden, opening = np.maximum(z[:, :, 1:], 0), message @ w["opening"]
        opening_hidden = np.maximum(opening[:, 1:], 0)
        scores = np.where(real, z[:, :, 0] + hidden @ w["passing"], -1e9)
        every = np.concatenate([scores, (opening[:, 0] + opening_hidden @ w["opening_passing"])[:, None]], 1)
        loss, slope = _softmax(every, right)
        there, here = slope[:, :-1] * real, slope[:, -1]
        back = np.concatenate([there[:, :, None], there[:, :, None] * w["passing"] * (hidden > 0)], 2)
        opening_back = np.concatenate(
            [here[:, None], here[:, None] * w["opening_passing"] * (opening_hidden > 0)], 1
        )
        flat = back.reshape(-1, back.shape[2])
        found = {name: rows[name].reshape(len(flat), -1).T @ flat for name in BLOCKS}
        found["message"] = message.T @ back.sum(1)
        found["opening"] = message.T @ opening_back
        found["passing"] = hidden.reshape(len(flat), -1).T @ there.reshape(-1)
        found["opening_passing"] = opening_hidden.T @ here
        self._move(found, rate, decay)
        return loss

    def _move(self, found: Weights, rate: float, decay: float) -> None:
        self._steps += 1
        for name, slope in found.items():
            slope = slope + decay * self.weights[name]
            self._first[name] = 0.9 * self._first[name] + 0.1 * slope
            self._second[name] = 0.999 * self._second[name] + 0.001 * slope**2
            first = self._first[name] / (1 - 0.9**self._steps)
            second = self._second[name] / (1 - 0.999**self._steps)
            self.weights[name] -= (rate * first / (np.sqrt(second) + 1e-8)).astype(np.float32)

    def fit(
        self, data: Weights, epochs: int, rate: float = 0.004, decay: float = 1e-5, size: int = 256
    ) -> float:
        """Learn from all messages, the rate going down to nothing; the last epoch's mean loss."""
        dice, many = np.random.default_rng(1), len(data["message"])
        steps, step, losses = epochs * (many // size + 1), 0, [0.0]
        for _ in range(epochs):
            order, losses = dice.permutation(many), []
            for start in range(0, many, size):
                losses.append(self.learn(data, order[start : start + size], rate * (1 - step / steps), decay))
                step += 1
        return float(np.mean(losses))


def _softmax(every: Array, right: Array) -> tuple[float, Array]:
    """Mean of -log(probability of what is right), and its slope; what has nothing right teaches nothing."""
    raised = np.exp(every - every.max(1, keepdims=True))
    chance = raised / raised.sum(1, keepdims=True)
    good = chance * right
    total = good.sum(1, keepdims=True)
    taught = total > 0
    slope = np.where(taught, chance - good / np.maximum(total, 1e-12), 0) / len(every)
    return float(-np.log(np.maximum(total[taught], 1e-12)).mean()), slope.astype(np.float32)


class First:
    """The plain sum that picks the candidates for a second look."""

    def __init__(self) -> None:
        self.weights = np.zeros(len(PRIOR), np.float32)
        self._known: dict[Key, float] = {}

    def likely(self, it: Context) -> list[Said]:
        """The best candidates of a message, the best first."""
        looked = []
        for one in it.candidates():
            key = it.prior(one)
            if key not in self._known:
                self._known[key] = float(np.array(features.prior(key), np.float32) @ self.weights)
            looked.append((-self._known[key], -one.number, one))
        return [one for _, _, one in sorted(looked)[:KEPT]]

    def fit(self, groups: list[tuple[Array, Array]], rate: float = 0.05) -> None:
        """Learn which of a message's candidates is right, by plain gradient descent with momentum."""
        many = max(len(right) for _, right in groups)
        rows = np.zeros((len(groups), many, len(PRIOR)), np.float32)
        right = np.zeros((len(groups), many), np.float32)
        for at, (theirs, good) in enumerate(groups):
            rows[at, : len(good)], right[at, : len(good)] = theirs, good
        real: Array = np.asarray(rows.any(2))
        pushed = np.zeros_like(self.weights)
        for step in range(400):
            part = slice(step % 16, None, 16)
            scores = np.where(real[part], rows[part] @ self.weights, -1e9)
            _, slope = _softmax(scores, right[part])
            pushed = 0.9 * pushed + np.einsum("ij,ijk->k", slope, rows[part])
            self.weights -= rate * pushed * (4 if step < 300 else 1)
        self._known.clear()


def first_look(chats: list[Chat]) -> First:
    """Learn the plain sum on talk whose state is the annotation's."""
    first, groups = First(), []
    for chat, line, talk in _lines(chats):
        said = talk.read(line)
        it = Context(said, talk)
        candidates, gold = it.candidates(), chat.gold.get(line.id)
        found = [one for one in candidates if gold and one.id in gold]
        if found:
            rows = np.array([features.prior(it.prior(one)) for one in candidates], np.float32)
            groups.append((rows, np.array([one.id in (gold or ()) for one in candidates], np.float32)))
        others = [one for one in candidates if one.member != said.member]
        talk.remember(said, found[0] if found else None if gold else others[0] if others else None)
    first.fit(groups)
    return first


def _lines(chats: list[Chat]) -> Iterator[tuple[Chat, Line, Talk]]:
    """The annotated part of each chat and what stands just before it."""
    for chat in chats:
        talk, start = Talk(Names(chat.names)), min(chat.gold, default=0) - WINDOW - 50
        yield from ((chat, line, talk) for line in chat.lines if line.id >= start)


class Scorer:
    """The net as it is now, for one message after another."""

    def __init__(self, net: Net | None, blocks: dict[str, Blocks]) -> None:
        self._net, self._blocks = net, blocks
        self._z: dict[str, list[Array]] = {name: [] for name in blocks}

    def best(self, message: list[float], places: Array) -> int:
        """Which candidate is best; -1 is a new thread. Before there is a net, the first."""
        if self._net is None or not len(places):
            return 0 if len(places) else -1
        w, row = self._net.weights, np.array(message, np.float32)
        opening = row @ w["opening"]
        new = float(opening[0] + np.maximum(opening[1:], 0) @ w["opening_passing"])
        z = np.repeat((row @ w["message"])[None, :], len(places), 0)
        for at, name in enumerate(self._blocks):
            known = self._z[name]
            for number in range(len(known), len(self._blocks[name].rows)):
                known.append(np.array(self._blocks[name].rows[number], np.float32) @ w[name])
            z += np.array([known[place] for place in places[:, at]])
        scores = z[:, 0] + np.maximum(z[:, 1:], 0) @ w["passing"]
        return int(np.argmax(scores)) if scores.max() > new else -1


def gather(chats: list[Chat], first: First, net: Net | None, examples: Examples) -> None:
    """Go through chats as a live room would, and keep what was there to choose from."""
    scorer = Scorer(net, examples.blocks)
    for chat, line, talk in _lines(chats):
        said = talk.read(line)
        it = Context(said, talk)
        candidates = first.likely(it)
        places, message = _places(it, candidates, examples.blocks), it.message()
        gold = chat.gold.get(line.id)
        if gold is not None:
            _keep(examples, message, candidates, places, gold, line.id)
        best = scorer.best(message, places)
        if net is None and gold is not None:
            best = next((at for at, one in enumerate(candidates) if one.id in gold), -1)
        talk.remember(said, candidates[best] if best >= 0 else None)


def _places(it: Context, candidates: list[Said], blocks: dict[str, Blocks]) -> Array:
    people = {}
    places = np.zeros((len(candidates), len(BLOCKS)), np.int32)
    for at, one in enumerate(candidates):
        if one.member not in people:
            member = one.member
            people[member] = (
                blocks["person"].place(it.person(member)),
                blocks["dealings"].place(it.dealings(member)),
            )
        places[at] = (
            blocks["place"].place(it.place(one)), blocks["state"].place(it.state(one)),
            blocks["words"].place(it.words(one)), *people[one.member],
        )  # fmt: skip
    return places


def _keep(
    examples: Examples, message: list[float], candidates: list[Said], places: Array,
    gold: frozenset[int], own: int,
) -> None:  # fmt: skip
    chosen, right = np.full((KEPT, len(BLOCKS)), -1, np.int32), np.zeros(KEPT + 1, np.float32)
    for at, one in enumerate(candidates):
        chosen[at], right[at] = places[at], one.id in gold
    right[-1] = own in gold
    examples.messages.append(message)
    examples.chosen.append(chosen)
    examples.right.append(right)


def varied(chats: list[Chat], seed: int) -> Iterator[Chat]:
    """Each chat with a share of mentions and a pace of its own."""
    dice = random.Random(seed)
    for chat in chats:
        share = dice.choice(SHARES) / 0.45 * mention_share([chat])
        one, pace = thinned([chat], share, dice.randrange(10**6))[0], dice.choice(PACES)
        start = one.lines[0].at
        yield replace(one, lines=[line._replace(at=start + (line.at - start) * pace) for line in one.lines])


def written(first: First, net: Net, version: int) -> str:
    """The weights as JSON, one row of a matrix a line."""
    parts = [f'"version": {version}']
    for name, one in {"prior": first.weights[:, None], **net.weights}.items():
        rows = one if one.ndim == 2 else one[None, :]
        told = ",\n  ".join("[" + ",".join(f"{float(x):.3g}" for x in row) + "]" for row in rows)
        parts.append(f'"{name}": [\n  {told}\n ]' if one.ndim == 2 else f'"{name}": {told}')
    text = "{\n " + ",\n ".join(parts) + "\n}\n"
    json.loads(text)
    return text


def main() -> None:
    """Train in rounds and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m tests.eval.train_links")
    parser.add_argument("archive", type=Path)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--copies", type=int, default=3, help="how often each chat is varied in the last round"
    )
    parser.add_argument("--epochs", type=int, default=8)
    asked = parser.parse_args()
    chats = archive(asked.archive)[0]
    first = first_look(list(varied(chats, 1)))
    print(f"{time.strftime('%H:%M:%S')} first look learned", flush=True)
    net: Net | None = None
    for number in range(asked.rounds):
        examples = Examples()
        for copy in range(asked.copies if number == asked.rounds - 1 else 1):
            gather(list(varied(chats, 100 * number + copy)), first, net, examples)
        data = examples.arrays()
        net = Net(number)
        loss = net.fit(data, asked.epochs)
        sizes = {name: len(data[name]) for name in ("message", *BLOCKS)}
        print(f"{time.strftime('%H:%M:%S')} round {number}: {sizes}, loss {loss:.4f}", flush=True)
        asked.out.write_text(written(first, net, VERSION), "utf-8")


if __name__ == "__main__":
    main()
