"""Hostile words by every way into the bot: nothing is evaluated, raised, slow, or smuggled into its words."""

from __future__ import annotations

import gc
import re
import unicodedata
from collections.abc import Iterable
from contextlib import chdir
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.storage.backup import integrity
from bot.storage.search import search
from bot.storage.tables import EventMark, Member, OddEvent, Outgoing, Slot, WorkRow
from bot.testing import Stage
from bot.words import visible
from tests.faults.effects import in_haste
from tests.faults.figures import Report
from tests.faults.hostile_files import try_files
from tests.faults.hostile_strings import CANARY, CLOSE, OPEN, SUM_RESULT, hostile_strings
from tests.faults.hostile_ways import Ways
from tests.faults.timed_handlers import COLLECTOR, timed_handlers

SLOWEST_MS = 50.0
AT_ONCE = 20
EVERYBODY = re.compile(r"[@\ufe6b]\s*(所有人|全体成员|全员|all\b|everyone)", re.IGNORECASE)
MARKED = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
DOLLARS = re.compile(r"\$+")
BETWEEN_WORDS = re.compile(r"[\s,，、;；/|｜]+")
UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs"})


def hostile(folder: Path, seed: int, *, strings: int) -> Report:
    """Let so many hostile strings in by every way."""
    report = Report("hostile text", seed)
    words = list(hostile_strings(seed, strings))
    report.at_least("strings", len(words), strings)
    folder.mkdir(parents=True, exist_ok=True)
    with chdir(folder), timed_handlers() as slowest:
        problems = _through_the_bot(folder / "data", words, report)
        try_files(folder / "files", words, report)
    report.figure("longest run of the collector of garbage (ms)", slowest.pop(COLLECTOR))
    report.at_most("slowest handler (ms)", max(slowest.values(), default=0.0), SLOWEST_MS)
    report.at_least("handlers timed", len(slowest), 5)
    for name in sorted(slowest, key=lambda one: -slowest[one])[:3]:
        report.figure(f"slowest of {name} (ms)", slowest[name])
    report.at_most("files that an attack has made", len(list(folder.rglob(f"*{CANARY}*"))))
    report.at_most("problems found by integrity_check", len(problems))
    return report


def _through_the_bot(folder: Path, words: list[str], report: Report) -> list[str]:
    raised = 0
    with Stage(folder) as stage:
        in_haste(stage.storage)
        room = stage.room("岩茶同好会", owner="老周", members=["小林"])
        ways = Ways(stage, room, stage.person("老周").person, stage.person("小林").person)
        report.figure("ways into the bot", len(ways.all))
        report.figure("commands attacked", len(stage.app.host.commands.commands))
        stage.person("小林").whispers("你好")
        for start in range(0, len(words), AT_ONCE):
            for text in words[start : start + AT_ONCE]:
                for way in ways.all.values():
                    way(text)
            ways.ask()
            try:
                gc.freeze()  # what this test itself has piled up must not be counted as a handler's work
                stage.settle()
                stage.write(_hush)
                stage.advance(minutes=2)
            except Exception as error:
                raised += 1
                report.remark(f"{type(error).__name__} from {words[start : start + AT_ONCE]!r:.300}")
        searched = sum(not _searched(stage, text) for text in words)
        stage.read(lambda session: _told(report, session, words))
        for place in stage._places.values():
            place.unread.clear()
        report.at_most("exceptions that reached the bot's loop", raised)
        report.at_most("searches that raised", searched)
        stage.write(_hush)
    return integrity(folder)


def _searched(stage: Stage, text: str) -> bool:
    try:
        stage.read(lambda session: search(session, text[:200]))
    except Exception:
        return False
    return True


def _hush(session: Session) -> None:
    """What was planned is looked at later and need not be sent."""
    session.execute(update(Outgoing).where(Outgoing.status == "planned").values(status="cancelled"))


def _told(report: Report, session: Session, words: list[str]) -> None:
    failed = session.execute(
        select(EventMark.handler, EventMark.error).where(EventMark.outcome == "failed")
    ).all()
    for handler, error in failed[:5]:
        report.remark(f"{handler} failed: {error}")
    report.at_most("handlers that failed", len(failed))
    broken_slots = session.scalar(select(func.count()).where(Slot.status == "failed")) or 0
    broken_work = session.scalar(select(func.count()).where(WorkRow.status == "failed")) or 0
    report.at_most("timers and works that failed", broken_slots + broken_work)
    report.at_most("events not understood", session.scalar(select(func.count(OddEvent.id))) or 0)
    report.at_least("members still known", session.scalar(select(func.count(Member.id))) or 0, 3)
    said = [row.text for row in session.scalars(select(Outgoing).where(Outgoing.kind == "text"))]
    report.figure("things that the bot wanted to say", len(said))
    report.at_least("of them with a foreign word", sum(OPEN in text for text in said), 1)
    originals = _as_may_be_said(found for text in words for found in MARKED.findall(text))
    _count(report, "said with @所有人", [text for text in said if EVERYBODY.search(text)])
    _count(report, "said with something unseen", [text for text in said if _unseen(text)])
    _count(report, "said evaluated", [text for text in said if _evaluated(text, originals)])


def _count(report: Report, what: str, found: list[str]) -> None:
    report.at_most(what, len(found))
    for text in found[:3]:
        report.remark(f"{what}: {text!r:.200}")


def _unseen(text: str) -> bool:
    return any(unicodedata.category(letter) in UNSEEN for letter in text if letter != "\n")


def _evaluated(text: str, originals: set[str | frozenset[str]]) -> bool:
    """Whether a sum was worked out or something between the marks is not what was put there.

    Where words are asked for, a text is taken for a list of them: shown with 、 between, each once.
    """
    return SUM_RESULT in text or any(
        _bare(found) not in originals and _listed(found) not in originals for found in MARKED.findall(text)
    )


def _as_may_be_said(originals: Iterable[str]) -> set[str | frozenset[str]]:
    """All that may stand between the marks."""
    return {form for one in originals for form in (_bare(one), _listed(one))}


def _listed(text: str) -> frozenset[str]:
    words = BETWEEN_WORDS.split(unicodedata.normalize("NFKC", visible(text)))
    return frozenset(filter(None, map(_bare, words)))


def _bare(text: str) -> str:
    """What of a text survives being made harmless: white space, colours and signs of mention aside.

    A $ may stand doubled: so it is written in an owner's own wording, and shown.
    """
    return "".join(
        letter
        for letter in DOLLARS.sub("$", unicodedata.normalize("NFKC", visible(text)).casefold())
        if not letter.isspace() and unicodedata.category(letter) not in UNSEEN and letter not in "@＠﹫"
    )
