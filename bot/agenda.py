"""What is due next, known without asking the database in every idle moment.

Every row that can become due is written on the writer thread, by one of a few functions; each of them says
`stir`. Only after that, or when a setting has changed, is the database asked again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from bot.outbox import Outbox
from bot.schedule import Schedule
from bot.services import Services
from bot.work_list import Waiting, waiting


@dataclass(frozen=True, slots=True)
class Agenda:
    """When the next slot is due, when a send should be tried next, and which work waits."""

    slot_at: datetime | None = None
    send_at: datetime | None = None
    work: tuple[Waiting, ...] = ()

    @property
    def next_at(self) -> datetime | None:
        """The earlier of the two times; None if there is neither."""
        return min((one for one in (self.slot_at, self.send_at) if one is not None), default=None)


@dataclass(slots=True)
class AgendaBook:
    """The agenda as of the last look."""

    services: Services
    schedule: Schedule
    outbox: Outbox
    now: Agenda = field(default_factory=Agenda, init=False)
    _seen: tuple[int, int, bool] = field(default=(-1, -1, False), init=False)

    def knew(self, connected: bool) -> bool:
        """Whether the last look was at a line as it is now, up or down."""
        return self._seen[2] == connected

    def look(self, session: Session, now: datetime, connected: bool) -> Agenda:
        """The agenda; read anew only if something may have changed it."""
        seen = (self.services.stirred, self.services.settings.version, connected)
        if seen != self._seen:
            self.now = Agenda(
                slot_at=self.schedule.next_at(session, now),
                send_at=self.outbox.next_at(session, now, connected),
                work=waiting(session),
            )
            self._seen = (self.services.stirred, self.services.settings.version, connected)
        return self.now
