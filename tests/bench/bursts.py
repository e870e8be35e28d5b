"""(a) Bursts through the real Node gateway: the whole bot against a bare wechaty handler, in turn."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import Any

from tests.contract.node_gateway import NodeGateway

ROOM, TOPIC = "r-tea", "岩茶同好会"
PEOPLE = 50
LIMIT_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Burst:
    """One process through one burst. `grown` is the growth of its peak memory in MiB."""

    count: int
    seconds: float
    grown: float
    ordered: bool


def compare(counts: list[int], rounds: int) -> list[str]:
    """Lines with ratios (bot to bare: above 1 is faster, below 1 is less memory) and absolute figures."""
    lines = []
    for count in counts:
        runs = [(_measure("bare_handler", count), _measure("whole_bot", count)) for _ in range(rounds)]
        faster = statistics.median(bare.seconds / bot.seconds for bare, bot in runs)
        smaller = statistics.median(bot.grown / max(bare.grown, 0.1) for bare, bot in runs)
        lines.append(
            f"burst {count:>6}: speed {faster:.2f}x, memory growth {smaller:.2f}x   "
            f"bot {_rates(bot for _, bot in runs)}   bare {_rates(bare for bare, _ in runs)}"
        )
    return lines


def _rates(bursts: Any) -> str:
    bursts = list(bursts)
    rate = statistics.median(one.count / one.seconds for one in bursts)
    grown = statistics.median(one.grown for one in bursts)
    ordered = "in order" if all(one.ordered for one in bursts) else "NOT in order"
    return f"{rate:,.0f}/s +{grown:.0f} MiB {ordered}"


def _measure(module: str, count: int) -> Burst:
    with NodeGateway() as gateway, tempfile.TemporaryDirectory() as folder:
        _people_in(gateway)
        environment = os.environ | {
            "WECHATY_PUPPET_SERVICE_ENDPOINT": gateway.endpoint,
            "WECHATY_PUPPET_SERVICE_TOKEN": gateway.token,
        }
        extra = [folder, TOPIC] if module == "whole_bot" else []
        process = subprocess.Popen(
            [sys.executable, "-m", f"tests.bench.{module}", str(count), *extra],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True,
        )  # fmt: skip
        try:
            return _burst(gateway, process, count)
        finally:
            process.kill()
            process.wait()


def _people_in(gateway: NodeGateway) -> None:
    people = [f"u{number}" for number in range(PEOPLE)]
    gateway.call("contact", contact={"id": "bot", "name": "小群星"})
    for person in people:
        gateway.call("contact", contact={"id": person, "name": f"群友{person}"})
    gateway.call("room", room={"id": ROOM, "topic": TOPIC, "memberIdList": ["bot", *people]})
    gateway.call("login", contact="bot")


def _burst(gateway: NodeGateway, process: subprocess.Popen[str], count: int) -> Burst:
    assert process.stdin is not None and process.stdout is not None
    _line(process)
    process.stdin.write("\n")
    process.stdin.flush()
    people = [f"u{number}" for number in range(PEOPLE)]
    gateway.call("burst", room=ROOM, senders=people, text="", count=count)
    return Burst(count=count, **_line(process))


def _line(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The next JSON line; wechaty prints other things too."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("{"):
            found: dict[str, Any] = json.loads(line)
            return found
    raise RuntimeError("the measured process ended without a word")
