"""A message is stored once, whatever is imported again and in whatever order."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest

from bot.errors import QunxingError
from bot.importing import Import, examine
from bot.storage.search import search
from tests.unit.importing.storing import (
    BEGIN,
    NOW,
    ROOM,
    SHANGHAI,
    chatlab,
    contents,
    house,
    imported,
    rows,
)

PEOPLE = ("小林", "小周", "小陈")


def talk(count: int, seed: int = 1) -> list[dict[str, object]]:
    """A talk with replies forward and back, repeated words, the same second, and media."""
    dice = random.Random(seed)
    found: list[dict[str, object]] = []
    for number in range(count):
        who = dice.randrange(3)
        message: dict[str, object] = {
            "sender": f"wxid_{who}", "accountName": PEOPLE[who], "timestamp": BEGIN + number // 3,
            "content": dice.choice(["好", "好的", f"第 {number} 句 @小周\u2005"]),
            "type": dice.choice([0, 0, 0, 1]),
        }  # fmt: skip
        if dice.random() < 0.5:
            message["platformMessageId"] = f"m{number}"
        if dice.random() < 0.3:
            message["replyToMessageId"] = f"m{dice.randrange(count)}"
        found.append(message)
    return found


def test_a_second_import_changes_nothing(tmp_path: Path) -> None:
    path = chatlab(tmp_path / "log.jsonl", *talk(300))
    with house(tmp_path / "data") as storage:
        first = imported(storage, path)
    before = contents(tmp_path / "data")
    with house(tmp_path / "data") as storage:
        second = imported(storage, path)
    assert contents(tmp_path / "data") == before
    assert (first.added, first.known) == (300, 0)
    assert (second.added, second.known, second.quotes) == (0, 300, 0)
    assert first.quotes > 20
    assert before["event"] == before["outgoing"] == before["slot"] == []


@pytest.mark.parametrize("chunk", [1, 7, 100, 5_000])
@pytest.mark.parametrize("whole_up_to", [0, 5_000])
def test_the_size_of_chunks_makes_no_difference(tmp_path: Path, chunk: int, whole_up_to: int) -> None:
    path = chatlab(tmp_path / "log.jsonl", *talk(150))
    with house(tmp_path / "one") as storage:
        imported(storage, path)
    with house(tmp_path / "two") as storage:
        imported(storage, path, chunk=chunk, whole_up_to=whole_up_to)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_longer_export_adds_only_what_is_new(tmp_path: Path) -> None:
    messages = talk(200)
    with house(tmp_path / "data") as storage:
        imported(storage, chatlab(tmp_path / "short.jsonl", *messages[50:120]))
        longer = imported(storage, chatlab(tmp_path / "long.jsonl", *messages))
        assert (longer.added, longer.known) == (130, 70)
        (times,) = rows(storage, "SELECT min(first_joined_at), max(first_spoke_at) FROM membership")
        assert times[0] == BEGIN * 1000
        assert rows(storage, "SELECT count(*), count(DISTINCT puppet_id) FROM message") == [(200, 200)]
        history = rows(storage, "SELECT text FROM message WHERE room_id = 1 ORDER BY at, id LIMIT 1")
        assert history == [(str(messages[0]["content"]) if messages[0]["type"] == 0 else "",)]


def test_the_same_words_in_one_second_stay_several(tmp_path: Path) -> None:
    same = [{"content": "+1", "timestamp": BEGIN}] * 3
    apart = [{"content": "+1", "timestamp": BEGIN}, {"content": "x", "timestamp": BEGIN - 5}] * 3
    for number, messages in enumerate((same, apart)):
        with house(tmp_path / str(number)) as storage:
            path = chatlab(tmp_path / "log.jsonl", *messages)
            assert imported(storage, path).added == len(messages)
            assert imported(storage, path).added == 0


def test_order_of_lines_makes_no_difference_to_what_is_there(tmp_path: Path) -> None:
    messages = talk(120)
    with house(tmp_path / "data") as storage:
        imported(storage, chatlab(tmp_path / "log.jsonl", *messages))
        turned = imported(storage, chatlab(tmp_path / "turned.jsonl", *messages[::-1]))
        mixed = random.Random(3).sample(messages, len(messages))
        again = imported(storage, chatlab(tmp_path / "mixed.jsonl", *mixed))
    assert (turned.added, again.added) == (0, 0)


def test_one_id_twice_in_a_file_is_one_message(tmp_path: Path) -> None:
    path = chatlab(tmp_path / "log.jsonl", *[{"platformMessageId": "m1", "content": "a"}] * 2)
    with house(tmp_path / "data") as storage:
        outcome = imported(storage, path)
    assert (outcome.added, outcome.known) == (1, 1)


def test_packed_and_plain_are_the_same_log(tmp_path: Path) -> None:
    path = chatlab(tmp_path / "log.jsonl", *talk(50))
    packed = tmp_path / "log.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    with house(tmp_path / "data") as storage:
        imported(storage, path)
        assert imported(storage, packed).added == 0


def test_two_rooms_keep_their_own(tmp_path: Path) -> None:
    path = chatlab(tmp_path / "log.jsonl", *talk(50))
    with house(tmp_path / "data") as storage:
        imported(storage, path)
        assert imported(storage, path, "书友会").added == 50
        assert rows(storage, "SELECT count(*) FROM member") == [(3,)], "ids are the platform's"


def test_what_was_imported_is_found(tmp_path: Path) -> None:
    path = chatlab(tmp_path / "log.jsonl", {"content": "今天喝老白茶"}, {"content": "[图片]", "type": 1})
    with house(tmp_path / "data") as storage:
        imported(storage, path)
        hits = storage.read_now(lambda session: search(session, "白茶"))
        assert [hit.text for hit in hits] == ["今天喝老白茶"]
        assert storage.read_now(lambda session: search(session, "图片")) == []


@pytest.mark.parametrize("whole_up_to", [0, 5_000])
def test_a_file_that_changes_meanwhile_is_told(tmp_path: Path, whole_up_to: int) -> None:
    path = chatlab(tmp_path / "log.jsonl", *talk(50))
    with house(tmp_path / "data") as storage:
        log = examine(path, ROOM, SHANGHAI)
        chatlab(path, *talk(60, seed=2))
        with pytest.raises(QunxingError) as caught:
            Import(storage, log, ROOM, NOW, whole_up_to=whole_up_to).run()
        assert caught.value.key == "import.changed"
        if whole_up_to:
            assert rows(storage, "SELECT count(*) FROM message") == [(0,)]
            assert rows(storage, "SELECT count(*) FROM room") == [(0,)]
