"""The words of a greeting: four short pieces that owners can change, fitted into the limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.context import Context
from bot.speaking import mention_token
from bot.words import Trusted
from plugins.welcome import logic
from plugins.welcome.hosts import Guide
from plugins.welcome.scene import called


@dataclass(frozen=True, slots=True)
class Words:
    """A finished greeting and whom it mentions: the newcomers that are named, and the host."""

    text: str
    mentions: tuple[int, ...]


def composed(ctx: Context, newcomers: Sequence[int], host: Guide | None, *, has_spoken: bool) -> Words:
    """The greeting for these newcomers, however many there are."""
    shown = newcomers[: ctx.settings.mention_most]
    names = [called(ctx, member) for member in shown]
    said = composed_for(ctx, names, len(newcomers), host, has_spoken=has_spoken)
    mentions = list(shown[: said.mentioned])
    # The owner's own wording may leave the host out, or be so long that the end is cut off.
    if host is not None and mention_token(called(ctx, host.member)) in said.text:
        mentions.append(host.member)
    return Words(said.text, tuple(mentions))


def composed_for(
    ctx: Context, names: Sequence[str], total: int, host: Guide | None, *, has_spoken: bool
) -> logic.Greeting:
    """The greeting for people of these names."""
    frame = ctx.text(
        "greeting",
        people=Trusted(logic.PEOPLE),
        about=Trusted(logic.ABOUT),
        step=ctx.text("first_step_spoken") if has_spoken else ctx.text("first_step"),
        help=_help(ctx, host),
    )
    promise = ctx.room.promise if ctx.room else ""
    return logic.fitted(frame, _about(ctx), promise, names, total, ctx.text("and_more", count=total))


def _about(ctx: Context) -> str:
    """What this group is for: its promise; without one its theme; without that nothing."""
    if ctx.room is None or not (ctx.room.promise or ctx.room.theme):
        return ""
    if ctx.room.promise:
        return ctx.text("about_promise", promise=Trusted(logic.PROMISE))
    return ctx.text("about_theme", theme=ctx.room.theme)


def _help(ctx: Context, host: Guide | None) -> Trusted:
    """Whom to turn to; nothing if there is nobody."""
    if host is None:
        return Trusted("")
    name = Trusted(mention_token(called(ctx, host.member)))
    return ctx.text("help_owner", host=name) if host.is_owner else ctx.text("help_host", host=name)
