"""How a measured process tells its figures: JSON lines on stdout, memory as the kernel counts it."""

from __future__ import annotations

import json
import resource
from typing import Any


def say(**figures: Any) -> None:
    """One JSON line, at once."""
    print(json.dumps(figures), flush=True)


def peak() -> int:
    """The most memory that this process has had so far, in KiB (Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def grown(before: int) -> float:
    """By how many MiB the peak has grown since."""
    return (peak() - before) / 1024
