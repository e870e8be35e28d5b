"""What is old goes, step by step; what is open stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy import text as sql
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from bot.storage.engine import Storage
from bot.storage.retention import Keeping, enforce
from bot.storage.search import index_message, search
from bot.storage.tables import (
    AuditRow,
    Base,
    EventMark,
    EventRow,
    Expectation,
    Gap,
    Member,
    Mention,
    Message,
    OddEvent,
    Outgoing,
    OwnerItem,
    PairingCode,
    Room,
    Slot,
    WorkRow,
)

NOW = datetime(2026, 6, 1, tzinfo=UTC)
YEAR = timedelta(days=365)


def ago(days: float) -> datetime:
    """So many days before now."""
    return NOW - timedelta(days=days)


def talk(session: Session) -> None:
    """A message every ten days for a hundred days in each of two rooms and in private, all about tea."""
    session.add_all(Room(id=key, name="群", found_at=ago(200), status_at=ago(200)) for key in (1, 2))
    session.add(Member(id=1, name="安", found_at=ago(200)))
    session.flush()
    for room in (1, 2, None):
        for days in range(100, 0, -10):
            row = Message(
                room_id=room, member_id=1, at=ago(days), text=f"茶{days}", quote_name="友", quote_text="旧"
            )
            session.add(row)
            session.flush()
            session.add(Mention(message_id=row.id, member_id=1))
            if room is not None:
                index_message(session, row.id, row.text)


def ledger(session: Session) -> None:
    """Of each kind a row that is old and settled, one that is old and open, and a new one."""
    old, new = ago(50), ago(5)
    for key, at, done in [("a", old, old), ("b", old, None), ("c", new, new)]:
        row = EventRow(key=key, kind="RoomFound", at=at, received_at=at, payload={}, done_at=done)
        session.add(row)
        session.flush()
        session.add(EventMark(event_id=row.id, handler="x.y", outcome="ok"))
    for at, status in [(old, "sent"), (old, "planned"), (old, "claimed"), (new, "sent")]:
        session.add(
            Outgoing(plugin="x", urgency="answer", created_at=at, not_before=at, expires_at=at, status=status)
        )
    for number, (at, status) in enumerate([(old, "done"), (old, "planned"), (new, "done")]):
        session.add(Slot(plugin="x", name="y", kind="job", key=str(number), due_at=at, status=status))
    for at, status in [(old, "done"), (old, "waiting"), (new, "failed")]:
        session.add(WorkRow(plugin="x", name="y", payload={}, asked_at=at, status=status))
    session.add_all(
        [
            Expectation(
                member_id=1, room_id=0, plugin="x", name="y", payload={}, asked_at=old, expires_at=old
            ),
            Expectation(
                member_id=1, room_id=1, plugin="x", name="y", payload={}, asked_at=old, expires_at=new
            ),
            PairingCode(salt="", code_hash="", rooms=[], expires_at=old),
            AuditRow(at=old, action="a", subject="s"),
            AuditRow(at=new, action="a", subject="s"),
            OddEvent(at=old, why="", raw=""),
            Gap(lost_at=old, restored_at=old, reason=""),
            Gap(lost_at=old, restored_at=None, reason=""),
        ]
    )


@pytest.fixture
def full(storage: Storage) -> Storage:
    """A database with talk and ledger."""
    storage.write_now(talk)
    storage.write_now(ledger)
    return storage


def run(storage: Storage, keeping: Keeping, step: int = 500) -> dict[str, int]:
    """Repeat steps until nothing is left to do; what was removed in all."""
    total: dict[str, int] = {}
    while done := storage.write_now(lambda session: enforce(session, NOW, keeping, step)):
        assert max(done.values()) <= step
        for name, count in done.items():
            total[name] = total.get(name, 0) + count
    return total


def count(storage: Storage, table: type[Base], *where: Any) -> int:
    """How many rows fit."""
    return storage.read_now(lambda s: s.scalar(select(func.count()).select_from(table).where(*where))) or 0


def indexed(storage: Storage) -> int:
    """How many messages the search index holds."""
    counted = sql("SELECT count(*) FROM message_search_docsize")
    return storage.read_now(lambda session: session.scalar(counted)) or 0


@pytest.mark.parametrize("step", [1, 4, 500])
def test_old_words_are_emptied_and_not_found_while_the_message_still_counts(full: Storage, step: int) -> None:
    assert run(full, Keeping(words=timedelta(days=45)), step) == {"words": 18}
    assert count(full, Message) == 30
    worded = full.read_now(
        lambda s: list(
            s.scalars(select(Message.text).where(Message.quote_text.is_not(None)).order_by(Message.id))
        )
    )
    assert worded == ["茶40", "茶30", "茶20", "茶10"] * 3
    emptied = full.read_now(lambda s: s.execute(select(Message).where(Message.text == "")).scalars().all())
    assert {(row.quote_name, row.quote_text) for row in emptied} == {(None, None)}
    assert full.read_now(lambda s: len(search(s, "茶", limit=100))) == indexed(full) == 8


@pytest.mark.parametrize("step", [1, 4, 500])
def test_old_messages_go_with_all_that_hangs_on_them(full: Storage, step: int) -> None:
    assert run(full, Keeping(messages=timedelta(days=45)), step) == {"message": 18}
    assert count(full, Message) == count(full, Mention) == 12
    assert full.read_now(lambda s: len(search(s, "茶", limit=100))) == indexed(full) == 8


def test_settled_rows_go_and_open_ones_stay(full: Storage) -> None:
    removed = run(full, Keeping(ledger=timedelta(days=30)))
    assert removed == {"event": 1, "outgoing": 1, "slot": 1, "work": 1, "expectation": 1, "pairing_code": 1}
    assert (count(full, EventRow), count(full, EventMark)) == (2, 2)
    assert count(full, Outgoing, Outgoing.status.in_(("planned", "claimed"))) == 2
    assert (count(full, AuditRow), count(full, OddEvent), count(full, Gap)) == (2, 1, 2)


def test_audit_and_odd_things_have_times_of_their_own(full: Storage) -> None:
    assert run(full, Keeping(audit=timedelta(days=30))) == {"audit": 1}
    assert run(full, Keeping(odds=timedelta(days=30))) == {"odd_event": 1, "gap": 1}


def test_nothing_goes_without_being_asked_or_before_its_time(full: Storage) -> None:
    assert run(full, Keeping()) == {}
    assert run(full, Keeping(YEAR, YEAR, YEAR, YEAR, YEAR)) == {}


def test_owners_items_go_when_expired(full: Storage) -> None:
    def add(session: Session) -> None:
        for number, expires in enumerate([ago(50), ago(1)]):
            session.add(
                OwnerItem(
                    plugin="x",
                    key=str(number),
                    number=number,
                    text="",
                    payload={},
                    created_at=ago(60),
                    expires_at=expires,
                )
            )

    full.write_now(add)
    assert run(full, Keeping(ledger=timedelta(days=30)))["owner_item"] == 1


def test_finding_old_words_uses_their_index(full: Storage) -> None:
    plans: list[str] = []

    def explain(conn: Connection, cursor: object, statement: str, parameters: Any, *rest: object) -> None:
        if statement.startswith("SELECT message.id"):
            rows = conn.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(str(row[3]) for row in rows)

    def watch(session: Session) -> None:
        event.listen(session.connection(), "before_cursor_execute", explain)
        enforce(session, NOW, Keeping(words=YEAR, messages=YEAR))

    full.write_now(watch)
    assert plans
    assert [plan for plan in plans if "INDEX ix_message" not in plan] == []
