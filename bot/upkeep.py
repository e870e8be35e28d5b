"""The nightly round: a backup that is tried out, old things let go, the index tidied, links found."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.clock import Clock
from bot.config_sections import KeepingSettings
from bot.relinking import relink_all
from bot.storage.backup import age_out, back_up
from bot.storage.engine import Storage
from bot.storage.retention import Keeping, enforce
from bot.storage.search import tidy

log = structlog.get_logger(__name__)

AT_NIGHT = 4
"""The hour of the group's clock at which the round is made."""


@dataclass(slots=True)
class Upkeep:
    """Makes the round once a night, in steps that never hold up the writer for long."""

    storage: Storage
    keeping: KeepingSettings
    zone: ZoneInfo
    clock: Clock
    trouble: Callable[[str], Awaitable[None]] | None = None
    """Hears of it when a part of the round fails."""

    async def every_night(self) -> None:
        """For ever: wait for the night, make the round."""
        while True:
            await asyncio.sleep((self.next_night() - self.clock.now()).total_seconds())
            await self.round()

    def next_night(self) -> datetime:
        """When the next round is due."""
        local = self.clock.now().astimezone(self.zone)
        night = local.replace(hour=AT_NIGHT, minute=0, second=0, microsecond=0)
        if night <= local:
            night += timedelta(days=1)
        return night.astimezone(self.clock.now().tzinfo)

    async def round(self) -> None:
        """One round now. Each part stands alone: one that fails is logged and leaves the others."""
        copies, old = (self._back_up, self._let_go_copies), (self._let_go, self._let_go_media)
        for part in (*copies, *old, self._tidy, self._link):
            try:
                await part()
            except Exception:
                log.exception("upkeep_failed", part=part.__name__)
                if self.trouble is not None:
                    await self.trouble("upkeep_failed")

    async def _back_up(self) -> None:
        if self.keeping.backups:
            folder, now = self.storage.file.parent, self.clock.now()
            made = await asyncio.to_thread(back_up, folder, now, keep=self.keeping.backups)
            log.info("backup_made", bytes=made.bytes)

    async def _let_go_copies(self) -> None:
        """What upgrades and restores set aside stays as long as a daily backup would."""
        before = self.clock.now() - timedelta(days=max(self.keeping.backups, 1))
        await asyncio.to_thread(age_out, self.storage.file.parent, before)

    async def _let_go(self) -> None:
        now, keeping = self.clock.now(), keeping_of(self.keeping)
        while done := await self.storage.write(lambda session: enforce(session, now, keeping)):
            log.info("old_rows_let_go", **done)
        await asyncio.to_thread(self.storage.checkpoint)

    async def _let_go_media(self) -> None:
        oldest = self.clock.now() - timedelta(days=self.keeping.media_days)
        media = self.storage.file.parent / "media"
        for file in media.glob("*") if media.exists() else ():
            if file.is_file() and file.stat().st_mtime < oldest.timestamp():
                file.unlink()

    async def _tidy(self) -> None:
        while await self.storage.write(tidy):
            continue

    async def _link(self) -> None:
        if done := await relink_all(self.storage):
            log.info("messages_linked", messages=done)


def keeping_of(settings: KeepingSettings) -> Keeping:
    """The configured days as durations. Unless told otherwise only words go: that somebody spoke, stays."""
    return Keeping(
        words=timedelta(days=settings.text_days),
        messages=timedelta(days=settings.counts_days) if settings.counts_days else None,
        ledger=timedelta(days=settings.events_days),
        audit=timedelta(days=settings.audit_days),
        odds=timedelta(days=settings.audit_days),
    )
