"""The report in words: for phones, for when pictures fail, and as the captions of the picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.analysis.advice import Advice, Asked, HandOn, Introduce, Invite, LeaveRoom
from bot.analysis.decentralisation import (
    Good,
    Left,
    Share,
    Trend,
    absence_grade,
    share_trend,
    trend,
)
from bot.messages import CORE, Texts, first
from bot.report.study import Report
from bot.words import Trusted, duration_said, joined, plain

QUESTION_LENGTH = 30
NAMED = 3
SLIGHT = 0.05
Kind = Literal["days", "questions", "people"]
KINDS: tuple[tuple[Kind, Good], ...] = (("days", "more"), ("questions", "more"), ("people", "more"))


class Wording:
    """Says the parts of one report; `cleaned` makes foreign words harmless, for a chat or for drawing."""

    def __init__(
        self, report: Report, texts: Texts, room: int | None = None,
        cleaned: Callable[[str, int], str] = plain,
    ) -> None:  # fmt: skip
        self.report, self._cleaned = report, cleaned
        self._texts, self._room = texts, room
        self._zone = ZoneInfo(report.zone)

    def said(self, key: str, **values: object) -> Trusted:
        """One of the report's sentences."""
        return self._texts.render(CORE, f"report.{key}", self._room, first, **values)

    def name(self, member: int) -> Trusted:
        """What the room calls a member."""
        return Trusted(self._cleaned(self.report.names.get(member, ""), 20)) or self.said("nameless")

    def names(self, members: Sequence[int], limit: int = NAMED, total: int | None = None) -> Trusted:
        """`甲、乙、丙`."""
        return Trusted(joined([self.name(member) for member in members], limit, total))

    def day(self, moment: datetime) -> Trusted:
        """A date as people say it."""
        local = moment.astimezone(self._zone)
        return self.said("day", month=local.month, day=local.day)

    def span(self) -> Trusted:
        """From when to when, and how much there was."""
        found = self.report.figures
        since, last = (
            moment.astimezone(self._zone) for moment in (found.since, found.until - timedelta(seconds=1))
        )
        until = self.day(last) if since.year == last.year else self.day_of_year(last)
        return self.said(
            "span", since=self.day_of_year(since), until=until,
            days=self.report.days, people=found.people, messages=f"{found.messages:,}",
        )  # fmt: skip

    def day_of_year(self, moment: datetime) -> Trusted:
        """A date with its year."""
        local = moment.astimezone(self._zone)
        return self.said("day_of_year", year=local.year, month=local.month, day=local.day)

    # What would be left

    def left(self, left: Left, kind: Kind) -> Trusted:
        """`28 个聊得起来的日子，剩 12 个`."""
        share: Share = getattr(left, kind)
        return self.said(f"left_{kind}", part=share.part, whole=share.whole)

    def short(self, left: Left, kind: Kind) -> Trusted:
        """`28 天里剩 12 天`, where it stands below what it is about."""
        share: Share = getattr(left, kind)
        if not share.whole:
            return self.said("left_nothing")
        return self.said(f"short_{kind}", part=share.part, whole=share.whole)

    def left_trend(self, kind: Kind, good: Good) -> tuple[str, Trend | None]:
        """How it was in the window before, and whether that is better."""
        before = self.report.before
        if before is None:
            return "", None
        then: Share = getattr(before.without_top, kind)
        moved = share_trend(getattr(self.report.figures.without_top, kind), then, good)
        return (self.moved(percent(then), moved), moved) if moved else ("", None)

    def moved(self, before: str, moved: Trend) -> Trusted:
        """`上期 43%，好转`."""
        return self.said(f"trend_{moved}", before=before)

    def owner(self) -> Trusted | None:
        """What would be left without the owner."""
        left = self.report.figures.without_owner
        if left is None:
            return None
        parts = [
            self.said("of_head", head=self.said(f"head_{kind}"), share=in_numbers(getattr(left, kind)))
            for kind, _ in KINDS
            if getattr(left, kind).whole
        ]
        if not parts:
            return None
        return self.said("without_owner", owner=self.names(left.silent), parts=Trusted("，".join(parts)))

    # The other figures

    def measures(self) -> Iterator[tuple[Trusted, Trusted, str, Trend | None]]:
        """Each with its name, its value in words, how it was before, and whether it got better."""
        found, before = self.report.figures, self.report.before
        if not found.messages:
            return
        yield self._number("absence", found.absence_factor, before.absence_factor if before else None)
        yield self._share("tenth", found.top_tenth, before.top_tenth if before else None)
        if found.owner_share is not None:
            yield self._share("owner", found.owner_share, before.owner_share if before else None)
        moved, then = None, ""
        if before is not None and before.messages:
            moved = trend(found.centralisation, before.centralisation, "less", SLIGHT)
            then = self.moved(f"{before.centralisation:.2f}", moved)
        value = self.said("value_central", value=f"{found.centralisation:.2f}")
        yield self.said("name_central"), value, then, moved
        yield self._number("hubs", len(found.hubs), None if before is None else len(before.hubs))

    def grade(self) -> Trusted:
        """The absence factor's place on its scale."""
        return self.said(f"grade_{absence_grade(self.report.figures.absence_factor)}")

    def _number(self, key: str, now: int, before: int | None) -> tuple[Trusted, Trusted, str, Trend | None]:
        said = self.said(f"value_{key}", count=now)
        if not before:
            return self.said(f"name_{key}"), said, "", None
        moved = trend(now, before, "more")
        return self.said(f"name_{key}"), said, self.moved(str(before), moved), moved

    def _share(
        self, key: str, now: Share, before: Share | None
    ) -> tuple[Trusted, Trusted, str, Trend | None]:
        said = self.said(f"value_{key}", share=percent(now), part=f"{now.part:,}", whole=f"{now.whole:,}")
        moved = share_trend(now, before, "less")
        then = self.moved(percent(before), moved) if moved and before else ""
        return self.said(f"name_{key}"), said, then, moved

    # Advice and remarks

    def advice(self) -> list[str]:
        """Two or three sentences that name people and what to do."""
        if not self.report.figures.messages:
            return []
        return [self._advised(piece) for piece in self.report.advice] or [self.said("advice_none")]

    def _advised(self, piece: Advice) -> str:
        if isinstance(piece, Invite):
            who = self.name(piece.member)
            return self.said("advice_invite", name=who, helped=piece.helped, days=piece.silent_days)
        if isinstance(piece, Introduce):
            who, guide = self.names(piece.members, NAMED, piece.count), self.name(piece.guide)
            return self.said("advice_introduce", names=who, guide=guide)
        if isinstance(piece, HandOn):
            return self._handed_on(piece.members)
        asked = Trusted("；".join(self._asked(one) for one in piece.questions))
        count = len(piece.questions)
        if isinstance(piece, LeaveRoom):
            key = "advice_leave_room_owner" if piece.is_owner else "advice_leave_room"
            name = self.name(piece.member)
            return self.said(key, name=name, days=piece.days, count=count, questions=asked)
        return self.said("advice_pass_on", days=piece.days, count=count, questions=asked)

    def _handed_on(self, members: Sequence[int]) -> str:
        return self.said("advice_hand_on", names=self.names(members)) if members else self.said("advice_few")

    def _asked(self, one: Asked) -> str:
        text = Trusted(self._cleaned(one.text, QUESTION_LENGTH))
        if not one.able:
            return self.said("asked", text=text)
        return self.said("asked_able", text=text, names=self.names(one.able, limit=2))

    def remarks(self) -> Iterator[Trusted]:
        """What one has to know about how it was counted."""
        report, found = self.report, self.report.figures
        yield self.said("remark_conversation", size=found.conversation_size)
        if report.began_at is not None and report.began_at > found.since + timedelta(days=1):
            yield self.said("remark_began", day=self.day_of_year(report.began_at))
        if report.missing:
            ends = [min(one.restored_at or found.until, found.until) for one in report.missing]
            lost = sum(
                (end - max(one.lost_at, found.since) for one, end in zip(report.missing, ends, strict=True)),
                timedelta(),
            )
            yield self.said("remark_missing", count=len(report.missing), lost=duration_said(lost))
        if report.left_out:
            yield self.said("remark_left_out", count=report.left_out)


def percent(share: Share | None) -> str:
    """`43%`; – for a share of nothing."""
    return "–" if share is None or share.value is None else f"{100 * share.value:.0f}%"


def in_numbers(share: Share) -> str:
    """`43%（12/28）`."""
    return f"{percent(share)}（{share.part}/{share.whole}）"


def as_short_text(report: Report, texts: Texts, room: int | None = None) -> str:
    """What goes with the picture: what would be left, and what to do."""
    said = Wording(report, texts, room)
    if not report.figures.messages:
        return as_text(report, texts, room)
    heading = [said.said("title", room=report.room), *_left_lines(said)]
    return "\n".join([*heading, "", *_advice_lines(said)])


def as_text(report: Report, texts: Texts, room: int | None = None) -> str:
    """The whole report for a phone, without a picture."""
    said = Wording(report, texts, room)
    lines: list[str] = [said.said("title", room=report.room), said.span()]
    if not report.figures.messages:
        return "\n".join([*lines, said.said("empty")])
    lines += ["", *_left_lines(said)]
    owner = said.owner()
    lines += [owner] if owner else []
    lines.append("")
    for name, value, then, _ in said.measures():
        lines.append(said.said("line_measure", name=name, value=value, then=_aside(then)))
    lines += _sections(said)
    return "\n".join([*lines, "", *said.remarks()])


def _sections(said: Wording) -> Iterator[str]:
    report = said.report
    if report.emerging:
        yield from ("", said.said("emerging_title"))
        yield from (
            said.said("line_emerging", name=one.name, sentence=one.sentence) for one in report.emerging
        )
    if report.topics:
        parts = [said.said("topic", name=one.name, people=one.people) for one in report.topics]
        yield from ("", said.said("line_topics", topics=Trusted("、".join(parts))))
    yield ""
    yield from _advice_lines(said)


def _left_lines(said: Wording) -> Iterator[str]:
    without = said.report.figures.without_top
    yield said.said("if_silent", names=said.names(without.silent))
    for kind, good in KINDS:
        if getattr(without, kind).whole:
            then, _ = said.left_trend(kind, good)
            yield said.said("line_left", left=said.left(without, kind), then=_aside(then))


def _advice_lines(said: Wording) -> Iterator[str]:
    yield said.said("advice_title")
    for number, piece in enumerate(said.advice(), 1):
        yield said.said("line_advice", number=number, piece=Trusted(piece))


def _aside(then: str) -> Trusted:
    return Trusted(f"（{then}）" if then else "")


class Remarks:
    """What is said around a report in a chat."""

    def __init__(self, texts: Texts, room: int | None) -> None:
        self._texts, self._room = texts, room

    def picture_name(self, day: str) -> Trusted:
        """What the picture's file is called on a phone."""
        return self._texts.render(CORE, "report.file_name", self._room, first, day=day)

    def instead_of_picture(self, words: str) -> Trusted:
        """The words of a report whose picture did not arrive."""
        heading = self._texts.render(CORE, "report.picture_lost", self._room, first)
        return Trusted(f"{heading}\n{words}")

    def not_made(self) -> Trusted:
        """There is no report this time."""
        return self._texts.render(CORE, "report.lost", self._room, first)
