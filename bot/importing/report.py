"""What is told about a log before it is imported, and after: pure, from a survey and a few numbers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.importing.formats import Format
from bot.importing.survey import Survey
from bot.messages import CORE, Texts, first
from bot.words import duration_said, joined, normalised, shorten

SHOWN = 5
NAME_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did: `added` now, `known` from an earlier import, `heard` live by the bot itself."""

    room: int
    is_new_room: bool
    added: int
    known: int
    heard: int
    forgotten: int
    quotes: int
    seconds: float

    @property
    def rate(self) -> float:
        """Messages a second, both readings and the index included."""
        return (self.added + self.known + self.heard + self.forgotten) / max(self.seconds, 1e-9)


@dataclass(frozen=True, slots=True)
class Report:
    """A log and, unless it was only looked at, what became of it."""

    file: str
    log_format: Format
    encoding: str
    room_name: str
    survey: Survey
    outcome: Outcome | None = None


def shared_names(survey: Survey) -> dict[str, list[str]]:
    """Names that several ids bear, each with these ids."""
    bearers: dict[str, list[str]] = defaultdict(list)
    shown: dict[str, str] = {}
    for sender, speaker in survey.people.items():
        for name in sorted({normalised(name): name for name in sorted(speaker.names)}.items()):
            bearers[name[0]].append(sender)
            shown.setdefault(*name)
    return {shown[name]: senders for name, senders in bearers.items() if len(senders) > 1}


def renamed_people(survey: Survey) -> dict[str, list[str]]:
    """Ids that had several names, each with these names."""
    return {
        sender: sorted(speaker.names)
        for sender, speaker in survey.people.items()
        if len({normalised(name) for name in speaker.names}) > 1
    }


def told(report: Report, texts: Texts, zone: ZoneInfo, longer_than: timedelta) -> list[str]:
    """The report as lines for a person, most important first."""
    teller = _Teller(texts, zone)
    return [*teller.of_log(report, longer_than), *teller.of_outcome(report)]


@dataclass(frozen=True, slots=True)
class _Teller:
    texts: Texts
    zone: ZoneInfo

    def say(self, key: str, **values: object) -> str:
        return str(self.texts.render(CORE, f"import.{key}", None, first, **values))

    def of_log(self, report: Report, longer_than: timedelta) -> list[str]:
        survey = report.survey
        lines = [
            self.say("report_file", file=report.file, format=report.log_format, encoding=report.encoding),
            self.say("report_size", messages=survey.messages, people=len(survey.people)),
        ]
        if survey.first_at is not None and survey.last_at is not None:
            lines.append(
                self.say("report_span", since=self.at(survey.first_at), until=self.at(survey.last_at))
            )
        lines.append(self.say("report_kinds", kinds=self.kinds(survey)))
        counted = (
            ("report_joined", survey.joined_lines), ("report_notices", survey.notices),
            ("report_nameless", survey.nameless),
        )  # fmt: skip
        lines += [self.say(key, count=count) for key, count in counted if count]
        return lines + self.of_gaps(survey, longer_than) + self.of_names(survey)

    def of_gaps(self, survey: Survey, longer_than: timedelta) -> list[str]:
        gaps = sorted(survey.gaps(longer_than), key=lambda gap: gap[0] - gap[1])
        if not gaps:
            return []
        shown = [
            self.say(
                "report_gap", since=self.at(start), until=self.at(end), length=duration_said(end - start)
            )
            for start, end in gaps[:SHOWN]
        ]
        days = f"{longer_than / timedelta(days=1):g}"
        return [self.say("report_gaps", days=days, count=len(gaps), longest="；".join(shown))]

    def of_names(self, survey: Survey) -> list[str]:
        lines = []
        shared, renamed = shared_names(survey), renamed_people(survey)
        if shared:
            named = [f"{_short(name)}（{len(senders)}）" for name, senders in shared.items()]
            lines.append(self.say("report_shared", count=len(shared), names=joined(named, SHOWN)))
        if renamed:
            named = [" / ".join(map(_short, names[:4])) for names in renamed.values()]
            lines.append(self.say("report_renamed", count=len(renamed), names=joined(named, SHOWN)))
        return lines

    def of_outcome(self, report: Report) -> list[str]:
        outcome = report.outcome
        if outcome is None:
            return [self.say("report_dry", room=report.room_name)]
        lines = [
            self.say("report_new_room" if outcome.is_new_room else "report_old_room", room=report.room_name),
            self.say(
                "report_added", added=outcome.added,
                seconds=f"{outcome.seconds:.1f}", rate=f"{outcome.rate:,.0f}",
            ),
        ]  # fmt: skip
        counted = (
            ("report_known", outcome.known), ("report_heard", outcome.heard),
            ("report_forgotten", outcome.forgotten), ("report_quotes", outcome.quotes),
        )  # fmt: skip
        return lines + [self.say(key, count=count) for key, count in counted if count]

    def kinds(self, survey: Survey) -> str:
        named = [f"{self.say(f'kind_{kind}')} {count}" for kind, count in survey.kinds.most_common()]
        return "，".join(named) or "0"

    def at(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M}"


def _short(name: str) -> str:
    return shorten(name, NAME_SHOWN)
