"""What somebody who has stepped into the simulated group types, and what is meant by it. Pure.

小林：大家好                says it in the group; 群主 and 私聊 stand for the owner's private line
小林（私聊）：我的数据        says it to the bot in private
加入 小陈、阿杰  离开 小陈     come and go
快进 2小时  快进到 20:30     let time pass; an empty line is a minute
帮助  退出
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.words import normalised, parse_clock, parse_duration, visible

What = Literal["say", "whisper", "join", "leave", "wait", "wait_until", "help", "quit", "unclear", "no_time"]

OWNER_WORDS = frozenset({"群主", "私聊"})
QUIT_WORDS = frozenset({"退出", "再见", "quit", "exit", "q"})
HELP_WORDS = frozenset({"帮助", "怎么玩", "help", "?"})
EMPTY_LINE = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=31)
LONGEST_NAME = 16

_SAID = re.compile(r"(?P<who>[^：:]+?)\s*(?P<private>[（(]私聊[)）])?\s*[：:]\s*(?P<words>.*)", re.DOTALL)
_PRIVATELY = re.compile(r"私聊\s+(?P<words>.+)", re.DOTALL)
_COME_OR_GO = re.compile(r"(?P<what>加入|进群|离开|退群)\s*(?P<who>[^：:]+)")
_WAIT = re.compile(r"快进\s*(?P<until>到)?\s*(?P<time>.+)", re.DOTALL)
_BETWEEN_NAMES = re.compile(r"[、,，\s]+")


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that is to happen. `clock` is `HH:MM`."""

    what: What
    who: tuple[str, ...] = ()
    words: str = ""
    span: timedelta = timedelta()
    clock: str = ""


UNCLEAR = Move("unclear")
UNCLEAR_TIME = Move("no_time")


def move_meant(typed: str, owner: str) -> Move:
    """What is meant by a line."""
    line = visible(typed).strip()
    if not line:
        return Move("wait", span=EMPTY_LINE)
    if normalised(line) in QUIT_WORDS | HELP_WORDS:
        return Move("quit" if normalised(line) in QUIT_WORDS else "help")
    for pattern, read in ((_WAIT, _wait), (_COME_OR_GO, _come_or_go), (_PRIVATELY, _privately)):
        found = pattern.fullmatch(line)
        if found is not None:
            return read(found, owner)
    found = _SAID.fullmatch(line)
    return _said(found, owner) if found is not None else UNCLEAR


def _wait(found: re.Match[str], owner: str) -> Move:
    span, clock = parse_duration(found["time"]), parse_clock(found["time"])
    if not found["until"] and span is not None:
        return Move("wait", span=span) if timedelta() < span <= LONGEST_WAIT else UNCLEAR_TIME
    return Move("wait_until", clock=clock) if clock is not None else UNCLEAR_TIME


def _come_or_go(found: re.Match[str], owner: str) -> Move:
    names = tuple(filter(None, _BETWEEN_NAMES.split(found["who"])))
    if not names or any(len(name) > LONGEST_NAME for name in names):
        return UNCLEAR
    who = tuple(owner if name in OWNER_WORDS else name for name in names)
    return Move("join" if found["what"] in ("加入", "进群") else "leave", who)


def _privately(found: re.Match[str], owner: str) -> Move:
    return Move("whisper", (owner,), found["words"].strip())


def _said(found: re.Match[str], owner: str) -> Move:
    who, words = found["who"].strip(), found["words"].strip()
    if not words or len(who) > LONGEST_NAME:
        return UNCLEAR
    if who in OWNER_WORDS:
        return Move("whisper", (owner,), words)
    return Move("whisper" if found["private"] else "say", (who,), words)
