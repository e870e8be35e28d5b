"""Schedules said in Chinese: 每周三 20:30, 每月最后一个周五 19:00, 明天下午三点, 遇节假日顺延, 到年底. Pure.

`understand(text, now, zone)` gives what was understood (a `Rule` and the rest of the text), or the `Question`
that has to be asked back: the ambiguous is never guessed. A `Rule` names its moments (`next_dates`) and can
be kept as JSON (`RULE`).
"""

from bot.analysis.chinese_dates.reading import Question, Understood, understand
from bot.analysis.chinese_dates.rules import RULE, Days, Part, Rule

__all__ = ["RULE", "Days", "Part", "Question", "Rule", "Understood", "understand"]
