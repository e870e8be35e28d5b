"""Who answers whom, on annotated chats: link F1 and person F1, at several shares of messages with a mention.

Definitions. A prediction is one antecedent a scored message (itself where a thread opens). *Link F1* counts
(message, antecedent) pairs, self links included; *person F1* counts (message, person replied to), where
nobody replies to oneself. A scored system line answers itself for every method.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.analysis.lines import Link
from bot.analysis.links import MODEL_VERSION, Linker
from tests.eval.frame import Counts, Figure, Options, Result, Row, Section, f1_percent, interval
from tests.eval.irc import Chat, mention_share, read_folder, thinned

NAME = "links"
FOLDER = "irc"
SHARES = (0.45, 0.23, 0.10)
SLOWEST = 200
TARGETS = {0.45: (70, 81), 0.10: (58, 60)}

Method = Callable[[Chat], Mapping[int, int]]
"""For each message of a chat the message that it answers, or itself."""


def run(folder: Path, options: Options) -> Result:
    """Every set of the folder at every share asked for."""
    sets = read_folder(folder)
    shares = SHARES if options.mentions is None else (options.mentions,)
    return Result(
        NAME, [section(name, chats, share, options) for name, chats in sets.items() for share in shares]
    )


BASELINES = "previous message", "named person, else previous by another"


def section(name: str, chats: list[Chat], share: float, options: Options) -> Section:
    """One table: our linker beside the baselines."""
    chats = thinned(chats, share, options.seed)
    rows = [
        Row(method, figures(chats, [told(chat) for chat in chats], options))
        for method, told in zip(BASELINES, (previous, named), strict=True)
    ]
    begun = time.process_time()
    links = [links_of(chat) for chat in chats]
    micros = 1e6 * (time.process_time() - begun) / sum(len(chat.lines) for chat in chats)
    ours = figures(chats, [answered(one) for one in links], options)
    for key, target in zip(ours, TARGETS.get(round(share, 2), ()), strict=False):
        ours[key] = ours[key].against(target)
    speed = Figure(micros, places=0).against(SLOWEST, at_most=True)
    rows.append(Row(f"linker, version {MODEL_VERSION}", ours | {"micros_a_message": speed}, ours=True))
    title = f"{name}, {len(chats)} files, {mention_share(chats):.0%} of messages with a mention"
    return Section(title, rows, calibration(chats, links))


def figures(chats: list[Chat], told: list[Mapping[int, int]], options: Options) -> dict[str, Figure]:
    """Both F1 with intervals over files."""
    links = [link_counts(chat, one) for chat, one in zip(chats, told, strict=True)]
    people = [person_counts(chat, one) for chat, one in zip(chats, told, strict=True)]
    return {
        "link_f1": interval(links, f1_percent, options),
        "person_f1": interval(people, f1_percent, options),
    }


def link_counts(chat: Chat, told: Mapping[int, int]) -> Counts:
    """Pairs of message and antecedent; what no method speaks of answers itself."""
    right = sum(told.get(later, later) in earlier for later, earlier in chat.gold.items())
    return Counts(right, len(chat.gold), sum(len(earlier) for earlier in chat.gold.values()))


def person_counts(chat: Chat, told: Mapping[int, int]) -> Counts:
    """Pairs of message and person replied to."""
    right = many = true = 0
    for later, earlier in chat.gold.items():
        author = chat.authors.get(later)
        meant = {chat.authors.get(one) for one in earlier} - {None, author}
        said = {chat.authors.get(told.get(later, later))} - {None, author}
        right, many, true = right + len(meant & said), many + len(said), true + len(meant)
    return Counts(right, many, true)


def previous(chat: Chat) -> Mapping[int, int]:
    """Baseline: every message answers the one before it."""
    pairs = zip(chat.lines, chat.lines[1:], strict=False)
    return {later.id: earlier.id for earlier, later in pairs}


def named(chat: Chat) -> Mapping[int, int]:
    """Baseline: the named person's last message, else the previous one by somebody else."""
    last: dict[int, int] = {}
    told = {}
    for line in chat.lines:
        others = [message for member, message in last.items() if member != line.member]
        named_last = [last[member] for member in line.mentions if member in last]
        told[line.id] = max(named_last or others, default=line.id)
        last[line.member] = line.id
    return told


def linked(chat: Chat) -> Mapping[int, int]:
    """Our linker, line by line, as in a live room."""
    return answered(links_of(chat))


def links_of(chat: Chat) -> list[Link]:
    """What our linker tells, with its confidence."""
    linker = Linker(chat.names)
    return [linker.add(line) for line in chat.lines]


def answered(links: list[Link]) -> dict[int, int]:
    """Links as every method tells them."""
    return {link.message: link.message if link.answers is None else link.answers for link in links}


def calibration(chats: list[Chat], told: list[list[Link]]) -> list[str]:
    """Whether a confidence means what it says: how often links of each confidence were right."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(5)]
    for chat, links in zip(chats, told, strict=True):
        for link in links:
            if gold := chat.gold.get(link.message):
                right = (link.message if link.answers is None else link.answers) in gold
                bins[min(int(5 * link.confidence), 4)].append((link.confidence, right))
    many = sum(map(len, bins))
    if not many:
        return []
    parts, error = [], 0.0
    for held in filter(None, bins):
        said, was = (sum(one[at] for one in held) / len(held) for at in (0, 1))
        error += abs(said - was) * len(held) / many
        parts.append(f"{said:.2f}→{was:.2f} ({len(held)})")
    return [f"  confidence told → share right: {', '.join(parts)}; mean error {error:.3f}"]
