"""How well questions are told from other utterances: `questions/`, on the fifth of its dialogues held out."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.analysis.questions import ASKS, question_chance
from tests.eval.frame import Counts, Missing, Options, Result, Row, Section, f1, interval
from tests.eval.irc import TAR, archive
from tests.eval.question_texts import Utterance, english, read_dialogues

NAME = "questions"
FOLDER = "questions"
TARGET = 0.72
_WIDE = re.compile(
    "[?？]|吗|呢|么$|什么|啥|怎么|咋|为什么|谁|哪|几|多少|多久|如何|是不是|有没有|能不能|会不会|要不要|对不对|好不好|行不行|请问"
)


def run(folder: Path, options: Options) -> Result:
    """The held-out dialogues with baselines, and English lines whose mark was taken away."""
    every = read_dialogues(folder)
    held, seen = [one for one in every if one.is_held_out], [one for one in every if not one.is_held_out]
    if not held or not seen:
        raise Missing("too few dialogues to hold a fifth of them out")
    share = 100 * sum(one.asks for one in held) / len(held)
    methods = {
        "every utterance": lambda text: True,
        "wide rule": lambda text: _WIDE.search(text) is not None,
        "characters (naive Bayes on the other dialogues)": bayes(seen),
        "question_chance": lambda text: question_chance(text) >= ASKS,
    }
    notes = [
        f"{len(held)} utterances, {share:.0f} % questions, no marks; in brackets 95 % over dialogues.",
        "The weights and the cut come from the other four fifths of the dialogues.",
    ]
    sections = [Section("dialogues held out", _rows(held, methods, options, TARGET), notes)]
    archived = folder.parent / "irc" / TAR
    if archived.exists():
        lines = english(archive(archived)[1])
        note = "Held-out irc files; a line asks if it ended in '?', which was taken away: a lower bound."
        sections.append(Section("English lines", _rows(lines, _english(methods), options), [note]))
    return Result(NAME, sections)


def _english(methods: dict[str, Callable[[str], bool]]) -> dict[str, Callable[[str], bool]]:
    first = re.compile(r"^(?:\S+[:,] )?(?:what|why|how|where|when|which|who|is|are|do|does|can|any)", re.I)
    rule = {"first word": lambda text: first.match(text) is not None}
    return rule | {name: methods[name] for name in ("every utterance", "question_chance")}


def _rows(
    texts: Sequence[Utterance], methods: dict[str, Callable[[str], bool]], options: Options,
    target: float | None = None,
) -> list[Row]:  # fmt: skip
    rows = []
    for name, method in methods.items():
        by_dialogue: dict[str, list[Utterance]] = {}
        for one in texts:
            by_dialogue.setdefault(one.dialogue, []).append(one)
        parts = [_counted(dialogue, method) for dialogue in by_dialogue.values()]
        figure, ours = interval(parts, f1, options, places=3), name == "question_chance"
        told = sum(part.told for part in parts)
        right, true = sum(part.right for part in parts), sum(part.true for part in parts)
        figures = {
            "f1": figure.against(target) if ours and target else figure,
            "precision": interval([right / told if told else 0.0], lambda one: one[0], options, places=3),
            "recall": interval([right / true if true else 0.0], lambda one: one[0], options, places=3),
        }
        rows.append(Row(name, figures, ours))
    return rows


def _counted(texts: Sequence[Utterance], method: Callable[[str], bool]) -> Counts:
    told = [method(one.text) for one in texts]
    right = sum(said and one.asks for said, one in zip(told, texts, strict=True))
    return Counts(right, sum(told), sum(one.asks for one in texts))


def bayes(texts: Sequence[Utterance]) -> Callable[[str], bool]:
    """A plain character model: one to three characters, counted on the dialogues that may be learned from."""
    seen: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for one in texts:
        seen[one.asks].update(_grams(one.text))
    total = [sum(part.values()) for part in seen]
    kinds = len(set(seen[0]) | set(seen[1]))
    asking = sum(one.asks for one in texts)
    prior = math.log(asking / (len(texts) - asking))

    def asks(text: str) -> bool:
        score = prior
        for gram in _grams(text):
            score += math.log((seen[1][gram] + 1) / (total[1] + kinds))
            score -= math.log((seen[0][gram] + 1) / (total[0] + kinds))
        return score >= 0

    return asks


def _grams(text: str) -> set[str]:
    text = f"^{text}$"
    return {text[at : at + size] for size in (1, 2, 3) for at in range(len(text) - size + 1)}
