"""What is kept of the reading from night to night amounts to what reading everything anew would give."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.analysis.daybook import Day
from bot.storage.history import History
from bot.storage.tables import Member, Message, ReplyLink
from bot.testing import Stage, StageRoom
from plugins.contributors.days import forget_days, keep, read_days
from plugins.contributors.tables import Reading, SettledDay
from tests.plugins.contributors.conftest import EXPERT, OWNER, REGULARS, help_out, next_morning

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = 10


@pytest.fixture
def lived(stage: Stage, room: StageRoom) -> StageRoom:
    """A room in which somebody was helped on each of ten days: the first of them are settled."""
    for number in range(DAYS):
        help_out(stage, room, EXPERT, REGULARS[number % 6], number)
        sleep_over(stage)
    return room


def sleep_over(stage: Stage) -> None:
    """A night; what the owner is told in the morning is not what this is about."""
    next_morning(stage, "11:00")
    stage.person(OWNER).unread.clear()


def read(stage: Stage, room: StageRoom) -> dict[date, Day]:
    now = stage.clock.now()
    return stage.read(lambda session: read_days(History(session, now), room.key, ZONE)).days


def read_anew(stage: Stage, room: StageRoom) -> dict[date, Day]:
    stage.write(forget_days)
    return read(stage, room)


def is_gone_on_with(stage: Stage, room: StageRoom) -> bool:
    """Whether the next night would go on from what is kept."""
    now = stage.clock.now()
    kept = stage.read(lambda session: read_days(History(session, now), room.key, ZONE)).kept
    assert kept is not None
    return not kept["is_new"]


def asks_and_is_answered(stage: Stage, room: StageRoom) -> None:
    help_out(stage, room, EXPERT, REGULARS[0], 3)


def test_nights_go_on_from_what_is_kept(stage: Stage, lived: StageRoom) -> None:
    assert stage.read(lambda session: session.scalars(select(SettledDay.day)).all())
    asks_and_is_answered(stage, lived)
    assert is_gone_on_with(stage, lived)
    assert read(stage, lived) == read_anew(stage, lived)


def recall(stage: Stage, room: StageRoom) -> None:
    """An answer that was read long ago is taken back."""
    said = select(Message.id).where(Message.text.like("头一泡%")).order_by(Message.id).limit(1)
    one = stage.read(lambda session: session.scalar(said))
    stage.write(
        lambda session: session.execute(update(Message).where(Message.id == one).values(recalled=True))
    )


def want_not_to_be_counted(stage: Stage, room: StageRoom) -> None:
    stage.person(EXPERT).says(room, "别统计我", at_bot=True)
    room.hears()


def become_one(stage: Stage, room: StageRoom) -> None:
    """What an import's members go through when their owner says that they are those of today."""

    def merge(session: Session) -> None:
        known, former = stage.person(REGULARS[1]).key, stage.person(EXPERT).key
        session.execute(update(Message).where(Message.member_id == former).values(member_id=known))
        session.delete(session.get_one(Member, former))

    stage.write(merge)


def come_late(stage: Stage, room: StageRoom) -> None:
    """A message of days ago is stored only now, as an import does, and linked."""

    def store(session: Session) -> None:
        at = stage.clock.now() - timedelta(days=6)
        late = Message(
            room_id=room.key,
            member_id=stage.person(REGULARS[2]).key,
            at=at,
            text="请问焙火是什么？",
            kind="text",
        )
        session.add(late)
        session.flush()
        link = ReplyLink(message_id=late.id, answers_id=None, confidence=0.9, version=1, question=0.9)
        session.add(link)

    stage.write(store)


@pytest.mark.parametrize("change", [recall, want_not_to_be_counted, become_one, come_late])
def test_a_past_that_has_changed_is_read_anew(
    stage: Stage, lived: StageRoom, change: Callable[[Stage, StageRoom], None]
) -> None:
    before = read(stage, lived)
    change(stage, lived)
    assert not is_gone_on_with(stage, lived)
    after = read(stage, lived)
    assert after != before and after == read_anew(stage, lived)
    sleep_over(stage)
    assert is_gone_on_with(stage, lived)  # from there on it goes on again


def test_nothing_that_was_read_before_a_change_is_kept_after_it(stage: Stage, lived: StageRoom) -> None:
    """The reading was under way when somebody asked not to be counted."""
    now = stage.clock.now()
    kept = stage.read(lambda session: read_days(History(session, now), lived.key, ZONE)).kept
    assert kept is not None
    want_not_to_be_counted(stage, lived)
    stage.write(lambda session: keep(session, lived.key, kept, ZONE))
    assert stage.read(lambda session: session.get(Reading, lived.key)) is None
    assert stage.read(lambda session: session.scalars(select(SettledDay)).all()) == []


def test_forgetting_leaves_none_of_it(stage: Stage, lived: StageRoom) -> None:
    one = stage.person(REGULARS[0])
    one.says(lived, "忘记我", at_bot=True)
    lived.hears()
    one.says(lived, "是", at_bot=True)
    lived.hears()
    stage.advance(minutes=2)
    assert stage.read(lambda session: session.scalars(select(SettledDay)).all()) == []
    assert stage.read(lambda session: session.scalars(select(Reading)).all()) == []
