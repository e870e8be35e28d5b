"""A small file that says how the running bot is, for `qunxing status`, a health check or a monitor."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.gateway.base import GatewayState
from bot.storage.tables import Gap, Outgoing, OwnerItem, Room

HEALTH = "health.json"
WRITTEN_EVERY = timedelta(seconds=15)
STALE_AFTER = timedelta(seconds=60)


def write_health(folder: Path, state: GatewayState, now: datetime) -> None:
    """Write the file whole or not at all, for its owner's eyes only."""
    told = {
        "at": now.isoformat(),
        "pid": os.getpid(),
        "connected": state.connected,
        "since": state.since.isoformat() if state.since else None,
        "trouble": state.trouble,
        "odd_events": state.odd_events,
        "payloads_lost": state.payloads_lost,
    }
    fresh = folder / f"{HEALTH}.new"
    with fresh.open("w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        json.dump(told, file)
    fresh.replace(folder / HEALTH)


@dataclass(frozen=True, slots=True)
class Status:
    """What `qunxing status` tells. `alive` means: the running bot has said so within the last minute."""

    alive: bool
    health: dict[str, Any]
    rows: dict[str, Any]

    @property
    def good(self) -> bool:
        """Running, and in touch with WeChat."""
        return self.alive and bool(self.health.get("connected"))

    def as_json(self) -> str:
        """One JSON object for machines."""
        return json.dumps({"good": self.good, "alive": self.alive} | self.health | self.rows)


def read_health(folder: Path, now: datetime) -> tuple[bool, dict[str, Any]]:
    """Whether the file is fresh, and what it says; nothing if it is missing or cannot be read."""
    try:
        told: dict[str, Any] = json.loads((folder / HEALTH).read_text(encoding="utf-8"))
        age = now - datetime.fromisoformat(told["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return False, {}
    return age < STALE_AFTER, told


def waiting_rows(session: Session) -> dict[str, Any]:
    """What the database says about things that wait."""
    counts = session.execute(
        select(Outgoing.status, func.count())
        .where(Outgoing.status.in_(("planned", "claimed", "unknown")))
        .group_by(Outgoing.status)
    )
    outgoing = {row.status: row[1] for row in counts}
    open_items = select(func.count()).where(OwnerItem.done_at.is_(None), OwnerItem.expires_at > _now())
    rooms = session.execute(select(Room.status, func.count()).group_by(Room.status))
    return {
        "outgoing": {name: outgoing.get(name, 0) for name in ("planned", "claimed", "unknown")},
        "owner_items": session.scalar(open_items) or 0,
        "open_gaps": session.scalar(select(func.count()).where(Gap.restored_at.is_(None))) or 0,
        "rooms": {row.status: row[1] for row in rooms},
    }


def _now() -> datetime:
    return datetime.now(UTC)
