"""Annotated chats as `unanswered` sees them: which of their messages are questions that nobody answered.

True is a message that opens a thread by the gold links, reads as a question, and has no gold reply by anybody
else; bots neither ask nor answer. A rule that no model has a say in tells that a text reads as a question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.analysis.lines import Line, Link
from bot.analysis.links import Linker
from bot.analysis.questions import question_chance
from tests.eval.irc import BOTS, Chat

_QUESTION = re.compile(
    r"\?|^(?:\S+[:,]\s+)?(?:what|why|how|where|when|which|who|is there|are there|does|do you|can i|could|"
    r"can (?:any|some)|should i|any(?:one|body)|has any|is it|is this|how's)\b|\banyone know\b|"
    r"\bhow (?:do|can|to) i?\b",
    re.I,
)

AROUND = 150


@dataclass(frozen=True)
class Asked:
    """A chat with inferred links, and its true unanswered questions."""

    chat: Chat
    lines: list[Line]
    links: list[Link]
    asking: dict[int, float]
    true: frozenset[int]
    scored: frozenset[int]


def reads_as_question(text: str) -> bool:
    """The rule of the definition."""
    return _QUESTION.search(text) is not None


def looked_at(chat: Chat) -> Asked:
    """Link a chat as the bot does, and find what is true in it."""
    chat = replace(chat, lines=_near_scored(chat))
    linker = Linker(chat.names)
    links = [linker.add(line) for line in chat.lines]
    bots = {member for member, name in chat.members.items() if name in BOTS}
    author = {line.id: line.member for line in chat.lines}
    answered = {
        earlier
        for later, gold in chat.gold.items()
        for earlier in gold
        if earlier != later and author.get(later) not in {author.get(earlier), None, *bots}
    }
    scored = {line.id for line in chat.lines if line.id in chat.gold and line.member not in bots}
    asking = {
        line.id: max(0.5, question_chance(line.text))
        for line in chat.lines
        if line.id in scored and reads_as_question(line.text)
    }
    true = {one for one in asking if chat.gold[one] == {one} and one not in answered}
    return Asked(chat, chat.lines, links, asking, frozenset(true), frozenset(scored))


def _near_scored(chat: Chat) -> list[Line]:
    """What is scored, with enough talk before and after it."""
    scored = [at for at, line in enumerate(chat.lines) if line.id in chat.gold]
    return chat.lines[max(0, scored[0] - AROUND) : scored[-1] + AROUND] if scored else []


def looked_at_all(chats: Sequence[Chat]) -> list[Asked]:
    """All of them."""
    return [looked_at(chat) for chat in chats]
