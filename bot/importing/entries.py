"""What a chat log holds, whatever its format: messages, notices of the app itself, and who people are."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from bot.errors import QunxingError
from bot.events import MessageKind
from bot.intake.talk import MAX_TEXT

LONGEST_NAME = 100

_SURROGATES = re.compile("[\ud800-\udfff]")


class BadLog(QunxingError):
    """A log that cannot be imported; `values["line"]` is where, if there is a line. Nothing is stored."""

    def within(self, file: str) -> BadLog:
        """The same, with the file's name, which the sentence for it wants."""
        return BadLog(self.key, **(self.values | {"file": file}))


class Record(NamedTuple):
    """One message. `sender` is the platform's id of the person, or the name where a log has nothing else.

    `puppet_id` and `reply_to` are the platform's ids of this message and of the one it answers; `room` is
    the conversation it stands in, in a log of several. `joined` counts the lines that continued the first.
    """

    line: int
    at: datetime
    sender: str
    name: str
    text: str
    kind: MessageKind = "text"
    alias: str = ""
    named_only: bool = False
    puppet_id: str = ""
    reply_to: str = ""
    quote_name: str = ""
    quote_text: str = ""
    room: str = ""
    joined: int = 0


class Notice(NamedTuple):
    """What the app said by itself: who came, who took a message back. Counted, never stored."""

    line: int
    at: datetime | None
    text: str
    room: str = ""


class Nameless(NamedTuple):
    """A message of which the log does not say who sent it. Counted, never stored."""

    line: int
    room: str = ""


class Profile(NamedTuple):
    """What a log says about a person beside what they said: their names of today and of before."""

    sender: str
    name: str
    alias: str = ""
    others: tuple[str, ...] = ()


class Header(NamedTuple):
    """What a log says about itself."""

    platform: str
    room: str = ""


Entry: TypeAlias = Record | Notice | Nameless | Profile | Header


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """The text as it can be stored: no NUL, no half characters (JSON can smuggle them in), not endless."""
    text = text[:limit]
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


@lru_cache(maxsize=4096)
def clean_name(name: str) -> str:
    """A name or an id as it can be stored."""
    return clean(name.strip(), LONGEST_NAME).strip()
