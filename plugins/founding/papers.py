"""The drafts: written from the answers in the tone that was wished for, looked at, changed, accepted."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import select

from bot.context import Context
from bot.words import Trusted, normalised, own_wording, shorten
from plugins.founding import logic
from plugins.founding.declared import plugin
from plugins.founding.reading import understood
from plugins.founding.tables import Founding

Outcome = Literal["accepted", "shown", "changed", "other"]
CHANGES = "改"
LONGEST = 1_000
PREVIEW = 22
TONED = ("announcement", "rules", "welcome")


def write(ctx: Context, one: Founding) -> None:
    """All drafts anew."""
    tone = understood(one, "tone") or "warm"
    values: dict[str, object] = {name: understood(one, name) for name in logic.ASKED[:4]}
    values |= {"word": understood(one, "word"), "name": one.name or _room_name(ctx, one)}
    one.texts = {
        name: _draft(ctx, f"toned_{name}_{tone}" if name in TONED else name, values) for name in logic.PAPERS
    }
    ctx.db.flush()


def _draft(ctx: Context, key: str, values: dict[str, object]) -> str:
    wanted = ctx.services.texts.placeholders(plugin.name, key)
    return str(ctx.text(key, **{name: value for name, value in values.items() if name in wanted}))


def _room_name(ctx: Context, one: Founding) -> str:
    return ctx.in_room(one.room_id).room_name if one.room_id is not None else ""


def index(ctx: Context, one: Founding) -> Trusted:
    """What there is, a line each."""
    lines = []
    for number, name in enumerate(logic.PAPERS, start=1):
        first = shorten(" ".join(str(one.texts.get(name, "")).split()), PREVIEW)
        lines.append(ctx.text("paper_line", number=number, title=ctx.text(f"title_{name}"), preview=first))
    return Trusted("\n".join([ctx.text("papers"), *lines, ctx.text("papers_how")]))


def hear(ctx: Context, one: Founding, said: str) -> Outcome:
    """A number shows one whole, 改 changes one, 重写 writes all anew, a yes accepts."""
    short = normalised(said).strip(" 。！!~")
    if short in logic.AGREES:
        return "accepted"
    if short in logic.MORE:
        write(ctx, one)
        return "changed"
    if said.startswith(CHANGES):
        return _change(ctx, one, said.removeprefix(CHANGES))
    numbers = logic.chosen(said, len(logic.PAPERS))
    if numbers and len(numbers) == 1:
        show(ctx, one, numbers[0])
        return "shown"
    return "other"


def _change(ctx: Context, one: Founding, said: str) -> Outcome:
    number, text = logic.number_and_text(said)
    text = own_wording(text)
    if number is None or not 1 <= number <= len(logic.PAPERS) or not text or len(text) > LONGEST:
        ctx.reply("change_how", limit=LONGEST)
        return "shown"
    one.texts = {**one.texts, logic.PAPERS[number - 1]: text}
    ctx.db.flush()
    ctx.reply("changed", number=number)
    return "shown"


def show(ctx: Context, one: Founding, number: int) -> None:
    """One draft and nothing else, so that it can be copied as it is."""
    ctx.reply_text(Trusted(one.texts[logic.PAPERS[number - 1]]), reason="paper")


@plugin.command(
    "建群稿 [几号]", who="owner", where="private", needs_room=False, aliases=("建群文案 [几号]",),
    summary="备好的公告、群规、欢迎语、头三周、圆桌题；带号数看整条，可以直接贴",
    example=("建群稿", "…还没有备好的稿子…"),
)  # fmt: skip
def show_papers(ctx: Context, said: str = "") -> None:
    """The drafts of the last group, also after everything is done."""
    one = last_with_papers(ctx)
    if one is None:
        ctx.reply("no_papers")
        return
    numbers = logic.chosen(said, len(logic.PAPERS)) if said else None
    if numbers:
        show(ctx, one, numbers[0])
    else:
        ctx.reply_text(index(ctx, one), reason="papers")


def last_with_papers(ctx: Context) -> Founding | None:
    """The owner's newest drafts."""
    query = select(Founding).where(Founding.member_id == ctx.member).order_by(Founding.id.desc()).limit(5)
    return next((one for one in ctx.db.scalars(query) if one.texts), None)
