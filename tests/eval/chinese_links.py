"""Who answers whom in Chinese: dialogues interleaved without any mention, and chats linked by hand.

Of interleaved dialogues only a turn's first message is scored (whether a speaker's second message answers
their own first or the other's is a matter of taste), and nobody's name is known. The chats linked by hand
are natural: several topics at once, quotes, @, stickers and pictures; quotes are known to every method but
the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.analysis.links import MODEL_VERSION
from tests.eval.chinese import AT_ONCE, interleaved, read_dialogues, written
from tests.eval.frame import Missing, Options, Result, Row, Section
from tests.eval.irc import Chat
from tests.eval.links import figures, linked, named, previous

NAME = "chinese_links"
FOLDER = "questions"


def run(folder: Path, options: Options) -> Result:
    """Both kinds of chats; what is missing is said in the table's place."""
    sections = []
    try:
        chats = interleaved(read_dialogues(folder), options.seed)
        sections.append(section(f"interleaved dialogues, {len(chats)} chats, no mentions", chats, options))
        for many in AT_ONCE:
            part = [chat for chat in chats if chat.name.endswith(f" {many} at once")]
            sections.append(section(f"of them {many} at once, {len(part)} chats", part, options))
    except Missing as error:
        sections.append(Section(f"interleaved dialogues: SKIPPED, {error}", []))
    hand = written()
    many = sum(len(chat.lines) for chat in hand)
    sections.append(section(f"linked by hand, {len(hand)} chats, {many} lines", hand, options))
    return Result(NAME, sections)


def section(title: str, chats: list[Chat], options: Options) -> Section:
    """Our linker beside the baselines."""
    methods = {"previous message": previous, "named person, else previous by another": quoted_or_named}
    rows = [
        Row(name, figures(chats, [told(chat) for chat in chats], options)) for name, told in methods.items()
    ]
    ours = figures(chats, [linked(chat) for chat in chats], options)
    return Section(title, [*rows, Row(f"linker, version {MODEL_VERSION}", ours, ours=True)])


def quoted_or_named(chat: Chat) -> Mapping[int, int]:
    """Baseline: the quoted message, else the named person's last, else the previous by another."""
    return {**named(chat), **{line.id: line.quotes for line in chat.lines if line.quotes is not None}}
