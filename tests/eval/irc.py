"""Annotated chats in the form of `irc/`: lines, gold links, and mentions thinned to a wished share.

A chat is read as a room of ours would be: everybody who speaks in the file is a known member, a member's name
as a word of a message is a mention, and the seconds that the log lacks are spread evenly over the minute.
"""

from __future__ import annotations

import random
import re
import tarfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.analysis.lines import Line
from tests.eval.frame import Missing

HELD_OUT = 30
TAR = "train.ascii+annotation.tar.gz"
BOTS = frozenset({"ubottu", "ubotu", "ubot2", "lubotu3", "ubot3", "ubot5"})
_EVENT = re.compile(r"^\[(\d\d):(\d\d)\]\s+(?:<([^>\s]+)>|\*\s+(\S+))\s?(.*)$")
_WORD = re.compile(r"[^\s,:;?!]+")
_START = datetime(2010, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Chat:
    """One file: its messages in order, who is who, and for each scored line what it answers.

    `gold` holds line numbers; a message that opens a thread answers itself. Line numbers are message ids.
    A system line may be scored too: it is no message, and every method says that it answers itself.
    """

    name: str
    lines: list[Line]
    members: Mapping[int, str]
    gold: Mapping[int, frozenset[int]]
    authors: Mapping[int, int] = field(default_factory=dict)

    @property
    def names(self) -> dict[int, tuple[str, ...]]:
        """As `Linker` wants them."""
        return {member: (name,) for member, name in self.members.items()}


def read_folder(folder: Path) -> dict[str, list[Chat]]:
    """The sets of chats that a folder holds: its own files, `dev/`, and the held-out part of the archive."""
    sets = {}
    if own := read_files(folder):
        sets[folder.name] = own
    if dev := read_files(folder / "dev"):
        sets["dev"] = dev
    if (folder / TAR).exists():
        sets["held out"] = archive(folder / TAR)[1]
    if not sets:
        raise Missing(f"no *.ascii.txt with *.annotation.txt and no {TAR} in {folder.name or folder}/")
    return sets


def read_files(folder: Path) -> list[Chat]:
    """Every annotated chat that lies in a folder."""
    chats = []
    for path in sorted(folder.glob("*.ascii.txt")):
        gold = path.with_name(path.name.replace(".ascii.", ".annotation."))
        if gold.exists():
            text = path.read_text("utf-8", "replace")
            chats.append(read_chat(path.name.removesuffix(".ascii.txt"), text, gold.read_text("utf-8")))
    return chats


def archive(path: Path) -> tuple[list[Chat], list[Chat]]:
    """The chats of the archive: those to learn from, and the 30 that nothing ever learns from."""
    with tarfile.open(path) as tar:
        texts = {Path(name).name: text for name, text in _members(tar)}
    names = sorted(name.removesuffix(".ascii.txt") for name in texts if name.endswith(".ascii.txt"))
    held = set(random.Random(HELD_OUT).sample(names, min(HELD_OUT, len(names))))
    chats = [read_chat(name, texts[f"{name}.ascii.txt"], texts[f"{name}.annotation.txt"]) for name in names]
    return [one for one in chats if one.name not in held], [one for one in chats if one.name in held]


def _members(tar: tarfile.TarFile) -> Iterator[tuple[str, str]]:
    for entry in tar:
        if entry.isfile() and (handle := tar.extractfile(entry)):
            yield entry.name, handle.read().decode("utf-8", "replace")


def read_chat(name: str, log: str, annotation: str) -> Chat:
    """One chat from the text of its two files."""
    told = []
    for number, row in enumerate(log.split("\n")):
        if match := _EVENT.match(row):
            hour, minute, speaker, actor, text = match.groups()
            told.append((number, int(hour) * 60 + int(minute), speaker or actor, text))
    members: dict[str, int] = {}
    for _, _, nick, _ in told:
        members.setdefault(nick, len(members) + 1)
    known = {nick.casefold(): member for nick, member in members.items()}
    lines = [
        Line(number, members[nick], at, text, mentions=_mentions(text, known, members[nick]))
        for (number, _, nick, text), at in zip(
            told, _moments([minute for _, minute, _, _ in told]), strict=True
        )
    ]
    gold: dict[int, set[int]] = {}
    for row in annotation.splitlines():
        if len(parts := row.split()) >= 2:
            earlier, later = sorted((int(parts[0]), int(parts[1])))
            gold.setdefault(later, set()).add(earlier)
    by_member = {member: nick for nick, member in members.items()}
    frozen = {later: frozenset(earlier) for later, earlier in gold.items()}
    return Chat(name, lines, by_member, frozen, {line.id: line.member for line in lines})


def _moments(minutes: list[int]) -> Iterator[datetime]:
    """Times with seconds: a minute's messages lie evenly in it; a step back in the clock is midnight."""
    many, seen, day, last = Counter[tuple[int, int]](), Counter[tuple[int, int]](), 0, 0
    days = []
    for minute in minutes:
        day += minute < last - 60
        last = minute
        days.append((day, minute))
        many[day, minute] += 1
    for key in days:
        seconds = 60 * seen[key] / many[key]
        seen[key] += 1
        yield _START + timedelta(days=key[0], minutes=key[1], seconds=seconds)


def _mentions(text: str, known: Mapping[str, int], speaker: int) -> tuple[int, ...]:
    words = (known.get(word.casefold(), speaker) for word in _WORD.findall(text))
    return tuple(dict.fromkeys(member for member in words if member != speaker))


def mention_share(chats: list[Chat]) -> float:
    """How many of the scored messages name somebody."""
    scored = [line for chat in chats for line in chat.lines if line.id in chat.gold]
    return sum(bool(line.mentions) for line in scored) / len(scored) if scored else 0.0


def thinned(chats: list[Chat], share: float, seed: int) -> list[Chat]:
    """The same chats with names taken out of the texts until about `share` of the messages name somebody.

    Which messages lose their names is drawn once for each message, so a smaller share loses more of the same.
    """
    keep = min(1.0, share / max(mention_share(chats), 1e-9))
    return [_thinned(chat, keep, random.Random(f"{seed} {chat.name}")) for chat in chats]


def _thinned(chat: Chat, keep: float, dice: random.Random) -> Chat:
    known = {name.casefold(): member for member, name in chat.members.items()}
    kept = []
    for line in chat.lines:
        drawn = dice.random()
        if line.mentions and drawn >= keep:
            line = line._replace(text=_nameless(line.text, known, line.member), mentions=())
        kept.append(line)
    return replace(chat, lines=kept)


def _nameless(text: str, known: Mapping[str, int], speaker: int) -> str:
    def without(match: re.Match[str]) -> str:
        return "" if known.get(match[0].casefold(), speaker) != speaker else match[0]

    return re.sub(r"^[\s,:;]+|\s+$", "", _WORD.sub(without, text))
