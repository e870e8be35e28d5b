"""An open, empty database for each test, and rows to put into it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.storage.engine import Storage, open_storage
from bot.storage.migrate import upgrade


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    """An open database at the newest version, in `tmp_path / "data"`."""
    upgrade(tmp_path / "data")
    opened = open_storage(tmp_path / "data")
    yield opened
    opened.close()
