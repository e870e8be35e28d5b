"""Finding the kept question that asks the same: candidates by rare characters, then a small ranker.

    found = Retrieval({7: "岩茶要不要洗第一泡"}).find("第一泡茶汤倒掉吗")
    found[0].key, found[0].chance

`chance` is the probability that the kept question really asks the same; speak from `SAY` on, call it
possibly related from `MAYBE` on, and say nothing below. Weights and thresholds: `retrieval.json`, made by
`tests/eval/train_retrieval.py`.
"""

from bot.analysis.retrieval.find import MAYBE, MODEL_VERSION, SAY, Found, Retrieval

__all__ = ["MAYBE", "MODEL_VERSION", "SAY", "Found", "Retrieval"]
