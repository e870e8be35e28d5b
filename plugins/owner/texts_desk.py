"""Changing how the bot says it: every sentence is the group's own."""

from __future__ import annotations

from bot.context import Context
from bot.errors import QunxingError
from bot.words import Trusted, plain, shorten
from plugins.owner import logic
from plugins.owner.declared import plugin
from plugins.owner.numbered import Entry, offer

PREVIEW = 20
SHOWN_AT_MOST = 900


@plugin.command(
    "文案 [哪一句和新说法]", who="owner", where="private",
    aliases=("话术 [哪一句和新说法]", "改文案 [哪一句和新说法]", "改话术 [哪一句和新说法]"),
    summary="看看我会说什么，换成你的说法",
    example=("文案 群主桌面 1 大家好，我是$name，来打下手的。", "改好了。「群主桌面」第 1 句…"),
)  # fmt: skip
def texts(ctx: Context, said: str) -> None:
    """List, show or replace what the bot says."""
    if not said:
        _list_places(ctx)
        return
    title, rest = _place_and_rest(ctx, said)
    owner = ctx.services.settings.find_plugin(title).name
    keys = ctx.services.texts.keys(owner)
    if not rest:
        list_texts(ctx, owner)
        return
    which, _, new = rest.partition(" ") if " " in rest else rest.partition("\n")
    number = keys.index(which) + 1 if which in keys else logic.whole_number(which)
    if number is None or not 1 <= number <= len(keys):
        raise QunxingError("no_such_text", title=title, which=which, count=len(keys))
    if new.strip():
        _change(ctx, owner, number, new.strip())
    else:
        show_text(ctx, f"{owner}:{keys[number - 1]}")


def list_texts(ctx: Context, owner: str) -> None:
    """Everything that one plugin can say, numbered."""
    book = ctx.services.texts
    entries = []
    for key in book.keys(owner):
        own = book.override(owner, key, ctx.room_id)
        preview = plain(own or book.variants(owner, key)[0], PREVIEW)
        entries.append(
            Entry("text", f"{owner}:{key}", ctx.text("text_line_own", preview=preview) if own else preview)
        )
    title = _title(ctx, owner)
    offer(ctx, ctx.text("texts_of", title=title), entries, ctx.text("texts_foot", title=title))


def show_text(ctx: Context, ref: str) -> None:
    """One text with all its variants, its placeholders, and how to change it."""
    owner, _, key = ref.partition(":")
    book = ctx.services.texts
    own = book.override(owner, key, ctx.room_id)
    variants = (own,) if own else book.variants(owner, key)
    names = "、".join(f"${name}" for name in sorted(book.placeholders(owner, key)))
    ctx.reply(
        "text_shown", title=_title(ctx, owner), number=book.keys(owner).index(key) + 1,
        variants=_whole(" ／ ".join(variants)),
        placeholders=names or ctx.text("no_placeholders"),
        whose=ctx.text("text_own" if own else "text_given"),
    )  # fmt: skip


def tell_change(ctx: Context, reply: str, owner: str, key: str) -> None:
    """How a text reads now that it was changed; `reply` is the text that says so."""
    book = ctx.services.texts
    shown = book.override(owner, key, ctx.room_id) or book.variants(owner, key)[0]
    number = book.keys(owner).index(key) + 1
    ctx.reply(reply, title=_title(ctx, owner), number=number, text=_whole(shown))


def _change(ctx: Context, owner: str, number: int, new: str) -> None:
    book, key = ctx.services.texts, ctx.services.texts.keys(owner)[number - 1]
    restored = new in logic.RESTORE_WORDS
    book.set_override(ctx.db, ctx.now, ctx.room_id or 0, owner, key, "" if restored else new, ctx.member)
    tell_change(ctx, "text_restored" if restored else "text_changed", owner, key)


def _list_places(ctx: Context) -> None:
    entries = []
    for one in ctx.services.plugins():
        count = len(ctx.services.texts.keys(one.name))
        if count:
            entries.append(Entry("texts", one.name, ctx.text("texts_line", title=one.title, count=count)))
    offer(ctx, ctx.text("texts_head"), entries, ctx.text("texts_places_foot"))


def _place_and_rest(ctx: Context, said: str) -> tuple[str, str]:
    """Whose text is meant, and what follows; `文案 迎新3 …` as well as `文案 迎新 3 …`."""
    names = [name for one in ctx.services.plugins() for name in (one.title, one.name)]
    found = [name for name in names if said.lower().startswith(name.lower())]
    name = max(found, key=len, default=None)
    if name is None:
        raise QunxingError("no_such_texts", said=said.split()[0])
    return name, said[len(name) :].lstrip(" \t　.·:：")


def _whole(text: str) -> Trusted:
    """A text with its line breaks; it is ours, or the owner's own."""
    return Trusted(shorten(text, SHOWN_AT_MOST))


def _title(ctx: Context, owner: str) -> str:
    return next((one.title for one in ctx.services.plugins() if one.name == owner), owner)
