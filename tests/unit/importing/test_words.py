"""Times, kinds, notices, quotes and index tokens: the pure pieces below the readers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.importing.entries import clean, clean_name
from bot.importing.kinds import by_mark, by_number, by_word, caption
from bot.importing.notices import is_system, joined_names
from bot.importing.quoted import Quoted, take_quote
from bot.importing.times import moment, plain_moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
EARLIEST, LATEST = datetime(1991, 12, 1), datetime(2099, 1, 1)  # noqa: DTZ001
MOMENT = datetime(2024, 1, 2, 7, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["2024-01-02 15:04:05", "2024/1/2 15:04:05", "2024.01.02 15:04:05", "2024-01-02T15:04:05",
     "2024-01-02T07:04:05Z", "2024-01-02T07:04:05.000+00:00", "2024-01-02 03:04:05-0400", "1704179045",
     "1704179045000", "1704179045.0", "2024年1月2日 15:04:05", "2024年1月2日 下午3:04:05",
     "2024-01-02 3:04:05 PM", "2024年01月02日 周二 下午 03:04:05", "  2024-01-02 15:04:05 ",
     "2024-01-02 15：04：05"],
)  # fmt: skip
def test_moments(text: str) -> None:
    assert moment(text, SHANGHAI) == MOMENT


@pytest.mark.parametrize(
    ("text", "hour"),
    [("上午12:10", 12), ("凌晨12:10", 0), ("中午12:10", 12), ("中午1:10", 13), ("晚上11:10", 23)],
)
def test_halves_of_the_day(text: str, hour: int) -> None:
    assert moment(f"2024-01-02 {text}", UTC).hour == hour


@given(st.text(max_size=30) | st.from_regex(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", fullmatch=True))
def test_whatever_is_no_time_is_a_value_error(text: str) -> None:
    for read in (moment, plain_moment):
        try:
            found = read(text, SHANGHAI)
        except ValueError:
            continue
        assert found.tzinfo is UTC


@given(st.datetimes(EARLIEST, LATEST))
def test_the_fast_way_reads_what_was_written(local: datetime) -> None:
    local = local.replace(microsecond=0, tzinfo=SHANGHAI)
    assert plain_moment(f"{local:%Y-%m-%d %H:%M:%S}", SHANGHAI) == local
    assert moment(f"{local:%Y-%m-%d %H:%M}", SHANGHAI) == local - timedelta(seconds=local.second)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [("[图片]", "image", ""), ("[语音]", "voice", ""), ("[动画表情]", "sticker", ""),
     ("[红包]恭喜", "red_envelope", "恭喜"), ("[链接|好茶](http://a.cn)", "link", "好茶"),
     ("[文件]价目.pdf", "file", "价目.pdf"), ("[文件]", "file", ""),
     ("![图片](http://a/b)", "image", ""), ("[微笑]", "text", "[微笑]"),
     ("[图片] 看这个", "text", "[图片] 看这个"),
     ("[<-CODE->]", "text", "[<-CODE->]"), ("[", "text", "["), ("说[图片]", "text", "说[图片]"),
     ("[文本]", "text", "[文本]"), ("[语音通话]", "unknown", "")],
)  # fmt: skip
def test_marks(text: str, kind: str, words: str) -> None:
    found, left = by_mark(text)
    assert (found, left if kind != "unknown" else "") == (kind, words)


def test_numbers_and_words_for_kinds() -> None:
    assert [by_number(one) for one in (1, 3, 34, 43, 47, 10000, 12345)] == [
        "text", "image", "voice", "video", "sticker", "notice", "unknown",
    ]  # fmt: skip
    assert [by_number(49, one) for one in (5, 6, 19, 33, 57, 62, 2000, 999)] == [
        "link", "file", "chat_history", "mini_program", "text", "notice", "transfer", "link",
    ]  # fmt: skip
    assert by_number((57 << 32) | 49) == "text"
    words = ("文本", "(分享)小程序", "Picture", "消息撤回57", "引用消息", "某种新东西")
    assert [by_word(one) for one in words] == [
        "text", "mini_program", "image", "notice", "text", "unknown",
    ]  # fmt: skip


def test_captions_hold_no_markup() -> None:
    assert caption("link", "<msg><appmsg><title>一&amp;二</title></appmsg></msg>") == "一&二"
    assert caption("file", "<msg><title><![CDATA[a<b]]></title>") == "a<b"
    assert (
        caption("image", "<msg><img/></msg>")
        == caption("sticker", "表情")
        == caption("link", "<x" * 9999)
        == ""
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [('"小林"邀请"小周"加入了群聊', ["小周"]), ('"小林"邀请"小周"、"小陈"加入了群聊', ["小周", "小陈"]),
     ("你邀请“小周”加入了群聊", ["小周"]),
     ('"小周"通过扫描"小林"分享的二维码加入群聊', ["小周"]), ('"小周"加入了群聊', ["小周"]),
     ("小周加入了群聊", ["小周"]), ('"小周"撤回了一条消息', []), ("今天加入了群聊的都来", []), ("", [])],
)  # fmt: skip
def test_who_joined(text: str, names: list[str]) -> None:
    assert joined_names(text) == names


def test_notices() -> None:
    assert is_system('"小林"撤回了一条消息')
    assert not is_system("小林")
    assert not is_system("他把我移出群聊了，" * 100)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [("好", Quoted("好")), ("好\n引用:小林:早:啊", Quoted("好", "小林", "早:啊")),
     ("好\n\n[引用](2024-01-02 10:00:00)小林:早", Quoted("好", "小林", "早")),
     ("> 这样写", Quoted("> 这样写")),
     ("> 小林(wxid_1) 01-02 10:00:00\n> 早\n> 啊\n好", Quoted("好", "小林", "早\n啊")),
     ("> [引用]\n好", Quoted("好")), ("这段引用了小林的话", Quoted("这段引用了小林的话"))],
)  # fmt: skip
def test_quotes(text: str, quoted: Quoted) -> None:
    assert take_quote(text) == quoted


@given(st.text(st.characters(exclude_categories=[])))
def test_what_is_cleaned_can_be_stored(text: str) -> None:
    for found in (clean(text), clean_name(text)):
        assert "\x00" not in found
        found.encode()
    assert len(clean_name(text)) <= 100
