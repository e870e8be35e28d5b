"""Which topics would have been proposed for a meetup in three months of a group's past, by replay.

The months are not picked by hand: of each third of a log the one in which most was said. The whole bot is led
through the sixteen weeks before each month's end, silently, and then asked as an owner would ask it. What is
printed is for a reader to judge; beside it stand the plain most used words of the month.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.analysis.topics import Said, topics
from bot.config import load_config
from bot.gateway.base import RoomRef
from bot.host import find_plugins
from bot.importing.entries import Record
from bot.importing.formats import format_of, read_log
from bot.importing.source import open_source
from bot.replay.log import PastRoom
from bot.replay.rehearsal import Rehearsal
from bot.storage.history import History
from plugins.meetups import evidence, proposing
from tests.eval.frame import Figure, Missing, Options, Result, Row, Section

NAME = "meetups"
FOLDER = "gitter"
MONTHS = 3
LOOKED_AT = evidence.WEEKS + evidence.BEFORE
SHOWN = 70


def run(folder: Path, options: Options) -> Result:
    """Every log of the folder, three months each."""
    files = sorted(folder.glob("*.txt*"))
    if not files:
        raise Missing(f"no logs in {folder}")
    sections = []
    for file in files:
        records = _records(file)
        for end in ends_of_months(records):
            sections.append(_section(file.name.split(".")[0], records, end))
    return Result(NAME, sections)


def _records(file: Path) -> list[Record]:
    source = open_source(file)
    entries = read_log(source, format_of(source), UTC, lambda done, whole: None)
    return sorted((one for one in entries if isinstance(one, Record)), key=lambda one: one.at)


def ends_of_months(records: Sequence[Record]) -> list[datetime]:
    """The ends of the busiest month of each third of the log."""
    counts = Counter((one.at.year, one.at.month) for one in records)
    months = sorted(counts)
    size = max(len(months) // MONTHS, 1)
    thirds = [months[at * size : (at + 1) * size if at < MONTHS - 1 else None] for at in range(MONTHS)]
    busiest = [max(third, key=lambda month: (counts[month], month)) for third in thirds if third]
    return [datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC) for year, month in busiest]


def _section(name: str, records: Sequence[Record], end: datetime) -> Section:
    past = [one for one in records if end - LOOKED_AT <= one.at < end]
    plugins = [plugin for plugin in find_plugins()[0] if plugin.name == "meetups"]
    with TemporaryDirectory(prefix="eval-meetups-") as scratch:
        config_file = Path(scratch) / "config.yaml"
        config_file.write_text("", encoding="utf-8")
        replay = Rehearsal(Path(scratch) / "data", load_config(config_file, plugins, {}), plugins, {})
        try:
            place = RoomRef("replay", name)
            room = replay.go(place, PastRoom(place).arrivals(past))
            return replay.storage.read_now(lambda session: _told(name, History(session, end), room, end))
        finally:
            replay.storage.close()


def _told(name: str, history: History, room: int, end: datetime) -> Section:
    lines = history.lines(room, end - evidence.WEEKS)
    found = evidence.gathered(history, room, lines, "")
    chosen = proposing.proposals(found)
    rows = [_row(one, found) for one in chosen]
    said = [Said(line.member, line.id, line.text) for line in lines if line.kind == "text"]
    plain = "、".join(one.word for one in topics(said, proposing.COUNT))
    texts = {one.message: one.text for one in found.asked}
    notes = [f"{found.people} people, {len(found.asked)} questions; the plain most used words: {plain}"]
    for one in chosen:
        notes += [f"  {one.title}: {' '.join(texts[key].split())[:SHOWN]}" for key in one.questions[:3]]
    return Section(f"{name}, four weeks up to {end - timedelta(days=1):%Y-%m-%d}", rows, notes)


def _row(one: proposing.Proposal, found: proposing.Evidence) -> Row:
    reasons = {reason["kind"]: reason for reason in one.reasons}
    figures = {
        "askers": Figure(reasons.get("asked", {}).get("people", 0), places=0),
        "questions": Figure(reasons.get("asked", {}).get("count", 0), places=0),
        "open": Figure(reasons.get("open", {}).get("count", 0), places=0),
        "score": Figure(one.score),
    }
    return Row(f"{one.form}: {one.title}", figures, ours=True)
