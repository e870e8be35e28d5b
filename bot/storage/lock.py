"""One bot for one data folder: a lock that the operating system takes back when the process dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import StorageError
from bot.storage.connection import make_private, raise_disk_error

LOCK = "qunxing.lock"


class AlreadyRunning(StorageError):
    """Another process works on this data folder; `values["pid"]` says which."""


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; raises `AlreadyRunning` at once if another one has it.

    The lock file tells the holder's process number and stays when the lock is released.
    """
    file = folder / LOCK
    lock = FileLock(file, timeout=0, mode=0o600)
    try:
        make_private(file)
        lock.acquire()
        file.write_text(f"{os.getpid()}\n", encoding="ascii")
    except Timeout as error:
        raise AlreadyRunning("already_running", pid=holder(folder) or "?") from error
    except OSError as error:
        raise_disk_error(error)
    try:
        yield
    finally:
        lock.release()


def holder(folder: Path) -> int | None:
    """The process number of whoever held the folder last; None if nobody ever did."""
    try:
        said = (folder / LOCK).read_text(encoding="ascii").strip()
    except OSError:
        return None
    return int(said) if said.isdigit() else None


def is_held(folder: Path) -> bool:
    """Whether a bot is at work on this folder right now."""
    if not (folder / LOCK).exists():
        return False
    try:
        with FileLock(folder / LOCK, timeout=0, mode=0o600):
            return False
    except Timeout:
        return True
