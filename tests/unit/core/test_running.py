"""`qunxing run` as whoever runs it meets it: a process that starts, says how it is, and ends when told."""

from __future__ import annotations

import os
import re
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest

from bot.cli import EXIT_CODES, run_command_line
from tests.contract.node_gateway import SERVER, NodeGateway

ROOT = Path(__file__).parents[3]
PATIENCE = 30.0

has_node = pytest.mark.skipif(
    shutil.which("node") is None or not (SERVER / "node_modules").is_dir(), reason="Node is not installed"
)


class Running:
    """The bot as a process of its own, and what it says on its terminal."""

    def __init__(self, folder: Path, endpoint: str, token: str = "insecure_test") -> None:
        (folder / "config.yaml").touch()
        self.folder, self.said = folder, ""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WECHATY")}
        gateway = {"WECHATY_PUPPET_SERVICE_ENDPOINT": endpoint, "WECHATY_PUPPET_SERVICE_TOKEN": token}
        self.environment = kept | gateway | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], cwd=folder, env=self.environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def says(self, words: str) -> float:
        """Wait until it has said this; after how many seconds it did."""
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as ready:
            ready.register(self.process.stdout, selectors.EVENT_READ)
            while words not in self.said:
                left = self.started + PATIENCE - time.monotonic()
                if left <= 0 or not ready.select(left):
                    pytest.fail(f"it does not say {words!r} but:\n{self.said}")
                heard = os.read(self.process.stdout.fileno(), 65536).decode()
                if not heard:
                    pytest.fail(f"it ended before it said {words!r}:\n{self.said}")
                self.said += heard
        return time.monotonic() - self.started

    def ends(self, with_signal: signal.Signals | None = None) -> int:
        """Its exit code, at most ten seconds after the signal."""
        if with_signal is not None:
            self.process.send_signal(with_signal)
        return self.process.wait(10)


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address at which nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody else can take it meanwhile
        yield f"127.0.0.1:{taken.getsockname()[1]}"


def test_without_a_gateway_it_says_so_keeps_trying_and_ends_when_told(
    tmp_path: Path, nobody: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Running(tmp_path, nobody) as bot:
        seconds = bot.says("ready")
        bot.says(f"敲不开网关 {nobody}")
        assert (tmp_path / "data").stat().st_mode & 0o077 == 0
        for name, value in bot.environment.items():
            monkeypatch.setenv(name, value)
        code = run_command_line(["run", "-c", str(tmp_path / "config.yaml")])
        assert code == EXIT_CODES["busy"]
        assert f"进程 {bot.process.pid}" in capsys.readouterr().err
        assert bot.ends(signal.SIGTERM) == EXIT_CODES["fine"]
    assert "Traceback" not in bot.said
    with capsys.disabled():
        sys.stdout.write(f" [start to ready: {seconds:.2f} s] ")


@pytest.mark.parametrize(
    ("endpoint", "token", "says", "code"),
    [
        ("", "t", "还不知道网关在哪里", "gateway"),
        ("127.0.0.1:1", "", "还缺网关的令牌", "gateway"),
        ("no port", "t", "地址:端口", "config"),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    endpoint: str, token: str, says: str, code: str,
) -> None:  # fmt: skip
    (tmp_path / "config.yaml").touch()
    monkeypatch.setenv("WECHATY_PUPPET_SERVICE_ENDPOINT", endpoint)
    monkeypatch.setenv("WECHATY_PUPPET_SERVICE_TOKEN", token)
    assert run_command_line(["run", "-c", str(tmp_path / "config.yaml")]) == EXIT_CODES[code]
    said = capsys.readouterr().err
    assert says in said and "Traceback" not in said


@has_node
@pytest.mark.node
def test_at_a_real_gateway_it_pairs_its_owner_answers_and_ends_when_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with NodeGateway() as gateway:
        gateway.call("contact", contact={"id": "bot", "name": "小群星"})
        gateway.call("contact", contact={"id": "zhou", "name": "老周", "friend": True})
        gateway.call("room", room={"id": "tea@chatroom", "topic": "岩茶同好会", "members": ["bot", "zhou"]})
        gateway.call("login", contact="bot")
        with Running(tmp_path, gateway.endpoint, gateway.token) as bot:
            bot.says("连上了，现在是「小群星」在群里")
            assert run_command_line(["pair", "-c", str(tmp_path / "config.yaml")]) == EXIT_CODES["fine"]
            code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", capsys.readouterr().out)
            assert code is not None
            gateway.call("message", sender="zhou", text=code[0])
            gateway.call("wait", sent=1, timeout_ms=15_000)
            (answer,) = gateway.call("stats")["sent"]
            assert answer["conversation_id"] == "zhou" and "岩茶同好会" in answer["text"]
            assert bot.ends(signal.SIGTERM) == EXIT_CODES["fine"]
        assert "Traceback" not in bot.said
