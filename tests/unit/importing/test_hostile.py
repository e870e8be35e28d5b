"""Hostile files: whatever stands in them is data, or they are refused in one sentence."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.errors import QunxingError
from bot.importing import Format, examine, source
from bot.intake.talk import MAX_TEXT
from tests.unit.importing.logs import SHANGHAI, TEXTS, chatlab, entries, records, refused, reported, written

NASTY = ("=cmd|' /C calc'!A0", "\x1b[31mred\x1b[2J", "../../etc/passwd", "'; DROP TABLE message; --",
         "$name ${x} {0} %s", "[bold]x[/bold]", "@所有人", "\u202etxt.exe", "a\x00b")  # fmt: skip


@pytest.mark.parametrize("words", NASTY)
def test_names_and_words_are_data(tmp_path: Path, words: str) -> None:
    kept = words.replace("\x00", "")
    for text in (
        chatlab({"sender": words, "accountName": words, "content": words}),
        f"[2024-01-02 10:00:00] <{words}> {words}\n",
        f'时间,发送者,内容\n2024-01-02 10:00:00,"{words}","{words}"\n',
    ):
        path = written(tmp_path, text)
        (found,) = records(path)
        assert (found.name, found.text) == (kept.strip(), kept)
        assert "\x1b" not in reported(path)


def test_half_characters_become_a_mark(tmp_path: Path) -> None:
    path = written(tmp_path, chatlab({"accountName": "x"}).replace('"x"', '"\\ud83d"'))
    assert records(path)[0].name == "\ufffd"


@pytest.mark.parametrize("log_format", ["gitter", "txt", "csv", "chatlab"])
def test_a_line_of_a_megabyte_is_cut(tmp_path: Path, log_format: str) -> None:
    long = "茶" * 1_000_000
    text = {
        "gitter": f"[2024-01-02 10:00:00] <a> {long}\n{long}\n[2024-01-02 10:00:01] <a> b\n",
        "txt": f"2024-01-02 10:00:00 a\n{long}\n{long}\n2024-01-02 10:00:01 a\nb\n",
        "csv": f"时间,发送者,内容\n2024-01-02 10:00:00,a,{long}\n2024-01-02 10:00:01,a,b\n",
        "chatlab": chatlab({"content": long}, {"content": "b"}),
    }[log_format]
    first, second = records(written(tmp_path, text))
    assert (first.text, second.text) == ("茶" * MAX_TEXT, "b")


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "LONGEST_LINE", 1_000_000)
    path = written(tmp_path, b"[2024-01-02 10:00:00] <a> x\n" + b"y" * 3_000_000)
    refused(lambda: examine(path, "x", SHANGHAI), "line_too_long", line=2)


def test_a_bomb_does_not_fill_memory(tmp_path: Path) -> None:
    line = b"[2024-01-02 10:00:00] <a> x\n" + b"y" * 2_000 + b"\n" * 20
    path = written(tmp_path, gzip.compress(line * 12_000), "bomb.gz")  # 25 MB
    tracemalloc.start()
    log = examine(path, "x", SHANGHAI)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert log.survey.messages == 12_000
    assert peak < 12_000_000


def test_rows_of_one_character_cost_linear_time(tmp_path: Path) -> None:
    """What took quadratic time would not come back for minutes."""
    for character in '-[(（>「\n「 引用\n <title> 邀请"" 2024- @':
        text = f"2024-01-02 10:00:00 a\n{character * 15_000}\n" * 3
        list(entries(written(tmp_path, text), Format.TXT))
        (*_,) = records(written(tmp_path, chatlab({"content": character * 15_000, "type": 7})))
    for part in ("\n引用", "> ", "邀请“x”", "「x:", "」\n-", "<title>"):
        (*_,) = records(written(tmp_path, chatlab({"content": part * 6_000})))
        table = f'时间,发送者,内容\n2024-01-02 10:00:00,a,"{part * 6_000}"\n'
        (*_,) = records(written(tmp_path, table))


@pytest.mark.parametrize(
    "raw", [b"PK\x03\x04" + bytes(200), b"SQLite format 3\x00" + bytes(500),
            b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
            b"<html><body>2024</body></html>", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"],
)  # fmt: skip
def test_other_files_are_refused(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(QunxingError) as caught:
        examine(written(tmp_path, raw, "茶.csv"), "x", SHANGHAI)
    sentence = str(TEXTS.said(caught.value))
    assert "茶.csv" in sentence
    assert "\n" not in sentence


def read_or_refused(path: Path, log_format: Format | None) -> None:
    """Whatever it is, nothing but our own errors comes out, and each has its sentence."""
    sentence = ""
    try:
        examine(path, "x", SHANGHAI, log_format)
    except QunxingError as error:
        sentence = str(TEXTS.said(error))
    assert "\n" not in sentence


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    raw=st.binary(max_size=300) | st.text(max_size=200).map(str.encode),
    log_format=st.sampled_from([None, *Format]),
)
@example(b"\r", Format.CSV)
@example(b'{"messages": [{"timestamp": 1e999', None)
def test_anything_is_read_or_refused(tmp_path: Path, raw: bytes, log_format: Format | None) -> None:
    read_or_refused(written(tmp_path, raw), log_format)


SOUND = {
    Format.CHATLAB: chatlab({}, {"content": "茶", "replyToMessageId": "x"}),
    Format.CSV: "消息ID,类型,发送人,时间,内容\n" + '1,文本,"林, 茶",2024-01-02 10:00:00,早\n' * 5,
    Format.TXT: "2024-01-02 10:00:00 小林(10086)\n早\n引用:a:b\n\n" * 5,
    Format.GITTER: "[2024-01-02 10:00:00] <a> b\nc\n" * 9,
}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 400), byte=st.integers(0, 255), log_format=st.sampled_from(Format))
def test_a_changed_byte_is_read_or_refused(tmp_path: Path, place: int, byte: int, log_format: Format) -> None:
    raw = bytearray(SOUND[log_format].encode())
    raw[place % len(raw)] = byte
    read_or_refused(written(tmp_path, bytes(raw)), log_format)
