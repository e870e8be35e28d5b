"""Tables as the usual exporters write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import QunxingError
from bot.importing import Format, Nameless, Notice, examine
from tests.unit.importing.logs import SHANGHAI, TEXTS, entries, records, refused, written

TEN = datetime(2024, 1, 2, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai
STAMP = int(TEN.timestamp())

MEMOTRACE = ["消息ID", "类型", "发送人", "时间", "内容", "备注", "昵称", "更多信息"]
MEMOTRACE_FULL = ["localId", "TalkerId", "Type", "SubType", "IsSender", "CreateTime", "Status", "StrContent",
                  "StrTime", "Remark", "NickName", "Sender"]  # fmt: skip
PYWXDUMP = ["id", "MsgSvrID", "type_name", "is_sender", "talker", "room_name", "msg", "src", "CreateTime"]
CHATLOG = ["Time", "SenderName", "Sender", "TalkerName", "Talker", "Content"]


def table(*rows: Sequence[object], separator: str = ",") -> str:
    """A table as Python's csv module writes it."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue()


def test_memotrace(tmp_path: Path) -> None:
    text = table(
        MEMOTRACE,
        [771, "文本", "群里的林", "2024-01-02 10:00:00", "早", "老林", "小林", "more"],
        [772, "引用", "周老师", "2024-01-02 10:01:00", "你也早\n引用:小林:早", "", "小周", "more"],
        [773, "图片", "周老师", "2024-01-02 10:02:00", "[图片]", "", "小周", "more"],
        [774, "系统消息", "", "2024-01-02 10:03:00", '"小陈"加入了群聊', "", "", "more"],
    )
    path = written(tmp_path, "\ufeff" + text, "茶友会.csv")
    first, second, third = records(path)
    assert (first.at, first.name, first.alias, first.puppet_id) == (TEN, "小林", "群里的林", "771")
    assert first.named_only
    assert (second.text, second.quote_name, second.quote_text) == ("你也早", "小林", "早")
    assert (third.kind, third.text, third.line) == ("image", "", 5)
    assert next(entry for entry in entries(path) if isinstance(entry, Notice)).text == '"小陈"加入了群聊'


def test_memotrace_of_before(tmp_path: Path) -> None:
    text = table(
        MEMOTRACE_FULL,
        [1, 9, 1, 0, 0, STAMP, "", "早", "2024-01-02 10:00:00", "", "小林", "wxid_1"],
        [2, 9, 49, 57, 0, STAMP, "", "", "2024-01-02 10:00:00", "", "小周", "wxid_2"],
        [3, 9, 49, 33, 0, STAMP, "", "<msg><title>点茶</title></msg>", "", "", "小周", "wxid_2"],
        [4, 9, 10000, 0, 0, STAMP, "", "小周撤回了一条消息", "", "", "", ""],
        [5, 9, 34, 0, 0, STAMP, "", "<voicemsg/>"],
    )
    path = written(tmp_path, text)
    found = records(path)
    assert [(one.sender, one.name, one.kind, one.text) for one in found] == [
        ("wxid_1", "小林", "text", "早"), ("wxid_2", "小周", "text", ""),
        ("wxid_2", "小周", "mini_program", "点茶"),
    ]  # fmt: skip
    assert not found[0].named_only
    assert found[0].at == TEN
    assert found[0].puppet_id == "", "localId is unique in one of several databases only"
    assert Nameless(6, "9") in entries(path)


def test_pywxdump(tmp_path: Path) -> None:
    quote = "对\n\n[引用](2024-01-02 10:00:00)小林:早"
    text = table(
        PYWXDUMP,
        [1, "8001", "文本", 0, "wxid_1", "1@chatroom", "早", "", "2024-01-02 10:00:00"],
        [2, "8002", "引用回复", 1, "我", "1@chatroom", quote, "", "2024-01-02 10:00:10"],
        [3, "8003", "(分享)小程序", 0, "wxid_1", "1@chatroom", "(分享)小程序", "", "2024-01-02 10:00:20"],
        [4, "8004", "动画表情", 0, "wxid_1", "1@chatroom", "表情", "http://x", "2024-01-02 10:00:30"],
        [5, "8005", "消息撤回6", 0, "系统", "1@chatroom", "x", "", "2024-01-02 10:00:40"],
        [6, "0", "文本", 0, "未知", "1@chatroom", "谁？", "", "2024-01-02 10:00:50"],
    )
    path = written(tmp_path, text)
    found = records(path)
    assert [(one.sender, one.kind, one.puppet_id) for one in found] == [
        ("wxid_1", "text", "8001"), ("我", "text", "8002"), ("wxid_1", "mini_program", "8003"),
        ("wxid_1", "sticker", "8004"),
    ]  # fmt: skip
    assert (found[1].text, found[1].quote_name, found[1].quote_text) == ("对", "小林", "早")
    assert found[1].named_only
    assert found[0].room == "1@chatroom"
    assert sum(isinstance(entry, Nameless) for entry in entries(path)) == 1


def test_chatlog(tmp_path: Path) -> None:
    quote = "> 小林(wxid_1) 01-02 10:00:00\n> 早\n> 各位\n你也早"
    text = table(
        CHATLOG,
        ["2024-01-02 10:00:00", "小林", "wxid_1", "茶友会", "1@chatroom", "早\n各位"],
        ["2024-01-02 10:00:01", "小周", "wxid_2", "茶友会", "1@chatroom", quote],
        [
            "2024-01-02 10:00:02",
            "小周",
            "wxid_2",
            "茶友会",
            "1@chatroom",
            "![图片](http://127.0.0.1:5030/image/a)",
        ],
        ["2024-01-02 10:00:03", "小周", "wxid_2", "茶友会", "1@chatroom", "[链接|好茶](http://x.cn/a)"],
        ["2024-01-02 10:00:04", "", "系统消息", "茶友会", "1@chatroom", '你邀请"小陈"加入了群聊'],
    )
    found = records(written(tmp_path, text))
    assert [(one.sender, one.kind, one.text) for one in found] == [
        ("wxid_1", "text", "早\n各位"), ("wxid_2", "text", "你也早"), ("wxid_2", "image", ""),
        ("wxid_2", "link", "好茶"),
    ]  # fmt: skip
    assert (found[1].quote_name, found[1].quote_text) == ("小林", "早\n各位")
    assert (found[0].joined, found[0].room, found[1].line) == (1, "茶友会", 4)


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_plain_names_and_other_separators(tmp_path: Path, separator: str) -> None:
    rows: list[list[object]] = [["时间", "发送者", "聊天对象", "消息类型", "内容"],
                                ["2024/1/2 10:00", "小林", "茶友会", "文本", "早, 各位; 好\t啊"]]  # fmt: skip
    (found,) = records(written(tmp_path, "sep=,\n" * (separator == ",") + table(*rows, separator=separator)))
    assert (found.name, found.text, found.at) == ("小林", "早, 各位; 好\t啊", TEN)


def test_spaces_case_and_brackets_in_heads(tmp_path: Path) -> None:
    text = "time(Asia/Shanghai),Group_ID,group name,From_ID,from_nickname,content_type,CONTENT\n"
    text += (
        "2024-01-02 10:00:00,1,茶友会,e3,小林,Text,[捂脸]\n2024-01-02 10:00:00,1,茶友会,e3,小林,Picture,\n"
    )
    first, second = records(written(tmp_path, text))
    assert (first.sender, first.text, first.room, second.kind) == ("e3", "[捂脸]", "茶友会", "image")


def test_several_conversations_are_told_apart(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["2024-01-02 10:00:00", "小林", "wxid_1", room, "1", "早"] for room in ("茶友会", "家")
    ]
    path = written(tmp_path, table(list(CHATLOG), *rows, rows[0]))
    log = examine(path, "茶友会", SHANGHAI)
    assert (log.room, log.survey.messages) == ("茶友会", 2)
    with pytest.raises(QunxingError) as caught:
        examine(path, "书友会", SHANGHAI)
    assert caught.value.key == "import.several_rooms"
    assert "茶友会、家" in str(TEXTS.said(caught.value))


@pytest.mark.parametrize("cell", ["", "昨天", "2024-02-30 10:00:00", "99999999999999", "1970-01-01 00:00:00"])
def test_bad_times_are_refused(tmp_path: Path, cell: str) -> None:
    rows: list[list[object]] = [
        ["时间", "发送者", "内容"],
        ["2024-01-02 10:00", "a", "x\ny"],
        [cell, "a", "b"],
    ]
    refused(lambda: entries(written(tmp_path, table(*rows))), "bad_time", line=4)


def test_open_quotes_are_refused_where_they_begin(tmp_path: Path) -> None:
    good = "时间,发送者,内容\n2024-01-02 10:00,a,x\n"
    refused(lambda: entries(written(tmp_path, good + '2024-01-02 10:00,a,"x\n' + "y\n" * 50)), "bad_row", 3)
    refused(lambda: entries(written(tmp_path, good + '2024-01-02 10:00,a,"x"y\n')), "bad_row", 3)


def test_tables_without_the_needed_columns_are_refused(tmp_path: Path) -> None:
    for head in ("时间,内容", "发送者,内容", "a,b,c", ""):
        path = written(tmp_path, f"\n{head},\n1,2,3\n")
        refused(lambda path=path: entries(path, Format.CSV), "no_columns", line=2)  # type: ignore[misc]
