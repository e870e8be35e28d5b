"""How often the bot opens its mouth unasked: whole logs by `replay`, all plugins on, as shipped.

What nobody asked for is everything but answers: greetings (welcome), what was promised, and initiatives,
which the budget binds. For each plugin: words a week, the worst week; for people: how often one was named.
Then fifty initiatives, drawn with a fixed seed, as a reader sees them who knows only the chat around; the
verdicts stand in `written/unasked.json` under keys from which no words can be read.
"""

from __future__ import annotations

import hashlib
import json
import random
import tempfile
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.group_settings import GroupSettings
from bot.importing.entries import Record
from bot.importing.formats import Format, read_log
from bot.importing.source import open_source
from bot.pacing import after_quiet
from bot.replay.command import replay_files
from bot.replay.findings import WouldSay
from tests.eval.frame import Figure, Missing, Options, Result, Row, Section, interval

NAME = "unasked"
FOLDER = "gitter"
ZONE = ZoneInfo("Asia/Shanghai")
DRAWN, AROUND, LONGEST = 50, 5, 140
VERDICTS = Path(__file__).parent / "written" / "unasked.json"
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Lived:
    """What the bot would have said unasked in a room, and what was said around it."""

    name: str
    said: list[WouldSay]
    records: list[Record]

    @property
    def weeks(self) -> float:
        """How long the log is."""
        return max(1.0, (self.records[-1].at - self.records[0].at) / WEEK)


def run(folder: Path, options: Options) -> Result:
    """Every log of the folder, and the sample."""
    files = sorted(folder.glob("*.txt.gz"))
    if not files:
        raise Missing(f"no *.txt.gz in {folder.name or folder}/")
    logs = [lived(file) for file in files]
    sections = [section for log in logs for section in (_often(log), _people(log))]
    return Result(NAME, [*sections, _judged(logs, options)])


def lived(file: Path) -> Lived:
    """One log with all plugins, as shipped."""
    records = [one for one in read_log(open_source(file), Format.GITTER, ZONE) if isinstance(one, Record)]
    with tempfile.TemporaryDirectory() as scratch:
        config = Path(scratch) / "config.yaml"
        config.write_text("", encoding="utf-8")
        outcome = replay_files([file], Format.GITTER, "room", config, Path(scratch) / "out")
    said = [one for one in outcome.entries if one.urgency != "answer" and not one.private]
    return Lived(file.name.removesuffix(".txt.gz"), said, records)


# How often


def _often(log: Lived) -> Section:
    plugins = sorted({one.plugin for one in log.said})
    rows = [_row("all plugins", log.said, log.weeks, ours=True)]
    for plugin in plugins:
        own = [one for one in log.said if one.plugin == plugin]
        rows.append(_row(plugin, own, log.weeks))
        for reason in sorted({one.reason for one in own}):
            rows.append(_row(f"  {reason}", [one for one in own if one.reason == reason], log.weeks))
    worst, words = _worst_week(log.said)
    notes = [f"worst week {worst}:", *(f"   {one.at:%m-%d %H:%M} {_short(one.text)}" for one in words[:30])]
    notes += [f"   … and {len(words) - 30} more"] if len(words) > 30 else []
    title = f"{log.name}: {len(log.records)} messages, {log.weeks:.0f} weeks; unasked words"
    return Section(title, rows, notes)


def _row(name: str, said: Sequence[WouldSay], weeks: float, *, ours: bool = False) -> Row:
    per_week = Counter(one.at.isocalendar()[:2] for one in said)
    initiatives = [one.at for one in said if one.urgency == "initiative"]
    figures = {
        "said": Figure(len(said), places=0),
        "a week": Figure(len(said) / weeks, places=2),
        "worst week": Figure(max(per_week.values(), default=0), places=0),
        "initiatives": Figure(len(initiatives), places=0),
    }
    if ours:
        broken = over_budget(initiatives) + at_night([one.at for one in said])
        figures["past the budget"] = Figure(broken, places=0).against(0, at_most=True)
    return Row(name, figures, ours)


def over_budget(times: Sequence[datetime]) -> int:
    """Initiatives too many on a day, or too soon after the one before."""
    group = GroupSettings()
    days = Counter(at.astimezone(ZONE).date() for at in times)
    gap = timedelta(minutes=group.initiative_gap_minutes)
    ordered = sorted(times)
    soon = sum(later - earlier < gap for earlier, later in pairwise(ordered))
    return soon + sum(max(0, count - group.initiatives_per_day) for count in days.values())


def at_night(times: Iterable[datetime]) -> int:
    """Words in the quiet hours."""
    group = GroupSettings()
    quiet = time.fromisoformat(group.quiet_from), time.fromisoformat(group.quiet_until)
    return sum(after_quiet(at, *quiet, ZONE) != at for at in times)


def _worst_week(said: Sequence[WouldSay]) -> tuple[str, list[WouldSay]]:
    weeks = Counter(one.at.isocalendar()[:2] for one in said)
    if not weeks:
        return "none", []
    (year, week), _ = weeks.most_common(1)[0]
    return f"{year}-W{week:02d}", [one for one in said if one.at.isocalendar()[:2] == (year, week)]


def _people(log: Lived) -> Section:
    """How often one and the same person was named."""
    everyone = {one.sender for one in log.records}
    rows = []
    for name, said in (
        ("anything unasked", log.said),
        ("initiatives", [one for one in log.said if one.urgency == "initiative"]),
    ):
        named = Counter(who for one in said for who in one.to)
        weekly = Counter((who, one.at.isocalendar()[:2]) for one in said for who in one.to)
        figures = {
            "people named": Figure(len(named), places=0),
            "of": Figure(len(everyone), places=0),
            "most for one": Figure(max(named.values(), default=0), places=0),
            "most in a week": Figure(max(weekly.values(), default=0), places=0),
            "twice or more in a week": Figure(sum(count > 1 for count in weekly.values()), places=0),
        }
        rows.append(Row(name, figures))
    return Section(f"{log.name}: who was named", rows)


# Fifty of them


def _judged(logs: Sequence[Lived], options: Options) -> Section:
    """Fifty initiatives with the chat around them, and what a reader thought of each."""
    verdicts = json.loads(VERDICTS.read_text("utf-8"))["verdicts"] if VERDICTS.exists() else {}
    every = [(log, one) for log in logs for one in log.said if one.urgency == "initiative"]
    drawn = random.Random(options.seed).sample(every, min(DRAWN, len(every)))
    notes, right = [], []
    for number, (log, one) in enumerate(drawn, 1):
        verdict = verdicts.get(key_of(log, one), {})
        if "right" in verdict:
            right.append(float(verdict["right"]))
        told = {True: "right", False: "WRONG"}.get(verdict.get("right"), "not judged")
        head = f"{number}. [{key_of(log, one)}] {log.name} {one.plugin} {one.reason}: {told}"
        notes += ["", head, *([f"   {verdict['why']}"] if "why" in verdict else []), *_around(log, one)]
    figures = {"drawn": Figure(len(drawn), places=0), "judged": Figure(len(right), places=0)}
    if right:
        figures["right"] = interval(right, lambda parts: sum(parts) / len(parts), options, places=2)
    return Section("fifty initiatives", [Row("as judged", figures)], notes)


def key_of(log: Lived, one: WouldSay) -> str:
    """The same for the same words at the same moment; none of them can be read in it."""
    told = "\n".join([log.name, one.at.isoformat(), one.plugin, one.reason, one.text])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _around(log: Lived, one: WouldSay) -> list[str]:
    at = bisect_right(log.records, one.at, key=lambda record: record.at)
    before = [_told(record) for record in log.records[max(0, at - AROUND) : at]]
    after = [_told(record) for record in log.records[at : at + AROUND]]
    return [*before, f"   ★ {one.at:%m-%d %H:%M} {_short(one.text)}", *after]


def _told(record: Record) -> str:
    return f"     {record.at:%m-%d %H:%M} {record.name}: {_short(record.text)}"


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else plain[:LONGEST] + "…"
