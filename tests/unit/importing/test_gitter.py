"""Room logs: heads, continued lines, gzip."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

from bot.importing import Format, Nameless, Record
from tests.unit.importing.logs import entries, records, refused, written

LOG = """[2024-01-02 10:00:00] <anna> hello
[ADB] a line of a log
[2024-01-02 99 not a head

[2024-01-02 10:00:05] <bob_1>  [<-LINK->]
[2024-01-02 10:00:06] <anna>
"""


def test_lines_without_a_head_continue_the_one_before(tmp_path: Path) -> None:
    first, second, third = records(written(tmp_path, LOG))
    assert first.text == "hello\n[ADB] a line of a log\n[2024-01-02 99 not a head"
    assert (first.line, first.joined) == (1, 3)
    assert (second.sender, second.text, second.line) == ("bob_1", " [<-LINK->]", 5)
    assert (third.text, third.joined) == ("", 0)


def test_times_are_told_by_the_groups_clock(tmp_path: Path) -> None:
    assert records(written(tmp_path, LOG))[0].at == datetime(2024, 1, 2, 2, 0, tzinfo=UTC)


def test_senders_are_ids_of_the_platform(tmp_path: Path) -> None:
    found = records(written(tmp_path, LOG))[0]
    assert (found.sender, found.name, found.named_only, found.kind) == ("anna", "anna", False, "text")


def test_only_line_feeds_end_lines(tmp_path: Path) -> None:
    text = (
        "[2024-01-02 10:00:00] <a> one\x1dtwo\u2028three\x85four\x0cfive\r\n[2024-01-02 10:00:01] <b> six\r\n"
    )
    first, second = records(written(tmp_path, text))
    assert first.text == "one\x1dtwo\u2028three\x85four\x0cfive"
    assert second.text == "six"


def test_gzip_is_known_by_its_bytes(tmp_path: Path) -> None:
    packed = gzip.compress(LOG.encode())
    assert records(written(tmp_path, packed, "log.gz")) == records(written(tmp_path, packed, "log.txt"))
    assert len(records(written(tmp_path, packed))) == 3


def test_a_message_without_a_name_is_counted_only(tmp_path: Path) -> None:
    found = entries(written(tmp_path, "[2024-01-02 10:00:00] < > hi\n" + LOG))
    assert [entry for entry in found if isinstance(entry, Nameless)] == [Nameless(1)]
    assert sum(isinstance(entry, Record) for entry in found) == 3


def test_a_beginning_without_a_head_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "\nwhat is this\n" + LOG)
    refused(lambda: entries(path, Format.GITTER), "no_head", line=2)


def test_impossible_times_are_refused(tmp_path: Path) -> None:
    for stamp in ("2024-13-02 10:00:00", "2024-01-32 10:00:00", "2024-01-02 24:00:00", "2024-01-02 10:60:00",
                  "1024-01-02 10:00:00"):  # fmt: skip
        path = written(tmp_path, f"{LOG}[{stamp}] <x> y\n")
        assert stamp in refused(lambda path=path: entries(path), "bad_time", line=7)  # type: ignore[misc]
