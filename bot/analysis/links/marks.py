"""What kind of remark a text is, by the words that carry it in Chinese and in English.

These are marks for a model that weighs them, not verdicts: whether a text truly asks something is
`bot.analysis.questions`' business.
"""

from __future__ import annotations

import re
from typing import NamedTuple

ASKING_CHINESE = re.compile(
    "[?？]|吗|呢$|呢[,，。!！~～ ]|怎么|怎样|咋|什么|啥|为何|如何|哪[里个些位家种]|哪儿|谁[有能会知懂]|多少"
    "|几[个点号天块]|有没有|是不是|能不能|可不可以|会不会|要不要|请问|请教|求[助问推]|想问|问一?下|么[?？]?$"
)
QUESTION_WORDS = frozenset(
    {"how", "what", "whats", "what's", "why", "where", "which", "who", "when", "anyone", "anybody"}
)
ASKING_WORDS = QUESTION_WORDS | {
    *("someone", "somebody", "can", "could", "does", "do", "did", "is", "are", "will", "would", "should"),
    *("has", "have", "any", "whose"),
}
THANKS_CHINESE = re.compile("谢|感恩|辛苦了|搞定了|学到了|解决了|太棒了|成功了")
THANKS_WORDS = frozenset({"thanks", "thank", "thx", "ty", "tnx", "cheers", "worked", "solved", "thanx"})
NODS_CHINESE = re.compile(
    "^(?:好的?|嗯+|恩+|对+的?|是的?|哦+|噢+|行|可以|不是|没有|不用|不行|哈+|确实|没错|收到|明白|懂了|了解|知道了|ok"
    "|同意|有的?|不)(?:[,，。.!！~～ 啊呀吧哈的了]|$)"
)
NODS_WORDS = frozenset(
    {
        *("yes", "yeah", "yep", "yea", "no", "nope", "ok", "okay", "k", "sure", "right", "true", "correct"),
        *("exactly", "lol", "haha", "hmm", "oh", "ah", "ahh", "cool", "nice", "indeed", "nah", "aha", "hehe"),
        *("great", "good"),
    }
)
GREETING_CHINESE = re.compile(
    "^(?:大家好|各位|早上?好?[啊呀!！]*$|晚上好|下午好|你们好|hello|hi|新人|老师们|大佬们|群友们|有人|有没有)"
)
GREETING_WORDS = frozenset({"hi", "hello", "hey", "hiya", "morning", "evening", "everyone", "all", "guys"})
YOU_CHINESE = re.compile("[你您]")
YOU_WORDS = frozenset(["you", "your", "you're", "u", "ur", "youre", "yours"])


class Marks(NamedTuple):
    """Each is 0 or 1, or between."""

    asks: float
    thanks: float
    nods: float
    greets: float
    you: float


def marks_of(plain: str, words: list[str]) -> Marks:
    """The marks of a normalised text without names, and its words."""
    if plain.isascii():
        first = words[:2]
        opening = set(words[:3])
        everything = set(words)
        asks = 1.0 if "?" in plain else 0.7 if ASKING_WORDS.intersection(first) else 0.0
        if not asks and QUESTION_WORDS & everything:
            asks = 0.4
        return Marks(
            asks,
            float(not THANKS_WORDS.isdisjoint(everything)),
            float(not NODS_WORDS.isdisjoint(first)),
            float(not GREETING_WORDS.isdisjoint(opening)),
            float(not YOU_WORDS.isdisjoint(everything)),
        )
    return Marks(
        float(ASKING_CHINESE.search(plain) is not None),
        float(THANKS_CHINESE.search(plain) is not None),
        float(NODS_CHINESE.match(plain) is not None),
        float(GREETING_CHINESE.match(plain) is not None),
        float(YOU_CHINESE.search(plain) is not None),
    )
