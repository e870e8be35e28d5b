"""Bytes become text, or one clear sentence."""

from __future__ import annotations

import codecs
import gzip
from pathlib import Path

import pytest

from bot.errors import QunxingError
from bot.importing import BadLog, encoding, examine, open_source
from tests.unit.importing.logs import SHANGHAI, TEXTS, records, refused, written

TEXT = "2024-01-02 10:00:00 小林\n早上好，今天喝什么茶？\n2024-01-02 10:00:05 陈皮\n老白茶。我带了一饼。\n"


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_are_told_apart(tmp_path: Path, name: str, end: str) -> None:
    raw = TEXT.replace("\n", end).encode(name)
    assert records(written(tmp_path, raw)) == records(written(tmp_path, TEXT))
    assert records(written(tmp_path, gzip.compress(raw))) == records(written(tmp_path, TEXT))


def test_both_byte_orders_with_a_mark(tmp_path: Path) -> None:
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        assert len(records(written(tmp_path, mark + TEXT.encode(name)))) == 2


def test_a_byte_far_down_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "BLOCK", 64)
    english = "2024-01-02 10:00:00 Anna\nhello\n" * 50
    assert open_source(written(tmp_path, (english + TEXT).encode("gb18030"))).encoding == "gb18030"
    assert len(records(written(tmp_path, (english + TEXT).encode("gb18030")))) == 52
    assert open_source(written(tmp_path, english + TEXT)).encoding == "utf-8"


def test_a_broken_byte_in_utf8_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = (TEXT * 20).encode()
    lines = raw.split(b"\n")
    lines[33] = lines[33][:-1] + b"\xff"
    for block in (7, 64, 1 << 20):
        monkeypatch.setattr(encoding, "BLOCK", block)
        path = written(tmp_path, b"\n".join(lines))
        refused(lambda path=path: examine(path, "x", SHANGHAI), "damaged_encoding", line=34)  # type: ignore[misc]


def test_a_cut_off_character_is_named(tmp_path: Path) -> None:
    refused(lambda: examine(written(tmp_path, TEXT.encode()[:-2]), "x", SHANGHAI), "damaged_encoding", line=4)
    cut_off = TEXT.rstrip("\n").encode("gb18030")[:-1]
    refused(lambda: examine(written(tmp_path, cut_off), "x", SHANGHAI), "damaged_encoding", line=4)


@pytest.mark.parametrize("name", ["big5", "shift_jis", "latin-1", "utf-32", "utf-16-le"])
def test_other_encodings_are_refused(tmp_path: Path, name: str) -> None:
    words = {
        "big5": "早安，今天喝什麼茶？",
        "shift_jis": "おはようございます。今日は何を飲みますか",
        "latin-1": "déjà vu à Orléans",
    }
    text = f"2024-01-02 10:00:00 A\n{words.get(name, '早')}\n" * 3
    with pytest.raises(BadLog) as caught:
        examine(written(tmp_path, text.encode(name)), "x", SHANGHAI)
    assert caught.value.key in ("import.unknown_encoding", "import.unknown_format", "import.damaged_encoding")
    assert "log.txt" in str(TEXTS.said(caught.value))


def test_truncated_gzip_is_named(tmp_path: Path) -> None:
    packed = gzip.compress((TEXT * 1000).encode())
    for broken in (packed[:-1], packed[: len(packed) // 2], packed[:12], packed[:-8] + b"\x00" * 8):
        path = written(tmp_path, broken, "log.gz")
        refused(lambda path=path: examine(path, "x", SHANGHAI), "broken_gzip")  # type: ignore[misc]


def test_truncated_gzip_is_named_with_the_line_where_it_ends(tmp_path: Path) -> None:
    lines = b"".join(b"%d\n" % (n * n * 7919) for n in range(30_000))
    packed = gzip.compress(lines)
    with pytest.raises(BadLog) as found:
        examine(written(tmp_path, packed[: len(packed) * 3 // 4], "log.gz"), "x", SHANGHAI)
    assert 15_000 < int(str(found.value.values["line"])) < 30_000


def test_files_that_are_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(QunxingError) as caught:
            examine(path, "x", SHANGHAI)
        assert path.name in str(TEXTS.said(caught.value))


@pytest.mark.parametrize("raw", [b"", b"\n \n", codecs.BOM_UTF8, gzip.compress(b"", mtime=0)])
def test_empty_files_are_said_to_be_empty(tmp_path: Path, raw: bytes) -> None:
    refused(lambda: examine(written(tmp_path, raw), "x", SHANGHAI), "empty")
