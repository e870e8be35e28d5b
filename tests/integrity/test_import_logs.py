"""Two whole logs of real chat rooms go through, with every number known beforehand."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from pathlib import Path

import pytest

from bot.importing import examine
from tests.unit.importing.storing import SHANGHAI, contents, data_file, house, imported, rows

HEAD = re.compile(r"\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\] <([^>]*)> ?(.*)")


@pytest.mark.parametrize(
    ("name", "messages", "people", "first", "last"),
    [("docker", 28_586, 2_356, "2016-01", "2019-12"), ("appium", 24_883, 1_685, "2016-11", "2020-11")],
)
def test_a_real_log(tmp_path: Path, name: str, messages: int, people: int, first: str, last: str) -> None:
    path = data_file("gitter", f"{name}.txt.gz")
    survey = examine(path, name, SHANGHAI).survey
    assert (survey.messages, len(survey.people)) == (messages, people)
    assert (f"{survey.first_at:%Y-%m}", f"{survey.last_at:%Y-%m}") == (first, last)
    heads = [HEAD.match(line) for line in gzip.decompress(path.read_bytes()).decode().split("\n")]
    counted = Counter(found[2] for found in heads if found)
    with house(tmp_path / "data") as storage:
        outcome = imported(storage, path, name)
        assert (outcome.added, outcome.known) == (messages, 0)
        by_person = dict(
            rows(
                storage, "SELECT name, count(*) FROM message JOIN member ON member_id = member.id GROUP BY 1"
            )
        )
        assert by_person == counted
        assert rows(
            storage, "SELECT count(*) FROM message WHERE origin != 'import' OR puppet_id IS NULL"
        ) == [(0,)]
    before = contents(tmp_path / "data")
    with house(tmp_path / "data") as storage:
        assert imported(storage, path, name).added == 0
    assert contents(tmp_path / "data") == before
    assert len(before["indexed"]) >= messages - 1_000
    assert before["event"] == before["outgoing"] == []
