"""How fast storage is: commits, savepoints, search, history.

    python -m tests.bench.storage [--rows 50000] [--rooms 1] [--json]

The talk is made up from a seed: words of one to three characters, a few of them very frequent, as in Chinese.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.storage.engine import Storage, open_storage, savepoint
from bot.storage.history import History
from bot.storage.migrate import upgrade
from bot.storage.search import index_message, index_messages, search
from bot.storage.tables import Member, Membership, Message, Room

START = datetime(2026, 1, 1, tzinfo=UTC)
MEMBERS = 500
SEED = 20260301
Figures = dict[str, float]


class Talk:
    """An endless, repeatable stream of lines."""

    def __init__(self) -> None:
        self._dice = random.Random(SEED)
        characters = [chr(0x4E00 + n) for n in self._dice.sample(range(20_000), 2_500)]
        weights = [1 / rank for rank in range(1, 2_501)]
        lengths = self._dice.choices([1, 2, 3], [2, 6, 1], k=6_000)
        self.words = ["".join(self._dice.choices(characters, weights, k=size)) for size in lengths]
        self._weights = [1 / (rank + 10) for rank in range(6_000)]

    def line(self) -> str:
        """Some words, now and then a Latin one."""
        said = self._dice.choices(self.words, self._weights, k=self._dice.randint(2, 14))
        if self._dice.random() < 0.1:
            said.append(self._dice.choice(["ok", "python", "https://example.com/a1b2", "2026"]))
        return "".join(said)


def people(session: Session, rooms: int) -> None:
    """Rooms with everybody in all of them."""
    session.execute(
        insert(Room), [{"name": f"群{n}", "found_at": START, "status_at": START} for n in range(rooms)]
    )
    session.execute(insert(Member), [{"name": f"友{n}", "found_at": START} for n in range(MEMBERS)])
    session.execute(
        insert(Membership),
        [
            {"room_id": room, "member_id": member, "first_joined_at": START, "joined_at": START}
            for room in range(1, rooms + 1)
            for member in range(1, MEMBERS + 1)
        ],
    )


def fill(storage: Storage, talk: Talk, rows: int, rooms: int) -> Figures:
    """Store and index the talk, 500 messages in a commit."""
    dice = random.Random(SEED)

    def batch(session: Session, first: int, size: int) -> None:
        lines = [
            {
                "id": key,
                "room_id": dice.randint(1, rooms),
                "member_id": min(MEMBERS, int(dice.expovariate(1 / 60)) + 1),
                "at": START + timedelta(seconds=key * 20),
                "text": talk.line(),
            }
            for key in range(first, first + size)
        ]
        session.execute(insert(Message), lines)
        index_messages(session, [(int(str(line["id"])), str(line["text"])) for line in lines])

    storage.write_now(lambda session: people(session, rooms))
    started = time.perf_counter()
    for first in range(1, rows + 1, 500):
        storage.write_now(lambda session, first=first: batch(session, first, min(500, rows + 1 - first)))  # type: ignore[misc]
    return {"bulk_messages_per_s": rows / (time.perf_counter() - started)}


def commits(storage: Storage, talk: Talk) -> Figures:
    """One message a commit; and 200 in a commit, a savepoint each, indexed together at the end."""

    def say(session: Session) -> tuple[int, str]:
        row = Message(room_id=1, member_id=1, at=START, text=talk.line())
        session.add(row)
        session.flush()
        return row.id, row.text

    def say_many(session: Session) -> None:
        said = []
        for _ in range(200):
            with savepoint(session):
                said.append(say(session))
        index_messages(session, said)

    singles = timed(lambda: storage.write_now(lambda session: index_message(session, *say(session))), 1_000)
    groups = timed(lambda: storage.write_now(say_many), 10)
    return {
        "one_message_commits_per_s": 1 / statistics.mean(singles),
        "one_message_commit_p50_ms": statistics.median(singles) * 1e3,
        "one_message_commit_p95_ms": percentile(singles, 95) * 1e3,
        "grouped_messages_per_s": 200 / statistics.mean(groups),
    }


def savepoints(storage: Storage) -> Figures:
    """What a savepoint costs that nobody uses, and one that runs a statement (over the statement itself)."""

    def spent(session: Session, use: bool, part: bool) -> float:
        spans = []
        for _ in range(2_000):
            started = time.perf_counter()
            with savepoint(session) if part else nullcontext():
                if use:
                    session.connection().exec_driver_sql("SELECT 1")
            spans.append(time.perf_counter() - started)
        return statistics.median(spans) * 1e6

    return {
        "savepoint_unused_us": storage.write_now(lambda s: spent(s, False, True)),
        "savepoint_used_us": storage.write_now(lambda s: spent(s, True, True) - spent(s, True, False)),
    }


def questions(storage: Storage, talk: Talk, rooms: int) -> Figures:
    """Searches of one and of two words in one room, and the commoner questions to history."""
    dice = random.Random(SEED + 1)
    until = START + timedelta(days=3650)

    def asked(count: int) -> Iterator[str]:
        while True:
            yield " ".join(dice.choices([word for word in talk.words if len(word) > 1], k=count))

    figures: Figures = {}
    for count in (1, 2):
        words = asked(count)
        spent = timed(lambda words=words: storage.read_now(lambda s: search(s, next(words), 1)), 300)  # type: ignore[misc]
        figures[f"search_{count}_words_p50_ms"] = statistics.median(spent) * 1e3
        figures[f"search_{count}_words_p95_ms"] = percentile(spent, 95) * 1e3
    cases: dict[str, Callable[[History], object]] = {
        "name_of": lambda h: h.name_of(dice.randint(1, MEMBERS), 1),
        "recent_20": lambda h: h.recent(1, 20),
        "last_message_of": lambda h: h.last_message_of(dice.randint(1, MEMBERS), 1),
        "find_quoted_hit": lambda h: h.find_quoted(1, "友0", "甲乙", until),
        "find_quoted_unknown_name": lambda h: h.find_quoted(1, "谁", "甲乙", until),
        "counts_by_day_30_days": lambda h: h.counts_by_day(
            1, ZoneInfo("Asia/Shanghai"), START, START + timedelta(days=30)
        ),
        "messages_10000": lambda h: sum(1 for _ in h.messages(1, limit=10_000)),
    }
    for name, case in cases.items():
        spent = timed(lambda case=case: storage.read_now(lambda s: case(History(s, until))), 30)  # type: ignore[misc]
        figures[f"{name}_p50_ms"] = statistics.median(spent) * 1e3
    return figures


def timed(step: Callable[[], object], times: int) -> list[float]:
    """Seconds of each of so many steps, after one to warm up."""
    step()
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        step()
        spent.append(time.perf_counter() - started)
    return spent


def percentile(values: list[float], percent: int) -> float:
    """The value that so many percent stay under."""
    return statistics.quantiles(values, n=100)[percent - 1]


def measure(rows: int, rooms: int) -> Figures:
    """All figures, on a database in a temporary folder."""
    with tempfile.TemporaryDirectory() as name:
        upgrade(Path(name))
        storage, talk = open_storage(Path(name)), Talk()
        try:
            figures = fill(storage, talk, rows, rooms)
            figures |= commits(storage, talk)
            figures |= savepoints(storage)
            figures |= questions(storage, talk, rooms)
            storage.checkpoint()
            figures["database_mb"] = storage.file.stat().st_size / 1e6
        finally:
            storage.close()
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--rooms", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    figures = {name: round(value, 2) for name, value in measure(asked.rows, asked.rooms).items()}
    if asked.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:32} {value:>12,.2f}")


if __name__ == "__main__":
    main()
