"""(e) The report on what would be left: 500 people and 100,000 messages, from the database to the picture."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.linking import VERSION
from bot.messages import Texts
from bot.report.highlights import with_highlights
from bot.report.picture import as_png
from bot.report.study import study
from bot.report.wording import as_text
from bot.storage.engine import Storage, open_storage
from bot.storage.history import History
from bot.storage.migrate import upgrade
from bot.storage.tables import Member, Membership, Message, ReplyLink, Room

PEOPLE, MESSAGES, DAYS = 500, 100_000, 56
NOW = datetime(2026, 3, 28, 13, tzinfo=UTC)
SEED = 20260328
WORDS = [
    "肉桂",
    "水仙",
    "发涩",
    "出汤",
    "怎么",
    "盖碗",
    "烫手",
    "好喝",
    "谢谢",
    "今天",
    "老丛",
    "焙火",
    "水温",
    "吗",
]


def measure() -> Iterator[str]:
    """Made-up talk of two windows, every message linked; both parts timed apart."""
    with tempfile.TemporaryDirectory() as folder:
        upgrade(Path(folder))
        storage = open_storage(Path(folder))
        try:
            storage.write_now(fill)
            reading = seconds_to_read(storage)
            began = time.perf_counter()
            found = storage.read_now(
                lambda session: study(History(session, NOW), 1, ZoneInfo("Asia/Shanghai"), [1])
            )
            words = as_text(found.report, Texts())
            studied = time.perf_counter()
            found = with_highlights(found, Texts())
            highlighted = time.perf_counter()
            picture = as_png(found, Texts())
            painted = time.perf_counter()
        finally:
            storage.close()
    yield (
        f"report    {found.report.figures.people} people, {MESSAGES:,} messages in {DAYS} days: figures and "
        f"words ({len(words)} characters) {studied - began:.2f} s; topics and emerging people "
        f"{highlighted - studied:.2f} s; picture ({len(picture) // 1000} kB) {painted - highlighted:.2f} s; "
        f"without it {(highlighted - began) / reading:.1f}x reading lines and links alone ({reading:.2f} s)"
    )


def seconds_to_read(storage: Storage) -> float:
    """How long it takes to have everything in memory, which no report can do without."""
    began = time.perf_counter()
    storage.read_now(lambda session: History(session, NOW).heard(1))
    return time.perf_counter() - began


def fill(session: Session) -> None:
    """The room, its people, and their talk with its links; a few say most, as in any group."""
    dice = random.Random(SEED)
    start = NOW - timedelta(days=DAYS)
    session.execute(insert(Room), [{"name": "大群", "status": "live", "found_at": start, "status_at": start}])
    people = [{"id": key, "name": f"群友{key}", "found_at": start} for key in range(1, PEOPLE + 1)]
    session.execute(insert(Member), people)
    joined = {"room_id": 1, "first_joined_at": start, "joined_at": start}
    session.execute(insert(Membership), [{"member_id": one["id"]} | joined for one in people])
    members = dice.choices(range(1, PEOPLE + 1), [1 / key for key in range(1, PEOPLE + 1)], k=MESSAGES)
    ats = sorted(start + dice.random() * (NOW - start) for _ in range(MESSAGES))
    texts = ("".join(dice.choices(WORDS, k=dice.randint(2, 8))) for _ in range(MESSAGES))
    rows = zip(members, ats, texts, strict=True)
    session.execute(
        insert(Message),
        [
            {"id": key, "room_id": 1, "member_id": member, "at": at, "text": text, "kind": "text"}
            for key, (member, at, text) in enumerate(rows, 1)
        ],
    )
    session.execute(
        insert(ReplyLink),
        [
            {
                "message_id": key, "answers_id": max(1, key - dice.randint(1, 6)) if key > 1 else None,
                "confidence": 0.8, "version": VERSION, "question": 0.9 if dice.random() < 0.06 else 0.02,
            }
            for key in range(1, MESSAGES + 1)
        ],
    )  # fmt: skip
