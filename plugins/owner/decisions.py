"""同意, 不用, 先放放: what an owner says to something that a plugin has put before them on the list.

The plugin whose matter it is hears `OwnerDecided` and answers; the desk only knows the numbers.
"""

from __future__ import annotations

from bot.context import Context
from bot.errors import QunxingError
from bot.events import Decision, OwnerDecided
from bot.storage.tables import OwnerItem
from plugins.owner import logic
from plugins.owner.declared import plugin
from plugins.owner.today import close, open_items

TO_DECIDE = "decide"
"""An item whose payload says so waits for one of the three words."""


@plugin.command(
    "同意 <号>", who="owner", where="private", needs_room=False,
    aliases=("批准 <号>",),
    summary="「今天」里要你点头的，点头",
    example=("同意 1", "…没有 1 号…"),
)  # fmt: skip
def agree(ctx: Context, said: str) -> None:
    """Yes."""
    _decide(ctx, said, "yes")


@plugin.command(
    "不用 <号>", who="owner", where="private", needs_room=False,
    aliases=("不同意 <号>",),
    summary="要你点头的，不用了",
    example=("不用 1", "…没有 1 号…"),
)  # fmt: skip
def refuse(ctx: Context, said: str) -> None:
    """No."""
    _decide(ctx, said, "no")


@plugin.command(
    "先放放 <号>", who="owner", where="private", needs_room=False,
    aliases=("先放着 <号>",),
    summary="要你点头的，过阵子再说",
    example=("先放放 1", "…没有 1 号…"),
)  # fmt: skip
def put_off(ctx: Context, said: str) -> None:
    """Not now."""
    _decide(ctx, said, "later")


def _decide(ctx: Context, said: str, decision: Decision) -> None:
    assert ctx.member is not None
    numbers = logic.numbers_in(said)
    if not numbers:
        raise QunxingError("which_number", said=said)
    items = {item.number: item for item in open_items(ctx)}
    for number in numbers:
        _check(items.get(number), number)
    for number in numbers:
        item = items[number]
        close(ctx, item)
        ctx.emit(
            OwnerDecided(
                at=ctx.now, room=item.room_id, plugin=item.plugin, key=item.key, decision=decision,
                member=ctx.member,
            )
        )  # fmt: skip


def _check(item: OwnerItem | None, number: int) -> None:
    if item is None:
        raise QunxingError("no_such_item", number=number)
    if not item.payload.get(TO_DECIDE):
        raise QunxingError("not_to_decide", number=number)
