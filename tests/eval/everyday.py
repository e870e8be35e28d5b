"""Everyday talk with a vote and a sign-up open: it votes for nothing and signs nobody up; short answers do.

Every line of every room log and of every file of lines in the folder is held against an open vote (three
options) and an open sign-up of two people. Numbers are counts of lines, but for the recall in per cent.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from plugins.meetups.jielong import Entry, Jielong, hear
from plugins.meetups.replies import read_sign_up, read_vote
from tests.eval.frame import Figure, Missing, Options, Result, Row, Section

NAME = "everyday"
FOLDER = ""
WRITTEN = Path(__file__).parent / "written"
EVERYDAY, REPLIES = "everyday_lines.txt", "replies_own.jsonl"
PLACES = ("周六老街咖啡馆", "周日图书馆三楼", "下周六公园")
SIGN_UP = Jielong("周六老街茶会", (Entry("小林"), Entry("老郭", 2)), is_headed=True)
SHOWN = 12
PER_MILLE = 1.0
"""So many lines of a thousand may be taken for an answer: bare numbers are said in any room."""

Takes = Callable[[str], bool]


@dataclass(frozen=True)
class Way:
    """How votes and sign-ups could be seen."""

    method: str
    votes: Takes
    signs: Takes
    ours: bool = False


WAYS = (
    Way(
        "a number that is an option; 报名, 候补 or +1 somewhere",
        lambda said: re.search(r"(?<!\d)[123](?!\d)", said) is not None,
        lambda said: re.search(r"报名|候补|\+1", said) is not None,
    ),
    Way(
        "begins with the number; begins with 报名, 候补, +1",
        lambda said: re.match(r"\s*(?:投|选)?[123](?!\d)", said) is not None,
        lambda said: re.match(r"\s*(?:取消报名|报名|候补|\+1)", said) is not None,
    ),
    Way(
        "whole messages only",
        lambda said: read_vote(said, PLACES) is not None,
        lambda said: hear(SIGN_UP, said, "路人") is not None,
        ours=True,
    ),
)


def run(folder: Path, options: Options) -> Result:
    """False alarms over all talk there is, and recall on short answers that are meant."""
    rooms = {path.name: list(_room(path)) for path in sorted((folder / "gitter").glob("*.txt.gz"))}
    lines = {path.name: _lines(path) for path in sorted((folder / "wechat_lines").glob("*.txt"))}
    written = folder / EVERYDAY if (folder / EVERYDAY).exists() else WRITTEN / EVERYDAY
    talk = rooms | lines | ({written.name: _lines(written)} if written.exists() else {})
    if not rooms and not lines:
        raise Missing(f"no gitter/*.txt.gz and no wechat_lines/*.txt in {folder}")
    sections = [_false(name, said, judged=name != written.name) for name, said in talk.items()]
    answers = folder / REPLIES if (folder / REPLIES).exists() else WRITTEN / REPLIES
    return Result(NAME, [*sections, _recall([json.loads(line) for line in _lines(answers)])])


def _false(name: str, said: Sequence[str], *, judged: bool) -> Section:
    """In the written lines nothing is open: a bare `1` stands there, which with an open vote is a vote."""
    rows, shown = [], []
    for way in WAYS:
        votes, signs = [one for one in said if way.votes(one)], [one for one in said if way.signs(one)]
        share = Figure(1000 * (len(votes) + len(signs)) / max(len(said), 1), places=2)
        figures = {
            "false votes": Figure(len(votes), places=0), "false sign-ups": Figure(len(signs), places=0),
            "of lines": Figure(len(said), places=0),
            "per mille": share.against(PER_MILLE, at_most=True) if way.ours and judged else share,
        }  # fmt: skip
        rows.append(Row(way.method, figures, way.ours))
        if way.ours:
            shown = [f"taken for an answer: {one!r}" for one in [*votes, *signs]]
    return Section(f"everyday talk, {name}", rows, shown[:SHOWN])


def _recall(answers: Sequence[dict[str, object]]) -> Section:
    """On short answers and on near misses, written by who wrote the reading of them."""
    rows = []
    true = [one for one in answers if one.get("vote") or one.get("sign_up")]
    near = [one for one in answers if one not in true]
    for way in WAYS:
        seen = sum(_takes(way, one) for one in true)
        figures = {
            "recall %": Figure(100 * seen / len(true)), "of answers": Figure(len(true), places=0),
            "near misses taken": Figure(sum(_takes(way, one) for one in near), places=0),
            "of near misses": Figure(len(near), places=0),
        }  # fmt: skip
        rows.append(Row(way.method, figures, way.ours))
    wrong = [f"wrong: {one['said']!r}: {_read(one)}" for one in answers if _read(one) != _meant(one)]
    return Section("short answers that are meant, and near misses", rows, wrong[:SHOWN])


def _takes(way: Way, answer: dict[str, object]) -> bool:
    said = str(answer["said"])
    return way.votes(said) if "vote" in answer else way.signs(said)


def _read(answer: dict[str, object]) -> object:
    said = str(answer["said"])
    if "vote" in answer:
        vote = read_vote(said, PLACES)
        return list(vote) if vote is not None else None
    found = read_sign_up(said)
    return [found.kind, found.count] if found else None


def _meant(answer: dict[str, object]) -> object:
    return answer["vote"] if "vote" in answer else answer["sign_up"]


def _room(path: Path) -> Iterator[str]:
    """What was said in a log; a line without sender and time goes on with the one before."""
    said = None
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as file:
        for line in file:
            match = re.match(r"\[\d{4}-[^\]]*\] <[^>]*> ?(.*)", line.rstrip("\n"))
            if match is None:
                said = f"{said}\n{line.rstrip()}" if said is not None else None
                continue
            if said is not None:
                yield said
            said = match[1]
    if said is not None:
        yield said


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
