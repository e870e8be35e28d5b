"""Logs: one line for each thing that happened, JSON in a file that rotates, readable on the terminal.

Never a word that somebody wrote, never a secret: keys that would hold them are dropped (in tests they raise),
exceptions are told by their type and place, and what foreign libraries say is not repeated.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import traceback
import unicodedata
from collections.abc import Mapping, MutableMapping, Sequence
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog
from sqlalchemy.exc import DBAPIError
from structlog.typing import Processor

LOG_NAME = "qunxing.log"
FILE_BYTES = 5_000_000
FILES_KEPT = 5
LONG_SECRET = 8

PRIVATE_KEYS = frozenset({
    "text", "words", "said", "line", "content", "message", "body", "quote", "greeting", "caption", "payload",
    "nickname", "member_name", "room_name", "topic", "token", "secret", "password", "code", "authorization",
})  # fmt: skip

# What these say is about their own work. Everybody else's messages may quote what people wrote.
_OWN_WORDS = ("bot", "plugins", "migrations", "alembic", "apscheduler", "__main__")
# Exceptions that speak about files, lines and code, and not about what is in them.
_TELLING = (OSError, TimeoutError, AttributeError, NameError, ImportError, NotImplementedError)
_FRAMES = 8
_LONGEST_VALUE = 500

EventDict = MutableMapping[str, Any]
ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None]


class PrivateWords(ValueError):
    """A log line was about to hold what somebody wrote, or a secret. Raised in tests only."""


class NothingPrivate:
    """Drops the values of private keys; numbers and truth values (a message's key, say) may stay."""

    def __init__(self, strict: bool) -> None:
        self._strict = strict

    def __call__(self, logger: Any, method: str, event: EventDict) -> EventDict:
        """A structlog processor."""
        private = [
            key
            for key, value in event.items()
            if key.casefold() in PRIVATE_KEYS and not isinstance(value, int | float | None)
        ]
        if private and self._strict:
            raise PrivateWords(", ".join(private))
        for key in private:
            del event[key]
        return event


class OneLine:
    """Makes every value harmless for a terminal and a line: control characters escaped, secrets masked."""

    def __init__(self, secrets: Sequence[str]) -> None:
        given = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        self._secret = re.compile("|".join(map(_as_pattern, given))) if given else None

    def __call__(self, logger: Any, method: str, event: EventDict) -> EventDict:
        """A structlog processor."""
        return {key: self._clean(value) for key, value in event.items()}

    def _clean(self, value: Any) -> Any:
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, Mapping):
            return {self._clean(str(key)): self._clean(item) for key, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean(item) for item in value]
        text = str(value)
        if self._secret is not None:
            text = self._secret.sub("***", text)
        return escaped(text[:_LONGEST_VALUE])


def _as_pattern(secret: str) -> str:
    """A long secret anywhere; a short one only where it stands alone: as a part of words it means nothing."""
    words = re.escape(secret)
    return words if len(secret) >= LONG_SECRET else rf"(?<!\w){words}(?!\w)"


def escaped(text: str) -> str:
    """The text with everything escaped that would break a line, move a cursor or turn the direction."""
    return "".join(
        character.encode("unicode_escape").decode("ascii")
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        else character
        for character in text
    )


def exception_told(logger: Any, method: str, event: EventDict) -> EventDict:
    """A structlog processor: an exception as its type and the places that it came through, on one line."""
    info = event.pop("exc_info", None)
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    elif info is True:
        info = sys.exc_info()
    if info and info[1] is not None:
        event["failure"] = told(info[1])
    return event


def told(error: BaseException) -> str:
    """`KeyError < welcome.greet plugins/welcome/__init__.py:41 < …`, the cause last; no words of people."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = [f"{frame.name} {_short(frame.filename)}:{frame.lineno}" for frame in reversed(frames)]
    said = " < ".join([_named(error), *places])
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return f"{said} | {_named(cause)}" if cause is not None else said


def _named(error: BaseException) -> str:
    """The exception's type, with its message only where that cannot quote anybody."""
    inner = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    kind = type(error).__name__
    if isinstance(error, DBAPIError) or isinstance(inner, _TELLING):
        return f"{kind}: {inner}"
    return kind


def _short(filename: str) -> str:
    return "/".join(part for part in Path(filename).parts[-3:] if part != "/")


class _PrivateFile(RotatingFileHandler):
    """A log file, and those that follow it, for their owner's eyes only."""

    def _open(self) -> TextIOWrapper:
        file = Path(self.baseFilename)
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
        file.chmod(0o600)
        return super()._open()


class _Foreign(logging.Filter):
    """Takes the words out of what other libraries log: name and level stay, and only from errors on."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is logged at all."""
        if record.name.split(".")[0] in _OWN_WORDS:
            return True
        if record.levelno < logging.ERROR:
            return False
        record.msg, record.args = "a library reported an error", ()
        return True


def set_up_logs(
    folder: Path | None,
    level: str = "info",
    *,
    secrets: Sequence[str] = (),
    strict: bool = False,
    stream: TextIO | None = None,
) -> None:
    """Send everything to `folder`/qunxing.log (None: no file) and to `stream` (default: stderr).

    `strict` raises PrivateWords where a log call names a private key. Calling it again starts afresh.
    """
    shared: list[Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        exception_told,
        NothingPrivate(strict),
        OneLine(secrets),
    ]
    terminal = sys.stderr if stream is None else stream
    handlers: list[logging.Handler] = [logging.StreamHandler(terminal)]
    readable = structlog.dev.ConsoleRenderer(colors=terminal.isatty(), pad_event_to=0, pad_level=False)
    handlers[0].setFormatter(_formatter(shared, readable))
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        file = _PrivateFile(folder / LOG_NAME, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8")
        file.setFormatter(_formatter(shared, structlog.processors.JSONRenderer(_json)))
        handlers.append(file)
    _install(handlers, level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )  # fmt: skip


def _formatter(shared: list[Processor], renderer: Processor) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )


def _install(handlers: list[logging.Handler], level: str) -> None:
    root = logging.getLogger()
    for old in root.handlers[:]:
        if getattr(old, "is_ours", False):
            root.removeHandler(old)
            old.close()
    for handler in handlers:
        handler.is_ours = True  # type: ignore[attr-defined]
        handler.addFilter(_Foreign())
        root.addHandler(handler)
    root.setLevel(level.upper())
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # a line for every tick otherwise
    quiet = logging.INFO if level.upper() == "DEBUG" else logging.WARNING
    logging.getLogger("alembic").setLevel(quiet)  # three lines for every step otherwise


def _json(event: Any, **_: Any) -> str:
    ordered = {key: event[key] for key in ("timestamp", "level", "event") if key in event} | event
    return json.dumps(ordered, ensure_ascii=False, default=str)
