"""What somebody asks of the bot, and whether they may: the one place where authority is checked.

A private message, or a mention or quote of the bot in a group, may be an answer that a plugin waits for,
a confirmation, or a command. These are attempts: the first one that takes the message ends the matter.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bot import authority
from bot.commands import Match, pattern_of
from bot.context import Context
from bot.events import MessagePosted
from bot.host import Host
from bot.messages import CORE
from bot.plugin import Command, Plugin, Where
from bot.services import Services
from bot.storage.tables import Expectation, Message, OwnerDesk
from bot.words import normalised, visible

CONFIRM_WITHIN = timedelta(minutes=1)
CONFIRM_WORD = "确认"
LONGEST_LINE = 5_000
"""What is longer is no command: its beginning is all that is looked at."""

AROUND_CODE = ":,.。!~"
MakeContext = Callable[[Session, MessagePosted, str, int | None], Context]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to understand a request. `run` returns False if the message was not meant so after all.

    `also_heard` is true for what a catch-all command takes: the message stays ordinary talk as well.
    """

    name: str
    context: Context
    run: Callable[[Context], bool | None]
    also_heard: bool = False


@dataclass(slots=True)
class Requests:
    """Finds the attempts for a message. `make_context` is the engine's."""

    services: Services
    host: Host
    make_context: MakeContext

    def attempts(self, session: Session, event: MessagePosted) -> Iterator[Attempt]:
        """Expected answers first, then a confirmation, then a command; none if it was taken back at once."""
        for attempt in self._understood(session, event):
            if session.scalar(select(Message.recalled).where(Message.id == event.message)):
                return
            yield attempt

    def _understood(self, session: Session, event: MessagePosted) -> Iterator[Attempt]:
        yield from self._expected(session, event)
        if event.kind != "text":
            return
        if event.room is None:
            yield from self._confirmation(session, event)
            yield from self.command(session, event, event.text[:LONGEST_LINE])
        elif event.mentions_bot or self._quotes_bot(session, event) or self._names_bot(event.text):
            yield from self.command(session, event, self._spoken_to(event.text[:LONGEST_LINE]))

    def command(self, session: Session, event: MessagePosted, line: str) -> Iterator[Attempt]:
        """The command that the author of the message means by this line, if it is one and they may."""
        is_private = event.room is None
        is_owner = is_private and authority.is_owner(session, event.member)
        room = event.room
        if is_owner:  # an owner's private lines are about the room on their desk
            room = authority.desk_of(session, event.member).room_id

        def is_on(command: Command) -> bool:
            told_that_it_is_off = is_owner and not pattern_of(command.grammar).catches_all
            return told_that_it_is_off or room is None or self.is_on(self._plugin_of(command), room)

        where: Where = "private" if is_private else "group"
        match = self.host.commands.match(line, where, is_owner=is_owner, is_on=is_on)
        if match is None:
            return
        catches_all = pattern_of(match.command.grammar).catches_all
        matches = [match]
        if catches_all and match.complete:
            matches = [*self.host.commands.catching(line, where, is_owner=is_owner, is_on=is_on)]
        for one in matches:
            context = self.make_context(session, event, self._plugin_of(one.command).name, room)
            yield Attempt(one.command.name, context, self._to_run(one, room, line), also_heard=catches_all)

    def is_on(self, plugin: Plugin, room: int) -> bool:
        """Whether the plugin works in this room."""
        return plugin.always_on or self.services.settings.enabled(plugin.name, room)

    def _plugin_of(self, command: Command) -> Plugin:
        return self.host.plugins[command.name.split(".")[0]]

    def _to_run(self, match: Match, room: int | None, line: str) -> Callable[[Context], bool | None]:
        command, plugin = match.command, self._plugin_of(match.command)
        if room is not None and not self.is_on(plugin, room):
            return lambda ctx: _say(ctx, "plugin_off", title=plugin.title)
        if not match.complete:
            said, _ = command.example
            return lambda ctx: _say(ctx, "command_incomplete", grammar=command.grammar, example=said)
        if command.who == "owner" and command.needs_room and room is None:
            return lambda ctx: _say(ctx, "no_room_yet")
        if command.confirm is not None:
            return lambda ctx: _ask_to_confirm(ctx, match, line)
        return lambda ctx: command.handler(ctx, *match.arguments)

    # Who is spoken to

    def _quotes_bot(self, session: Session, event: MessagePosted) -> bool:
        if event.quote is None or event.quote.message is None:
            return False
        author = session.scalar(select(Message.member_id).where(Message.id == event.quote.message))
        return author is not None and author == self.services.register.self_key

    def _names_bot(self, text: str) -> bool:
        """Whether the text begins with the bot's name as a mention (some puppets send no mention ids)."""
        return text.lstrip().startswith(f"@{self.services.bot_name}")

    def _spoken_to(self, text: str) -> str:
        """The text without the mention of the bot, wherever in it that stands."""
        name = f"@{self.services.bot_name}"
        words = text.replace(f"{name}\u2005", " ").replace("\u2005", " ").split(" ")
        kept = [word for word in words if word and word != name]
        if len(kept) == len([word for word in words if word]) and kept and kept[0].startswith("@"):
            kept = [kept[0].removeprefix(name), *kept[1:]] if kept[0].startswith(name) else kept[1:]
        return " ".join(kept)

    # Confirmations

    def _confirmation(self, session: Session, event: MessagePosted) -> Iterator[Attempt]:
        said = normalised(visible(event.text[:LONGEST_LINE])).replace(" ", "")
        desk = session.get(OwnerDesk, event.member)
        if not said.startswith(CONFIRM_WORD) or desk is None or desk.confirm_code is None:
            return
        if not authority.is_owner(session, event.member):
            return
        yield Attempt(
            "core.confirm",
            self.make_context(session, event, CORE, desk.confirm_room_id),
            lambda ctx: self._confirmed(ctx, event, desk, said.removeprefix(CONFIRM_WORD).strip(AROUND_CODE)),
        )

    def _confirmed(self, ctx: Context, event: MessagePosted, desk: OwnerDesk, code: str) -> None:
        line, room = desk.confirm_line or "", desk.confirm_room_id
        is_right = hmac.compare_digest(code.encode(), (desk.confirm_code or "").encode())
        in_time = desk.confirm_until is not None and desk.confirm_until >= ctx.now
        desk.confirm_code = None
        if not is_right or not in_time:
            _say(ctx, "confirm_late" if is_right else "confirm_wrong")
            return
        match = self.host.commands.match(line, "private", is_owner=True)
        may = room is None or authority.may_command(ctx.db, event.member, room)
        if match is None or not may:
            _say(ctx, "confirm_void")
            return
        ctx.plugin = self._plugin_of(match.command).name
        match.command.handler(ctx, *match.arguments)

    # Expected answers

    def _expected(self, session: Session, event: MessagePosted) -> Iterator[Attempt]:
        if (event.member, event.room or 0) not in self.services.expected:
            return
        waiting = session.scalars(
            select(Expectation)
            .where(
                Expectation.member_id == event.member,
                Expectation.room_id == (event.room or 0),
                Expectation.expires_at > event.at,
            )
            .order_by(Expectation.asked_at.desc())
        ).all()
        for row in waiting:
            plugin = self.host.plugins.get(row.plugin)
            if plugin is None or row.name not in plugin.answers:
                continue
            context = self.make_context(session, event, plugin.name, row.about_room_id or event.room)
            yield Attempt(f"{row.plugin}.{row.name}", context, _answering(plugin, row, event))


def _answering(plugin: Plugin, row: Expectation, event: MessagePosted) -> Callable[[Context], bool]:
    handler, payload = plugin.answers[row.name].handler, row.payload
    kept = {column.name: getattr(row, column.name) for column in Expectation.__table__.columns}
    key = [column == kept[column.name] for column in Expectation.__table__.primary_key]

    def run(ctx: Context) -> bool:
        # Taken away first: the handler may ask the same person again, and that must stand.
        ctx.db.execute(delete(Expectation).where(*key))
        if handler(ctx, event, payload):
            return True
        ctx.db.execute(insert(Expectation).values(**kept))
        return False

    return run


def _ask_to_confirm(ctx: Context, match: Match, line: str) -> None:
    """Quote what will be done and give a code; the command itself waits for `确认 code`."""
    assert ctx.member is not None
    what = _to_be_done(ctx, match)
    desk = authority.desk_of(ctx.db, ctx.member)
    desk.confirm_code = f"{secrets.randbelow(10_000):04d}"
    desk.confirm_line, desk.confirm_room_id = line, ctx.room_id
    desk.confirm_until = ctx.now + CONFIRM_WITHIN
    _say(ctx, "please_confirm", what=what, code=desk.confirm_code)


def _to_be_done(ctx: Context, match: Match) -> str:
    """What a command will do, in its plugin's words."""
    confirm = match.command.confirm
    if not isinstance(confirm, str):
        return str(confirm(ctx, *match.arguments)) if confirm else ""
    known = {"said": " ".join(match.arguments), "room": ctx.room_name}
    wanted = ctx.services.texts.placeholders(ctx.plugin, confirm)
    return ctx.text(confirm, **{name: value for name, value in known.items() if name in wanted})


def _say(ctx: Context, key: str, **values: object) -> None:
    """Reply with one of the core's own texts."""
    ctx.plugin = CORE
    ctx.reply(key, **values)
