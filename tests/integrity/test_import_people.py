"""Imported people, rooms and replies beside what the bot has seen itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.errors import QunxingError
from bot.privacy import forget
from bot.storage.engine import Storage
from bot.storage.history import History
from bot.storage.tables import Member, Membership, Message, PuppetAlias, Room
from bot.storage.tables.base import EPOCH
from tests.unit.importing.storing import BEGIN, NOW, ROOM, chatlab, house, imported, rows

AT = EPOCH + timedelta(seconds=BEGIN)


def live_room(storage: Storage, *, heard: tuple[tuple[str, int], ...] = (), name: str = ROOM) -> int:
    """A room that the bot is in, with 小林 there, who said these texts so many seconds after the begin."""

    def put(session: Session) -> int:
        room = Room(name=name, status="live", found_at=NOW, status_at=NOW)
        member = Member(name="小林", found_at=NOW)
        session.add_all([room, member])
        session.flush()
        key = room.id
        session.add(Membership(room_id=key, member_id=member.id, first_joined_at=NOW, joined_at=NOW))
        session.add(PuppetAlias(scope="room", puppet_id=f"@@{key}", key=key, seen_at=NOW))
        session.add(PuppetAlias(scope="member", puppet_id=f"wxid_{member.id}", key=member.id, seen_at=NOW))
        for text, second in heard:
            at = AT + timedelta(seconds=second)
            session.add(Message(room_id=key, member_id=member.id, at=at, text=text))
        return key

    return storage.write_now(put)


def test_a_new_room_is_off_and_its_people_are_there(tmp_path: Path) -> None:
    second = {"sender": "wxid_2", "accountName": "小周", "groupNickname": "周老师"}
    path = chatlab(tmp_path / "log.jsonl", {}, second)
    with house(tmp_path / "data") as storage:
        outcome = imported(storage, path)
        assert outcome.is_new_room
        assert rows(storage, "SELECT name, status FROM room") == [(ROOM, "off")]
        members = storage.read_now(lambda session: History(session, NOW).members(outcome.room))
        assert [one.name for one in members] == ["小林", "周老师"]
        assert rows(storage, "SELECT scope, puppet_id FROM puppet_alias ORDER BY 2") == [
            ("import:wechat", "wxid_1"), ("import:wechat", "wxid_2"),
        ]  # fmt: skip
        first = rows(storage, "SELECT join_known, first_joined_at, first_spoke_at FROM membership LIMIT 1")
        assert first == [(0, BEGIN * 1000, BEGIN * 1000)]


def test_a_join_that_the_log_tells(tmp_path: Path) -> None:
    notice = {"type": 80, "content": '"小周"邀请"小林"加入了群聊', "timestamp": BEGIN - 60}
    with house(tmp_path / "data") as storage:
        imported(storage, chatlab(tmp_path / "log.jsonl", notice, {}))
        assert rows(storage, "SELECT first_joined_at, first_spoke_at, join_known FROM membership") == [
            ((BEGIN - 60) * 1000, (BEGIN + 60) * 1000, 0),
        ]  # fmt: skip
        assert rows(storage, "SELECT count(*) FROM message") == [(1,)]


def test_a_live_room_gets_its_past_and_nobody_new_is_there(tmp_path: Path) -> None:
    with house(tmp_path / "data") as storage:
        room = live_room(storage, heard=(("今天", 5_000),))
        imported(storage, chatlab(tmp_path / "off.jsonl", {}), "别的群")
        outcome = imported(
            storage, chatlab(tmp_path / "log.jsonl", {"content": "从前"}, {"sender": "wxid_2"})
        )
        assert (outcome.room, outcome.is_new_room) == (room, False)
        history = storage.read_now(lambda s: [one.text for one in History(s, NOW).messages(room)])
        assert history == ["从前", "第 1 句", "今天"], "in order of time, though the ids are not"
        there = storage.read_now(lambda s: History(s, NOW).members(room))
        assert len(there) == 1, "only WeChat's own list says who is there"
        assert rows(storage, "SELECT status FROM room WHERE id = ?", room) == [("live",)]


def test_what_the_bot_heard_itself_is_not_stored_twice(tmp_path: Path) -> None:
    path = chatlab(
        tmp_path / "log.jsonl", {"content": "从前", "platformMessageId": "a"},
        {"content": "你好", "platformMessageId": "b"}, {"content": "你好"}, {"content": "另一句"},
        {"sender": "wxid_2", "accountName": "小周", "content": "你好"},
        {"content": "答", "replyToMessageId": "b", "sender": "wxid_2", "accountName": "小周"},
    )  # fmt: skip
    with house(tmp_path / "data") as storage:
        room = live_room(storage, heard=(("你好", 62), ("另一句", 4_000)))
        outcome = imported(storage, path)
        assert (outcome.added, outcome.heard) == (5, 1)
        again = imported(storage, path)
        assert (again.added, again.known, again.heard) == (0, 5, 1)
        quoted = rows(
            storage,
            "SELECT quoted.origin FROM message JOIN message AS quoted ON quoted.id = message.quote_id",
        )
        assert quoted == [("live",)]
        assert storage.read_now(lambda s: History(s, NOW).count(room)) == 7


def test_the_room_that_the_bot_is_in_comes_first(tmp_path: Path) -> None:
    path = chatlab(tmp_path / "log.jsonl", {})
    with house(tmp_path / "data") as storage:
        imported(storage, path)
        room = live_room(storage)
        assert imported(storage, path, " 茶友会 ").room == room
        live_room(storage)
        with pytest.raises(QunxingError) as caught:
            imported(storage, path)
        assert caught.value.key == "import.room_ambiguous"
        with pytest.raises(QunxingError) as caught:
            imported(storage, path, "  ")
        assert caught.value.key == "import.no_room_name"


def test_bare_names_mean_somebody_only_within_a_room(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text("2024-01-02 10:00:00 小林\n早\n2024-01-02 10:00:05 wxid_1\n早\n", encoding="utf-8")
    with house(tmp_path / "data") as storage:
        for room in ("一", "二"):
            imported(storage, path, room)
        assert rows(storage, "SELECT scope, puppet_id FROM puppet_alias ORDER BY 1, 2") == [
            ("import:wechat:1", "wxid_1"), ("import:wechat:1", "小林"), ("import:wechat:2", "wxid_1"),
            ("import:wechat:2", "小林"),
        ]  # fmt: skip
        imported(storage, chatlab(tmp_path / "log.jsonl", {}), "一")
        assert rows(storage, "SELECT count(*) FROM member") == [(5,)]


def test_quotes_and_mentions_find_their_people(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text(
        "2024-01-02 10:00:00 小林\n早\n2024-01-02 10:00:01 小 周\n你也早\n引用:小林:早\n"
        "2024-01-02 10:00:02 小林\n早\n2024-01-02 10:00:03 小 周\n哪个早\n引用:小林:早\n"
        "2024-01-02 10:00:04 小林\n@小 周\u2005 @小林 @谁 \n", encoding="utf-8",
    )  # fmt: skip
    with house(tmp_path / "data") as storage:
        assert imported(storage, path).quotes == 1
        found = rows(
            storage, "SELECT id, quote_id, quote_name, quote_text FROM message WHERE quote_name IS NOT NULL"
        )
        assert found == [(2, 1, "小林", "早"), (4, None, "小林", "早")], (
            "the same words twice cannot be told apart"
        )
        assert rows(storage, "SELECT * FROM mention") == [(5, 2)]


def test_a_newer_log_brings_newer_names(tmp_path: Path) -> None:
    old: dict[str, object] = {"accountName": "旧名"}
    new: dict[str, object] = {"accountName": "新名", "timestamp": BEGIN + 900, "groupNickname": "群名片"}
    for number, order in enumerate(([old, new], [new, old])):
        with house(tmp_path / str(number)) as storage:
            for message in order:
                imported(storage, chatlab(tmp_path / "log.jsonl", message))
            assert rows(storage, "SELECT name, alias FROM member, membership") == [("新名", "群名片")]


def test_somebody_who_is_live_now_keeps_their_name(tmp_path: Path) -> None:
    with house(tmp_path / "data") as storage:
        room = live_room(storage)
        alias = PuppetAlias(scope="import:wechat", puppet_id="wxid_9", key=1, seen_at=AT)
        storage.write_now(lambda session: session.add(alias))
        imported(storage, chatlab(tmp_path / "log.jsonl", {"sender": "wxid_9", "accountName": "别名"}))
        assert rows(storage, "SELECT count(*), max(name) FROM member") == [(1, "小林")]
        assert rows(storage, "SELECT left_at, first_joined_at FROM membership WHERE room_id = ?", room) == [
            (None, BEGIN * 1000),
        ]  # fmt: skip


@pytest.mark.parametrize("sender", ["wxid_1", "wxid_2"])
def test_who_asked_to_be_forgotten_stays_so(tmp_path: Path, sender: str) -> None:
    path = chatlab(tmp_path / "log.jsonl", {}, {"sender": "wxid_2", "accountName": "小周"})
    with house(tmp_path / "data") as storage:
        live_room(storage)
        if sender == "wxid_2":
            imported(storage, path)
        key = rows(storage, "SELECT key FROM puppet_alias WHERE puppet_id = ?", sender)[0][0]
        storage.write_now(lambda session: forget(session, key, "某位群友", NOW))
        outcome = imported(storage, path)
        assert outcome.forgotten == 1
        assert rows(storage, "SELECT count(*) FROM message WHERE member_id = ?", key) == [(0,)]
        assert rows(storage, "SELECT count(*) FROM member WHERE name IN (SELECT ?)", "x") == [(0,)]
