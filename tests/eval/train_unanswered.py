"""Makes `bot/analysis/unanswered.json`: `python -m tests.eval.train_unanswered ../shared/data`.

Needs scikit-learn. Learns from some of the files of the `irc/` archive that are for learning. The cut is
found on a third of them, with weights that have not seen it; neither `dev/` nor the held-out files are read.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from sklearn.linear_model import LogisticRegression

from bot.analysis.unanswered import FEATURES, features, replies_to
from tests.eval.irc import TAR, archive
from tests.eval.open_questions import Asked, looked_at_all

FILES = 45

Examples = tuple[list[list[float]], list[bool]]


def main() -> None:
    """Train and write."""
    chats = looked_at_all(archive(Path(sys.argv[1]) / "irc" / TAR)[0][:FILES])
    third = len(chats) // 3
    first = _fitted(_examples(chats[third:]))
    values, true = _examples(chats[:third])
    best, cut = _cut(list(first.decision_function(values)), true)
    fitted = _fitted(_examples(chats))
    for name, weight in zip(FEATURES, fitted.coef_[0], strict=True):
        print(f"{weight:+.2f} {name}")
    print(f"F1 {best:.3f} on the files the weights had not seen, cut at {cut:.2f}")
    model = {
        "intercept": round(float(fitted.intercept_[0]) - cut, 3),
        "weights": [round(float(weight), 3) for weight in fitted.coef_[0]],
    }
    target = Path(__file__).parents[2] / "bot" / "analysis" / "unanswered.json"
    target.write_text(json.dumps(model) + "\n", encoding="utf-8")


def _fitted(examples: Examples) -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=2000).fit(*examples)


def _examples(chats: Sequence[Asked]) -> Examples:
    values, true = [], []
    for chat in chats:
        links = {link.message: link for link in chat.links}
        replies = replies_to(chat.lines, links)
        for at, line in enumerate(chat.lines):
            if line.id in chat.asking:
                values.append(features(at, chat.lines, links, replies, chat.asking))
                true.append(line.id in chat.true)
    return values, true


def _cut(scores: Sequence[float], true: Sequence[bool]) -> tuple[float, float]:
    ranked = sorted(zip(scores, true, strict=True), reverse=True)
    right, best = 0, (0.0, 0.0)
    for told, (score, is_true) in enumerate(ranked, 1):
        right += is_true
        best = max(best, (2 * right / (told + sum(true)), score))
    return best


if __name__ == "__main__":
    main()
