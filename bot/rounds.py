"""What the host looks at by himself every few minutes: which rooms there are, and who is in them.

Join reports are sometimes missing, late or without names; only comparing whole member lists finds everybody.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.gateway.base import Arrival, Gateway, GatewayError, RoomsListed
from bot.register import HEARD_STATUSES
from bot.storage.engine import Storage
from bot.storage.tables import PuppetAlias, Room

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Rounds:
    """Asks the gateway for rooms and member lists when it is time; what comes back are arrivals."""

    gateway: Gateway
    storage: Storage
    clock: Clock
    every: timedelta
    _connected: bool = field(default=False, init=False)
    _listed: dict[int, datetime] = field(default_factory=dict, init=False)
    _stale: bool = field(default=True, init=False)

    async def go(self) -> list[Arrival]:
        """The arrivals of the rounds that are due now; none while the line is down."""
        connected = self.gateway.state().connected
        newly, self._connected = connected and not self._connected, connected
        if not connected:
            return []
        next_at = self.next_at()
        is_time = next_at is not None and next_at <= self.clock.now()
        arrivals = await self._rooms() if newly or is_time else []
        if newly or self._stale or is_time:
            arrivals += await self._members()
        return arrivals

    def look_again(self) -> None:
        """A room or its status has changed."""
        self._stale = True

    def next_at(self) -> datetime | None:
        """When the next member list is due, as far as is known."""
        if not self._connected or not self._listed:
            return None
        return min(self._listed.values()) + self.every

    async def _rooms(self) -> list[Arrival]:
        try:
            rooms = await self.gateway.list_rooms()
        except GatewayError as error:
            log.warning("room_list_failed", error=str(error))
            return []
        now = self.clock.now()
        return [RoomsListed(key=f"rooms:{now.isoformat()}", at=now, received_at=now, rooms=rooms)]

    async def _members(self) -> list[Arrival]:
        now, arrivals = self.clock.now(), []
        self._stale = False
        heard = await self.storage.read(_heard_rooms)
        self._listed = {room: at for room, at in self._listed.items() if room in heard}
        for room, puppet_id in heard.items():
            if room in self._listed and now - self._listed[room] < self.every:
                continue
            self._listed[room] = now
            try:
                arrivals.append(await self.gateway.list_members(puppet_id))
            except GatewayError as error:
                log.warning("member_list_failed", room=room, error=str(error))
        return list[Arrival](arrivals)


def _heard_rooms(session: Session) -> dict[int, str]:
    rows = session.execute(
        select(Room.id, PuppetAlias.puppet_id)
        .join(PuppetAlias, (PuppetAlias.key == Room.id) & (PuppetAlias.scope == "room"))
        .where(Room.status.in_(HEARD_STATUSES))
        .order_by(PuppetAlias.seen_at)
    )
    return {row.id: row.puppet_id for row in rows}
