"""The stage for the later plants: own words and troubles, own names, people who type in their own way.

`staged` makes a generator of the agreed form, `(rng, start, days, members, *, lang="en") -> Plant`, of a
function that fills a `Talk`. A `Talk` keeps account of who really helped whom (`helped`); the scorer never
sees that, it is for looking after the plants themselves.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec
from urllib.parse import quote

from tests.eval.written.attacks import Plant, Said, Scene

Generator = Callable[..., Plant]  # (rng, start, days, members, *, lang="en")
_P = ParamSpec("_P")

BOOK: dict[str, dict[str, Any]] = {
    lang: json.loads(Path(__file__).with_name(f"words_later_{lang}.json").read_text("utf-8"))
    for lang in ("en", "zh")
}
STYLES = ("plain", "plain", "plain", "capital", "dots", "stop", "smile")
FEWEST = 8  # a log with fewer members gets some more, who are as real as the others


@dataclass(frozen=True)
class Trouble:
    """Something that somebody needs, with all that is said about it."""

    tongue: str
    ask: tuple[str, ...]
    solve: tuple[str, ...]  # the same solution in other words
    parts: tuple[str, ...]  # the same in short lines
    follow: str  # what the asker asks then
    more: str
    topic: str
    back: str  # what a helper would ask first
    given: str
    link: str
    slow: bool = False  # whether it can only be tried later


def _trouble(lang: str, one: dict[str, Any]) -> Trouble:
    values: dict[str, Any] = {k: tuple(said) if isinstance(said, list) else said for k, said in one.items()}
    return Trouble(tongue=lang, **values)


TROUBLES: dict[str, list[Trouble]] = {
    lang: [_trouble(lang, one) for one in book["troubles"]] for lang, book in BOOK.items()
}


@dataclass
class Talk(Scene):
    """A scene with its own words; draws everything from shuffled decks, so that repeats come late."""

    span: int = 35  # how many of the last days are used
    voice: str = ""
    slow: bool = False  # whether the trouble of the moment is
    decks: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    styles: dict[str, str] = field(default_factory=dict)
    helped: list[tuple[str, str, datetime]] = field(default_factory=list)  # helper, asker, when

    # words

    def tongue(self) -> str:
        return self.voice if self.lang == "mixed" and self.voice else super().tongue()

    def draw(self, key: str, items: Sequence[Any] | None = None) -> Any:
        """The next of a deck of words (or of the items given) in the tongue of the moment."""
        tongue = self.tongue()
        deck = self.decks.setdefault((tongue, key), [])
        if not deck:
            deck += BOOK[tongue][key] if items is None else items
            self.rng.shuffle(deck)
        return deck.pop()

    def word(self, key: str, **more: str) -> str:
        text: str = self.draw(key)
        return text.format(**{"who": "", "other": "", "topic": "", "query": "", **more})

    def trouble(self, quick: bool = False) -> Trouble:
        """The next trouble; in a mixed chat it also settles in which tongue the talk goes on."""
        self.voice = self.rng.choice(("en", "zh"))
        bank = TROUBLES[self.tongue()]
        found: Trouble = self.draw("trouble", bank)
        while quick and found.slow:
            found = self.draw("trouble", bank)
        self.slow = found.slow
        return found

    def resume(self, trouble: Trouble) -> None:
        """Comes back to a trouble after something else."""
        self.voice, self.slow = trouble.tongue, trouble.slow

    def typed(self, name: str, text: str) -> str:
        """A text as this person would type it."""
        style = self.styles.setdefault(name, self.rng.choice(STYLES))
        latin = not any("一" <= sign <= "龥" for sign in text)
        if style == "capital":
            return text[0].upper() + text[1:]
        if style == "dots" and text[-1] not in ".?!？！。…" and self.rng.random() < 0.5:
            return text + (".." if latin else "……")
        if style == "stop" and text[-1] not in ".?!？！。…)":
            return text + ("." if latin else "。")
        if style == "smile" and self.rng.random() < 0.3:
            return text + (" :)" if latin else "😄")
        return text

    def led(self, key: str, text: str) -> str:
        """A text with something before it now and then."""
        return self.word(key) + text if self.rng.random() < 0.25 else text

    def model_text(self, topic: str) -> str:
        """What a language model says when it knows nothing: polite, well ordered, no help."""
        bodies = self.rng.sample(BOOK[self.tongue()]["modelbody"], self.rng.randint(2, 4))
        body = [text.format(topic=topic) for text in bodies]
        between = " " if self.tongue() == "en" else ""
        close = [self.word("modelclose")] if self.rng.random() < 0.8 else []
        return between.join([self.word("modelopen", topic=topic), *body, *close])

    def search_link(self, topic: str) -> str:
        return self.word("search", query=quote(topic))

    # people

    def newcomer(self, junk: bool = False) -> str:
        while True:
            self.voice = self.rng.choice(("en", "zh"))
            name: str = self.draw("names")
            tail: str = self.rng.choice(BOOK[self.tongue()]["tails"])
            name += str(self.rng.randint(100, 999)) if junk else tail
            if name.casefold() not in self.taken:
                self.taken.add(name.casefold())
                return name

    def askers(self, count: int) -> list[str]:
        """Members, each once as long as there are others."""
        found: list[str] = []
        while len(found) < count:
            found += self.rng.sample(self.members, len(self.members))
        return found[:count]

    # clock

    @property
    def dawn(self) -> datetime:
        """The first midnight of the time."""
        night = self.start.replace(hour=0, minute=0, second=0, microsecond=0)
        return night if night == self.start or self.days < 2 else night + timedelta(days=1)

    @property
    def whole(self) -> int:
        """How many whole days there are."""
        return max(1, (self.end - self.dawn) // timedelta(days=1))

    def hour(self, day: int, low: float = 7.0, high: float = 20.0) -> datetime:
        at = self.dawn + timedelta(days=day, seconds=int(self.rng.triangular(low, high) * 3600))
        return max(at, self.start)

    def moment(self, since: float = 0.0, until: float = 1.0) -> datetime:
        days = min(self.whole, self.span)
        day = min(int(self.rng.uniform(since, until) * days), days - 1)
        return self.hour(self.whole - days + day)

    def dates(self, count: int, last: int = 28, high: float = 20.0) -> list[datetime]:
        """Moments on different days out of the last ones, with a day between them where there is room."""
        days = min(max(1, last), self.whole)
        if days >= 2 * count:
            tight = sorted(self.rng.sample(range(days - count + 1), count))
            chosen = [day + i for i, day in enumerate(tight)]
        else:
            chosen = sorted(self.rng.sample(range(days), min(days, count)))
            chosen = sorted(chosen + self.rng.choices(chosen, k=count - len(chosen)))
            high = min(high, 14.0)  # on different days in China, too
        return sorted(self.hour(self.whole - days + day, 7.0, high) for day in chosen)

    # lines

    def naming(self, at: datetime, name: str, text: str, other: str) -> int:
        """A line that names somebody in its text."""
        self.lines.append(Said(min(at, self.end), name, text, (other,)))
        return len(self.lines) - 1

    def small_talk(self, at: datetime, one: str, other: str) -> datetime:
        """A little about nothing between two people."""
        said, back, again = self.draw("chats")
        line = self.say(at, one, self.typed(one, said))
        at = self.later(at, 15, 400)
        line = self.reply(at, other, self.typed(other, back), line, 0.3)
        if self.rng.random() < 0.5:
            at = self.later(at, 15, 300)
            self.reply(at, one, self.typed(one, again), line, 0.2)
        return at

    def mingle(self, name: str, at: datetime) -> datetime:
        """Small talk of this person with one of the log's own people; either may begin."""
        self.voice = ""
        pair = [name, self.member(name)]
        self.rng.shuffle(pair)
        return self.small_talk(at, *pair)

    def ask(self, at: datetime, asker: str, trouble: Trouble, to: str | None = None) -> int:
        text = self.rng.choice(trouble.ask)
        text = text if text.startswith(("求助", "请教", "救命")) else self.led("asklead", text)
        return self.say(at, asker, self.typed(asker, text), to)

    def solve(self, at: datetime, helper: str, trouble: Trouble, line: int, direct: float = 0.5) -> int:
        text = self.led("solvelead", self.rng.choice(trouble.solve))
        return self.reply(at, helper, self.typed(helper, text), line, direct)

    def go_on(
        self, at: datetime, helper: str, trouble: Trouble, answer: int, asker: str, direct: float = 0.5
    ) -> tuple[datetime, int]:
        """The asker asks one thing more and gets it."""
        at = self.later(at, 90, 1500)
        more = self.reply(at, asker, self.typed(asker, trouble.follow), answer, direct)
        at = self.later(at, 40, 900)
        return at, self.reply(at, helper, self.typed(helper, trouble.more), more, direct)

    def close(
        self, at: datetime, asker: str, answer: int, key: str | None, direct: float = 0.5, **more: str
    ) -> datetime:
        """What the asker says at the end, if anything."""
        if key is None:
            return at
        if self.slow:  # nobody can know yet
            key = {"thanks": "trythanks", "works": "try"}.get(key, key)
        at = self.later(at, 20, 1800)
        self.reply(at, asker, self.typed(asker, self.word(key, **more)), answer, direct)
        return at

    def ending(self, thanks: float, works: float) -> str | None:
        """Thanks, a plain "works", or nothing, as likely as told."""
        dice = self.rng.random()
        return "thanks" if dice < thanks else "works" if dice < thanks + works else None

    def aid(
        self,
        at: datetime,
        asker: str,
        helper: str,
        *,
        wait: tuple[float, float] = (60, 1500),
        end: str | None = "thanks",
        direct: float = 0.5,
        follow: float = 0.3,
        real: bool = False,
        to: str | None = None,
    ) -> datetime:
        """Asks, is answered well, maybe asks on, says something at the end; `real` if it is no theatre."""
        trouble = self.trouble()
        asked = self.ask(at, asker, trouble, to)
        at = self.later(at, *wait)
        answer = self.solve(at, helper, trouble, asked, direct)
        if not trouble.slow and self.rng.random() < follow:
            at, answer = self.go_on(at, helper, trouble, answer, asker, direct)
        if real:
            self.helped.append((helper, asker, at))
        return self.close(at, asker, answer, end, direct)


def talk(rng: random.Random, start: datetime, days: int, members: Sequence[str], lang: str) -> Talk:
    start = start.replace(tzinfo=UTC) if start.tzinfo is None else start.astimezone(UTC)
    made = Talk(rng, start, max(1, days), list(members), lang, at_sign=rng.random() < 0.6 or lang == "zh")
    made.taken = {name.casefold() for name in members}
    while len(made.members) < FEWEST:
        made.members.append(made.newcomer())
    return made


def staged(body: Callable[[Talk], Plant]) -> Generator:
    """A generator of the agreed form of what happens on the stage."""

    @wraps(body)
    def make(
        rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
    ) -> Plant:
        return body(talk(rng, start, days, members, lang))

    return make
