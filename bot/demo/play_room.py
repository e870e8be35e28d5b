"""The simulated group that one can step into: what is typed happens, and the bot answers."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from bot.demo import thrown_away
from bot.demo.play_lines import EMPTY_LINE, Move, move_meant
from bot.demo.script import Line, Story
from bot.demo.stage import Audience, Performance, Shown, heading
from bot.demo.words import said
from bot.testing import Stage

OPENS_AT = time(9)
A_MOMENT = timedelta(seconds=20)
"""How long a line takes: time enough for the bot to answer it."""
AT_ONCE = timedelta(hours=1)
"""A longer wait is made in steps, so that it can be broken off."""
AT_BOT = "@机器人"


@dataclass(slots=True)
class PlayRoom:
    """The group with the bot in it, and the clock that stands still between lines.

    `over`: somebody has said 退出. `broken_off` can be set from anywhere, and ends a long wait.
    """

    stage: Stage
    story: Story
    over: bool = False
    broken_off: bool = False
    _performance: Performance = field(init=False)
    _first_day: date = field(init=False)
    _day: date = field(init=False)

    def __post_init__(self) -> None:
        self._performance = Performance(self.stage, self.story)
        self._day = self._first_day = self._now().date()

    def opening(self) -> list[str]:
        """What one is told when one steps in."""
        people = "、".join(name for name in self.story.members if name != self.story.owner)
        return [
            said("play.title", group=self.story.group),
            said("play.people", owner=self.story.owner, people=people),
            *said("play.help").splitlines(),
        ]

    def moment(self) -> str:
        """Where the clock stands, and how many are there."""
        return said("play.moment", people=len(self._performance.room.room.members), **self._clock())

    def do(self, typed: str, audience: Sequence[Audience]) -> None:
        """Let happen what is typed, and show what comes of it, as it happens."""
        for shown in self._happening(move_meant(typed, self.story.owner)):
            day = shown.at.date()
            for one in audience:
                if day != self._day:
                    one.day(heading(day, self._first_day))
                one.show(shown)
            self._day = day
        for one in audience:
            one.line_done()

    def hear_the_rest(self) -> None:
        """Nobody is there any more to read what the bot says now."""
        deque(self._performance.pass_time(self._now()), maxlen=0)

    # What happens

    def _happening(self, move: Move) -> Iterator[Shown]:
        bot = self.stage.puppet.me.name
        if move.what == "quit":
            self.over = True
        elif move.what == "help":
            yield from map(self.aside, said("play.help").splitlines())
        elif move.what == "wait":
            yield from self._wait(self._now() + move.span)
            if move.span > EMPTY_LINE:
                yield self.aside(said("play.clock", **self._clock()))
        elif move.what == "wait_until":
            yield from self._wait(self.stage.at(move.clock))
            yield self.aside(said("play.clock", **self._clock()))
        elif move.what == "unclear":
            yield self.aside(said("play.unclear"))
        elif move.what == "no_time":
            yield self.aside(said("play.no_time"))
        elif {bot, AT_BOT.removeprefix("@")} & set(move.who):
            yield self.aside(said("play.bot_itself", bot=bot))
        else:
            yield from self._act(replace(move, words=move.words.replace(AT_BOT, f"@{bot}")))

    def _act(self, move: Move) -> Iterator[Shown]:
        present = self._present()
        if move.what == "leave":
            yield from self._come_or_go(move, [name for name in move.who if name in present], "leave")
        elif move.what == "join":
            yield from self._come_or_go(move, [name for name in move.who if name not in present], "join")
        else:
            newcomers = [name for name in move.who if name not in present]
            if newcomers and move.what == "say":
                yield from self._play("join", newcomers)
            self._get_to_know(move.who)
            yield from self._play("" if move.what == "say" else "private", move.who, move.words)
        yield from self._wait(self._now() + A_MOMENT)

    def _come_or_go(self, move: Move, who: list[str], direction: str) -> Iterator[Shown]:
        if who:
            yield from self._play(direction, who)
        others = "、".join(name for name in move.who if name not in who)
        if others:
            yield self.aside(said(f"play.cannot_{direction}", who=others))

    def _play(self, direction: str, who: Iterable[str], words: str = "") -> Iterator[Shown]:
        names = tuple(dict.fromkeys(who))
        self._get_to_know(names)
        yield from self._performance.play(Line(self._now(), names, direction, "", words))

    def _get_to_know(self, names: Iterable[str]) -> None:
        for name in names:
            self._performance.people.setdefault(name, self.stage.person(name))

    def _wait(self, until: datetime) -> Iterator[Shown]:
        while self._now() < until and not self.broken_off:
            yield from self._performance.pass_time(min(until, self._now() + AT_ONCE))

    # Who and when

    def _present(self) -> set[str]:
        return {person.name for person in self._performance.room.room.members.values()}

    def _clock(self) -> dict[str, object]:
        now = self._now()
        weekday = said("weekdays").split("|")[now.weekday()]
        return {"month": now.month, "day": now.day, "weekday": weekday, "time": f"{now:%H:%M}"}

    def _now(self) -> datetime:
        return self.stage.clock.now().astimezone(self.story.zone)

    def aside(self, text: str) -> Shown:
        """A word to whoever plays."""
        return Shown(self._now(), "group", text)


@contextmanager
def stepped_in(story: Story) -> Iterator[PlayRoom]:
    """The group of a story before anything has happened in it, in a folder that is thrown away."""
    begins = datetime.combine(story.days[0].date, OPENS_AT, story.zone)
    empty = replace(story, days=(), people={}, fill={}, live=True)
    with thrown_away() as folder, Stage(folder, start=begins) as stage:
        room = PlayRoom(stage, empty)
        yield room
        room.hear_the_rest()
