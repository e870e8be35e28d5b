"""A bot as people start it, looked at from outside: no open door, no file elsewhere, no word in its logs.

`python -m bot run` at a gateway that puts the token into its errors, and `python -m bot demo`.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grpclib.const import Status
from grpclib.exceptions import GRPCError

from bot.clock import SystemClock
from bot.gateway.simulated import SimulatedPuppet
from tests.faults.apart import ROOT
from tests.faults.figures import Report
from tests.faults.gateway import TOKEN, FaultyGateway
from tests.faults.rig import until

CANARIES = ("暗号碧螺春", "暗号铁观音", "金丝雀甲七号", "岩茶同好会暗号")
STARTS_WITHIN, ENDS_WITHIN, DEMO_WITHIN = 30.0, 20.0, 120.0
CONFIG = "bot:\n  log_level: debug\n"
LISTEN = "0A"


def doors(folder: Path, seed: int, *, demo: bool) -> Report:
    """Start the bot as a person would, let things go wrong, stop it, and look around."""
    report = Report("doors", seed)
    asyncio.run(_run(folder, random.Random(seed), report))
    if demo:
        asyncio.run(_demo(folder, report))
    else:
        report.remark("without the demo")
    return report


async def _run(folder: Path, dice: random.Random, report: Report) -> None:
    home, place = places(folder)
    (place / "config.yaml").write_text(CONFIG, encoding="utf-8")
    world = SimulatedPuppet(SystemClock())
    async with FaultyGateway(world) as gateway:
        gateway.before = _telling_the_token
        environment = environment_of(home) | {
            "WECHATY_PUPPET_SERVICE_TOKEN": TOKEN,
            "WECHATY_PUPPET_SERVICE_ENDPOINT": f"127.0.0.1:{gateway.port}",
        }
        said = await _start(["run"], place, environment, folder / "run.log")
        await until(lambda: gateway.is_attached and gateway.calls["Start"] > 0, STARTS_WITHIN)
        await _talk(world, gateway, dice)
        report.at_most("listening sockets of the bot", len(listening(said.pid)))
        said.send_signal(signal.SIGTERM)
        await asyncio.wait_for(said.wait(), ENDS_WITHIN)
        report.at_most("exit code after SIGTERM", abs(said.returncode or 0))
    data = place / "data"
    report.at_most("files outside the data folder", len(_strangers(home, place, data)))
    for file in _strangers(home, place, data)[:5]:
        report.remark(f"outside: {file.relative_to(folder)}")
    report.at_most("files and folders that others may see", _open_to_others(data))
    logs = [folder / "run.log", *data.glob("*.log*")]
    _no_words_in(report, logs)


async def _telling_the_token(call: str, request: Any) -> None:
    """Gateways do that: the token stands in the message of an error."""
    if call in ("RoomMemberList", "DirtyPayload", "RoomMemberPayload"):
        raise GRPCError(Status.UNAUTHENTICATED, f"invalid token {TOKEN}, token: {TOKEN}\n{CANARIES[0]}")
    if call == "MessageSendText":
        raise GRPCError(Status.UNKNOWN, f"could not send {request.text} with {TOKEN}")


async def _talk(world: SimulatedPuppet, gateway: FaultyGateway, dice: random.Random) -> None:
    """Words, names and mishaps of many kinds."""
    tea = world.person(CANARIES[2], friend=True)
    room = world.room(CANARIES[3], [tea])
    world.report_join(room, [world.me], tea)
    for words in CANARIES:
        tea.say(words)
        room.say(tea, words, mention=[world.me])
        gateway.write(words.encode())
        tea.request_friendship(words)
    gateway.write(dice.randbytes(100))
    gateway.end_stream(GRPCError(Status.INTERNAL, f"token={TOKEN}\n{CANARIES[1]}"))
    await until(lambda: gateway.streams > 1, STARTS_WITHIN)
    tea.say(CANARIES[0])
    await asyncio.sleep(1.0)


async def _demo(folder: Path, report: Report) -> None:
    home, place = places(folder / "demo")
    said = await _start(["demo", "--fast"], place, environment_of(home), folder / "demo.log")
    seen: set[str] = set()
    async with asyncio.timeout(DEMO_WITHIN):
        while said.returncode is None:
            seen |= set(listening(said.pid))
            await asyncio.sleep(0.1)
    report.at_most("listening sockets of the demo", len(seen))
    report.at_most("exit code of the demo", abs(said.returncode))
    report.at_most("files that the demo leaves", len(_strangers(home, place, place / "data")))


def listening(pid: int) -> list[str]:
    """The sockets on which a process accepts connections, or waits for packets."""
    links = (file.readlink() for file in Path(f"/proc/{pid}/fd").iterdir() if file.is_symlink())
    own = {str(link).removeprefix("socket:[").removesuffix("]") for link in links if "socket:" in str(link)}
    found = []
    for name in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{pid}/net/{name}").read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            is_open = fields[3] == LISTEN or name.startswith("udp")
            if is_open and fields[9] in own:
                found.append(f"{name} {fields[1]}")
    return found


def places(folder: Path) -> tuple[Path, Path]:
    home, place = folder / "home", folder / "place"
    for one in (home / "tmp", place):
        one.mkdir(parents=True, exist_ok=True)
    return home, place


def environment_of(home: Path) -> dict[str, str]:
    """Nothing of ours, and a home and a folder for temporary files that can be looked through."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {"HOME": str(home), "TMPDIR": str(home / "tmp"), "PYTHONPATH": str(ROOT),
                   "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip


async def _start(
    arguments: list[str], place: Path, environment: Mapping[str, str], log: Path
) -> asyncio.subprocess.Process:
    with log.open("wb") as file:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments, cwd=place, env=dict(environment),
            stdin=asyncio.subprocess.DEVNULL, stdout=file, stderr=file,
        )  # fmt: skip


def _strangers(home: Path, place: Path, data: Path) -> list[Path]:
    """Files that nobody asked for: in the home, among temporary files, beside the configuration."""
    files = [file for folder in (home, place) for file in folder.rglob("*") if file.is_file()]
    return [file for file in files if data not in file.parents and file.name != "config.yaml"]


def _open_to_others(data: Path) -> int:
    return sum(bool(stat.S_IMODE(file.lstat().st_mode) & 0o077) for file in (data, *data.rglob("*")))


def _no_words_in(report: Report, logs: list[Path]) -> None:
    content = b"".join(log.read_bytes() for log in logs)
    report.at_least("lines of logs at level debug", content.count(b"\n"), 3)
    report.at_most("tokens in logs", content.count(TOKEN.encode()))
    report.at_most("words in logs", sum(content.count(words.encode()) for words in CANARIES))
