"""Telling somebody, by another way than WeChat, that the bot itself is in trouble.

A web hook gets `{"text": …}` by POST; a command gets the text on its standard input. Both are named in the
configuration by whoever runs the bot. A failing alert is logged and nothing more: it must not add trouble.
"""

from __future__ import annotations

import asyncio
import json
import shlex
import urllib.request
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from bot.config_sections import AlertSettings
from bot.storage.connection import make_private

log = structlog.get_logger(__name__)

TIMEOUT_SECONDS = 10.0
SAME_AGAIN = timedelta(hours=1)
TRIED_AGAIN_AFTER = timedelta(minutes=1)
REMEMBERED = "alerts.json"


@dataclass(slots=True)
class Alerts:
    """Sends alerts; the same one once an hour at most, also by a bot that is started again and again."""

    settings: AlertSettings
    folder: Path | None = None
    _last: dict[str, datetime] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._last = _read(self.folder) if self.folder else {}

    async def send(self, key: str, text: str, now: datetime) -> bool:
        """Send the text by every way there is; False if none took it, or `key` was sent within the last hour.

        What none took is tried again after a minute: what cuts WeChat off may well cut the web hook off too.
        """
        if key in self._last and now - self._last[key] < SAME_AGAIN:
            return False
        self._last[key] = now
        self._remember()
        taken = [await self._tried(key, way) for way in self._ways(text)]
        if taken and not any(taken):
            self._last[key] = now - SAME_AGAIN + TRIED_AGAIN_AFTER
            self._remember()
        return any(taken)

    def _ways(self, text: str) -> Iterator[Awaitable[None]]:
        if self.settings.webhook:
            yield asyncio.to_thread(_post, self.settings.webhook, text)
        if self.settings.command:
            yield _run(self.settings.command, text)

    async def _tried(self, key: str, way: Awaitable[None]) -> bool:
        try:
            async with asyncio.timeout(2 * TIMEOUT_SECONDS):  # a web server may answer a letter at a time
                await way
        except Exception as error:  # whatever a web server or a command makes of it
            log.error("alert_failed", key=key, why=type(error).__name__)
            return False
        return True

    def _remember(self) -> None:
        if self.folder is None:
            return
        try:
            file = self.folder / REMEMBERED
            make_private(file)
            file.write_text(
                json.dumps({key: at.isoformat() for key, at in self._last.items()}), encoding="ascii"
            )
        except OSError as error:  # a full disk: better an alert too many than none
            log.warning("alert_not_remembered", why=type(error).__name__)


def _read(folder: Path) -> dict[str, datetime]:
    try:
        told = json.loads((folder / REMEMBERED).read_text(encoding="ascii"))
        return {str(key): datetime.fromisoformat(at).astimezone(UTC) for key, at in told.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _post(address: str, text: str) -> None:
    body = json.dumps({"text": text}, ensure_ascii=False).encode()
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):
        return


async def _run(command: str, text: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *shlex.split(command),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await process.communicate(text.encode())
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise OSError(process.returncode, "the alert command failed")
