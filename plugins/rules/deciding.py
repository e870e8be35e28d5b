"""What an owner says to a case: 同意 (it was one), 误判, 移出 with 确认."""

from __future__ import annotations

from sqlalchemy import select

from bot import authority
from bot.context import Context
from bot.errors import QunxingError
from bot.events import OwnerDecided
from bot.storage.tables import OwnerItem
from bot.words import Trusted, number_said, time_said
from plugins.rules import ladder, logic, pardons
from plugins.rules.declared import plugin
from plugins.rules.tables import Case

SHOWN = 10


@plugin.on(OwnerDecided)
def hear_owner(ctx: Context, event: OwnerDecided) -> None:
    """同意: it was an ad; 不用: it was none; 先放放: leave it at that."""
    if event.plugin != ctx.plugin or not event.key.startswith(ladder.KEY):
        return
    case = ctx.db.get(Case, ladder.case_of(event.key))
    if case is None or case.state not in ("open", "refused"):
        return
    case.decided_by, case.decided_at = event.member, ctx.now
    name = ladder.called(ctx, case.member_id)
    if event.decision == "no":
        pardons.pardon(ctx, case, event.member)
        ctx.tell(event.member, "pardoned", name=name)
    elif event.decision == "later":
        ctx.tell(event.member, "left_at_that", name=name)
    else:
        _confirmed(ctx, case, event.member, name)


def _confirmed(ctx: Context, case: Case, owner: int, name: str) -> None:
    """The owner has seen it themselves: a first note becomes a friendly word; from a request, a removal."""
    if case.rung == logic.ASK:
        number = _number_of(ctx, case)
        ctx.tell(owner, "confirm_by_word", name=name, number=number)
    elif case.rung == logic.NOTE and ctx.settings.reminders:
        case.rung, case.is_sure = logic.REMINDER, True
        ladder.speak_to(ctx, case)
        ctx.tell(owner, "will_remind", name=name)
    else:
        ctx.tell(owner, "noted", name=name, days=ctx.settings.strike_days)


def _number_of(ctx: Context, case: Case) -> int:
    mine = (OwnerItem.plugin == ctx.plugin) & (OwnerItem.key == f"{ladder.KEY}{case.id}")
    return ctx.db.execute(select(OwnerItem.number).where(mine)).scalar_one()


@plugin.command(
    "误判 [几号]",
    who="owner",
    where="private",
    aliases=("看错了 [几号]", "误判名单 [几号]"),
    summary="这条不是广告，往后别再管；不带号看放过了哪些",
    example=("误判", "「岩茶同好会」还没有误判…"),
)
def call_false_alarm(ctx: Context, said: str = "") -> None:
    """It was none: learn it. Without a number, what was learned."""
    if not said:
        pardons.show(ctx)
        return
    case = case_meant(ctx, said)
    assert ctx.member is not None
    there = ctx.in_room(case.room_id)
    name = ladder.called(there, case.member_id)
    if case.state == "dismissed":
        ctx.reply("pardoned_already", name=name)
        return
    pardons.pardon(there, case, ctx.member)
    ctx.note("rules_pardon", subject=f"member.{case.member_id}")
    ctx.reply("pardoned", name=name)


def to_be_removed(ctx: Context, said: str) -> str:
    """For the confirmation: who, and for which words."""
    case = case_meant(ctx, said)
    there = ctx.in_room(case.room_id)
    return there.text(
        "confirm_remove", name=ladder.called(there, case.member_id), room=there.room_name,
        words=ladder.words_of(there, case),
    )  # fmt: skip


@plugin.command(
    "移出 <几号>",
    who="owner",
    where="private",
    confirm=to_be_removed,
    aliases=("移除 <几号>", "踢出 <几号>"),
    summary="请这一号的那位离开群，先复述一遍等你确认",
    example=("移出 9", "…没有 9 号…"),
)
def remove_person(ctx: Context, said: str) -> None:
    """The owner has confirmed it with the code."""
    case = case_meant(ctx, said)
    there = ctx.in_room(case.room_id)
    if not there.history.present(case.room_id, [case.member_id]):
        ctx.reply("already_gone", name=ladder.called(there, case.member_id))
        return
    case.decided_by, case.decided_at = ctx.member, ctx.now
    ladder.close_item(there, case)
    ladder.remove(there, case)
    ctx.note("rules_remove", subject=f"member.{case.member_id}")
    ctx.reply("removing", name=ladder.called(there, case.member_id))


def case_meant(ctx: Context, said: str) -> Case:
    """The case that the owner's list called so last. Raises QunxingError."""
    number = number_said(said.strip().removesuffix("号"))
    assert ctx.member is not None
    rooms = authority.rooms_of(ctx.db, ctx.member)
    query = select(OwnerItem.key).where(
        OwnerItem.plugin == ctx.plugin, OwnerItem.number == number, OwnerItem.room_id.in_(rooms),
        OwnerItem.key.startswith(ladder.KEY),
    )  # fmt: skip
    key = ctx.db.scalar(query.order_by(OwnerItem.id.desc()).limit(1))
    case = ctx.db.get(Case, ladder.case_of(key)) if key is not None else None
    if case is None or authority.may_command(ctx.db, case.member_id, case.room_id):
        raise QunxingError("no_such_case", number=said)
    return case


@plugin.command(
    "违规记录",
    who="owner",
    where="private",
    aliases=("提醒记录", "广告记录"),
    summary="这阵子提醒过谁、为什么，还作数的有几回",
    example=("违规记录", "「岩茶同好会」这阵子清清静静…"),
)
def show_record(ctx: Context) -> None:
    """The latest cases, newest first, with what became of each."""
    query = select(Case).where(Case.room_id == ctx.room_id, Case.state != "withdrawn")
    rows = list(ctx.db.scalars(query.order_by(Case.at.desc(), Case.id.desc()).limit(SHOWN)))
    if not rows:
        ctx.reply("record_none", room=ctx.room_name)
        return
    lines = [
        ctx.text(
            f"record_{case.state}", name=ladder.called(ctx, case.member_id),
            at=time_said(case.at, ctx.now, ctx.zone), words=ladder.words_of(ctx, case),
        )
        for case in rows
    ]  # fmt: skip
    days = ctx.settings.strike_days
    ctx.reply("record", room=ctx.room_name, days=days, lines=Trusted("\n".join(lines)))
