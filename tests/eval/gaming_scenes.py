"""Scenes for the evaluation `gaming`: stretches of real logs with planted people among the real ones."""

from __future__ import annotations

import gzip
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.analysis.lines import Line
from tests.eval.written import attacks, attacks_later
from tests.eval.written.attacks import Generator, Plant, Said

SCENES = 18
"""How many scenes are played, half of them in each log if there are two."""

BEFORE, PLANTED = 42, 28
"""Days of real talk before the plants come, and days in which they act."""

ATTACKS_EACH, EXPERTS_EACH = 4, 2
LEAST_LINES = 300

_HEAD = re.compile(r"\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\] <([^>\n]*)> ?(.*)")
_NAMED = re.compile(r"@([\w-]+)")


@dataclass(frozen=True)
class Collection:
    """Plants that were written together."""

    title: str
    attacks: Mapping[str, Generator]
    experts: Mapping[str, Generator]

    def of(self, kind: str) -> Generator:
        """What makes a plant of that kind."""
        return self.attacks.get(kind) or self.experts[kind]


COLLECTIONS = (
    Collection("written for the first version", attacks.ATTACKS, attacks.EXPERTS),
    Collection("written later, blind", attacks_later.ATTACKS, attacks_later.EXPERTS),
)


@dataclass(frozen=True)
class Scene:
    """A stretch of a log with plants in it; of each planted person of what kind they are."""

    lines: list[Line]
    names: Mapping[int, tuple[str, ...]]
    start: datetime
    attackers: Mapping[int, str]
    experts: Mapping[int, str]


def played(logs: Sequence[Path], seed: int, collection: Collection) -> Iterator[Scene]:
    """The scenes, the same for the same seed; each kind of attack and expert comes in turn."""
    dice = random.Random(seed)
    talks = [read_log(path) for path in logs]
    kinds = _turns(dice, list(collection.attacks)), _turns(dice, list(collection.experts))
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
        yield scene_of(own, start, chosen, dice, collection)


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


def scene_of(
    own: list[Said], start: datetime, kinds: Sequence[str], dice: random.Random, collection: Collection
) -> Scene:
    """Real lines with the plants among them, as the bot would have them."""
    active = Counter(one.name for one in own)
    members = [name for name, _ in active.most_common()]
    plants = _plants([collection.of(kind) for kind in kinds], kinds, dice, start, members)
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


def _plants(
    makers: Sequence[Generator],
    kinds: Sequence[str],
    dice: random.Random,
    start: datetime,
    members: list[str],
) -> list[tuple[str, Plant]]:
    """One plant of each kind; no two of them share a new name, or one person would be two."""
    plants: list[tuple[str, Plant]] = []
    known, taken = {name.casefold() for name in members}, set[str]()
    while len(plants) < len(kinds):
        make = makers[len(plants)]
        plant = make(random.Random(dice.random()), start, PLANTED, members, lang="en")
        new = {line.name.casefold() for line in plant.lines} - known
        if not new & taken:
            taken |= new
            plants.append((kinds[len(plants)], plant))
    return plants


def _line(
    number: int, one: Said, plant: int, keys: Mapping[str, int], ids: Mapping[tuple[int, int], int],
    said: Sequence[tuple[datetime, int, int, Said]],
) -> Line:  # fmt: skip
    named = dict.fromkeys([*one.mentions, *_NAMED.findall(one.text)])
    mentions = tuple(keys[name] for name in named if name in keys and name != one.name)
    quotes = None if one.quotes is None else ids[plant, one.quotes]
    quoted = None if quotes is None else keys[said[quotes - 1][3].name]
    return Line(number, keys[one.name], one.at, one.text, one.kind, mentions, quotes, quoted)  # type: ignore[arg-type]
