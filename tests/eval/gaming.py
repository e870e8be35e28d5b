"""Can standing be gamed? Attackers and quiet experts are planted into real chat, and nights are reckoned.

Attackers and experts were written by people who had not seen the scorer, twice (`tests/eval/written/`): the
first collection before there was one, the later one after the first had been used for tuning.
Each scene takes a stretch of a real log, plants people of several kinds into its last weeks, and goes the
whole way of the bot: linker, exchanges, standing, nominees, two a night. Told together: how many attackers
were nominated, and how many experts were found before a talker (one of the five who say most then).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.analysis.daybook import day_book
from bot.analysis.lines import Link, heard
from bot.analysis.links import Linker
from bot.analysis.questions import question_chance
from bot.analysis.reckoning import Known, reckoned, texts_in
from bot.analysis.standing import RECENT, WINDOW
from tests.eval.frame import Figure, Missing, Options, Result, Row, Section, interval
from tests.eval.gaming_scenes import COLLECTIONS, PLANTED, Collection, Scene, played

NAME = "gaming"
FOLDER = "gitter"

A_NIGHT = 2
TALKERS = 5


@dataclass
class Told:
    """Who was nominated on which night, in the order of the list."""

    order: list[tuple[int, int]] = field(default_factory=list)

    def place(self, member: int) -> int | None:
        """Where in the order somebody came; None if never."""
        return next((at for at, (_, one) in enumerate(self.order) if one == member), None)


@dataclass(frozen=True)
class Outcome:
    """What a method did in one scene."""

    attackers: int
    nominated: tuple[str, ...]
    experts: int
    found: int
    first: int
    missed: tuple[str, ...]


def run(folder: Path, options: Options) -> Result:
    """Play the scenes with our standing and with the plain baselines."""
    logs = sorted(folder.glob("*.txt.gz")) + sorted(folder.glob("*.txt"))
    if not logs:
        raise Missing(f"no *.txt.gz in {folder.name or folder}/")
    return Result(
        NAME, [_section(one, list(played(logs, options.seed, one)), options) for one in COLLECTIONS]
    )


def _section(collection: Collection, scenes: Sequence[Scene], options: Options) -> Section:
    methods: dict[str, Callable[[Scene], Told]] = {
        "standing": by_standing,
        "raw message count": by_messages,
        "distinct people answered": by_people,
    }
    rows, notes = [], []
    for method, play in methods.items():
        outcomes = [judged(scene, play(scene)) for scene in scenes]
        rows.append(_row(method, outcomes, options))
        if method == "standing":
            notes = _notes(outcomes)
    attackers, experts = sum(len(s.attackers) for s in scenes), sum(len(s.experts) for s in scenes)
    title = f"{collection.title}: {len(scenes)} scenes, {attackers} attackers, {experts} quiet experts"
    return Section(title, rows, notes)


# The methods


def nights(scene: Scene) -> Iterator[tuple[int, datetime]]:
    """Every night from the day on which the plants begin, until two days after they end."""
    first = scene.start.replace(hour=20, minute=20, second=0, microsecond=0) + timedelta(days=1)
    for night in range(PLANTED + 2):
        yield night, first + timedelta(days=night)


def by_standing(scene: Scene) -> Told:
    """The whole way of the bot."""
    linker, told = Linker(scene.names), Told()
    links = [linker.add(line) for line in scene.lines]
    asking = {line.id: question_chance(line.text) for line in scene.lines if line.kind == "text"}
    levels: dict[int, int] = {}
    done: set[int] = set()
    for night, now in nights(scene):
        lines = [line for line in scene.lines if now - WINDOW < line.at < now]
        known = {line.id for line in lines}
        ours: list[Link] = [link for link in links if link.message in known]
        days = day_book(heard(lines, ours, asking), UTC).all_days()
        reckoning = reckoned(days, texts_in(lines), Known(levels=levels), now, UTC)
        levels = {member: one.level for member, one in reckoning.standings.items()}
        _nominate(told, done, night, [one.member for one in reckoning.nominees])
    return told


def by_messages(scene: Scene) -> Told:
    """Whoever said most in the last three weeks."""
    told, done = Told(), set[int]()
    for night, now in nights(scene):
        count = Counter(line.member for line in scene.lines if now - RECENT < line.at < now)
        _nominate(told, done, night, [member for member, _ in count.most_common()])
    return told


def by_people(scene: Scene) -> Told:
    """Whoever answered most distinct people in the last three weeks, by the same links, and nothing else."""
    linker, told, done = Linker(scene.names), Told(), set[int]()
    author = {line.id: line for line in scene.lines}
    pairs = []
    for line in scene.lines:
        link = linker.add(line)
        if link.answers is not None and author[link.answers].member != line.member:
            pairs.append((line.at, line.member, author[link.answers].member))
    for night, now in nights(scene):
        helped = {(helper, asker) for at, helper, asker in pairs if now - RECENT < at < now}
        count = Counter(helper for helper, _ in helped)
        _nominate(told, done, night, [member for member, number in count.most_common() if number >= 3])
    return told


def _nominate(told: Told, done: set[int], night: int, best: Sequence[int]) -> None:
    for member in [one for one in best if one not in done][:A_NIGHT]:
        done.add(member)
        told.order.append((night, member))


# Judging


def judged(scene: Scene, told: Told) -> Outcome:
    """How a method did: a talker is who says most while the plants act, planted or not, experts apart."""
    since = [
        line.member for line in scene.lines if line.at >= scene.start and line.member not in scene.experts
    ]
    talkers = [member for member, _ in Counter(since).most_common(TALKERS)]
    places = [place for one in talkers if (place := told.place(one)) is not None]
    first_talker = min(places, default=len(told.order))
    found = {one: place for one in scene.experts if (place := told.place(one)) is not None}
    first = [one for one, place in found.items() if place < first_talker]
    nominated = [kind for one, kind in scene.attackers.items() if told.place(one) is not None]
    missed = [kind for one, kind in scene.experts.items() if one not in first]
    return Outcome(
        len(scene.attackers), tuple(nominated), len(scene.experts), len(found), len(first), tuple(missed)
    )


def _row(method: str, outcomes: Sequence[Outcome], options: Options) -> Row:
    nominated = sum(len(one.nominated) for one in outcomes)

    def share(of: Callable[[Outcome], int], parts: Sequence[Outcome]) -> float:
        return 100 * sum(of(one) for one in parts) / max(1, sum(one.experts for one in parts))

    before = interval(outcomes, lambda parts: share(lambda one: one.first, parts), options)
    found = interval(outcomes, lambda parts: share(lambda one: one.found, parts), options)
    ours = method == "standing"
    count = Figure(nominated, places=0)
    figures = {
        "attackers_nominated": count.against(0, at_most=True) if ours else count,
        "experts_before_a_talker": before.against(90) if ours else before,
        "experts_found": found,
    }
    return Row(method, figures, ours=ours)


def _notes(outcomes: Sequence[Outcome]) -> list[str]:
    """What went wrong, by kind."""
    notes = []
    nominated = Counter(kind for one in outcomes for kind in one.nominated)
    missed = Counter(kind for one in outcomes for kind in one.missed)
    for words, counted in (("attackers nominated", nominated), ("experts not found first", missed)):
        if counted:
            notes.append(
                f"{words}: " + ", ".join(f"{kind} {number}" for kind, number in counted.most_common())
            )
    return notes
