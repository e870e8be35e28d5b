"""The kept questions of each room in memory, for finding: follows the table by its revisions, off the writer.

One index for each database that is open, gone with it. It is used by the reading threads only. With the extra
`semantic` it knows meanings too, as soon as all but a few of a room's questions have a stored vector.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.analysis.retrieval import Found, Retrieval
from bot.analysis.retrieval.hybrid import HybridRetrieval
from plugins.knowledge import meaning
from plugins.knowledge.question_tables import Kept

MOST = 5
FEW = 20
"""So many questions without a vector are encoded on the way; if more lack one, meanings must wait."""


@dataclass(frozen=True, slots=True)
class Search:
    """What was found; from which chance on it is an answer; how many kept questions lack a stored vector."""

    found: list[Found]
    say: float
    lacking: int


@dataclass(slots=True)
class RoomIndex:
    """What of a room is in memory, up to which revision."""

    retrieval: Retrieval = field(default_factory=lambda: Retrieval({}))
    keys: set[int] = field(default_factory=set)
    revision: int = 0
    lacking: int = 0
    lock: Lock = field(default_factory=Lock)

    def follow(self, session: Session, room: int) -> None:
        """Take in what has changed."""
        if meaning.encoder() is not None:
            self.lacking = meaning.count_lacking(session, room)
        must_begin = not self.keys and not self.revision
        if must_begin or (self._could_know_meanings() and not isinstance(self.retrieval, HybridRetrieval)):
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

    def _could_know_meanings(self) -> bool:
        return meaning.encoder() is not None and self.lacking <= FEW

    def _begin(self, session: Session, room: int) -> None:
        rows = session.execute(
            select(Kept.id, Kept.question, Kept.status, Kept.revision).where(Kept.room_id == room)
        ).all()
        texts = {row.id: row.question for row in rows if row.status == "kept"}
        encode = meaning.encoder()
        if encode is not None and self._could_know_meanings():
            self.retrieval = HybridRetrieval(texts, encode, meaning.known(session, room))
        else:
            self.retrieval = Retrieval(texts)
        self.keys = set(texts)
        self.revision = max((row.revision for row in rows), default=0)


_indexes: WeakKeyDictionary[Engine, dict[int, RoomIndex]] = WeakKeyDictionary()
_opening = Lock()


def find(session: Session, room: int, query: str, limit: int = MOST) -> Search:
    """The kept questions of a room that ask nearest to the query, best first."""
    engine = session.get_bind().engine
    with _opening:
        index = _indexes.setdefault(engine, {}).setdefault(room, RoomIndex())
    with index.lock:
        index.follow(session, room)
        found = index.retrieval.find(query, limit) if index.keys else []
        return Search(found, index.retrieval.say, index.lacking)
