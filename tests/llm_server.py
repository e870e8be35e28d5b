"""A small language model on 127.0.0.1 that answers well, lies, hangs or fails, as a test wants it to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

SECRET = "sk-not-for-any-log-7391"


@dataclass(slots=True)
class Behaviour:
    """What the server does: words to answer with (made of the draft), or a status, or raw bytes."""

    words: Callable[[str], str] = lambda draft: draft
    status: int = 200
    raw: bytes | None = None
    hangs: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    address: str = ""
    released: Event = field(default_factory=Event)

    def body(self, asked: dict[str, Any]) -> bytes:
        """The answer as it goes over the line."""
        if self.raw is not None:
            return self.raw
        words = self.words(asked["messages"][-1]["content"])
        return json.dumps({"choices": [{"message": {"role": "assistant", "content": words}}]}).encode()


@contextmanager
def language_model() -> Iterator[Behaviour]:
    """The server, running; its behaviour can be changed at any time."""
    behaviour = Behaviour()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            behaviour.asked.append(asked)
            behaviour.keys.append(self.headers["Authorization"])
            if behaviour.hangs:
                behaviour.released.wait(30)
                return
            body = behaviour.body(asked)
            self.send_response(behaviour.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                behaviour.released.set()  # the bot hung up: it had read enough

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    behaviour.address = f"http://127.0.0.1:{server.server_port}/v1"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield behaviour
    finally:
        behaviour.released.set()
        server.shutdown()
        server.server_close()
