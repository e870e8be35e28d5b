"""A disk of a few megabytes, seen by this process alone; it goes away with it.

As root, or where people may have namespaces of their own, it is a real file system that runs out of space.
Elsewhere SQLite is told to use no more than so many pages, which is the next best thing.
"""

from __future__ import annotations

import ctypes
import os
import sqlite3
import sys
from contextlib import suppress
from pathlib import Path

from bot.storage.engine import Storage

NEW_MOUNTS, NEW_USER = 0x00020000, 0x10000000
PRIVATE = 0x4000 | (1 << 18)  # recursively: what is mounted here stays here
BALLAST = "ballast"


def mount(folder: Path, size: int) -> bool:
    """Put a small disk there; False if this machine does not allow it. For a process with one thread."""
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(NEW_MOUNTS | (NEW_USER if user else 0)) != 0:
        return False
    if user:
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1", encoding="ascii")
    if libc.mount(None, b"/", None, PRIVATE, None) != 0:
        return False
    done: int = libc.mount(b"none", os.fsencode(folder), b"tmpfs", 0, f"size={size}".encode())
    return done == 0


class SmallDisk:
    """Fills up and becomes free again. `is_real` tells which of the two ways is used."""

    def __init__(self, folder: Path, storage: Storage, *, is_real: bool) -> None:
        self._ballast = folder / BALLAST
        self._storage = storage
        self.is_real = is_real

    def fill(self, leave: int = 0) -> None:
        """Leave so many bytes."""
        if not self.is_real:
            self._limit_pages(self._pages() + leave // 4096)
            return
        while (size := self._free_bytes() - leave) > 0:
            with self._ballast.open("ab") as file, suppress(OSError):  # the bot writes meanwhile: look again
                os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, size)

    def free(self) -> None:
        """Somebody has tidied up."""
        if self.is_real:
            self._ballast.unlink(missing_ok=True)
        else:
            self._limit_pages(2**30)

    def _free_bytes(self) -> int:
        disk = os.statvfs(self._ballast.parent)
        return disk.f_bavail * disk.f_frsize

    def _pages(self) -> int:
        return int(self._storage.write_now(lambda session: _pragma(session.info["raw"], "page_count")))

    def _limit_pages(self, pages: int) -> None:
        self._storage.write_now(lambda session: _pragma(session.info["raw"], f"max_page_count={pages}"))


def _pragma(raw: sqlite3.Connection, said: str) -> int:
    return int(raw.execute(f"PRAGMA {said}").fetchone()[0])
