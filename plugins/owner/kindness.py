"""Whether somebody who speaks to the bot just says something kind. Pure."""

from __future__ import annotations

import re
from typing import Literal

from bot.words import normalised

LONGEST = 24
"""Longer sentences have more to say than thanks."""

_NOT_DENIED = r"(?<![不没别])(?<![不没别][是太算够])(?<![不没别][那这怎]么)"
_THANKS = re.compile(
    _NOT_DENIED + r"(?:谢谢|谢了|谢啦|多谢|感谢|thank|辛苦[了啦咯你您]|费心[了啦]|麻烦[你您][了啦]|🙏)"
)
_PRAISE = re.compile(
    _NOT_DENIED
    + r"(?:[真太好很最超](?:棒|赞|贴心|能干|靠谱|聪明|可爱)|[真太](?:牛|强)|厉害|给力|了不起|好样的|不错"
    r"|点个?赞|干得好|干得漂亮|做得好|帮大忙|👍)"
)
_ASKS = re.compile(
    r"[?？]|吗|干嘛|怎么|什么|啥|哪|谁|几[点个]|多[少久]|能不能|可不可以|是不是|有没有|请|告诉|推荐|给我|替我|一下"
    r"|(?<![你您])帮[我个忙]|麻烦(?![你您][了啦])|再[来讲说发]|[讲来说发][个一]"
)


def kindness_in(said: str) -> Literal["thanks", "praised"] | None:
    """What a short sentence is if it is nothing but kind; None if it asks for something or is neither."""
    words = normalised(said)
    if len(words) > LONGEST or _ASKS.search(words):
        return None
    if _THANKS.search(words):
        return "thanks"
    return "praised" if _PRAISE.search(words) else None
