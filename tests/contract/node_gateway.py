"""The real wechaty gateway (Node) with a mock puppet behind it, driven from a test.

    with NodeGateway() as gateway:
        gateway.call("contact", contact={"id": "u1", "name": "阿茶"})
        gateway.call("login", contact="bot")
        await gateway.ask("wait", attached=True)

`call` blocks and suits set-up; `ask` is the same for async tests whose own loop has to go on.
The commands are the keys of bot/gateway/server/mock-control.mjs.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

SERVER = Path(__file__).resolve().parents[2] / "bot" / "gateway" / "server"
START_SECONDS = 20.0
CALL_SECONDS = 15.0
STOP_SECONDS = 7.0

Answer = dict[str, Any]


class GatewayFailed(AssertionError):
    """The gateway did not start, died, or refused a command; carries its stderr."""


class NodeGateway:
    def __init__(self, *, port: int = 0, token: str | None = None, tls: bool = False) -> None:
        self.port = port
        self.token = token or ""
        self._tls = tls
        self._ids = itertools.count(1)
        self._waiting: dict[int, Future[Answer]] = {}
        self._ready: Future[Answer] = Future()
        self._process: subprocess.Popen[str] | None = None
        self._stderr: IO[str] | None = None

    @property
    def endpoint(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        return self._running().pid

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Starts the process; started again after `stop` or `kill` it keeps its port and token."""
        self._ready, self._waiting = Future(), {}
        self._stderr = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed in _forget
        self._process = subprocess.Popen(
            self._command(),
            cwd=SERVER,
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            text=True,
            encoding="utf-8",
            bufsize=1,
        )
        # A thread that still reads from a former process must not touch what this one waits for.
        waited_for = (self._process, self._ready, self._waiting)
        threading.Thread(target=self._read, args=waited_for, daemon=True).start()
        try:
            ready = self._ready.result(START_SECONDS)
        except Exception as error:
            reason = self.errors()
            self.kill()
            raise GatewayFailed(f"the gateway did not start: {error!r}\n{reason}") from error
        self.port, self.token = ready["port"], ready["token"]

    def call(self, command: str, /, **arguments: Any) -> Answer:
        """One command, one answer; blocks."""
        return self._send(command, arguments).result(_limit(arguments))

    async def ask(self, command: str, /, **arguments: Any) -> Answer:
        """Like `call`, and the event loop goes on meanwhile."""
        answer = asyncio.wrap_future(self._send(command, arguments))
        return await asyncio.wait_for(answer, _limit(arguments))

    def errors(self) -> str:
        """What the process has written to stderr so far."""
        if self._stderr is None or self._stderr.closed:
            return ""
        self._stderr.seek(0)
        return self._stderr.read()

    def freeze(self) -> None:
        """A line that is open and dead: the process no longer answers anything."""
        self._running().send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._running().send_signal(signal.SIGCONT)

    def stop(self) -> int | None:
        """Ends politely (its input is closed), by force when that takes too long."""
        if self._process is None:
            return None
        process = self._process
        if process.stdin is not None:
            process.stdin.close()
        try:
            code = process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        self._forget()
        return code

    def kill(self) -> None:
        """As if the machine had lost power."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        self._forget()

    def _command(self) -> list[str]:
        node = shutil.which("node")
        if node is None or not (SERVER / "node_modules").is_dir():
            raise GatewayFailed("Node and its packages are needed: run make install")
        command = [node, "server.mjs", "--puppet", "mock", "--control", "--port", str(self.port)]
        return [*command, "--tls"] if self._tls else command

    def _environment(self) -> dict[str, str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WECHATY")}
        if self.token:
            environment["WECHATY_PUPPET_SERVICE_TOKEN"] = self.token
        return environment

    def _send(self, command: str, arguments: dict[str, Any]) -> Future[Answer]:
        process = self._running()
        request_id = next(self._ids)
        future: Future[Answer] = Future()
        self._waiting[request_id] = future
        assert process.stdin is not None
        request = {"id": request_id, "command": command, "args": arguments}
        process.stdin.write(json.dumps(request, ensure_ascii=False) + "\n")
        process.stdin.flush()
        return future

    def _read(
        self, process: subprocess.Popen[str], ready: Future[Answer], waiting: dict[int, Future[Answer]]
    ) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self._take(json.loads(line))
        for future in [ready, *waiting.values()]:
            if not future.done():
                future.set_exception(GatewayFailed("the gateway has ended"))
        waiting.clear()
        process.stdout.close()

    def _take(self, answer: Answer) -> None:
        if answer.get("ready"):
            self._ready.set_result(answer)
            return
        future = self._waiting.pop(answer["id"], None)
        if future is None or future.done():
            return
        if answer["ok"]:
            future.set_result(answer["result"])
        else:
            future.set_exception(GatewayFailed(answer["error"]))

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            raise GatewayFailed("the gateway is not running")
        return self._process

    def _forget(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None
        if self._stderr is not None:
            self._stderr.close()


def _limit(arguments: dict[str, Any]) -> float:
    return CALL_SECONDS + float(arguments.get("timeout_ms", 0)) / 1000
