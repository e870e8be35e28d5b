"""Can standing be gamed? Attackers and quiet experts are planted into real chat, and nights are reckoned.

Attackers and experts were written by somebody who had not seen the scorer (`tests/eval/written/attacks.py`).
Each scene takes a stretch of a real log, plants people of several kinds into its last weeks, and goes the
whole way of the bot: linker, exchanges, standing, nominees, two a night. Told together: how many attackers
were nominated, and how many experts were found before a talker (one of the five who say most then).
"""

from __future__ import annotations

import gzip
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.analysis.daybook import day_book
from bot.analysis.lines import Line, Link, heard
from bot.analysis.links import Linker
from bot.analysis.questions import question_chance
from bot.analysis.reckoning import Known, reckoned, texts_in
from bot.analysis.standing import RECENT, WINDOW
from tests.eval.frame import Figure, Missing, Options, Result, Row, Section, interval
from tests.eval.written import attacks
from tests.eval.written.attacks import Plant, Said

NAME = "gaming"
FOLDER = "gitter"

SCENES = 18
"""How many scenes are played, half of them in each log if there are two."""

BEFORE, PLANTED = 42, 28
"""Days of real talk before the plants come, and days in which they act."""

ATTACKS_EACH, EXPERTS_EACH = 4, 2
A_NIGHT = 2
TALKERS = 5
LEAST_LINES = 300

_HEAD = re.compile(r"\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\] <([^>\n]*)> ?(.*)")
_NAMED = re.compile(r"@([\w-]+)")


@dataclass(frozen=True)
class Scene:
    """A stretch of a log with plants in it; of each planted person of what kind they are."""

    lines: list[Line]
    names: Mapping[int, tuple[str, ...]]
    start: datetime
    attackers: Mapping[int, str]
    experts: Mapping[int, str]


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
    scenes = list(played(logs, options.seed))
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
    title = f"{len(scenes)} scenes, {sum(len(s.attackers) for s in scenes)} attackers, "
    title += f"{sum(len(s.experts) for s in scenes)} quiet experts"
    return Result(NAME, [Section(title, rows, notes)])


def played(logs: Sequence[Path], seed: int) -> Iterator[Scene]:
    """The scenes, the same for the same seed; each kind of attack and expert comes in turn."""
    dice = random.Random(seed)
    talks = [read_log(path) for path in logs]
    kinds = _turns(dice, list(attacks.ATTACKS)), _turns(dice, list(attacks.EXPERTS))
    for number in range(SCENES):
        talk = talks[number % len(talks)]
        first, last = talk[0].at, talk[-1].at - timedelta(days=BEFORE + PLANTED)
        for _ in range(50):
            begin = first + (last - first) * dice.random()
            start = begin + timedelta(days=BEFORE)
            own = [one for one in talk if begin <= one.at < start + timedelta(days=PLANTED)]
            if len(own) >= LEAST_LINES:
                break
        chosen = [next(kinds[0]) for _ in range(ATTACKS_EACH)] + [next(kinds[1]) for _ in range(EXPERTS_EACH)]
        yield scene_of(own, start, chosen, dice)


def _turns(dice: random.Random, kinds: list[str]) -> Iterator[str]:
    while True:
        dice.shuffle(kinds)
        yield from kinds


def read_log(path: Path) -> list[Said]:
    """The lines of a log; one without a head continues the one before."""
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8")
    found: list[Said] = []
    for line in text.splitlines():
        head = _HEAD.match(line)
        if head is not None:
            at = datetime.fromisoformat(head[1]).replace(tzinfo=UTC)
            found.append(Said(at, head[2], head[3]))
        elif found:
            last = found[-1]
            found[-1] = Said(last.at, last.name, f"{last.text}\n{line.rstrip()}")
    return sorted(found, key=lambda one: one.at)


def scene_of(own: list[Said], start: datetime, kinds: Sequence[str], dice: random.Random) -> Scene:
    """Real lines with the plants among them, as the bot would have them."""
    active = Counter(one.name for one in own)
    members = [name for name, _ in active.most_common()]
    plants = [_plant(kind, dice, start, members) for kind in kinds]
    said: list[tuple[datetime, int, int, Said]] = [(one.at, -1, at, one) for at, one in enumerate(own)]
    for number, (_, plant) in enumerate(plants):
        said += [(one.at, number, at, one) for at, one in enumerate(plant.lines)]
    said.sort(key=lambda one: one[:3])
    keys = {name: number for number, name in enumerate(dict.fromkeys(one[3].name for one in said), start=1)}
    ids = {(plant, at): number for number, (_, plant, at, _) in enumerate(said, start=1)}
    lines = [
        _line(number, one, plant, keys, ids, said) for number, (_, plant, _, one) in enumerate(said, start=1)
    ]
    roles: list[dict[int, str]] = [{}, {}]
    for kind, plant in plants:
        for role, people in enumerate((plant.attackers, plant.experts)):
            roles[role] |= {keys[name]: kind for name in people if name in keys}
    return Scene(lines, {key: (name,) for name, key in keys.items()}, start, roles[0], roles[1])


def _plant(kind: str, dice: random.Random, start: datetime, members: list[str]) -> tuple[str, Plant]:
    make = attacks.ATTACKS.get(kind) or attacks.EXPERTS[kind]
    return kind, make(random.Random(dice.random()), start, PLANTED, members, lang="en")


def _line(
    number: int, one: Said, plant: int, keys: Mapping[str, int], ids: Mapping[tuple[int, int], int],
    said: Sequence[tuple[datetime, int, int, Said]],
) -> Line:  # fmt: skip
    named = dict.fromkeys([*one.mentions, *_NAMED.findall(one.text)])
    mentions = tuple(keys[name] for name in named if name in keys and name != one.name)
    quotes = None if one.quotes is None else ids[plant, one.quotes]
    quoted = None if quotes is None else keys[said[quotes - 1][3].name]
    return Line(number, keys[one.name], one.at, one.text, one.kind, mentions, quotes, quoted)  # type: ignore[arg-type]


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
