"""Plain text in its usual varieties."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.importing import Format, Notice
from tests.unit.importing.logs import entries, records, refused, written

TEN = datetime(2024, 1, 2, 2, 0, tzinfo=UTC)

VARIETIES = {
    "time first": "2024-01-02 10:00:00 小林\n早\n各位\n\n2024-01-02 15:04:00 周 老师\n[图片]\n\n",
    "name first": "小林 2024-01-02 10:00:00\n早\n各位\n\n周 老师 2024-01-02 15:04:00\n[图片]\n",
    "copied from the desktop": "小林 2024/01/02 10:00 AM\n早\n各位\n\n周 老师 2024/01/02 3:04 PM\n[图片]\n",
    "Chinese": "小林 2024年1月2日 上午10:00\n早\n各位\n周 老师 2024年1月2日 星期二 下午3:04\n[图片]",
    "brackets": "[2024-01-02 10:00:00] 小林\n早\n各位\n[2024-01-02 15:04:00] 周 老师\n[图片]\n",
    "one line": "[2024-01-02 10:00:00] 小林: 早\n各位\n[2024-01-02 15:04:00] 周 老师: [图片]\n",
    "one line, plain": "2024-01-02 10:00 小林：早\n各位\n2024-01-02 15:04 周 老师：[图片]\n",
    "one line, name first": "小林 (2024-01-02 10:00:00): 早\n各位\n周 老师 (2024-01-02 15:04:00):[图片]\n",
    "mail": "聊天记录\n—————  2024-01-02  —————\n\n小林  10:00\n\n早\n各位\n\n周 老师  15:04\n\n[图片]\n",
    "T and zone": "2024-01-02T02:00:00Z 小林\n早\n各位\n2024-01-02T07:04:00+00:00 周 老师\n[图片]\n",
}


@pytest.mark.parametrize("text", VARIETIES.values(), ids=VARIETIES)
def test_varieties(tmp_path: Path, text: str) -> None:
    first, second = records(written(tmp_path, text))
    assert (first.at, first.name, first.text, first.named_only) == (TEN, "小林", "早\n各位", True)
    assert (second.at.hour, second.name, second.kind, second.text) == (7, "周 老师", "image", "")


def test_qq(tmp_path: Path) -> None:
    text = """消息记录（此消息记录为文本格式，不支持重新导入）

================================================================
消息分组:我的群聊
================================================================
消息对象:茶友会
================================================================

2024-01-02 10:00:00 【管理员】小林(10086123)
早

2024-01-02 10:00:05 土豆<potato@example.com>
你也早

2024-01-02 10:00:06 系统消息(10000)
小周加入了群聊

2024-01-02 10:00:07 小(真的)林(10086123)
改名了
"""
    found = records(written(tmp_path, text))
    assert [(one.sender, one.name, one.text) for one in found] == [
        ("10086123", "小林", "早"), ("potato@example.com", "土豆", "你也早"),
        ("10086123", "小(真的)林", "改名了"),
    ]  # fmt: skip
    assert not found[0].named_only
    assert [entry.text for entry in entries(written(tmp_path, text)) if isinstance(entry, Notice)] == [
        "小周加入了群聊"
    ]


def test_notices_stand_where_a_name_would(tmp_path: Path) -> None:
    recalled = '2024-01-02 10:00:05 "小林"撤回了一条消息'
    text = f"2024-01-02 10:00:00 小林\n早\n\n{recalled}\n\n2024-01-02 10:00:06 小周\n？\n"
    found = entries(written(tmp_path, text))
    assert [entry.text for entry in found if isinstance(entry, Notice)] == ['"小林"撤回了一条消息']
    assert len(records(written(tmp_path, text))) == 2


def test_quotes_are_taken_out(tmp_path: Path) -> None:
    text = "2024-01-02 10:00:00 小周\n你也早\n引用:小林:早啊\n\n"
    text += "2024-01-02 10:00:01 小陈\n「小林：早啊」\n- - - - - -\n好\n"
    first, second = records(written(tmp_path, text))
    assert (first.text, first.quote_name, first.quote_text) == ("你也早", "小林", "早啊")
    assert (second.text, second.quote_name, second.quote_text) == ("好", "小林", "早啊")


def test_a_pasted_log_inside_a_message_stays_text(tmp_path: Path) -> None:
    text = (
        VARIETIES["time first"] * 3
        + "2024-01-03 10:00:00 小林\n看这段\n[10:00] <bot> x\n小周 2024-01-02 10:00:00\n哈\n"
    )
    assert (
        records(written(tmp_path, text))[-1].text == "看这段\n[10:00] <bot> x\n小周 2024-01-02 10:00:00\n哈"
    )


def test_text_without_any_head_is_refused(tmp_path: Path) -> None:
    refused(lambda: entries(written(tmp_path, "你好\n今天喝什么\n"), Format.TXT), "no_head", line=1)
    assert entries(written(tmp_path, "\n\n"), Format.TXT)[1:] == []


def test_impossible_times_are_refused(tmp_path: Path) -> None:
    text = "2024-01-02 10:00:00 小林\n早\n2024-02-31 10:00:00 小林\n早\n"
    refused(lambda: entries(written(tmp_path, text)), "bad_time", line=3)
