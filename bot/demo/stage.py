"""Plays a script on a `Stage`: people's lines come from the script, the bot's words from the bot."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal, Protocol

from bot.authority import new_code
from bot.demo.script import Day, Line, ScriptMistake, Story
from bot.demo.words import said, told
from bot.gateway.cast import Said, Sent
from bot.messages import CORE
from bot.testing import Player, Stage, StageRoom

Place = Literal["group", "private"]

ANSWERS_WITHIN = timedelta(seconds=90)
ROUNDS_EVERY = timedelta(minutes=10)
"""How often the bot compares member lists here: half as often as otherwise, so that two weeks pass sooner."""
AFTERWARDS = timedelta(minutes=5)
"""How long one still listens after the last line."""
OF_FRIENDS = frozenset({"accept_friend", "accept_invitation"})

_AT = re.compile("@([^\\s\u2005，。！？、：,!?]+)")
_AT_AND_SPACE = re.compile("(@[^\\s\u2005]+) ")
_FILL = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing for the audience to see. What nobody says (joins, notes, a terminal) has no `who`.

    `who` is the name that people see, `person` the script's name: two people may bear one name. `to` is the
    other one in a private talk.
    """

    at: datetime
    place: Place
    text: str
    who: str = ""
    person: str = ""
    is_bot: bool = False
    to: str = ""
    quote: tuple[str, str] | None = None


class Audience(Protocol):
    """Whoever a performance is played to."""

    def day(self, heading: str) -> None:
        """A new day begins."""

    def show(self, shown: Shown) -> None:
        """Something is said or happens."""

    def line_done(self) -> None:
        """A line of the script has been played, and all that came of it at once."""


@dataclass(slots=True)
class Performance:
    """One playing of a story on a stage that stands at the story's beginning."""

    stage: Stage
    story: Story
    people: dict[str, Player] = field(default_factory=dict, init=False)
    _room: StageRoom | None = field(default=None, init=False)
    _shown: deque[Shown] = field(default_factory=deque, init=False)
    _said: list[tuple[str, Said | None, str]] = field(default_factory=list, init=False)
    _told: dict[str, list[str]] = field(default_factory=dict, init=False)
    _acts_seen: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.stage.heard = self._heard
        self.stage.app.rounds.every = ROUNDS_EVERY
        for name in self.story.names():
            self.people[name] = self.stage.person(name)
            if name in self.story.people:
                self.people[name].person.rename(self.story.people[name])
        if self.story.live:
            self._open()

    @property
    def room(self) -> StageRoom:
        """The group; it exists from the line on at which the bot is invited."""
        if self._room is None:
            raise ScriptMistake("the bot is not in the group yet")
        return self._room

    def play(self, line: Line) -> Iterator[Shown]:
        """Let time pass until the line, then let it happen; what there is to see, as it happens."""
        yield from self.pass_time(line.at)
        self._do(line)
        yield from self._new()

    def pass_time(self, until: datetime) -> Iterator[Shown]:
        """Let time pass; what the bot says meanwhile."""
        going_on = True
        while going_on:
            going_on = self.stage.advance_to_next(until)
            yield from self._new()

    # What people do

    def _do(self, line: Line) -> None:
        words = self._filled(line)
        if line.direction == "invites":
            self._open()
            self._see(said("event.invited", who=self.story.owner, bot=self._bot))
        elif line.direction == "pair":
            self._print_code()
        elif line.direction == "restart":
            self.stage.restart()
            self.stage.app.rounds.every = ROUNDS_EVERY
        elif line.direction.startswith("join"):
            self.room.room.join(*(self.people[one].person for one in line.who), told=line.direction == "join")
        for name in line.who:
            self._act(line, name, words)
        self._tell_what_happened(line, words)
        self.stage.settle()

    def _act(self, line: Line, name: str, words: str) -> None:
        player = self.people[name]
        if line.direction == "private":
            self._see(words, "private", name, to=self._bot)
            player.whispers(words)
        elif line.direction == "befriends":
            self._see(said("event.befriends", who=self._name(name), words=words), "private")
            player.person.request_friendship(words)
        elif line.direction.startswith("leave"):
            player.leaves(self.room, told=line.direction == "leave")
        elif line.direction == "takes back":
            mine = next((one for who, one, _ in reversed(self._said) if who == name), None)
            if mine is None:
                raise ScriptMistake(f"{name} has said nothing yet")
            player.person.recall(mine)
        elif line.direction in ("", "quotes"):
            self._speak(name, words, line.about)

    def _speak(self, name: str, words: str, about: str) -> None:
        quoted = self._quoted(about) if about else None
        mentioned = [self.people[one] for one in _AT.findall(words) if one in self.people]
        text = _AT_AND_SPACE.sub("\\1\u2005", words)
        kinds = [kind for mark, kind in self.story.kinds.items() if words.startswith(mark)]
        self._see(text, "group", name, quote=quoted and (self._name(quoted[0]), quoted[2]))
        message = self.people[name].says(
            self.room, text, mention=mentioned, at_bot=f"@{self._bot}" in words,
            kind=kinds[0] if kinds else "text", quote=quoted and (quoted[1] or (self._bot, quoted[2])),
        )  # fmt: skip
        self._said.append((name, message, text))

    def _tell_what_happened(self, line: Line, words: str) -> None:
        """What no message shows by itself."""
        if line.direction in ("note", "restart"):
            self._see(words)
        elif line.direction in ("join", "join unseen", "leave", "leave unseen", "takes back"):
            names = "、".join(self._name(name) for name in line.who)
            self._see(said("event." + line.direction.replace(" ", "_"), who=names))

    def _open(self) -> None:
        """The group comes into being, with the bot in it."""
        live = self.story.live
        owner = self.story.owner if live else ""
        members = [name for name in self.story.members if name != owner]
        self._room = self.stage.room(self.story.group, members=members, owner=owner, live=live)
        self._shown.clear()

    def _print_code(self) -> None:
        """What `qunxing pair` does on the machine where the bot runs."""
        code = self.stage.write(lambda session: new_code(session, [], self.stage.clock.now()))
        printed = self.stage.app.services.texts.render(CORE, "pair.code", None, code=code, bot=self._bot)
        self._told.setdefault("", []).append(printed)
        self._see(f"{said('event.terminal')}\n{printed}", "private")

    # What the bot does

    @property
    def _bot(self) -> str:
        return self.stage.puppet.me.name

    def _heard(self, sent: Sent) -> None:
        """The bot says something."""
        self._see_acts()
        text = sent.text or said("event.file", name=sent.file_name)
        if sent.room is not None:
            self._said.append((self._bot, None, text))
            self._told.setdefault("", []).append(text)
            self._see(text, "group", self._bot, is_bot=True)
        elif sent.person is not None:
            name = next(name for name, one in self.people.items() if one.person is sent.person)
            self._told.setdefault(name, []).append(text)
            self._see(text, "private", self._bot, is_bot=True, to=name)

    def _see_acts(self) -> None:
        for done in self.stage.puppet.done[self._acts_seen :]:
            person = self.stage.puppet.people.get(done.person)
            what = person.name if person else done.text
            place: Place = "private" if done.act in OF_FRIENDS else "group"
            self._see(told(f"act.{done.act}", bot=self._bot, what=what), place)
        self._acts_seen = len(self.stage.puppet.done)

    # Inside

    def _see(
        self, text: str, place: Place = "group", person: str = "", *, is_bot: bool = False, to: str = "",
        quote: tuple[str, str] | None = None,
    ) -> None:  # fmt: skip
        at = self.stage.clock.now().astimezone(self.story.zone)
        who = self._name(person) if person else ""
        self._shown.append(Shown(at, place, text, who, person, is_bot, to, quote))

    def _new(self) -> Iterator[Shown]:
        """What has happened since; all that the bot said counts as heard."""
        self._see_acts()
        for place in (*self.people.values(), *([self._room] if self._room else [])):
            place.unread.clear()
        while self._shown:
            yield self._shown.popleft()

    def _name(self, person: str) -> str:
        player = self.people.get(person)
        return player.person.name if player else person

    def _quoted(self, about: str) -> tuple[str, Said | None, str]:
        found = next((one for one in reversed(self._said) if about in one[2]), None)
        if found is None:
            raise ScriptMistake(f"nobody said {about!r}")
        return found

    def _filled(self, line: Line) -> str:
        """The line's words, with what the bot really said in place of the `{…}` that the story knows."""

        def fill(blank: re.Match[str]) -> str:
            return self._word(blank[1], line.who) if blank[1] in self.story.fill else blank[0]

        return _FILL.sub(fill, line.words)

    def _word(self, name: str, who: tuple[str, ...]) -> str:
        pattern, limit = self.story.fill[name], self.stage.clock.now() + ANSWERS_WITHIN
        waiting = True
        while waiting:
            own = [text for one in ("", *who) for text in self._told.get(one, [])]
            others = [text for one, texts in self._told.items() if one not in ("", *who) for text in texts]
            told = [*others, *own]  # what the bot told another one is heard from them, at a table, say
            found = next(filter(None, map(pattern.search, reversed(told))), None)
            if found is not None:
                return found[1]
            waiting = self.stage.advance_to_next(limit)
        raise ScriptMistake(f"the bot told {who} nothing that matches {pattern.pattern}")


def perform(performance: Performance, audience: Sequence[Audience]) -> None:
    """Play the whole story to everybody who watches."""
    story = performance.story
    for day in story.days:
        midnight = datetime.combine(day.date, time(), story.zone)
        _show(performance.pass_time(midnight), audience)
        for one in audience:
            one.day(heading_of(day, story))
        for line in day.lines:
            _show(performance.play(line), audience)
            for one in audience:
                one.line_done()
    _show(performance.pass_time(story.lines[-1].at + AFTERWARDS), audience)


def heading_of(day: Day, story: Story) -> str:
    """`第 3 天 · 3 月 4 日 周三 · …`"""
    return heading(day.date, story.days[0].date, day.title)


def heading(day: date, first: date, title: str = "") -> str:
    """The heading of a day, counted from the first one."""
    values = {
        "number": (day - first).days + 1,
        "month": day.month,
        "day": day.day,
        "weekday": said("weekdays").split("|")[day.weekday()],
    }
    return said("day_titled", title=title, **values) if title else said("day", **values)


def _show(what: Iterator[Shown], audience: Sequence[Audience]) -> None:
    for shown in what:
        for one in audience:
            one.show(shown)
