"""The steps of founding a group, and what an owner's answer to each of them means. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.words import normalised, number_said

STEPS = ("theme", "people", "promise", "unwanted", "tone", "name", "papers", "create", "landing")
"""In this order; a group that exists keeps its name and is not created."""

ASKED = STEPS[:5]
WAITING = ("handed", "creating")
"""Between the drafts and the landing of a new group: its owner makes it, or WeChat is at it."""

TONES = ("warm", "plain", "funny")
TONE_WORDS = {
    "warm": ("亲切", "温暖", "热情", "闲聊", "朋友", "随和", "家"),
    "plain": ("正经", "简明", "简洁", "专业", "严谨", "正式", "利落"),
    "funny": ("幽默", "玩笑", "搞笑", "逗", "俏皮", "好玩", "有趣", "活泼"),
}
PAPERS = ("announcement", "rules", "welcome", "share_1", "share_2", "share_3", "question")
GIVES_UP = frozenset({"算了", "取消", "不建了", "取消建群", "先不建了", "不弄了"})
BACK = frozenset({"上一步", "回去", "退回", "返回", "上一问"})
SAME = frozenset({"照旧", "不改", "不变", "一样", "就这样", "保持", "不用改"})
AGREES = frozenset(
    {"行", "好", "就这样", "可以", "定了", "都行", "没问题", "好的", "行了", "可以了", "ok", "满意"}
)
MORE = frozenset({"换一批", "再来", "再来几个", "换", "不好", "还有吗", "更多", "重写", "再写一遍"})
DO = frozenset({"办", "办吧", "办了", "办一下"})
NEXT = frozenset({"下一件", "下一步", "继续", "接着"})
SKIP = frozenset({"跳过", "不办", "不用", "略过"})
BY_OWNER = frozenset({"我自己建", "自己建", "我来建", "我建", "不用你建"})
BY_BOT = ("你来建", "你建", "帮我建", "由你建")
LONGEST_NAME = 20
LONGEST_WORD = 8
_BETWEEN = re.compile(r"[\s,，、;；和跟]+")
_FRAMES = re.compile(
    r"从零(?:开始|起)?|[喝看读听学搞弄吃玩]懂|入门|一起|大家|我们|互相|把|给|为了?|关于|围绕|怎么|如何|每天|每周|天天|爱好者|群友|的人|的|群$|这件事"
    r"|喝明白|弄明白|搞懂|搞明白|学会|学习|交流|分享|讨论|研究|聊聊|聊|学好|学|玩转|玩|喜欢|热爱|爱|做好|答疑|互助"
)
_PUNCTUATION = re.compile(r"[，。！？、；：,.!?;:\s]+")


def next_step(step: str, *, is_new: bool) -> str:
    """What comes after a step."""
    for one in STEPS[STEPS.index(step) + 1 :]:
        if is_new or one not in ("name", "create"):
            return one
    return step


def step_before(step: str, *, is_new: bool) -> str:
    """What came before a step; the first one has nothing before it."""
    for one in reversed(STEPS[: STEPS.index(step)]):
        if is_new or one not in ("name", "create"):
            return one
    return step


def chosen(said: str, count: int) -> list[int] | None:
    """The numbers of a choice like `1 3` or `一、三`; None if it is something else, or out of range."""
    parts = [part for part in _BETWEEN.split(normalised(said)) if part]
    numbers = [number_said(part.removesuffix("号")) for part in parts]
    known = [int(one) for one in numbers if one is not None and one in range(1, count + 1)]
    return list(dict.fromkeys(known)) if known and len(known) == len(parts) else None


def tone_of(said: str) -> str | None:
    """The tone meant by a number or a word; None if it is none of the three."""
    numbers = chosen(said, len(TONES))
    if numbers:
        return TONES[numbers[0] - 1]
    words = normalised(said)
    return next((tone for tone in TONES if any(one in words for one in TONE_WORDS[tone])), None)


def core_word(theme: str) -> str:
    """The word that a theme turns on: 一起把岩茶喝明白 is about 岩茶. A guess that its owner may correct."""
    pieces = [piece for piece in _PUNCTUATION.split(_FRAMES.sub(" ", theme)) if piece]
    fitting = [piece for piece in pieces if len(piece) <= LONGEST_WORD]
    if fitting:
        return max(fitting[:3], key=len)
    return _PUNCTUATION.sub("", theme)[: LONGEST_WORD // 2]


def number_and_text(said: str) -> tuple[int | None, str]:
    """`改 3 新的文字`, already without the 改: which, and what it shall be."""
    first, _, rest = said.strip().partition(" ")
    if "\n" in first:
        first, _, rest = said.strip().partition("\n")
    number = number_said(first.removesuffix("号"))
    return (int(number) if number is not None else None), rest.strip()


def names_in(said: str) -> list[str]:
    """`小林、阿芳` as names."""
    return [part.lstrip("@＠") for part in _BETWEEN.split(said.strip()) if part.strip("@＠")]


def joined_wishes(step: str, wishes: Sequence[str]) -> str:
    """Several as one phrase: promises follow one another, what is not wanted is a list."""
    return ("，" if step == "promise" else "、").join(wishes)
