"""Pictures and files that people sent and that are kept: in the data folder, under names of our own.

What nobody keeps alive (`keep`) goes after `keeping.media_days`; see `bot.upkeep`.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

PREFIX = "kept-"
LARGEST = 2 * 1024 * 1024
"""What is larger could not be sent again."""

LARGEST_FOLDER = 300 * 1024 * 1024


class MediaRefused(ValueError):
    """This is not kept: too large, empty, or the folder is full."""


def store(path: Path, content: bytes) -> None:
    """Keep content under a path in the media folder. Raises MediaRefused, or OSError."""
    if not 0 < len(content) <= LARGEST:
        raise MediaRefused(f"{len(content)} bytes, allowed are 1 to {LARGEST}")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if _size_of(path.parent) + len(content) > LARGEST_FOLDER:
        raise MediaRefused(f"the media folder has reached {LARGEST_FOLDER} bytes")
    half = path.with_name(f"{path.name}.part")
    file = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    half.replace(path)


def keep(folder: Path, name: str, now: datetime) -> bool:
    """Say that a file is still needed; False if it is not there."""
    path = _inside(folder, name)
    if path is None or not path.exists():
        return False
    os.utime(path, (now.timestamp(), now.timestamp()))
    return True


def delete(folder: Path, name: str) -> None:
    """Delete a kept file, if it is there."""
    path = _inside(folder, name)
    if path is not None:
        path.unlink(missing_ok=True)


def _inside(folder: Path, name: str) -> Path | None:
    """The file's path; None for a name that is not one of ours."""
    return folder / name if name.startswith(PREFIX) and Path(name).name == name else None


def _size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
