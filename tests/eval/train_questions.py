"""Makes `bot/analysis/questions.json`: `python -m tests.eval.train_questions ../shared/data`.

Needs scikit-learn. Learns from four fifths of the dialogues of `questions/` and from English lines of `irc/`,
of the part that is for learning. How strongly weights are held down was chosen by cross-validation over those
dialogues alone (`--search`).
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from bot.analysis.questions import grams_of, plainly, units_of
from tests.eval.irc import TAR, archive
from tests.eval.question_texts import Utterance, english, read_dialogues

VERSION = 2
SEED = 5
HELD_DOWN = 4.0
PATTERN_SCALE = 0.5
RAREST = 3
SMALLEST = 0.12
ENGLISH = 6_000
MARKED = 0.3
"""Of the questions of the dialogues, which are written without marks, as many get one as in real groups."""

SURE = 3.0
"""What the patterns of groups weigh that television does not know: not learned, set."""

LEARNED = [
    "吗[.!~ ]*$", "呢[.!~ ]*$", "吧[.!~ ]*$", "[么嘛][.!~ ]*$", "什么|啥", "怎么|咋",
    "为什么|为啥|干嘛|干吗|凭什么", "谁", "哪", "几[个点岁次年天块]", "多少|多[久大长高远]", r"(.)[不没]\1",
    "有没有|是不是|能不能|会不会|要不要",
    "没有?[.!~ ]*$", "[是对好]吧[.!~ ]*$", "难道", "到底|究竟", "不知道|不晓得|不清楚",
    "没什么|什么都|谁都|哪都|怎么都|怎么也|什么也|谁也|什么的", "怎么这么|怎么那么|多么", "还是",
    "怎么样|怎么办|怎么回事", r"\?", r"\?\W*$", "^.{1,3}$", "^.{9,}$", "^.{16,}$", "^.{30,}$",
    "(?:什么|啥|吗|呢|谁|哪里?|多少|几个|没有|为什么|怎么样|怎么办|样|么).{0,2}$",
    r"^\W*(?:what|why|how|where|when|which|who|is|are|do|does|did|can|could|should|"
    r"would|any|anyone|has|have)\b",
    r"\bhow (?:do|can|to|does|would|should|come|much|many|long)\b",
    r"\b(?:anyone|anybody|someone|somebody) (?:know|have|here|help)",
    r"\b(?:is|are) (?:there|it|this|that|you)\b",
    r"\b(?:can|could|should|does|do|did|is|are) (?:i|you|anyone|someone|it)\b",
    r"\bany (?:idea|ideas|way|suggestions?|clue|help)\b", r"\bor not\b|\bright$",
]  # fmt: skip
SET = [
    "请问|请教|求助|求教|求问|求推荐|想问|问下|问一下|问个|咨询|"
    "有人.{0,8}(?:知道|懂|用过|试过|遇到|了解)|哪位.{0,6}(?:知道|懂|能|会)|"
    "(?:咋|怎么)回事|什么区别|有推荐"
]


def main() -> None:
    """Train, or with `--search` show what was tried."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--search", action="store_true")
    asked = parser.parse_args()
    spoken = [one for one in read_dialogues(asked.data / "questions") if not one.is_held_out]
    foreign = english(archive(asked.data / "irc" / TAR)[0])
    random.Random(SEED).shuffle(foreign)
    texts = marked(spoken) + _halved(foreign[:ENGLISH])
    if asked.search:
        search(spoken, texts[len(spoken) :])
        return
    model = trained(texts)
    chinese, latin = threshold(spoken, texts[len(spoken) :])
    model["intercept"] = {"chinese": model["intercept"] - chinese, "latin": model["intercept"] - latin}
    target = Path(__file__).parents[2] / "bot" / "analysis" / "questions.json"
    target.write_text(json.dumps(_written(model), ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def marked(spoken: Sequence[Utterance]) -> list[Utterance]:
    """The utterances, some of their questions with a mark at the end."""
    dice = random.Random(SEED)
    return [
        Utterance(one.dialogue, one.text + "？" * (one.asks and dice.random() < MARKED), one.asks)
        for one in spoken
    ]


def _halved(foreign: Sequence[Utterance]) -> list[Utterance]:
    dice = random.Random(SEED)
    return [
        Utterance(one.dialogue, one.text + "?" * (one.asks and dice.random() < 0.5), one.asks)
        for one in foreign
    ]


class Table:
    """The features of texts as rows of a matrix."""

    def __init__(self, texts: Sequence[Utterance], rarest: int = RAREST) -> None:
        seen: dict[str, int] = defaultdict(int)
        for one in texts:
            for gram in grams_of(units_of(plainly(one.text))):
                seen[gram] += 1
        self.column = {gram: at for at, gram in enumerate(sorted(g for g, n in seen.items() if n >= rarest))}

    def rows(self, texts: Sequence[Utterance]) -> Any:
        """One row a text: its sequences, its patterns, and whether it is Chinese."""
        values, columns, starts = [], [], [0]
        patterns = [re.compile(pattern) for pattern in LEARNED]
        plain = [plainly(one.text) for one in texts]
        for text in plain:
            grams = grams_of(units_of(text))
            known = [self.column[gram] for gram in grams if gram in self.column]
            columns += known
            values += [len(grams) ** -0.5] * len(known)
            starts.append(len(columns))
        found = csr_matrix((values, columns, starts), shape=(len(texts), len(self.column)))
        hand = [[PATTERN_SCALE * bool(one.search(text)) for one in patterns] for text in plain]
        latin = [[PATTERN_SCALE * text.isascii()] for text in plain]
        beside = [csr_matrix(numpy.array(one, float)) for one in (hand, latin)]
        return hstack([found, *beside]).tocsr()


def trained(texts: Sequence[Utterance], held_down: float = HELD_DOWN) -> dict[str, Any]:
    """The weights; those of sequences that hardly matter are left out."""
    table = Table(texts)
    asks = [one.asks for one in texts]
    fitted = LogisticRegression(C=held_down, max_iter=3000).fit(table.rows(texts), asks)
    weights = fitted.coef_[0]
    units = {gram: float(weights[at]) for gram, at in table.column.items() if abs(weights[at]) >= SMALLEST}
    hand = [PATTERN_SCALE * float(one) for one in weights[len(table.column) :]]
    patterns = list(zip(LEARNED, hand, strict=False))
    return {"units": units, "patterns": patterns, "latin": hand[-1], "intercept": float(fitted.intercept_[0])}


def chance(model: dict[str, Any], text: str) -> float:
    """What `question_chance` will say, before the thresholds were moved."""
    plain = plainly(text)
    grams = grams_of(units_of(plain))
    score = sum(model["units"].get(gram, 0.0) for gram in grams) * len(grams) ** -0.5
    score += sum(weight for pattern, weight in model["patterns"] if re.search(pattern, plain))
    return float(score + model["intercept"])


def folds(texts: Sequence[Utterance], count: int = 3) -> list[set[str]]:
    """Dialogues in as many parts."""
    names = sorted({one.dialogue for one in texts})
    random.Random(SEED).shuffle(names)
    return [set(names[at::count]) for at in range(count)]


def crossed(
    spoken: Sequence[Utterance], foreign: Sequence[Utterance], held_down: float
) -> list[tuple[float, Utterance]]:
    """Each dialogue's utterances scored by a model that has not seen it."""
    scored = []
    for part in folds(spoken):
        model = trained([*marked([one for one in spoken if one.dialogue not in part]), *foreign], held_down)
        scored += [(chance(model, one.text), one) for one in spoken if one.dialogue in part]
    return scored


def best_cut(scored: list[tuple[float, Utterance]]) -> tuple[float, float]:
    """The highest F1 and the score from which on a text has to be taken for a question."""
    ranked = sorted(scored, key=lambda pair: -pair[0])
    true, right, best = sum(one.asks for _, one in ranked), 0, (0.0, 0.0)
    for told, (score, one) in enumerate(ranked, 1):
        right += one.asks
        best = max(best, (2 * right / (told + true), score))
    return best


def threshold(spoken: Sequence[Utterance], foreign: Sequence[Utterance]) -> tuple[float, float]:
    """Where the cut lies for Chinese and for other languages, each found on texts the model had not seen."""
    chinese = best_cut(crossed(spoken, foreign, HELD_DOWN))
    half = len(foreign) // 2
    model = trained([*marked(spoken), *foreign[:half]])
    latin = best_cut([(chance(model, one.text), one) for one in foreign[half:]])
    print(f"F1 on unseen dialogues {chinese[0]:.3f} at {chinese[1]:.2f}")
    print(f"F1 on unseen English lines {latin[0]:.3f} at {latin[1]:.2f}")
    return chinese[1], latin[1] - model["latin"]


def search(spoken: Sequence[Utterance], foreign: Sequence[Utterance]) -> None:
    """What holding the weights down does, by cross-validation."""
    for held_down in (1.0, 2.0, 4.0, 8.0, 16.0):
        print(held_down, [round(one, 3) for one in best_cut(crossed(spoken, foreign, held_down))], flush=True)


def _written(model: dict[str, Any]) -> dict[str, Any]:
    by_weight: dict[str, list[str]] = defaultdict(list)
    for gram, weight in model["units"].items():
        by_weight[f"{weight:.1f}"].append(gram)
    units = {
        weight: "\t".join(sorted(by_weight[weight]))
        for weight in sorted(by_weight, key=float)
        if float(weight)
    }
    patterns = [[pattern, round(weight, 2)] for pattern, weight in model["patterns"]]
    patterns += [[pattern, SURE] for pattern in SET]
    intercept = {name: round(value, 2) for name, value in model["intercept"].items()}
    return {"version": VERSION, "intercept": intercept, "patterns": patterns, "units": units}


if __name__ == "__main__":
    main()
