"""The stage: one bot, fully wired, in a simulated network, on a clock that is moved."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.app import App, build
from bot.authority import new_code
from bot.clock import MovableClock
from bot.config import Config, load_config
from bot.gateway.adapter import WechatyGateway
from bot.gateway.cast import Sent
from bot.gateway.settings import GatewaySettings
from bot.gateway.simulated import SimulatedPuppet
from bot.host import find_plugins
from bot.plugin import Plugin
from bot.storage.engine import Storage, open_storage
from bot.storage.migrate import upgrade
from bot.storage.tables import Outgoing, PuppetAlias
from bot.testing.people import Listener, Player, StageRoom, Unread

T = TypeVar("T")

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Where a stage's clock stands at first: Monday 2 March 2026, nine in the morning in Shanghai."""

LIVELOCK = 2_000
PATIENCE = 10.0


class Stage:
    """The bot and the people around it. Use it as a context manager; `restart` is a crash and a new start."""

    def __init__(
        self, folder: Path, *, plugins: Sequence[Plugin] | None = None, config: str = "",
        start: datetime = MORNING, seed: int = 1, environment: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.folder = folder
        self.clock = MovableClock(start)
        self.dice = random.Random(seed)
        self.plugins = list(plugins) if plugins is not None else find_plugins()[0]
        self.config = self._config(config, environment or {})
        self.puppet = SimulatedPuppet(self.clock, bot_name=self.config.bot.name)
        self.puppet.on_sent = self._heard
        self.heard: Callable[[Sent], None] | None = None
        self._places: dict[str, Listener] = {}
        self._runner = asyncio.Runner()
        self.storage: Storage
        self.app: App
        self._gateway: WechatyGateway
        self._line: asyncio.Task[None]

    # Beginning and end

    def __enter__(self) -> Stage:
        self.begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        unread = {place.place: [sent.text for sent in place.unread] for place in self._places.values()}
        self.end()
        self._runner.close()
        left = {place: texts for place, texts in unread.items() if texts}
        if kind is None and left:
            raise Unread(f"nobody read {left}")

    def begin(self) -> None:
        """Start the bot on what the folder holds."""
        upgrade(self.folder, now=self.clock.now())
        self.storage = open_storage(self.folder)
        settings = GatewaySettings(ding_every=None, payload_pauses=(0.0, 0.0), backoff=(0.01,), jitter=0.0)
        self._gateway = WechatyGateway(lambda: self.puppet, self.clock, settings)
        self.app = build(self.config, self._gateway, self.clock, self.dice, self.storage, self.plugins)
        self._runner.run(self._begin())

    def end(self) -> None:
        """Stop the bot; nothing that was not committed survives."""
        self._runner.run(self._end())
        self.storage.close()

    def restart(self) -> None:
        """The bot dies on the spot and is started again."""
        self.end()
        self.begin()

    # People and places

    def person(
        self, name: str, *, friend: bool = False, official: bool = False, newest: bool = False
    ) -> Player:
        """Somebody of this name, made when first named; `newest` is who they are after `log_in_anew`."""
        if newest:
            return self._today(name)
        for place in self._places.values():
            if isinstance(place, Player) and place.person.name == name:
                return place
        player = Player(self, self.puppet.person(name, friend=friend, official=official))
        self._places[player.person.id] = player
        return player

    def room(
        self, name: str, *, members: Sequence[str] = (), owner: str = "", live: bool = True
    ) -> StageRoom:
        """A room with these members; its owner is paired and (if `live`) the bot speaks there."""
        people = [self.person(one) for one in ([owner] if owner else []) + list(members)]
        room = StageRoom(self, self.puppet.room(name, [one.person for one in people]))
        self._places[room.room.id] = room
        self.puppet.report_join(room.room, [self.puppet.me], None)
        self.settle()
        if owner:
            self.pair(self.person(owner), room)
        if live:
            self.go_live(room)
        return room

    def log_in_anew(self, room: StageRoom) -> StageRoom:
        """The account logs in again under new ids, as on web protocols: its own, everybody's, the room's."""
        people = [one for one in room.room.members.values() if one is not self.puppet.me]
        del self.puppet.rooms[room.room.id]
        self.puppet.me = self.puppet.person(self.puppet.me.name)
        fresh = [self.puppet.person(one.name, friend=one.friend) for one in people]
        again = StageRoom(self, self.puppet.room(room.room.topic, fresh))
        self._places[again.room.id] = again
        self.lose_line(minutes=2)
        self.advance(minutes=1)
        for place in self._places.values():
            place.unread.clear()
        return again

    def _today(self, name: str) -> Player:
        person = [one for one in self.puppet.people.values() if one.name == name][-1]
        place = self._places.setdefault(person.id, Player(self, person))
        assert isinstance(place, Player)
        return place

    def pair(self, player: Player, *rooms: StageRoom) -> None:
        """Let a person own rooms, by the way that leaves no words behind."""
        code = self.write(lambda session: new_code(session, [room.place for room in rooms], self.clock.now()))
        player.whispers(code)
        self._drop_private_words()
        player.unread.clear()

    def go_live(self, room: StageRoom) -> None:
        """Let the bot speak in the room from now on, past the owner's ceremony of starting it."""
        key, now = room.key, self.clock.now()
        self.write(lambda session: self.app.services.register.set_room_status(session, key, "live", now))
        self.settle()
        self._drop_private_words()
        for place in self._places.values():
            place.unread.clear()

    # Time

    def advance(self, **duration: float) -> None:
        """Let time pass: `advance(minutes=2)`. Everything that becomes due on the way happens in order."""
        self.advance_by(timedelta(**duration))

    def advance_by(self, duration: timedelta) -> None:
        """`advance` with a duration."""
        self.advance_until(self.clock.now() + duration)

    def advance_until(self, moment: datetime) -> None:
        """Let time pass until then."""
        while self.advance_to_next(moment):
            continue

    def advance_to_next(self, limit: datetime) -> bool:
        """Go to the next thing that is due and do it; False when the limit is reached."""
        self.settle()
        wake = self.app.next_wake()
        if wake is None or wake >= limit:
            self.clock.move_to(limit)
            self.settle()
            return False
        self.clock.move_to(max(wake, self.clock.now() + timedelta(milliseconds=1)))
        self.settle()
        return True

    def lose_line(self, **duration: float) -> None:
        """The gateway is gone for that long: `lose_line(minutes=40)`. What people do meanwhile is lost."""
        self.puppet.reachable = False
        self.puppet.drop_line()
        self._runner.run(self._something_arrived())
        self.advance(**duration)
        self.puppet.reachable = True
        self._runner.run(self._something_arrived())
        self.settle()

    def at(self, clock_time: str) -> datetime:
        """The next moment at which the local clocks show `HH:MM`."""
        hour, minute = (int(part) for part in clock_time.split(":"))
        zone = self.app.services.zone
        local = self.clock.now().astimezone(zone)
        moment = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return moment if moment > local else moment + timedelta(days=1)

    def settle(self) -> None:
        """Let the bot do everything that it can do at this moment."""
        self._runner.run(self._settle())

    # Looking inside

    def write(self, fn: Callable[[Session], T]) -> T:
        """Run something on the bot's writer, as another program could."""
        result = self.storage.write_now(fn)
        self._runner.run(self.app.look_again())
        return result

    def read(self, fn: Callable[[Session], T]) -> T:
        """Read from the bot's database."""
        return self.storage.read_now(fn)

    def key(self, scope: str, puppet_id: str) -> int:
        """Our key for what the network calls so."""
        query = select(PuppetAlias.key).where(PuppetAlias.scope == scope, PuppetAlias.puppet_id == puppet_id)
        return self.read(lambda session: session.execute(query).scalar_one())

    # Inside

    def _drop_private_words(self) -> None:
        """What the bot would still tell people about the setting of the stage."""
        planned = (Outgoing.status == "planned") & Outgoing.room_id.is_(None) & (Outgoing.kind == "text")
        self.write(
            lambda session: session.execute(update(Outgoing).where(planned).values(status="cancelled"))
        )

    def _heard(self, sent: Sent) -> None:
        place = self._places.get(sent.conversation)
        if place is not None:
            place.unread.append(sent)
        if self.heard is not None:
            self.heard(sent)

    def _config(self, text: str, environment: Mapping[str, str]) -> Config:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "config.yaml"
        path.write_text(text, encoding="utf-8")
        return load_config(path, self.plugins, environment)

    async def _begin(self) -> None:
        await self.app.begin()
        self._line = asyncio.create_task(self._gateway.run(self.app.receive))
        await self.app.arrived.wait()  # the login
        await self._settle()

    async def _something_arrived(self) -> None:
        async with asyncio.timeout(PATIENCE):  # of the machine's clock: a stage that hangs is broken
            await self.app.arrived.wait()

    async def _end(self) -> None:
        await self._gateway.stop()
        self._line.cancel()
        await asyncio.gather(self._line, return_exceptions=True)

    async def _settle(self) -> None:
        for _ in range(LIVELOCK):
            await self._gateway.settled()
            if not await self.app.step():
                return
        raise AssertionError("the bot does not come to rest: something is due again and again")
