"""The handle of `sides` on the simulated puppet, which demos and tests run on."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from grpclib.const import Status
from grpclib.exceptions import GRPCError, StreamTerminatedError

from bot.clock import SystemClock
from bot.events import MessageKind
from bot.gateway.cast import Said, SimulatedPerson
from bot.gateway.puppet import PuppetFactory
from bot.gateway.simulated import SimulatedPuppet
from tests.contract.sides import LIN, NAMES, ROOM, TEA, TOPIC, Out


class SimulatedSide:
    """The simulated puppet."""

    def __init__(self) -> None:
        self.puppet = SimulatedPuppet(SystemClock())
        self.people: dict[str, SimulatedPerson] = {
            id: self.puppet.person(name, id=id, friend=id == TEA) for id, name in NAMES.items()
        }
        self.room = self.puppet.room(TOPIC, [self.people[TEA], self.people[LIN]], id=ROOM)
        self.room.aliases[TEA] = "茶博士"
        self.bot_id = self.puppet.me.id
        self._said: dict[str, Said] = {}
        self._calls: Counter[str] = Counter()
        self._faults: list[dict[str, Any]] = []
        self.puppet.before_call = self._before
        self.puppet.after_call = self._after

    def factory(self) -> PuppetFactory:
        return lambda: self.puppet

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
    ) -> str:
        name, content = file or ("", b"")
        said = self.puppet.speak(
            self.people[sender],
            self.puppet.rooms[room] if room else None,
            text,
            kind=kind,
            mention_ids=mentions,
            content=content,
            file_name=name,
        )
        if stamp is not None:
            self.puppet.messages[said.id].timestamp = stamp
        self._said[said.id] = said
        return said.id

    async def replay(self, message_id: str) -> None:
        self.puppet.replay(message_id)

    async def recall(self, message_id: str) -> None:
        self.puppet.take_back(self._said[message_id])

    async def join(self, *people: str, inviter: str = "", named: bool = True, told: bool = True) -> None:
        found = [self.people[one] for one in people]
        self.room.join(*found, inviter=self.people.get(inviter), told=told and named)
        if told and not named:
            self.puppet.report_join(self.room, [], None)

    async def leave(self, *people: str, remover: str = "") -> None:
        self.room.leave(*(self.people[one] for one in people), remover=self.people.get(remover))

    async def rename(self, topic: str) -> None:
        self.room.rename(topic)

    async def alias(self, person: str, alias: str) -> None:
        self.room.aliases[person] = alias

    async def request_friendship(self, person: str, hello: str) -> str:
        return self.people[person].request_friendship(hello)

    async def invite_bot(self, person: str, topic: str) -> str:
        return self.people[person].invite_bot(topic)

    async def log_out(self) -> None:
        self.puppet.log_out()

    async def log_in(self) -> None:
        self.puppet.log_in()

    async def end_stream(self, broken: bool) -> None:
        self.puppet.drop_line(StreamTerminatedError("broken on purpose") if broken else None)

    async def fault(
        self, call: str, *, error: bool = False, hang: bool = False, after: bool = False, delay: float = 0,
        times: int = 1,
    ) -> None:  # fmt: skip
        rule = {"call": call, "error": error, "hang": hang, "after": after, "delay": delay}
        self._faults += [rule] * times

    async def _before(self, call: str, arguments: tuple[Any, ...]) -> None:
        self._calls[call] += 1
        await self._spoil(call, after=False)

    async def _after(self, call: str, arguments: tuple[Any, ...]) -> None:
        await self._spoil(call, after=True)

    async def _spoil(self, call: str, *, after: bool) -> None:
        rule = next((one for one in self._faults if one["call"] == call and one["after"] == after), None)
        if rule is None:
            return
        self._faults.remove(rule)
        await asyncio.sleep(rule["delay"])
        if rule["hang"]:
            await asyncio.Event().wait()
        if rule["error"]:
            raise GRPCError(Status.INTERNAL, "broken on purpose")

    async def sent(self) -> list[Out]:
        return [
            Out(
                one.conversation,
                one.text,
                one.mention_ids,
                (one.file_name, len(one.content)) if one.file_name else None,
            )
            for one in self.puppet.sent
        ]

    async def calls(self) -> Counter[str]:
        return self._calls.copy()

    async def announcement(self) -> str:
        return self.room.announcement
