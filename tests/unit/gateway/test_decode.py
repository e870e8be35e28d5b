"""What puppets tell, translated: pure functions, so facts become rows of a table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway import decode
from bot.gateway import puppet as wechat
from bot.gateway.base import LeaveArrived, MessageArrived, Person, QuotedText, RecallArrived, RoomRef
from bot.gateway.simulated_world import SimulatedMessage

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TEN = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TEA, BOT = Person("u-tea", "阿茶"), Person("u-bot", "群星")
ROOM = RoomRef("r@chatroom", "岩茶同好会")


def told(text: str = "你好", type: int = wechat.TEXT, **other: object) -> SimulatedMessage:
    message = SimulatedMessage("m1", type, text, int(TEN.timestamp()), TEA.id, ROOM.id, "", [])
    for name, value in other.items():
        setattr(message, name, value)
    return message


def arrived(payload: SimulatedMessage, talker: Person = TEA, room: RoomRef | None = ROOM) -> MessageArrived:
    found = decode.message(payload, talker=talker, room=room, account=BOT.id, received_at=NOW)
    assert isinstance(found, MessageArrived)
    return found


@pytest.mark.parametrize(
    ("stamp", "moment"),
    [
        (int(TEN.timestamp()), TEN),
        (int(TEN.timestamp()) * 1000, TEN),
        (int(TEN.timestamp()) * 1_000_000, TEN),
        (TEN.timestamp() + 0.5, TEN + timedelta(seconds=0.5)),
        (str(int(TEN.timestamp())), TEN),
        (0, NOW),
        (None, NOW),
        ("", NOW),
        ("gestern", NOW),
        (-5, NOW),
        (float("nan"), NOW),
        (float("inf"), NOW),
        (10**30, NOW),
        ([], NOW),
        ({}, NOW),
        ((NOW + timedelta(days=400)).timestamp(), NOW),
    ],
)
def test_timestamps_are_seconds_or_milliseconds(stamp: object, moment: datetime) -> None:
    assert decode.moment(stamp, NOW) == moment


@given(st.one_of(st.none(), st.integers(), st.floats(), st.text(), st.lists(st.integers())))
def test_no_timestamp_raises(stamp: object) -> None:
    assert decode.moment(stamp, NOW).tzinfo is UTC


@pytest.mark.parametrize(
    ("type", "kind"),
    [
        (wechat.TEXT, "text"),
        (wechat.IMAGE, "image"),
        (wechat.AUDIO, "voice"),
        (wechat.VIDEO, "video"),
        (wechat.EMOTICON, "sticker"),
        (wechat.ATTACHMENT, "file"),
        (wechat.URL, "link"),
        (wechat.MINI_PROGRAM, "mini_program"),
        (wechat.CONTACT, "contact"),
        (wechat.LOCATION, "location"),
        (wechat.RED_ENVELOPE, "red_envelope"),
        (wechat.TRANSFER, "transfer"),
        (wechat.CHAT_HISTORY, "chat_history"),
        (0, "unknown"),
        (99, "unknown"),
    ],
)
def test_every_kind_of_message(type: int, kind: str) -> None:
    assert arrived(told(type=type)).kind == kind


def test_a_message_in_a_room() -> None:
    found = arrived(told(mention_ids=["u-1", "u-2"]))
    assert found.key == "message:m1"
    assert (found.at, found.received_at) == (TEN, NOW)
    assert (found.conversation, found.room, found.talker) == (ROOM.id, ROOM, TEA)
    assert found.mention_ids == ("u-1", "u-2")
    assert not found.from_self


def test_a_private_message_belongs_to_the_other_person() -> None:
    assert arrived(told(room_id="", to_id=BOT.id), room=None).conversation == TEA.id
    own = arrived(told(room_id="", from_id=BOT.id, to_id=TEA.id), talker=BOT, room=None)
    assert own.conversation == TEA.id
    assert own.from_self


def test_a_quote_leaves_the_text() -> None:
    found = arrived(told("「小林：喝什么」\n- - - - - - - - - - - - - - -\n大红袍"))
    assert (found.quote, found.text) == (QuotedText("小林", "喝什么"), "大红袍")


def test_mentions_in_the_text_are_left_alone() -> None:
    assert arrived(told("@群星\u2005 帮助")).text == "@群星\u2005 帮助"


@pytest.mark.parametrize(
    ("text", "recalled"),
    [
        ("m-old-1", "m-old-1"),
        (" 7251234567890 ", "7251234567890"),
        (
            "<sysmsg type='revokemsg'><msgid>1</msgid><newmsgid>725</newmsgid></sysmsg>",
            "725",
        ),
    ],
)
def test_a_recall_names_the_message_that_was_taken_back(text: str, recalled: str) -> None:
    payload = told(text, type=wechat.RECALLED)
    found = decode.message(payload, talker=TEA, room=ROOM, account=BOT.id, received_at=NOW)
    assert isinstance(found, RecallArrived)
    assert (found.puppet_id, found.key) == (recalled, f"recall:{recalled}")


def test_a_recall_that_names_nothing_is_a_message_of_that_kind() -> None:
    assert arrived(told("你撤回了一条消息", type=wechat.RECALLED)).kind == "recalled"


@pytest.mark.parametrize(
    ("type", "text", "filename", "caption"),
    [
        (wechat.ATTACHMENT, "<msg>…</msg>", "茶谱.pdf", "茶谱.pdf"),
        (wechat.URL, "<msg><appmsg><title>岩茶入门 &amp; 更多</title></appmsg></msg>", "", "岩茶入门 & 更多"),
        (wechat.URL, "<msg><title><![CDATA[岩茶]]></title></msg>", "", "岩茶"),
        (wechat.MINI_PROGRAM, "<?xml version='1.0'?><msg></msg>", "", ""),
        (wechat.IMAGE, "<msg><img/></msg>", "", ""),
        (wechat.IMAGE, "something", "", ""),
        (wechat.EMOTICON, '{"cdnurl": "x"}', "", ""),
        (wechat.LOCATION, "武夷山市", "", "武夷山市"),
    ],
)
def test_markup_never_becomes_text(type: int, text: str, filename: str, caption: str) -> None:
    assert arrived(told(text, type=type, filename=filename)).text == caption


def test_the_same_fact_has_the_same_key_and_another_has_not() -> None:
    one = decode.joined(ROOM, [TEA, BOT], None, TEN, NOW)
    replayed = decode.joined(ROOM, [BOT, TEA], TEA, TEN, NOW + timedelta(hours=1))
    later = decode.joined(ROOM, [TEA, BOT], None, TEN + timedelta(seconds=1), NOW)
    assert one.key == replayed.key
    assert len({one.key, later.key, decode.left(ROOM, [TEA, BOT], None, TEN, NOW).key}) == 3


def test_who_removes_themselves_has_left() -> None:
    def remover(who: Person | None) -> Person | None:
        found: LeaveArrived = decode.left(ROOM, [TEA], who, TEN, NOW)
        return found.remover

    assert remover(TEA) is None
    assert remover(BOT) == BOT


def test_what_is_odd_is_kept_raw_up_to_a_limit() -> None:
    found = decode.odd("because", "x" * 100_000, NOW)
    assert (found.why, len(found.raw)) == ("because", decode.RAW_KEPT)


@pytest.mark.parametrize(
    ("stamp", "year"),
    [(10**11, 1973), (10**14 - 1, None), (10**14, 1973), (10**17, None), (1, 1970), (0.5, 1970)],
)
def test_the_unit_of_a_timestamp_is_told_by_its_size(stamp: float, year: int | None) -> None:
    found = decode.moment(stamp, NOW)
    assert found == NOW if year is None else found.year == year


def test_a_stamp_of_tomorrow_is_nonsense() -> None:
    day = timedelta(days=1)
    assert decode.moment((NOW + day).timestamp(), NOW) == NOW
    assert decode.moment((NOW + day - timedelta(seconds=1)).timestamp(), NOW) > NOW


def test_official_accounts_are_no_persons() -> None:
    for type_, kind in ((wechat.OFFICIAL, "official"), (wechat.PERSONAL, "person"), (99, "unknown")):
        payload = SimpleNamespace(id="u1", name="茶", type=type_, friend=False)
        assert decode.person(payload).kind == kind


@pytest.mark.parametrize(
    ("type", "text", "filename", "caption"),
    [
        (wechat.ATTACHMENT, "看看这个", "", "看看这个"),
        (wechat.IMAGE, "something", "x.png", ""),
        (wechat.URL, '{"url": "x"}', "", ""),
        (wechat.URL, "@<b>x</b>", "", ""),
        (wechat.URL, "@岩茶入门", "", "@岩茶入门"),
    ],
)
def test_what_a_caption_is_made_of(type: int, text: str, filename: str, caption: str) -> None:
    assert arrived(told(text, type=type, filename=filename)).text == caption


def test_a_contact_of_which_little_is_told_is_nobody_in_particular() -> None:
    """Not a person either: that is what counts when somebody pairs."""
    told = SimpleNamespace(id="u-1", name=None, type=None, friend=None)
    assert decode.person(told) == Person("u-1", "", room_alias="", kind="unknown", is_friend=False)


@pytest.mark.parametrize("type", [wechat.IMAGE, wechat.AUDIO, wechat.VIDEO, wechat.EMOTICON])
def test_what_is_seen_or_heard_has_no_words(type: int) -> None:
    assert arrived(told("a8f3-file-key", type)).text == ""


def test_keys_of_facts_stay_as_they_are_from_version_to_version() -> None:
    at = datetime(2026, 3, 2, 10, 0, 1, tzinfo=UTC)
    assert decode.fact_key("join", "r@chatroom", 1.5, "u1") == "join:14b1ea9f78dad95237a2ae1e"
    assert decode.joined(ROOM, [TEA], None, at, NOW).key.startswith("join:")
    assert decode.left(ROOM, [TEA], None, at, NOW).key.startswith("leave:")
    assert decode.renamed(ROOM.id, "旧", "新", at, NOW).key.startswith("topic:")
    assert decode.odd("why", "raw", NOW).key.startswith("odd:")
    assert decode.odd("why", "raw", NOW, key="mine").key == "mine"
    assert decode.fact_key("odd", "\ud800")  # half a surrogate pair is no reason to stumble


def test_what_is_too_long_is_cut() -> None:
    assert len(decode.odd("why", "x" * 9_000, NOW).raw) == 4_000
    assert len(arrived(told("茶" * 30_000)).text) == 20_000
    topic = decode.renamed(ROOM.id, "旧" * 900, "新" * 900, TEN, NOW)
    assert (len(topic.room.topic), len(topic.old)) == (200, 200)
