"""Quotes as exporters write them into a message's text, taken out again."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.gateway.quotes import split_quote

_ID = r"(?:\((?:wxid_)?[\w@.\-]{2,64}\))?"
# MemoTrace: the answer, then a last line `引用:名字:原文`; PyWxDump: `[引用](time)名字:原文`.
_AFTER = re.compile(r"\n(?:\[引用\]\([^()\n]*\)|引用[:：])([^:：\n]{1,64})[:：](.*)\Z", re.DOTALL)
# chatlog: lines that begin with `> `, the first one `> 名字(id) time`.
_HEAD = re.compile(rf"> ?(\S.{{0,63}}?){_ID} (?:\d{{2,4}}[-/])?(?:\d\d[-/]\d\d )?\d\d:\d\d(?::\d\d)?")
_EMPTY_HEAD = "> [引用]"


class Quoted(NamedTuple):
    """What was said, and the name and the words that it quotes ("" if it quotes nothing)."""

    text: str
    name: str = ""
    original: str = ""


def take_quote(text: str) -> Quoted:
    """The text without the quote that is written into it, and the quote."""
    if text.startswith("> "):
        return _quoted_lines(text)
    if text.startswith("「"):
        found, rest = split_quote(text)
        return Quoted(rest, found.name, found.text) if found else Quoted(text)
    if "引用" in text:
        after = _AFTER.search(text)
        if after is not None:
            return Quoted(text[: after.start()].rstrip(), after[1].strip(), after[2].strip())
    return Quoted(text)


def _quoted_lines(text: str) -> Quoted:
    lines = text.split("\n")
    count = next((index for index, line in enumerate(lines) if not line.startswith(">")), len(lines))
    rest = "\n".join(lines[count:])
    head = _HEAD.fullmatch(lines[0])
    if head is None:
        return Quoted(rest) if lines[0] == _EMPTY_HEAD and rest else Quoted(text)
    original = "\n".join(line[1:].removeprefix(" ") for line in lines[1:count])
    return Quoted(rest, head[1].strip(), original.strip())
