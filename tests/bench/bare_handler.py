"""The measure to be compared with: python-wechaty as its documentation shows it, storing nothing.

Started by `tests.bench.bursts` as a process of its own: `python -m tests.bench.bare_handler COUNT`, with the
gateway's address and token in the environment. It fetches what a bot needs of each message (wechaty does so
itself: message, talker and room) and counts. Prints one JSON line when it is ready and one at the end.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from typing import Any

from tests.bench.report_lines import grown, peak, say

from bot.gateway import shim  # noqa: F401  # isort: skip  # makes wechaty importable
from wechaty import Wechaty, WechatyOptions  # isort: skip


class BareHandler(Wechaty):  # type: ignore[misc]
    """Counts messages in the order in which they are handed to it."""

    def __init__(self, options: Any, expected: int) -> None:
        super().__init__(options)
        self.expected = expected
        self.texts: list[str] = []
        self.done = asyncio.Event()

    async def on_message(self, msg: Any) -> None:
        """What every handler does first: who said what where."""
        msg.talker(), msg.room()
        self.texts.append(msg.text())
        if len(self.texts) >= self.expected:
            self.done.set()


async def main(expected: int) -> None:
    """Attach, count, tell."""
    options = WechatyOptions(
        token=os.environ["WECHATY_PUPPET_SERVICE_TOKEN"],
        endpoint=os.environ["WECHATY_PUPPET_SERVICE_ENDPOINT"],
    )
    handler = BareHandler(options, expected)
    running = asyncio.create_task(handler.start())
    await asyncio.sleep(1)  # it tells nobody when it is attached
    before = peak()
    say(ready=True)
    await asyncio.to_thread(sys.stdin.readline)
    began = time.perf_counter()
    await handler.done.wait()
    numbers = [int(text) for text in handler.texts[:expected]]
    say(seconds=time.perf_counter() - began, grown=grown(before), ordered=numbers == sorted(numbers))
    running.cancel()
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
