"""A language model behind any endpoint that speaks OpenAI's chat completions: one question, one answer.

Needs the extra `llm`. The whole exchange has one deadline, an answer that never ends is cut off, redirects
are not followed, and nothing that was said or answered is ever logged.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

TIMEOUT_SECONDS = 20.0
LARGEST_BYTES = 256 * 1024
LONGEST_ANSWER = 8_000
TEMPERATURE = 0.3
_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)


class ModelFailed(Exception):
    """No usable answer; `str()` is a word or two about why, without anything that was said."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is, what it is called, and the key that opens it (it shows itself nowhere)."""

    address: str
    key: SecretStr
    name: str
    seconds: float = TIMEOUT_SECONDS

    @property
    def is_near(self) -> bool:
        """Whether it is on this machine: then no proxy is asked."""
        return urlsplit(self.address).hostname in ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Model:
    """Asks one endpoint. To be used off the writer: it waits for another machine."""

    endpoint: Endpoint

    def answer(self, task: str, text: str) -> str:
        """What the model makes of the text. Raises ModelFailed."""
        asked = {
            "model": self.endpoint.name,
            "temperature": TEMPERATURE,
            "messages": [{"role": "system", "content": task}, {"role": "user", "content": text}],
        }
        return _words_of(self._post(asked))

    def _post(self, asked: dict[str, Any]) -> bytes:
        try:
            import httpx2
        except ImportError as error:
            raise ModelFailed("the extra llm is not installed") from error
        ends_at = time.monotonic() + self.endpoint.seconds
        address = self.endpoint.address.rstrip("/") + "/chat/completions"
        headers = {"Authorization": f"Bearer {self.endpoint.key.get_secret_value()}"}
        try:
            with (
                httpx2.Client(timeout=self.endpoint.seconds, trust_env=not self.endpoint.is_near) as client,
                client.stream("POST", address, json=asked, headers=headers) as answer,
            ):
                if answer.status_code != httpx2.codes.OK:
                    raise ModelFailed(f"status {answer.status_code}")
                return _collected(answer.iter_raw(), ends_at)
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError, ValueError) as error:
            raise ModelFailed(type(error).__name__) from None


def _collected(pieces: Iterator[bytes], ends_at: float) -> bytes:
    """All of the answer, if it is not too much and does not trickle in for too long."""
    collected = b""
    for piece in pieces:
        collected += piece
        if len(collected) > LARGEST_BYTES:
            raise ModelFailed("too much")
        if time.monotonic() > ends_at:
            raise ModelFailed("too late")
    return collected


def _words_of(answer: bytes) -> str:
    try:
        said = json.loads(answer)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise ModelFailed("no such answer as was agreed") from None
    if not isinstance(said, str) or not said.strip() or len(said) > LONGEST_ANSWER:
        raise ModelFailed("no words, or too many")
    return _THOUGHTS.sub("", said).strip()
