"""Links for what was not linked when it came in: imports, what arrived out of order, and older models' work.

It is looked for, not remembered: whatever lacks a link of today's models gets one, in the night and at the
end of an import. So nobody has to know of a command, and a change of the models mends itself. Reading and
finding is done on snapshots, writing in small steps of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.analysis.links import RESTORED_FROM, Linker
from bot.linking import VERSION, Found, find_link, keep, restored, row_of
from bot.storage.engine import Storage, plain_connection
from bot.storage.lines import Stored, read_lines_after, read_lines_before
from bot.storage.tables import Room
from bot.storage.tables.base import moment_of

STEP = 500

_UNLINKED = """
SELECT min(message.at), max(message.at)
FROM message LEFT JOIN reply_link ON reply_link.message_id = message.id AND reply_link.version = ?
WHERE message.room_id = ? AND message.origin != 'self' AND reply_link.message_id IS NULL
"""


@dataclass(slots=True)
class Relinking:
    """Goes through one room from its first line without a link of today to its last."""

    room: int
    until: datetime
    at: datetime
    message: int = 0
    linker: Linker | None = None

    def step(self, session: Session) -> list[Found]:
        """Find the links of the next lines; none when the end is reached."""
        if self.linker is None:
            self.linker = restored(
                session, self.room, read_lines_before(session, self.room, self.at, RESTORED_FROM)
            )
        lines = read_lines_after(session, self.room, self.at, self.message, STEP)
        if lines:
            self.at, self.message = lines[-1].line.at, lines[-1].line.id
        return [_found(self.linker, one) for one in lines if one.line.at <= self.until]


def _found(linker: Linker, one: Stored) -> Found:
    return row_of(*find_link(linker, one.line, to_bot=one.to_bot))


def unlinked(session: Session, room: int) -> Relinking | None:
    """What is to be linked in a room; None if everything is. Reads the whole room: not for the writer."""
    first, last = plain_connection(session).execute(_UNLINKED, (VERSION, room)).fetchone()
    since, until = moment_of(first), moment_of(last)
    return None if since is None or until is None else Relinking(room, until, since)


def relink(storage: Storage, room: int, progress: Callable[[int], None] = lambda done: None) -> int:
    """Link what lacks a link in a room, now; how many messages were linked."""
    linking, done = storage.read_now(lambda session: unlinked(session, room)), 0
    while linking is not None and (found := storage.read_now(linking.step)):
        storage.write_now(_keeping(found))
        done += len(found)
        progress(done)
    return done


async def relink_all(storage: Storage) -> int:
    """The same in every room beside a running bot; how many messages were linked."""
    done = 0
    for room in await storage.read(lambda session: list(session.scalars(select(Room.id)))):
        linking = await storage.read(_looking(room))
        while linking is not None and (found := await storage.read(linking.step)):
            await storage.write(_keeping(found))
            done += len(found)
    return done


def _looking(room: int) -> Callable[[Session], Relinking | None]:
    return lambda session: unlinked(session, room)


def _keeping(found: list[Found]) -> Callable[[Session], None]:
    return lambda session: keep(session, found)
