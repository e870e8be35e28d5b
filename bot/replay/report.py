"""What the bot would have said, as lines for machines and as a page for people."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.messages import CORE, Texts, first
from bot.replay.findings import Past, WouldSay
from bot.replay.summary import Summary, summary_of
from bot.replay.wording import Wording
from bot.words import Trusted, joined, visible

EXAMPLES = 8
NAMED = 12
BY_THE_DAY = timedelta(days=14)
"""In a shorter past, the busiest day is more telling than the busiest week."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is to be told of a span. `watched`: it was lived through; `remarks` say how it was made."""

    since: datetime
    until: datetime
    past: Past
    entries: Sequence[WouldSay]
    wording: Wording
    zone: ZoneInfo
    now: datetime
    watched: bool = False
    remarks: Sequence[str] = ()


def json_lines(entries: Iterable[WouldSay]) -> Iterator[str]:
    """One JSON object a line."""
    for entry in entries:
        yield json.dumps(asdict(entry) | {"at": entry.at.isoformat()}, ensure_ascii=False)


def page(report: Report, texts: Texts) -> str:
    """A page that an owner can read: how often, when, to whom, and what for example."""
    said, past, zone = Sayer(texts), report.past, report.zone
    lines = [
        said("title_watched" if report.watched else "title"),
        "",
        _about_past(report, said),
        *report.remarks,
    ]
    lines += [said("gap", since=_day(one, zone), until=_day(other, zone)) for one, other in past.gaps]
    if not report.entries:
        return "\n".join([*lines, "", said("nothing"), ""])
    lines += ["", *_numbers(report, said), "", *_table(report, said)]
    for plugin, reason in dict.fromkeys((entry.plugin, entry.reason) for entry in report.entries):
        lines += ["", *_sort(report, plugin, reason, said)]
    return "\n".join(lines) + "\n"


class Sayer:
    """Says the sentences and the lists that a report is made of."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        return str(self._texts.render(CORE, f"replay.{key}", None, first, **values))

    def parts(self, summary: Summary) -> str:
        """`上午 3 次、晚上 5 次`."""
        return "、".join(self("times", what=self(f"part_{part}"), count=n) for part, n in summary.parts)

    def people(self, summary: Summary, most: int) -> str:
        """`小陈 2 次、阿杰 1 次 等 5 位`."""
        named = [self("times", what=name, count=count) for name, count in summary.people[:most]]
        return joined([Trusted(one) for one in named], limit=most, total=len(summary.people))

    def urgency(self, urgency: str) -> str:
        """What this class of words is called."""
        return self(f"urgency_{urgency}")


def _about_past(report: Report, said: Sayer) -> str:
    since, until = _day(report.since, report.zone), _day(report.until, report.zone)
    return said("past", messages=report.past.messages, members=report.past.members, since=since, until=until)


def _numbers(report: Report, said: Sayer) -> Iterator[str]:
    """How often, when, to whom."""
    summary = summary_of(report.entries, report.since, report.until, report.zone)
    by_day = report.until - report.since < BY_THE_DAY
    spans = Counter((_day if by_day else _week)(entry.at, report.zone) for entry in report.entries)
    worst, most = spans.most_common(1)[0]
    total = "total_by_day" if by_day else "total"
    yield said(total, count=summary.count, unasked=summary.unasked, worst=worst, most=most)
    yield ""
    yield said("when", parts=Trusted(said.parts(summary)))
    if summary.people:
        yield said("whom", people=Trusted(said.people(summary, NAMED)))


def _table(report: Report, said: Sayer) -> list[str]:
    counts = Counter((entry.plugin, entry.urgency) for entry in report.entries)
    rows = [
        f"| {report.wording.title(plugin)} | {said.urgency(urgency)} | {count} |"
        for (plugin, urgency), count in counts.most_common()
    ]
    return [said("columns"), "|---|---|---|", *rows]


def _sort(report: Report, plugin: str, reason: str, said: Sayer) -> list[str]:
    """One sort of thing that would have been said, with examples."""
    title, number = report.wording.title(plugin), report.wording.number(plugin, reason)
    entries = [entry for entry in report.entries if (entry.plugin, entry.reason) == (plugin, reason)]
    heading = said("about", title=title) if number is None else said("about_text", title=title, number=number)
    lines = [heading, ""]
    if len(entries) > EXAMPLES:
        lines += [said("examples", count=len(entries), shown=EXAMPLES), ""]
    return lines + [
        f"- {_moment(entry.at, report.zone)} {_quoted(entry.text)}" for entry in entries[:EXAMPLES]
    ]


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d")


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    """With its date: nobody knows when the page will be read, and 今天 would then be another day."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _week(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return (local - timedelta(days=local.weekday())).strftime("%Y-%m-%d")


def _quoted(text: str) -> str:
    return " ".join(visible(text).replace("\u2005", " ").split())
