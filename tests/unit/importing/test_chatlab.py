"""ChatLab's format, whole and as lines."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.importing import Format, Header, Notice, Profile
from bot.importing.json_stream import JsonText
from tests.unit.importing.logs import (
    HEADER,
    chatlab,
    chatlab_lines,
    entries,
    records,
    refused,
    reported,
    written,
)

ANSWER: dict[str, object] = {
    "sender": 42, "accountName": "小周", "groupNickname": "周老师", "timestamp": 1703001660, "type": 25,
    "content": "对", "platformMessageId": "m2", "replyToMessageId": "m1",
}  # fmt: skip


@pytest.mark.parametrize("made", [chatlab, chatlab_lines])
def test_messages_are_read_with_ids_and_replies(tmp_path: Path, made: Any) -> None:
    path = written(tmp_path, made({"platformMessageId": "m1"}, ANSWER))
    first, second = records(path)
    assert (first.sender, first.name, first.text, first.puppet_id) == ("wxid_1", "小林", "好", "m1")
    assert first.at == datetime(2023, 12, 19, 16, 0, tzinfo=UTC)
    assert (second.sender, second.alias, second.reply_to) == ("42", "周老师", "m1")
    assert Header("wechat", "茶友会") in entries(path)


def test_small_blocks_and_one_long_line_read_alike(tmp_path: Path) -> None:
    whole = json.loads(chatlab({}, ANSWER, {"content": '“引号”\\"\n\u2028'}))
    text = json.dumps(whole)
    for size in (1, 2, 3, 7, 1000):
        blocks = [text[start : start + size] for start in range(0, len(text), size)]
        stream = JsonText(blocks)
        read = {key: stream.value() for key in stream.members()}
        assert read == whole, size
        assert stream.next() == ""


@pytest.mark.parametrize(
    ("number", "kind"),
    [(0, "text"), (1, "image"), (2, "voice"), (3, "video"), (4, "file"), (5, "sticker"), (7, "link"),
     (8, "location"), (20, "red_envelope"), (21, "transfer"), (23, "unknown"), (24, "link"), (25, "text"),
     (26, "chat_history"), (27, "contact"), (99, "unknown"), (1234, "unknown")],
)  # fmt: skip
def test_types_become_kinds(tmp_path: Path, number: int, kind: str) -> None:
    (found,) = records(written(tmp_path, chatlab({"type": number, "content": None})))
    assert (found.kind, found.text) == (kind, "")


@pytest.mark.parametrize("number", [22, 80, 81])
def test_what_the_app_says_is_a_notice(tmp_path: Path, number: int) -> None:
    found = entries(written(tmp_path, chatlab({"type": number, "content": "小林拍了拍小周"})))
    assert [entry.text for entry in found if isinstance(entry, Notice)] == ["小林拍了拍小周"]


def test_placeholders_are_no_words_but_titles_are(tmp_path: Path) -> None:
    path = written(tmp_path, chatlab({"type": 1, "content": "[图片]"}, {"type": 7, "content": "一篇文章"},
                                     {"type": 4, "content": "[文件] 价目.pdf"}))  # fmt: skip
    assert [found.text for found in records(path)] == ["", "一篇文章", "价目.pdf"]


def test_members_tell_names_of_today_and_aliases(tmp_path: Path) -> None:
    members = [{"platformId": "wxid_1", "accountName": "林", "groupNickname": "林师傅",
                "aliases": ["老林", "林工"], "avatar": "data:image/png;base64," + "A" * 50_000}]  # fmt: skip
    path = written(tmp_path, chatlab({}, {"accountName": "小林林", "timestamp": 1703001700}, members=members))
    assert Profile("wxid_1", "林", "林师傅", ("老林", "林工")) in entries(path)
    assert "1 个人换过名字" in reported(path)


def test_members_may_stand_behind_the_messages(tmp_path: Path) -> None:
    members = [{"platformId": "wxid_1", "accountName": "林"}]
    whole = {
        "messages": json.loads(chatlab({}))["messages"],
        "members": members,
        "more": {"x": [1]},
        **HEADER,
    }
    path = written(tmp_path, json.dumps(whole))
    assert len(records(path)) == 1
    assert "wechat" in str(entries(path))


def test_comments_and_unknown_lines_are_passed_over(tmp_path: Path) -> None:
    text = "# a note\n\n" + chatlab_lines({}) + '# another\n{"_type": "later"}\n'
    assert len(records(written(tmp_path, text))) == 1


def test_milliseconds_are_known_by_their_size(tmp_path: Path) -> None:
    seconds, milliseconds = records(written(tmp_path, chatlab({}, {"timestamp": 1703001600500})))
    assert (milliseconds.at - seconds.at).total_seconds() == 0.5


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"timestamp": "1703001600"}, "bad_field"), ({"timestamp": True}, "bad_field"),
        ({"timestamp": None}, "bad_field"), ({"timestamp": -5}, "bad_time"),
        ({"timestamp": 1e300}, "bad_time"), ({"timestamp": float("nan")}, "bad_time"),
        ({"timestamp": float("inf")}, "bad_time"),
        ({"timestamp": 10**400}, "bad_time"), ({"type": "text"}, "bad_field"), ({"type": None}, "bad_field"),
        ({"content": 5}, "bad_field"), ({"content": ["x"]}, "bad_field"), ({"sender": {"a": 1}}, "bad_field"),
        ({"accountName": 7}, "bad_field"), ({"platformMessageId": []}, "bad_field"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("made", [chatlab, chatlab_lines])
def test_wrong_types_are_refused(tmp_path: Path, made: Any, change: dict[str, object], key: str) -> None:
    refused(lambda: entries(written(tmp_path, made({}, change))), key)


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    text = chatlab_lines({}, {}, {})
    refused(lambda: entries(written(tmp_path, text.replace('{"_type": "message"', "{oh", 1))), "bad_json", 2)
    broken = chatlab({}, {}).splitlines()
    place = next(number for number, line in enumerate(broken) if '"content"' in line)
    broken[place] = broken[place].replace('":', '"')
    refused(lambda: entries(written(tmp_path, "\n".join(broken))), "bad_json", place + 1)


def test_every_truncation_is_refused(tmp_path: Path) -> None:
    whole = chatlab({}, ANSWER, members=[{"platformId": "1", "accountName": "x", "aliases": ["y"]}])
    for length in range(1, len(whole) - 1, 7):
        path = written(tmp_path, whole[:length])
        refused(lambda path=path: entries(path, Format.CHATLAB), "cut_off")  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[]", "bad_json"), ("{}", "no_part"), ('{"chatlab": 5, "messages": []}', "bad_json"),
        ('{"chatlab": {"version": 2}, "messages": []}', "bad_field"),
        ('{"chatlab": {"version": "7.1"}, "messages": []}', "version"),
        ('{"chatlab": {"version": "0.0.2"}, "messages": {}}', "bad_json"),
        ('{"chatlab": {"version": "0.0.2"}, "messages": [1]}', "bad_json"),
        ('{"chatlab": {"version": "0.0.2"}, "messages": [],}', "bad_json"),
        ('{"chatlab": {"version": "0.0.2"}, "messages": [{},]}', "bad_field"),
        ('{"chatlab": {"version": "0.0.2"}, "messages": []} x', "bad_json"),
        ('{"chatlab": {"version": "0.0.2"}, "members": [{"aliases": "x"}], "messages": []}', "bad_field"),
        ('{"meta": {"name": "x", "type": "private"}, "messages": []}', "private_chat"),
        ('{"messages": ' + "[" * 100_000, "bad_json"),
        ('{"messages": [{"timestamp": ' + "9" * 5_000 + "}]}", "bad_json"),
    ],
)  # fmt: skip
def test_other_json_is_refused(tmp_path: Path, text: str, key: str) -> None:
    refused(lambda: entries(written(tmp_path, text), Format.CHATLAB), key)
