"""A handle for chat networks, so that the same story can be told on the simulated one and on the real one.

Every story has the same cast: the bot, two members of a room of which one is a friend, and a stranger.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from bot.clock import SystemClock
from bot.events import MessageKind
from bot.gateway.adapter import WechatyGateway
from bot.gateway.base import LoggedIn
from bot.gateway.puppet import PuppetFactory
from bot.gateway.settings import GatewaySettings
from tests.unit.gateway.inbox import Inbox

TEA, LIN, NEW, ROOM = "u-tea", "u-lin", "u-new", "tea@chatroom"
NAMES = {TEA: "阿茶", LIN: "小林", NEW: "新茶友"}
TOPIC = "岩茶同好会"

# Short enough for tests that wait in earnest, long enough for a busy machine.
QUICK = GatewaySettings(
    call_timeout=2.0,
    payload_timeout=1.0,
    payload_pauses=(0.01, 0.05, 0.1),
    backoff=(0.05, 0.1, 0.2),
    dong_within=2.0,
    ding_every=None,
)


@dataclass(frozen=True)
class Out:
    """What the bot sent, as both sides can tell it."""

    conversation: str
    text: str = ""
    mention_ids: tuple[str, ...] = ()
    file: tuple[str, int] | None = None


@dataclass
class Bot:
    """A running gateway and what it delivered."""

    gateway: WechatyGateway
    inbox: Inbox = field(default_factory=Inbox)


@asynccontextmanager
async def running(
    factory: PuppetFactory,
    settings: GatewaySettings = QUICK,
    show_code: Callable[[str], None] = lambda code: None,
) -> AsyncIterator[Bot]:
    """A gateway that runs inside the block."""
    bot = Bot(WechatyGateway(factory, SystemClock(), settings, show_code=show_code))
    task = asyncio.create_task(bot.gateway.run(bot.inbox.deliver))
    try:
        yield bot
    finally:
        await bot.gateway.stop()
        await task


class Side(Protocol):
    """What a story needs of a chat network. `fault` spoils the next calls of that name."""

    bot_id: str

    def factory(self) -> PuppetFactory: ...
    async def say(
        self,
        sender: str,
        text: str,
        *,
        room: str | None = ROOM,
        mentions: tuple[str, ...] = (),
        kind: MessageKind = "text",
        file: tuple[str, bytes] | None = None,
        stamp: int | None = None,
    ) -> str: ...
    async def replay(self, message_id: str) -> None: ...
    async def recall(self, message_id: str) -> None: ...
    async def join(self, *people: str, inviter: str = "", named: bool = True, told: bool = True) -> None: ...
    async def leave(self, *people: str, remover: str = "") -> None: ...
    async def rename(self, topic: str) -> None: ...
    async def alias(self, person: str, alias: str) -> None: ...
    async def request_friendship(self, person: str, hello: str) -> str: ...
    async def invite_bot(self, person: str, topic: str) -> str: ...
    async def log_out(self) -> None: ...
    async def log_in(self) -> None: ...
    async def end_stream(self, broken: bool) -> None: ...
    async def fault(
        self, call: str, *, error: bool = False, hang: bool = False, after: bool = False, delay: float = 0,
        times: int = 1,
    ) -> None: ...  # fmt: skip
    async def sent(self) -> list[Out]: ...
    async def calls(self) -> Counter[str]: ...
    async def announcement(self) -> str: ...


@asynccontextmanager
async def attached(side: Side, settings: GatewaySettings = QUICK) -> AsyncIterator[Bot]:
    """A gateway on that side, logged in."""
    async with running(side.factory(), settings) as bot:
        await bot.inbox.next(LoggedIn)
        yield bot
