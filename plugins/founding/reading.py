"""What an owner says while a group is being founded: an answer, or something else that they need just now."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.commands import CommandBook, pattern_of
from bot.context import Context
from bot.plugin import Command
from bot.words import normalised, visible
from plugins.founding.tables import Founding

CONFIRMS = "确认"
STEP, IDEAS = "step", "ideas"
WAIT = timedelta(hours=1)
"""For so long the next words are taken for an answer; later, 建群 goes on where it stopped."""


def is_a_command(ctx: Context, line: str) -> bool:
    """Whether a line is plainly a command: its words alone, or its words, a space and the rest.

    An answer like 把岩茶喝明白 begins with a command's word too, but nobody who commands writes it so.
    """
    said = visible(line).strip()
    if normalised(said).startswith(CONFIRMS):
        return True
    match = _book(ctx).match(said, "private", is_owner=True)
    if match is None or not match.complete or pattern_of(match.command.grammar).catches_all:
        return False
    first = normalised(said).partition(" ")[0]
    return not any(match.arguments) or first in _words_of(match.command)


def can_be_said(ctx: Context, line: str) -> bool:
    """Whether there is a command that takes such a line here, with all that it needs."""
    match = _book(ctx).match(line, "private", is_owner=True)
    return (
        match is not None and match.complete and not pattern_of(match.command.grammar).catches_all
        and any(match.arguments)
    )  # fmt: skip


def _book(ctx: Context) -> CommandBook:
    settings = ctx.services.settings
    return CommandBook(
        command
        for one in ctx.services.plugins()
        if ctx.room_id is None or one.always_on or settings.enabled(one.name, ctx.room_id)
        for command in one.commands
    )


def _words_of(command: Command) -> set[str]:
    return {pattern_of(grammar).words for grammar in (command.grammar, *command.aliases)}


def expect(ctx: Context, one: Founding) -> None:
    """The owner's next words may be an answer."""
    ctx.ask(STEP, one.member_id, wait=WAIT, founding=one.id)


def open_founding(ctx: Context, member: int) -> Founding | None:
    """What this owner is in the middle of."""
    query = select(Founding).where(Founding.member_id == member, Founding.closed_at.is_(None))
    return ctx.db.scalar(query)


def understood(one: Founding, name: str) -> str:
    """What was understood for a step."""
    return str(one.answers.get(name, ""))


def remember(ctx: Context, one: Founding, **answers: object) -> None:
    """Keep what was understood; a JSON column notices only a new value."""
    one.answers = {**one.answers, **answers}
    one.touched_at = ctx.now
    ctx.db.flush()
