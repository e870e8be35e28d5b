"""Whether the bot's quiet actions for open questions are welcome: fifty of them, to be judged by a reader.

An action is one word in the group (an earlier answer, or one helper called) or one line on the owner's list.
Fifty are drawn from all logs of the folder with a fixed seed and printed with the chat around; a reader who
sees nothing else says whether it was right. The verdicts stand in `written/tact.json` under a key made of the
action and of its message, so that they belong to exactly these actions: after a change of the rules, new ones
await their judge. Beside it, for all plugins: how much was said unasked in a week, and how often one person
was named.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bot.replay.findings import WouldSay
from tests.eval.frame import Figure, Options, Result, Row, Section, interval
from tests.eval.lived import Act, Heard, Lived, lived, logs_in

NAME = "tact"
FOLDER = "gitter"
DRAWN = 50
SPOKEN = ("answer", "helper")
ACTIONS = (*SPOKEN, "listed")
BEFORE, AFTER = 5, 9
LONGEST = 160
VERDICTS = Path(__file__).parent / "written" / "tact.json"
UNASKED = ("initiative", "welcome")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One action with its verdict (None: nobody has judged it yet) and the reader's reason."""

    log: Lived
    act: Act
    right: bool | None
    why: str

    @property
    def key(self) -> str:
        """What the verdict belongs to."""
        return key_of(self.log, self.act)


def key_of(log: Lived, act: Act) -> str:
    """The same for the same kind of action on the same question; none of its words can be read in it."""
    message = next((one for one in log.messages if one.id == act.message), None)
    told = [log.name, act.kind]
    told += [message.at.isoformat(), message.name, message.text] if message else []
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def run(folder: Path, options: Options) -> Result:
    """Draw, show, and count."""
    logs = [lived(file) for file in logs_in(folder)]
    drawn = draw(logs, options.seed)
    return Result(NAME, [judged_section(drawn, options), *(often_section(log) for log in logs)])


def draw(logs: list[Lived], seed: int) -> list[Drawn]:
    """The sample."""
    verdicts = json.loads(VERDICTS.read_text(encoding="utf-8"))["verdicts"] if VERDICTS.exists() else {}
    every = [(log, act) for log in logs for act in log.acts if act.kind in ACTIONS]
    # By lot, and so that a change of some actions changes the sample by those only.
    lots = {key_of(log, act): (log, act) for log, act in every}
    chosen = sorted(lots, key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).digest())[:DRAWN]
    found = []
    for key in chosen:
        log, act = lots[key]
        verdict = verdicts.get(key, {})
        found.append(Drawn(log, act, verdict.get("right"), verdict.get("why", "")))
    return found


def judged_section(drawn: list[Drawn], options: Options) -> Section:
    """How many were right, with each action and the chat around it."""
    rows = [_row("all", drawn, options, ours=True)]
    rows += [_row(kind, [one for one in drawn if one.act.kind == kind], options) for kind in ACTIONS]
    notes = [line for number, one in enumerate(drawn, 1) for line in shown(number, one)]
    return Section("fifty actions", [row for row in rows if row.figures["drawn"].value], notes)


def _row(name: str, drawn: list[Drawn], options: Options, *, ours: bool = False) -> Row:
    judged = [float(one.right) for one in drawn if one.right is not None]
    figures = {"drawn": Figure(len(drawn), places=0), "judged": Figure(len(judged), places=0)}
    if judged:
        figures["right"] = interval(judged, lambda parts: sum(parts) / len(parts), options, places=2)
    return Row(name, figures, ours)


def shown(number: int, one: Drawn) -> list[str]:
    """One action as its reader sees it."""
    verdict = {True: "right", False: "WRONG", None: "not judged"}[one.right]
    lines = [
        "",
        f"{number}. [{one.key}] {one.log.name}, {one.act.kind}, {one.act.at:%Y-%m-%d %H:%M}: {verdict}",
    ]
    lines += [f"   {one.why}"] if one.why else []
    if one.act.words:
        lines.append(f"   bot: {_short(one.act.words)}")
    return lines + [f"   {line}" for line in around(one.log, one.act)]


def around(log: Lived, act: Act) -> list[str]:
    """The chat before and after the question; what was said after the action stands below a rule."""
    at = next((at for at, one in enumerate(log.messages) if one.id == act.message), None)
    if at is None:
        return []
    lines: list[str] = []
    ruled = False
    for place in range(max(0, at - BEFORE), min(len(log.messages), at + AFTER + 1)):
        message = log.messages[place]
        if message.at > act.at and not ruled:
            lines, ruled = [*lines, "------ the action"], True
        lines.append(f"{'>' if place == at else ' '} {_told(message)}")
    return lines


def _told(message: Heard) -> str:
    return f"{message.at:%m-%d %H:%M} {message.name}: {_short(message.text)}"


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else plain[:LONGEST] + "…"


def often_section(log: Lived) -> Section:
    """How much was said unasked, by whom of the plugins, and to whom."""
    rows = [_often(log, "all plugins", [one for one in log.said if one.urgency in UNASKED], ours=True)]
    for plugin, reason in sorted({(one.plugin, one.reason) for one in log.said if one.urgency in UNASKED}):
        own = [one for one in log.said if (one.plugin, one.reason) == (plugin, reason)]
        rows.append(_often(log, f"{plugin}: {reason}", own))
    return Section(f"{log.name}: {len(log.messages)} messages, {log.weeks:.0f} weeks", rows)


def _often(log: Lived, name: str, said: list[WouldSay], *, ours: bool = False) -> Row:
    weeks, named = (
        Counter(one.at.isocalendar()[:2] for one in said),
        Counter(who for one in said for who in one.to),
    )
    figures = {
        "said": Figure(len(said), places=0),
        "a_week": Figure(len(said) / log.weeks, places=2),
        "worst_week": Figure(max(weeks.values(), default=0), places=0),
        "people_named": Figure(len(named), places=0),
        "most_to_one": Figure(max(named.values(), default=0), places=0),
    }
    return Row(name, figures, ours)
