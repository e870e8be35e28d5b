"""A JSON text read value by value: the long list in the middle of it never lies in memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.importing.entries import BadLog

LONGEST_VALUE = 32_000_000
"""One member's picture may be large; more than this in one value is no chat."""

_SPACE = " \t\n\r"
_NEAR_END = 16  # an error this close to the end of what was read may only mean that more is to come


class JsonText:
    """Where in the text one is. `line` is the line of the next character."""

    def __init__(self, blocks: Iterable[str]) -> None:
        self._blocks = iter(blocks)
        self._text = ""
        self._at = 0
        self._ended = False
        self._decoder = json.JSONDecoder()
        self.line = 1

    def next(self) -> str:
        """The next character that is not white space; "" at the end."""
        while True:
            start = self._at
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            self.line += self._text.count("\n", start, self._at)
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more(1):
                return ""

    def expect(self, character: str) -> None:
        """Pass over this character. Raises BadLog if another one stands there."""
        found = self.next()
        if not found:
            raise BadLog("import.cut_off", line=self.line)
        if found != character:
            raise BadLog("import.bad_json", line=self.line)
        self._at += 1

    def value(self) -> Any:
        """The next value, whole."""
        self.next()
        while True:
            try:
                found, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._may_go_on(error) and self._more(len(self._text) - self._at):
                    continue
                raise self._problem(error) from error
            except (RecursionError, ValueError) as error:  # too deep; a number with thousands of digits
                raise BadLog("import.bad_json", line=self.line) from error
            if end == len(self._text) and self._more(1):
                continue  # a number may go on in the next block
            self.line += self._text.count("\n", self._at, end)
            self._at = end
            return found

    def members(self) -> Iterator[str]:
        """The keys of the object that begins here; read each one's value before asking for the next."""
        self.expect("{")
        while self.next() != "}":
            key = self.value()
            if not isinstance(key, str):
                raise BadLog("import.bad_json", line=self.line)
            self.expect(":")
            yield key
            self._comma("}")
        self.expect("}")

    def items(self) -> Iterator[tuple[int, Any]]:
        """The values of the list that begins here, each with the line on which it begins."""
        self.expect("[")
        while self.next() != "]":
            line = self.line
            yield line, self.value()
            self._comma("]")
        self.expect("]")

    def _comma(self, closing: str) -> None:
        """Pass over the comma before another value; a comma before the end is a mistake."""
        if self.next() != closing:
            self.expect(",")
            if self.next() == closing:
                raise BadLog("import.bad_json", line=self.line)

    def _more(self, at_least: int) -> bool:
        """Read on, at least doubling what is there, so that a long value costs linear time."""
        if self._ended:
            return False
        parts = [self._text[self._at :]]
        if len(parts[0]) > LONGEST_VALUE:
            raise BadLog("import.line_too_long", line=self.line)
        added = 0
        for block in self._blocks:
            parts.append(block)
            added += len(block)
            if added >= at_least and block:
                break
        else:
            self._ended = True
        self._text, self._at = "".join(parts), 0
        return added > 0

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        near_end = error.pos >= len(self._text) - _NEAR_END
        return not self._ended and (near_end or error.msg.startswith("Unterminated string"))

    def _problem(self, error: json.JSONDecodeError) -> BadLog:
        cut_off = error.pos >= len(self._text.rstrip()) or error.msg.startswith("Unterminated string")
        line = self.line + self._text.count("\n", self._at, error.pos)
        return BadLog("import.cut_off" if cut_off else "import.bad_json", line=line)
