"""Help for owners: a menu in two levels, answered with numbers, and a guess at what was meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from bot.commands import CommandBook, pattern_of
from bot.context import Context
from bot.events import MessagePosted
from bot.plugin import Command
from bot.words import normalised
from plugins.owner import logic, numbered
from plugins.owner.declared import plugin
from plugins.owner.numbered import Entry, offer
from plugins.owner.pairing import take_code
from plugins.owner.settings_desk import show_place, show_setting
from plugins.owner.texts_desk import list_texts, show_text
from plugins.owner.views import lines

LONGEST_GUESSED = 20
"""In a longer line some command is near always, and seldom meant."""

SECTIONS = {
    "today": "section_today",
    "status": "section_status",
    "rooms": "section_rooms",
    "quiet": "section_quiet",
    "settings_desk": "section_settings",
    "features": "section_features",
    "texts_desk": "section_texts",
}
"""The desk's own commands by the file that holds them, in the order of the menu."""

ALSO = {"rooms": ("tryout",), "today": ("decisions",)}
"""Other files whose commands stand in the same section."""


@plugin.command(
    "帮助 [哪一句]", who="owner", where="private", needs_room=False,
    aliases=("菜单 [哪一句]", "怎么用 [哪一句]", "help [哪一句]", "你会什么", "能做什么"),
    summary="这张菜单；「帮助 安静」看一句怎么用",
    example=("菜单", "…回个数字…"),
)  # fmt: skip
def show_menu(ctx: Context, said: str = "") -> None:
    """The menu, or how one command is used."""
    if said:
        command = _book(ctx).match(said, "private", is_owner=True)
        meant = command.command if command is not None else None
        if meant is None or meant.hidden:
            meant = _book(ctx).nearest(said, "private", is_owner=True)
        if meant is not None:
            explain(ctx, meant.name)
            return
    sections = {ref: title for ref, title in _sections(ctx) if _commands_in(ctx, ref)}
    entries = [Entry("section", ref, title) for ref, title in sections.items()]
    head = ctx.text("menu_head", room=ctx.room_name) if ctx.room else ctx.text("menu_head_no_room")
    offer(ctx, head, entries, ctx.text("menu_foot"))


@plugin.answer(numbered.LIST)
def open_entry(ctx: Context, event: MessagePosted, payload: dict[str, Any]) -> bool:
    """A number (or 更多) after a list. The list stays open, so that another number can follow."""
    said, entries = normalised(event.text), payload["entries"]
    if said in logic.MORE_WORDS:
        numbered.show_page(ctx, payload)
        return True
    number = 1 if len(entries) == 1 and said in logic.YES_WORDS else logic.whole_number(said)
    if number is None:
        return False
    numbered.keep(ctx, payload)
    if not 1 <= number <= len(entries):
        ctx.reply("no_such_number", last=len(entries))
        return True
    kind, ref, _ = entries[number - 1]
    OPEN[kind](ctx, ref)
    return True


@plugin.command(
    "<什么>", who="owner", where="private", needs_room=False, hidden=True,
    example=("帮我泡壶茶", "…「菜单」…"),
)  # fmt: skip
def guess(ctx: Context, said: str) -> None:
    """A private line of an owner's that is no command: a pairing code, or something like a command."""
    assert ctx.member is not None
    if isinstance(ctx.event, MessagePosted) and take_code(ctx, ctx.member, ctx.event.text):
        return
    near = _book(ctx).nearest(said, "private", is_owner=True) if len(said) <= LONGEST_GUESSED else None
    if near is None:
        ctx.reply("not_understood")
        return
    payload = {"heading": "", "footer": "", "entries": [("command", near.name, "")], "shown": 1}
    numbered.keep(ctx, payload)
    ctx.reply("did_you_mean", grammar=near.grammar)


def show_section(ctx: Context, ref: str) -> None:
    """The commands of one section."""
    title = dict(_sections(ctx)).get(ref, "")
    entries = [
        Entry("command", one.name, ctx.text("command_line", grammar=one.grammar, summary=one.summary))
        for one in _commands_in(ctx, ref)
    ]
    offer(ctx, ctx.text("section_head", title=title), entries)


def open_command(ctx: Context, name: str) -> None:
    """Run a command that needs nothing; explain any other."""
    command = _named(ctx, name)
    if command is not None and pattern_of(command.grammar).slots == 0:
        ctx.run_line(command.grammar)
    else:
        explain(ctx, name)


def explain(ctx: Context, name: str) -> None:
    """What a command does, how else it may be said, and an example."""
    command = _named(ctx, name)
    if command is None:
        ctx.reply("not_understood")
        return
    parts = [ctx.text("explained", grammar=command.grammar, summary=command.summary, said=command.example[0])]
    others = [alias for alias in command.aliases if alias != command.grammar]
    if others:
        parts.append(ctx.text("explained_also", others="、".join(others[:4])))
    ctx.reply_text(lines(parts), reason="explained")


OPEN: dict[str, Callable[[Context, str], None]] = {
    "section": show_section,
    "command": open_command,
    "settings": show_place,
    "setting": show_setting,
    "texts": list_texts,
    "text": show_text,
}


def _sections(ctx: Context) -> Iterable[tuple[str, str]]:
    """The desk's own sections first, then the other plugins that are on here."""
    for module, key in SECTIONS.items():
        yield module, ctx.text(key)
    for one in ctx.services.plugins():
        if one.name != plugin.name and ctx.services.settings.enabled(one.name, ctx.room_id):
            yield f"{one.name}.", one.title


def _commands_in(ctx: Context, ref: str) -> list[Command]:
    offered = [one for one in _book(ctx).offered("private", is_owner=True) if one.who == "owner"]
    if ref.endswith("."):
        return [one for one in offered if one.name.startswith(ref)]
    modules = [f"plugins.{plugin.name}.{name}" for name in (ref, *ALSO.get(ref, ()))]
    return [one for one in offered if one.handler.__module__ in modules]


def _named(ctx: Context, name: str) -> Command | None:
    return next((one for one in _book(ctx).commands if one.name == name), None)


def _book(ctx: Context) -> CommandBook:
    """The commands of what works here."""
    book = ctx.services.settings
    return CommandBook(
        command
        for one in ctx.services.plugins()
        if ctx.room_id is None or book.enabled(one.name, ctx.room_id)
        for command in one.commands
    )
