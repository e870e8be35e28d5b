"""The kept questions of each room in memory, for finding: follows the table by its revisions, off the writer.

One index for each database that is open, gone with it. It is used by the reading threads only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.analysis.retrieval import Found, Retrieval
from plugins.knowledge.question_tables import Kept

MOST = 5


@dataclass(slots=True)
class RoomIndex:
    """What of a room is in memory, up to which revision."""

    retrieval: Retrieval = field(default_factory=lambda: Retrieval({}))
    keys: set[int] = field(default_factory=set)
    revision: int = 0
    lock: Lock = field(default_factory=Lock)

    def follow(self, session: Session, room: int) -> None:
        """Take in what has changed."""
        if not self.keys and not self.revision:
            self._begin(session, room)
            return
        changed = select(Kept.id, Kept.question, Kept.status, Kept.revision).where(
            Kept.room_id == room, Kept.revision > self.revision
        )
        for row in session.execute(changed.order_by(Kept.revision)):
            if row.id in self.keys:
                self.retrieval.remove(row.id)
                self.keys.discard(row.id)
            if row.status == "kept":
                self.retrieval.add(row.id, row.question)
                self.keys.add(row.id)
            self.revision = row.revision

    def _begin(self, session: Session, room: int) -> None:
        rows = session.execute(
            select(Kept.id, Kept.question, Kept.status, Kept.revision).where(Kept.room_id == room)
        ).all()
        texts = {row.id: row.question for row in rows if row.status == "kept"}
        self.retrieval, self.keys = Retrieval(texts), set(texts)
        self.revision = max((row.revision for row in rows), default=0)


_indexes: WeakKeyDictionary[Engine, dict[int, RoomIndex]] = WeakKeyDictionary()
_opening = Lock()


def find(session: Session, room: int, query: str, limit: int = MOST) -> list[Found]:
    """The kept questions of a room that ask nearest to the query, best first."""
    engine = session.get_bind().engine
    with _opening:
        index = _indexes.setdefault(engine, {}).setdefault(room, RoomIndex())
    with index.lock:
        index.follow(session, room)
        return index.retrieval.find(query, limit) if index.keys else []
