"""What is mutated, and the tests that must notice."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# The parts whose mistakes cost most, each with the tests that are about it; the quickest first.
TARGETS: dict[str, tuple[str, tuple[str, ...]]] = {
    "decoder": ("bot/gateway/decode.py", ("tests/unit/gateway/test_decode.py",)),
    "pacing": ("bot/pacing.py", ("tests/unit/core/test_pacing.py",)),
    "authority": (
        "bot/authority.py",
        ("tests/unit/core/test_authority.py", "tests/plugins/owner/test_owner_pairing.py"),
    ),
    "slots": ("bot/schedule.py", ("tests/unit/core/test_schedule.py",)),
    "outbox": ("bot/outbox.py", ("tests/unit/core/test_outbox.py", "tests/unit/core/test_delivery.py")),
}
