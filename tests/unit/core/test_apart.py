"""Work in a process of its own: it reads what the bot has stored, and what goes wrong in it is only told."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.apart import work_apart

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_what_fails_over_there_is_a_reason_and_no_exception(folder: Path) -> None:
    failed = asyncio.run(work_apart(folder, "owner", "no such work", {}, NOW))
    assert failed == "exit 1"


def test_who_is_stopped_takes_the_other_process_along(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.apart.AT_MOST_SECONDS", 0.01)
    assert asyncio.run(work_apart(folder, "owner", "no such work", {}, NOW)) == "took too long"
