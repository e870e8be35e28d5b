"""Whether somebody's introduction of themselves is told from other words.

Lines of our own: the rules were made with `introductions.txt` and `introductions_later.txt` in sight;
`introductions_last.txt` was written after them and only ever measured. Beside them every line of any texts in
the folder (`*.txt`: one line each, `*.txt.gz`: logs of gitter) is taken for no introduction: what is found
there is counted as a false alarm and the first few are shown, so that a reader can tell the true ones.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from plugins.ties.introduction import introduction
from tests.eval.frame import Figure, Missing, Options, Result, Row, Section

NAME = "introductions"
FOLDER = ""
WRITTEN = Path(__file__).parent / "written"
OURS = ("introductions_last.txt", "introductions_later.txt", "introductions.txt")
TALK = ("wechat_lines/*.txt", "gitter/*.txt.gz", "*.txt", "*.txt.gz")
SHOWN = 8
_GITTER = re.compile(r"\[[^\]]*\] <([^>]*)> (.*)")
_PLAIN = re.compile("大家好|我是|我叫|新人|自我介绍|my name is|new here", re.IGNORECASE)

Tell = Callable[[str, bool], bool]


@dataclass(frozen=True)
class Said:
    """One line: whether it introduces its writer, and whether it is the first that they say."""

    text: str
    is_one: bool
    is_first: bool


def run(folder: Path, options: Options) -> Result:
    """Our rules and a list of words on the same lines."""
    sections = [_section(name, list(_written(WRITTEN / name)), is_ours=True) for name in OURS]
    for file in sorted({file for pattern in TALK for file in folder.glob(pattern)}):
        said = list(_talk(file))
        if said:
            sections.append(_section(file.name, said, is_ours=False))
    if not sections:
        raise Missing(f"{WRITTEN} holds no lines")
    return Result(NAME, sections)


def ours(text: str, is_first: bool) -> bool:
    """The rules."""
    return introduction(text, first_words=is_first) is not None


def plain(text: str, is_first: bool) -> bool:
    """A list of words."""
    return _PLAIN.search(text) is not None


def _section(title: str, said: list[Said], *, is_ours: bool) -> Section:
    methods = {"a list of words": plain, "the rules": ours}
    rows = [_row(name, tell, said, is_ours=is_ours) for name, tell in methods.items()]
    wrong = [one for one in said if ours(one.text, one.is_first) != one.is_one]
    notes = [f"{'missed' if one.is_one else 'told'}: {one.text[:80]}" for one in wrong[:SHOWN]]
    return Section(f"{title}: {len(said)} lines", rows, notes)


def _row(name: str, tell: Tell, said: list[Said], *, is_ours: bool) -> Row:
    true = [one for one in said if one.is_one]
    others = [one for one in said if not one.is_one]
    alarms = sum(tell(one.text, one.is_first) for one in others)
    figures = {"false alarms in 1,000": Figure(1000 * alarms / max(len(others), 1), places=2)}
    if is_ours:
        found = sum(tell(one.text, one.is_first) for one in true)
        figures["found %"] = Figure(100 * found / max(len(true), 1))
    return Row(name, figures, ours=name == "the rules")


def _written(file: Path) -> Iterator[Said]:
    for line in file.read_text(encoding="utf-8").splitlines():
        mark, _, text = line.partition(" ")
        if mark and mark[0] in "+-":
            yield Said(text, mark[0] == "+", "f" in mark)


def _talk(file: Path) -> Iterator[Said]:
    if file.suffix != ".gz":
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            yield Said(line, is_one=False, is_first=False)
        return
    known: set[str] = set()
    with gzip.open(file, "rt", encoding="utf-8", errors="replace") as lines:
        for line in lines:
            found = _GITTER.match(line)
            if found is not None:
                yield Said(found[2], is_one=False, is_first=found[1] not in known)
                known.add(found[1])
