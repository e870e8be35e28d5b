"""Ranking people by the inferred graph against the gold graph: who helped how many different people.

*Distinct people helped*: for each person the number of others who started a thread in which this person
replied to one of the starter's messages. A thread is followed back from a scored message over links, up to
a message that opens it or that is not scored. Both graphs are of the scored messages of one file; bots are
nobody.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from math import log2
from pathlib import Path

from bot.analysis.help import helped_chances
from bot.analysis.links import Linker
from tests.eval.frame import Figure, Missing, Options, Result, Row, Section, interval
from tests.eval.irc import BOTS, Chat, mention_share, read_folder, thinned
from tests.eval.links import SHARES, linked, named

NAME = "people"
FOLDER = "irc"
TARGETS = {0.45: (0.80, 0.94), 0.10: (0.60, 0.84)}
DRAWS = 20
TOP = 10

Links = Mapping[int, Collection[int]]


def run(folder: Path, options: Options) -> Result:
    """Every set of the folder at every share asked for."""
    shares = SHARES if options.mentions is None else (options.mentions,)
    sets = read_folder(folder)
    found = [section(name, chats, share, options) for name, chats in sets.items() for share in shares]
    if not any(part.rows for part in found):
        raise Missing("no file with two people of whom one helped more than the other")
    return Result(NAME, found)


def section(name: str, chats: list[Chat], share: float, options: Options) -> Section:
    """One table: our graph beside a plain graph and the raw count of messages."""
    chats = thinned(chats, share, options.seed)
    gold = [helped(chat, chat.gold) for chat in chats]
    rows = []
    for method, count in METHODS.items():
        pairs = [(true, count(chat)) for chat, true in zip(chats, gold, strict=True)]
        figures = compared([pair for pair in pairs if len(set(pair[0].values())) > 1], options)
        if method == OURS:
            targets = TARGETS.get(round(share, 2), ())
            figures |= {key: figures[key].against(one) for key, one in zip(figures, targets, strict=False)}
        rows.append(Row(method, figures, ours=method == OURS))
    return Section(f"{name}, {len(chats)} files, {mention_share(chats):.0%} of messages with a mention", rows)


def compared(
    pairs: list[tuple[Mapping[int, int], Mapping[int, float]]], options: Options
) -> dict[str, Figure]:
    """How two rankings of the same people agree, file by file."""
    correlated = [spearman(true, told) for true, told in pairs]
    gained = [ndcg(true, told, options.seed) for true, told in pairs]
    return {
        "spearman": interval(correlated, _mean, options, places=3),
        "ndcg_10": interval(gained, _mean, options, places=3),
    }


def _mean(values: Collection[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def messages(chat: Chat) -> dict[int, int]:
    """Baseline: how many of the scored messages are theirs."""
    many = Counter(chat.authors[one] for one in chat.gold if one in chat.authors)
    return {member: many[member] for member in people_of(chat)}


def plain(chat: Chat) -> dict[int, int]:
    """Baseline: the graph of the named person's last message, else the previous one by another."""
    return helped(chat, {later: (earlier,) for later, earlier in named(chat).items() if later in chat.gold})


def ours(chat: Chat) -> dict[int, int]:
    """The linker's graph."""
    return helped(chat, {later: (earlier,) for later, earlier in linked(chat).items() if later in chat.gold})


def expected(chat: Chat) -> dict[int, float]:
    """The expected number of people helped, over everything that each message may answer.

    A thread's starter is known by its chances alone: those of the message itself, if it opens a thread, and
    of the starters of whatever it may answer. Who answered whom is a pair as `helped_chances` weighs it.
    """
    linker, people = Linker(chat.names), set(people_of(chat))
    starters: dict[int, dict[int, float]] = {}
    found: list[tuple[tuple[int, int], float]] = []
    for line in chat.lines:
        maybe = linker.alternatives(line) if line.id in chat.gold else []
        linker.add(line)
        starters[line.id] = started = {line.member: 1.0 - sum(link.confidence for link in maybe)}
        for link in maybe:
            author, before = chat.authors[link.answers or 0], starters[link.answers or 0]
            for starter, chance in before.items():
                started[starter] = started.get(starter, 0.0) + link.confidence * chance
            if {line.member, author} <= people:
                found.append(((line.member, author), link.confidence * before.get(author, 0.0)))
    told = dict.fromkeys(sorted(people), 0.0)
    for (member, _), chance in helped_chances(found).items():
        told[member] += chance
    return told


def people_of(chat: Chat) -> list[int]:
    """Who wrote a scored message."""
    wrote = {chat.authors[one] for one in chat.gold if one in chat.authors}
    return sorted(member for member in wrote if chat.members[member].casefold() not in BOTS)


def helped(chat: Chat, links: Links) -> dict[int, int]:
    """How many different people each person helped, by links of the scored messages."""
    starters = {later: _starter(chat, links, later) for later in links}
    met: dict[int, set[int]] = {member: set() for member in people_of(chat)}
    for later, targets in links.items():
        member = chat.authors.get(later)
        if member not in met:
            continue
        for earlier in targets:
            author = chat.authors.get(earlier)
            if author in met and author != member and author == starters[later]:
                met[member].add(author)
    return {member: len(people) for member, people in met.items()}


def _starter(chat: Chat, links: Links, message: int) -> int | None:
    """Who started the thread of a message."""
    seen: set[int] = set()
    while message not in seen:
        seen.add(message)
        message = min(links.get(message, (message,)))
    return chat.authors.get(message)


def spearman(true: Mapping[int, int], told: Mapping[int, float]) -> float:
    """Rank correlation, ties at their mean rank."""
    a, b = _ranks(true), _ranks(told)
    mean = (len(a) + 1) / 2
    both = sum((a[one] - mean) * (b[one] - mean) for one in a)
    spread = sum((a[one] - mean) ** 2 for one in a) * sum((b[one] - mean) ** 2 for one in b)
    return both / spread**0.5 if spread else 0.0


def _ranks(values: Mapping[int, float]) -> dict[int, float]:
    many = Counter(values.values())
    below, rank = 0, {}
    for value in sorted(many):
        rank[value] = below + (many[value] + 1) / 2
        below += many[value]
    return {one: rank[value] for one, value in values.items()}


def ndcg(true: Mapping[int, int], told: Mapping[int, float], seed: int) -> float:
    """NDCG@10 with the gold count as gain, ties broken at random and averaged."""
    best = sum(gain / log2(place + 2) for place, gain in enumerate(sorted(true.values(), reverse=True)[:TOP]))
    dice, total = random.Random(seed), 0.0
    for _ in range(DRAWS):
        order = sorted(told, key=lambda one: (-told[one], dice.random()))
        total += sum(true[one] / log2(place + 2) for place, one in enumerate(order[:TOP]))
    return total / DRAWS / best if best else 0.0


OURS = "linker, expected over all that it considers"
METHODS: dict[str, Callable[[Chat], Mapping[int, float]]] = {
    "raw message count": messages,
    "graph of named, else previous": plain,
    "graph of the linker": ours,
    OURS: expected,
}
