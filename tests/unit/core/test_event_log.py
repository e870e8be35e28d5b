"""Every event comes back from the log as it went in."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import NoneType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from bot import event_log, events
from bot.events import Event, MessagePosted, Quote
from bot.storage.engine import Storage, open_storage
from bot.storage.tables import EventRow, Member, Mention, Message, Room

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 10**9).map(lambda ms: NOW + timedelta(milliseconds=ms))
CLASSES = [
    one for one in vars(events).values()
    if isinstance(one, type) and issubclass(one, Event) and one not in (Event, MessagePosted)
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CupsPoured(Event):
    """What a plugin of somebody's own might tell."""

    room: int
    guests: tuple[int, ...] = ()
    kind: str = "岩茶"
    since: datetime | None = None
    facts: dict[str, Any] | None = None


@pytest.fixture(scope="module")
def storage(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    """One database for all examples: each puts its event under a key of its own."""
    folder = tmp_path_factory.mktemp("log") / "data"
    folder.mkdir()
    (folder / "qunxing.sqlite3").write_bytes((empty_database / "qunxing.sqlite3").read_bytes())
    opened = open_storage(folder)

    def furnish(session: Session) -> None:
        session.add(Room(id=1, name="岩茶", found_at=NOW, status_at=NOW))
        session.add_all(Member(id=number, name=f"群友{number}", found_at=NOW) for number in range(1, 6))

    opened.write_now(furnish)
    yield opened
    opened.close()


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """Something for a field of this type."""
    if hint is datetime:
        return MOMENTS
    if hint is bool:
        return st.booleans()
    if hint is int:
        return st.integers(0, 2**40)
    if hint is str:
        return st.text(max_size=30).filter(lambda text: all(letter < "\ud800" for letter in text))
    if hint is NoneType:
        return st.none()
    if get_origin(hint) is Literal:
        return st.sampled_from(get_args(hint))
    if get_origin(hint) is tuple:
        return st.lists(values_of(get_args(hint)[0]), max_size=3).map(tuple)
    if get_origin(hint) is dict:
        scalars = (
            st.integers(0, 9) | st.text(alphabet="茶ab", max_size=5) | st.lists(st.integers(0, 9), max_size=2)
        )
        return st.dictionaries(st.text(alphabet="abc", min_size=1, max_size=3), scalars, max_size=3)
    assert get_origin(hint) is Union or type(hint).__name__ == "UnionType", hint
    return st.one_of([values_of(one) for one in get_args(hint)])


def of_class(cls: type[Event]) -> st.SearchStrategy[Event]:
    """Events of a class with anything in every field."""
    fields = {name: values_of(hint) for name, hint in get_type_hints(cls).items() if name != "id"}
    return st.builds(cls, **fields)


@given(event=st.one_of([of_class(cls) for cls in [*CLASSES, CupsPoured]]), data=st.data())
def test_an_event_comes_back_as_it_went_in(storage: Storage, event: Event, data: st.DataObject) -> None:
    def there_and_back(session: Session) -> tuple[Event | None, Event | None, Event | None]:
        session.execute(delete(EventRow))
        recorded = event_log.record(session, event, "key", NOW)
        assert recorded is not None and recorded.id > 0
        again = event_log.record(session, event, "key", NOW)
        session.expire_all()
        return recorded, again, event_log.restore(session, session.get_one(EventRow, recorded.id))

    recorded, again, restored = storage.write_now(there_and_back)
    assert again is None
    assert restored == recorded
    assert recorded is not None and dataclasses.replace(recorded, id=0) == dataclasses.replace(event, id=0)


def test_every_class_of_event_is_tried() -> None:
    assert len(CLASSES) >= 11
    assert events.OutgoingSettled in CLASSES and events.MembersJoined in CLASSES


@given(
    text=st.text(alphabet="茶水@\n\u2005%{}$'\"", max_size=20),
    mentions=st.lists(st.integers(1, 5), unique=True, max_size=3).map(tuple),
    quoted=st.none() | st.text(alphabet="茶水", max_size=5),
    room=st.none() | st.just(1),
    first=st.booleans(),
    late=st.booleans(),
)
def test_a_message_comes_back_with_its_words_from_where_they_are_kept(
    storage: Storage, text: str, mentions: tuple[int, ...], quoted: str | None, room: int | None, first: bool,
    late: bool,
) -> None:  # fmt: skip
    def there_and_back(session: Session) -> tuple[Event | None, Event | None]:
        stored = Message(room_id=room, member_id=2, at=NOW, text=text, kind="text", mentions_bot=True)
        if quoted is not None:
            stored.quote_name, stored.quote_text = "老周", quoted
        session.add(stored)
        session.flush()
        session.add_all(Mention(message_id=stored.id, member_id=one) for one in mentions)
        posted = MessagePosted(
            at=NOW, late=late, message=stored.id, member=2, room=room, text=text, mentions=mentions,
            mentions_bot=True, quote=None if quoted is None else Quote("老周", quoted), first_words=first,
        )  # fmt: skip
        recorded = event_log.record(session, posted, f"m:{stored.id}", NOW)
        assert recorded is not None
        row = session.get_one(EventRow, recorded.id)
        assert "text" not in row.payload and "quote" not in row.payload
        return recorded, event_log.restore(session, row)

    recorded, restored = storage.write_now(there_and_back)
    assert isinstance(restored, MessagePosted)
    assert sorted(restored.mentions) == sorted(mentions)
    assert dataclasses.replace(restored, mentions=mentions) == recorded


def test_words_that_were_forgotten_are_gone_from_the_log_too(storage: Storage) -> None:
    def there_and_back(session: Session) -> tuple[str, Event | None]:
        stored = Message(room_id=1, member_id=2, at=NOW, text="秘密", kind="text")
        session.add(stored)
        session.flush()
        posted = MessagePosted(at=NOW, message=stored.id, member=2, room=1, text="秘密")
        recorded = event_log.record(session, posted, "forgotten", NOW)
        assert recorded is not None
        session.execute(update(Message).where(Message.id == stored.id).values(text=""))
        session.expire_all()
        row = session.get_one(EventRow, recorded.id)
        restored = event_log.restore(session, row)
        assert isinstance(restored, MessagePosted)
        text = restored.text
        session.execute(delete(Message).where(Message.id == stored.id))
        session.expire_all()
        return text, session.get(EventRow, recorded.id) and event_log.restore(session, row)  # type: ignore[return-value]

    assert storage.write_now(there_and_back) == ("", None)


def test_an_event_class_is_found_by_its_name() -> None:
    assert event_log.event_class(event_log.kind_of(CupsPoured)) is CupsPoured
    assert event_log.event_class("MessagePosted") is MessagePosted
    assert event_log.event_class("NoSuchThing") is None
