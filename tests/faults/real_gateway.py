"""The bot as people start it, at the real Node gateway, whose process is killed and started again."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.gateway.settings import GatewaySettings
from tests.contract.node_client import TEA, populate
from tests.contract.node_gateway import NodeGateway
from tests.faults.doors import environment_of, places
from tests.faults.figures import Report, percentile

BACK_WITHIN = 15.0
NOTICED_WITHIN = 60.0
STARTS_WITHIN, ENDS_WITHIN = 30.0, 20.0
LONGEST_OUTAGE = 6.0


HELD = GatewaySettings().steady_after + 1
"""Killed sooner, a gateway counts as one that keeps failing, and is rightly given more and more time."""


def real_gateway(folder: Path, seed: int, *, kills: int, freezes: int) -> Report:
    """Kill the gateway's process so many times, and freeze it."""
    report, dice = Report("real gateway", seed), random.Random(seed)
    with NodeGateway() as gateway:
        populate(gateway)
        with _bot(folder, gateway) as process:
            database = folder / "place" / "data" / "qunxing.sqlite3"
            gateway.call("wait", attached=True, timeout_ms=STARTS_WITHIN * 1000)
            said = [_speak(gateway, database, 0)]
            backs = []
            for number in range(1, kills + 1):
                if number > 1:
                    time.sleep(HELD)
                backs.append(_kill(gateway, dice))
                said.append(_speak(gateway, database, number))
            noticed = [_freeze(gateway, database) for _ in range(freezes)]
            is_alive = process.poll() is None
            process.send_signal(signal.SIGTERM)
            code = process.wait(ENDS_WITHIN)
    report.figure("kills of the Node process", kills)
    report.at_most("back after a kill, p95 (s)", percentile(backs, 0.95), BACK_WITHIN)
    report.at_most("messages after a kill that were missed", said.count(False))
    report.at_most("exits of the bot", int(not is_alive))
    report.at_most("exit code after SIGTERM", abs(code))
    if freezes:
        report.at_most("dead line noticed after, worst (s)", max(noticed), NOTICED_WITHIN)
    open_gaps, gaps = _gaps(database)
    report.at_most("gaps not recorded", max(kills + freezes - gaps, 0))
    report.at_most("gaps without an end, but for that of its own stop", max(open_gaps - 1, 0))
    return report


@contextmanager
def _bot(folder: Path, gateway: NodeGateway) -> Iterator[subprocess.Popen[bytes]]:
    home, place = places(folder)
    (place / "config.yaml").write_text("", encoding="utf-8")
    environment = environment_of(home) | {
        "WECHATY_PUPPET_SERVICE_TOKEN": gateway.token,
        "WECHATY_PUPPET_SERVICE_ENDPOINT": gateway.endpoint,
    }
    with (folder / "run.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], cwd=place, env=environment, stdin=subprocess.DEVNULL,
            stdout=log, stderr=log,
        )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _kill(gateway: NodeGateway, dice: random.Random) -> float:
    """Seconds from the gateway's return to the bot's."""
    gateway.kill()
    time.sleep(dice.uniform(0.2, LONGEST_OUTAGE))
    gateway.start()
    populate(gateway)
    begun = time.monotonic()
    gateway.call("wait", attached=True, timeout_ms=STARTS_WITHIN * 2000)
    return time.monotonic() - begun


def _freeze(gateway: NodeGateway, database: Path) -> float:
    """Seconds from the freeze to the moment from which the bot dates the gap."""
    before = _gaps(database)[1]
    gateway.freeze()
    begun = time.monotonic()
    try:
        while _gaps(database)[1] == before and time.monotonic() - begun < 2 * NOTICED_WITHIN:
            time.sleep(0.2)
        noticed = time.monotonic() - begun
    finally:
        gateway.thaw()
    gateway.call("wait", attached=False, timeout_ms=STARTS_WITHIN * 1000)
    gateway.call("wait", attached=True, timeout_ms=4 * STARTS_WITHIN * 1000)
    time.sleep(1)
    return noticed


def _speak(gateway: NodeGateway, database: Path, number: int) -> bool:
    """Whether a private message reaches the database."""
    limit = time.monotonic() + STARTS_WITHIN
    gateway.call("message", sender=TEA, text=f"第{number}次")
    while time.monotonic() < limit:
        if _ask(database, "SELECT count(*) FROM message WHERE text = ?", f"第{number}次"):
            return True
        time.sleep(0.05)
    return False


def _gaps(database: Path) -> tuple[int, int]:
    """How many gaps are open, and how many there are."""
    count = "SELECT count(*) FROM gap"
    return _ask(database, f"{count} WHERE restored_at IS NULL"), _ask(database, count)


def _ask(database: Path, query: str, *values: str) -> int:
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as raw:
            return int(raw.execute(query, values).fetchone()[0])
    except sqlite3.OperationalError:  # not made yet
        return 0
