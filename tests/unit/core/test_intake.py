"""What arrives becomes facts with our own keys: who is who, who came and went, what was quoted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.context import Context
from bot.events import (
    Event,
    FriendAdded,
    FriendRequested,
    LineLost,
    LineRestored,
    MembersJoined,
    MembersLeft,
    MessagePosted,
    MessageRecalled,
    RoomFound,
    RoomInvited,
    RoomLost,
    RoomRenamed,
)
from bot.gateway.puppet import events
from bot.plugin import Plugin
from bot.storage.history import History
from bot.storage.tables import Gap, Member, Membership, Mention, Message, PuppetAlias, Room
from bot.testing import Stage, StageRoom
from tests.unit.core.house import heard, rows

COMPARED = timedelta(minutes=5, seconds=1)


@pytest.fixture
def seen() -> list[Event]:
    """Every event, in order."""
    return []


@pytest.fixture
def stage(folder: Path, seen: list[Event]) -> Iterator[Stage]:
    ears = Plugin("ears", title="耳")

    @ears.on(Event, everywhere=True)
    def hear(ctx: Context, event: Event) -> None:
        seen.append(event)

    with Stage(folder, plugins=[ears]) as stage:
        yield stage


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    return stage.room("岩茶同好会", members=["小林", "小陈"])


def of(seen: list[Event], *kinds: type[Event]) -> list[Event]:
    """The events of these kinds."""
    return [event for event in seen if isinstance(event, kinds)]


def name(stage: Stage, member: int, room: StageRoom | None = None) -> str:
    """What the bot calls somebody."""
    return stage.read(
        lambda session: History(session, stage.clock.now()).name_of(member, room.key if room else None)
    )


# Rooms


def test_a_room_that_nobody_switched_on_is_counted_and_not_listened_to(
    stage: Stage, seen: list[Event]
) -> None:
    room = stage.room("路过的群", members=["小林"], live=False)
    for _ in range(3):
        stage.person("小林").says(room, "这里的话不归我听")
    assert [(found.name, found.room) for found in of(seen, RoomFound)] == [("路过的群", room.key)]  # type: ignore[attr-defined]
    assert rows(stage, Message) == []
    (row,) = rows(stage, Room)
    assert (row.name, row.status, row.dropped_messages) == ("路过的群", "seen", 3)


def test_a_room_that_speaks_before_it_was_listed_is_found_by_its_words(
    stage: Stage, seen: list[Event]
) -> None:
    lin = stage.person("小林")
    room = stage.puppet.room("刚建的群", [lin.person])
    room.say(lin.person, "第一句")
    stage.settle()
    assert [found.name for found in of(seen, RoomFound)] == ["刚建的群"]  # type: ignore[attr-defined]
    assert rows(stage, Message) == []


def test_a_room_keeps_its_key_when_it_is_renamed(stage: Stage, room: StageRoom, seen: list[Event]) -> None:
    key = room.key
    room.room.rename("只谈岩茶")
    stage.settle()
    (renamed,) = of(seen, RoomRenamed)
    assert isinstance(renamed, RoomRenamed)
    assert (renamed.room, renamed.old, renamed.new) == (key, "岩茶同好会", "只谈岩茶")
    assert room.key == key and stage.app.services.register.room_name(key) == "只谈岩茶"


def test_a_bot_that_is_put_out_of_a_room_listens_no_more_and_comes_back_as_to_a_new_one(
    stage: Stage, room: StageRoom, seen: list[Event]
) -> None:
    me = stage.puppet.me
    room.room.leave(me)
    stage.settle()
    assert [row.status for row in rows(stage, Room)] == ["left"]
    (lost,) = of(seen, RoomLost)
    assert isinstance(lost, RoomLost) and (lost.room, lost.name) == (room.key, "岩茶同好会")
    room.room.join(me, inviter=stage.person("小林").person)
    stage.settle()
    stage.person("小林").says(room, "你回来了")
    assert [row.status for row in rows(stage, Room)] == ["seen"]
    assert rows(stage, Message) == []


# Coming and going


def test_who_comes_is_new_and_who_comes_back_is_not(stage: Stage, room: StageRoom, seen: list[Event]) -> None:
    guest = stage.person("新茶友").joins(room, inviter=stage.person("小林"))
    (joined,) = of(seen, MembersJoined)
    assert isinstance(joined, MembersJoined)
    assert (joined.members, joined.returning, joined.inviter) == ((guest.key,), (), stage.person("小林").key)
    seen.clear()
    guest.leaves(room)
    stage.advance(minutes=1)
    guest.joins(room)
    left, back = of(seen, MembersLeft, MembersJoined)
    assert isinstance(left, MembersLeft) and left.members == (guest.key,)
    assert isinstance(back, MembersJoined) and (back.members, back.returning) == ((), (guest.key,))


def test_the_same_person_in_two_rooms_is_one_member_and_new_in_each(
    stage: Stage, room: StageRoom, seen: list[Event]
) -> None:
    other = stage.room("绿茶群")
    seen.clear()
    guest = stage.person("新茶友").joins(room, other)
    assert [event.members for event in of(seen, MembersJoined)] == [(guest.key,)] * 2  # type: ignore[attr-defined]
    assert len([row for row in rows(stage, Member) if row.name == "新茶友"]) == 1


def test_the_first_comparison_after_a_start_is_silent_and_later_ones_find_who_was_not_reported(
    stage: Stage, room: StageRoom, seen: list[Event]
) -> None:
    stage.advance_by(COMPARED)
    assert of(seen, MembersJoined, MembersLeft) == []
    quiet, gone = stage.person("悄悄来的").joins(room, told=False), stage.person("小陈")
    gone.leaves(room, told=False)
    assert of(seen, MembersJoined, MembersLeft) == []
    stage.advance_by(COMPARED)
    joined, left = of(seen, MembersJoined, MembersLeft)
    assert isinstance(joined, MembersJoined) and isinstance(left, MembersLeft)
    assert (joined.members, joined.source, left.members) == ((quiet.key,), "comparison", (gone.key,))
    seen.clear()
    stage.advance_by(3 * COMPARED)
    assert of(seen, MembersJoined, MembersLeft) == []


def test_who_came_while_the_bot_was_away_is_noticed_in_silence(
    stage: Stage, room: StageRoom, seen: list[Event]
) -> None:
    stage.advance_by(COMPARED)
    stage.end()
    guest = stage.person("夜里来的")
    room.room.join(guest.person, told=False)
    stage.begin()
    stage.advance_by(COMPARED)
    assert of(seen, MembersJoined) == []
    present = [row.member_id for row in rows(stage, Membership) if row.left_at is None]
    assert guest.key in present
    guest.says(room, "大家好")
    (posted,) = of(seen, MessagePosted)
    assert isinstance(posted, MessagePosted) and posted.first_words


def test_somebody_who_speaks_before_anybody_noticed_them_has_come_in(
    stage: Stage, room: StageRoom, seen: list[Event]
) -> None:
    stage.advance_by(COMPARED)
    guest = stage.person("话痨").joins(room, told=False)
    guest.says(room, "我来了！")
    joined, posted = of(seen, MembersJoined, MessagePosted)
    assert isinstance(joined, MembersJoined) and joined.members == (guest.key,)
    assert isinstance(posted, MessagePosted) and posted.first_words
    seen.clear()
    guest.says(room, "再说一句")
    stage.advance_by(COMPARED)
    assert of(seen, MembersJoined) == []
    (again,) = of(seen, MessagePosted)
    assert isinstance(again, MessagePosted) and not again.first_words


def test_the_bots_own_coming_is_nobodys_joining(stage: Stage, room: StageRoom, seen: list[Event]) -> None:
    stage.puppet.report_join(room.room, [stage.puppet.me], None)
    stage.settle()
    assert of(seen, MembersJoined) == []


# Names


def test_people_are_called_by_their_name_in_the_room_and_their_key_outlasts_both(
    stage: Stage, room: StageRoom
) -> None:
    lin = stage.person("小林")
    lin.says(room, "早")
    key = lin.key
    assert name(stage, key, room) == "小林"
    room.room.set_alias(lin.person, "武夷小林")
    lin.person.rename("林同学")
    lin.says(room, "改名了")
    assert lin.key == key
    assert (name(stage, key, room), name(stage, key)) == ("武夷小林", "林同学")


def test_new_ids_after_a_login_are_new_aliases(stage: Stage, room: StageRoom) -> None:
    stage.person("小林").says(room, "早")
    ids = {row.puppet_id: row.key for row in rows(stage, PuppetAlias) if row.scope == "member"}
    assert ids[stage.person("小林").person.id] == stage.person("小林").key
    assert len(set(ids.values())) == len(ids)


# Friends and invitations


def test_somebody_who_wants_to_be_a_friend_says_why(stage: Stage, seen: list[Event]) -> None:
    stranger = stage.person("生人")
    request = stranger.person.request_friendship("我是老周介绍来的" * 100)
    stranger.person.befriend()
    stage.settle()
    asked, added = of(seen, FriendRequested, FriendAdded)
    assert isinstance(asked, FriendRequested) and isinstance(added, FriendAdded)
    assert asked.request == request and len(asked.greeting) == 500
    assert added.member == asked.member == stranger.key
    assert [row.is_friend for row in rows(stage, Member) if row.name == "生人"] == [True]


def test_whoever_writes_privately_is_a_friend(stage: Stage) -> None:
    lin = stage.person("小林", friend=True)
    lin.whispers("在吗")
    assert [row.is_friend for row in rows(stage, Member) if row.id == lin.key] == [True]


def test_an_invitation_names_who_invites_and_where_to(stage: Stage, seen: list[Event]) -> None:
    lin = stage.person("小林", friend=True)
    invitation = lin.person.invite_bot("红茶群")
    stage.settle()
    (invited,) = of(seen, RoomInvited)
    assert isinstance(invited, RoomInvited)
    assert (invited.member, invited.topic, invited.invitation) == (lin.key, "红茶群", invitation)


# What is said


def test_mentions_are_kept_by_key_and_the_bot_is_marked_apart(
    stage: Stage, room: StageRoom, seen: list[Event]
) -> None:
    lin, chen = stage.person("小林"), stage.person("小陈")
    chen.says(room, "在")
    seen.clear()
    lin.says(room, "你们看", mention=[chen], at_bot=True)
    (posted,) = of(seen, MessagePosted)
    assert isinstance(posted, MessagePosted)
    assert (posted.mentions, posted.mentions_bot, posted.member) == ((chen.key,), True, lin.key)
    assert [row.member_id for row in rows(stage, Mention)] == [chen.key]


@pytest.mark.parametrize(
    "kind", ["image", "voice", "video", "sticker", "file", "link", "location", "red_envelope"]
)
def test_pictures_and_voices_are_talk_too(
    stage: Stage, room: StageRoom, seen: list[Event], kind: str
) -> None:
    stage.person("小林").says(room, "", kind=kind)  # type: ignore[arg-type]
    (posted,) = of(seen, MessagePosted)
    assert isinstance(posted, MessagePosted) and posted.kind == kind
    assert [row.kind for row in rows(stage, Message)] == [kind]


def test_a_quote_finds_its_message_when_exactly_one_fits(
    stage: Stage, room: StageRoom, seen: list[Event]
) -> None:
    lin, chen = stage.person("小林"), stage.person("小陈")
    lin.says(room, "水温九十五度")
    stage.advance(seconds=5)
    lin.says(room, "好喝")
    stage.advance(seconds=5)
    lin.says(room, "好喝")
    stage.advance(seconds=5)
    key_of_water = next(row.id for row in rows(stage, Message) if row.text == "水温九十五度")
    seen.clear()
    chen.says(room, "记下了", quote=("小林", "水温九十五度"))
    chen.says(room, "哪泡？", quote=("小林", "好喝"))
    chen.says(room, "谁说的？", quote=("小林", "没人说过这句"))
    quotes = [event.quote for event in of(seen, MessagePosted) if isinstance(event, MessagePosted)]
    assert [quote and quote.message for quote in quotes] == [key_of_water, None, None]
    assert [quote and (quote.name, quote.text) for quote in quotes][1] == ("小林", "好喝")
    assert [event.text for event in of(seen, MessagePosted)] == ["记下了", "哪泡？", "谁说的？"]  # type: ignore[attr-defined]


def test_what_is_taken_back_is_marked_and_not_shown_any_more(
    stage: Stage, room: StageRoom, seen: list[Event]
) -> None:
    lin = stage.person("小林")
    said = lin.says(room, "说漏嘴了")
    lin.person.recall(said)
    stage.settle()
    (recalled,) = of(seen, MessageRecalled)
    assert isinstance(recalled, MessageRecalled) and recalled.room == room.key
    history = stage.read(lambda session: list(History(session, stage.clock.now()).messages(room.key)))
    assert [(said.text, said.recalled) for said in history] == [("", True)]


def test_a_recall_of_something_unknown_is_nothing(stage: Stage, room: StageRoom, seen: list[Event]) -> None:
    other = stage.room("没开的群", members=["小林"], live=False)
    said = stage.person("小林").says(other, "没人听见")
    stage.person("小林").person.recall(said)
    stage.settle()
    assert of(seen, MessageRecalled) == []


def test_a_very_long_message_is_cut(stage: Stage, room: StageRoom) -> None:
    stage.person("小林").says(room, "茶" * 50_000)
    assert [len(row.text) for row in rows(stage, Message)] == [20_000]


# The line


def test_a_gap_is_on_record_with_its_two_ends(stage: Stage, room: StageRoom, seen: list[Event]) -> None:
    lost_at = stage.clock.now()
    stage.lose_line(minutes=40)
    (gap,) = rows(stage, Gap)
    assert (gap.lost_at, gap.restored_at) == (lost_at, lost_at + timedelta(minutes=40))
    lost, restored = of(seen, LineLost, LineRestored)[-2:]
    assert isinstance(lost, LineLost) and isinstance(restored, LineRestored)
    assert restored.gap_from == lost_at


def test_a_stop_and_a_start_are_a_gap_too(stage: Stage, room: StageRoom) -> None:
    stage.advance(hours=1)
    stopped_at = stage.clock.now()
    stage.end()
    stage.clock.move_by(timedelta(hours=8))
    stage.begin()
    (gap,) = stage.read(lambda session: History(session, stage.clock.now()).gaps())
    assert stopped_at - timedelta(minutes=5) <= gap.lost_at <= stopped_at
    assert gap.restored_at == stage.clock.now()


def test_an_orderly_end_says_when_it_was(stage: Stage, room: StageRoom) -> None:
    stage.advance(hours=1, minutes=2)
    stopped_at = stage.clock.now()
    asyncio.run(stage.app.end())
    stage.end()
    stage.clock.move_by(timedelta(hours=8))
    stage.begin()
    (gap,) = stage.read(lambda session: History(session, stage.clock.now()).gaps())
    assert (gap.lost_at, gap.restored_at) == (stopped_at, stage.clock.now())


def test_the_very_first_start_is_no_gap(stage: Stage) -> None:
    assert rows(stage, Gap) == []


def test_events_find_their_way_in_the_order_in_which_they_came(
    stage: Stage, room: StageRoom, seen: list[Event]
) -> None:
    lin = stage.person("小林")
    for number in range(40):
        room.room.say(lin.person, f"第{number}句")
    stage.settle()
    posted = [event.text for event in of(seen, MessagePosted) if isinstance(event, MessagePosted)]
    assert posted == [f"第{number}句" for number in range(40)]
    stored = stage.read(lambda session: list(session.scalars(select(Message.text).order_by(Message.id))))
    assert stored == posted
    heard(room)


def test_a_room_that_is_gone_from_two_lists_is_lost(stage: Stage, room: StageRoom, seen: list[Event]) -> None:
    other = stage.room("白茶小院", members=["小林"])
    del room.room.members[stage.puppet.me.id]  # put out, and nobody reported it
    stage.lose_line(minutes=1)
    assert of(seen, RoomLost) == []
    stage.clock.move_by(COMPARED)
    stage.settle()
    (lost,) = of(seen, RoomLost)
    assert isinstance(lost, RoomLost)
    assert (lost.room, lost.name, lost.remover) == (room.key, "岩茶同好会", None)
    statuses = {row.id: row.status for row in rows(stage, Room)}
    assert (statuses[room.key], statuses[other.key]) == ("left", "live")
    stage.clock.move_by(3 * COMPARED)
    stage.settle()
    assert len(of(seen, RoomLost)) == 1
    assert of(seen, MembersLeft) == []


def test_a_room_that_one_list_lacks_is_not_lost(stage: Stage, room: StageRoom, seen: list[Event]) -> None:
    bot = stage.puppet.me
    for _ in range(3):
        del room.room.members[bot.id]  # a gateway that does not know all of its rooms yet
        stage.clock.move_by(COMPARED)
        stage.settle()
        room.room.members[bot.id] = bot
        stage.clock.move_by(COMPARED)
        stage.settle()
    assert of(seen, RoomLost) == []
    assert [row.status for row in rows(stage, Room)] == ["live"]


def test_facts_without_a_time_are_known_again_by_what_they_would_change(
    stage: Stage, room: StageRoom, seen: list[Event]
) -> None:
    new = stage.puppet.person("小满")
    room.room.members[new.id] = new

    def report(name: str, payload: object) -> None:
        for _ in range(2):  # and once more after a while, as gateways do when they start again
            stage.puppet.report(name, payload)
            stage.settle()
            stage.clock.move_by(timedelta(minutes=1))
            stage.settle()

    report(
        "room-join",
        events.EventRoomJoinPayload(invited_ids=[new.id], inviter_id="", room_id=room.room.id, timestamp=0),
    )
    report(
        "room-topic",
        events.EventRoomTopicPayload(
            changer_id="", new_topic="白茶小院", old_topic="岩茶同好会", room_id=room.room.id, timestamp=0
        ),
    )
    del room.room.members[new.id]
    report(
        "room-leave",
        events.EventRoomLeavePayload(removed_ids=[new.id], remover_id="", room_id=room.room.id, timestamp=0),
    )
    kinds = [type(event) for event in of(seen, MembersJoined, RoomRenamed, MembersLeft)]
    assert kinds == [MembersJoined, RoomRenamed, MembersLeft]


def test_who_leaves_without_having_been_there_has_not_left(
    stage: Stage, room: StageRoom, seen: list[Event]
) -> None:
    """Nobody knew of them, or it was told twice."""
    passer_by = stage.puppet.person("路人")
    room.room.members[passer_by.id] = passer_by
    room.room.leave(passer_by)
    stage.settle()
    assert of(seen, MembersLeft) == []


def test_who_leaves_a_room_that_is_none_of_ours_is_nobodys_business(
    stage: Stage, room: StageRoom, seen: list[Event]
) -> None:
    guest = stage.puppet.person("路人")
    elsewhere = stage.puppet.room("别处的群", [guest])
    elsewhere.leave(guest)
    stage.settle()
    assert of(seen, MembersLeft) == []
