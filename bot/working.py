"""Background work: where each piece is done, and what came of it. Its rows and results are the app's."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import structlog

from bot.apart import is_large, work_apart
from bot.clock import Clock
from bot.host import Host
from bot.llm import Wording
from bot.plugin import Work
from bot.storage.engine import Storage
from bot.storage.history import History
from bot.work_list import Waiting

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Working:
    """Does work off the writer: on a snapshot, in a process of its own, or with the language model."""

    host: Host
    storage: Storage
    clock: Clock
    wording: Wording

    def needs_model(self, row: Waiting) -> bool:
        """Whether this waits for the model, which no other work should have to."""
        work = self._work(row)
        return work is not None and work.with_model

    async def result(self, row: Waiting) -> dict[str, Any] | str:
        """What the plugin's function gives; a string is the name of an error."""
        work = self._work(row)
        if work is None:
            return "no such work"
        payload, now = dict(row.payload), self.clock.now()
        try:
            if work.with_model:
                return await asyncio.to_thread(work.function, self.wording, payload)
            if work.apart and await self.storage.read(lambda session: is_large(session, row.room_id)):
                return await work_apart(self.storage.file.parent, row.plugin, row.name, payload, now)
            return await self.storage.read(lambda session: work.function(History(session, now), payload))
        except Exception as error:
            log.exception("work_failed", plugin=row.plugin, name=row.name)
            return type(error).__name__

    def _work(self, row: Waiting) -> Work | None:
        plugin = self.host.plugins.get(row.plugin)
        return plugin.works.get(row.name) if plugin else None
