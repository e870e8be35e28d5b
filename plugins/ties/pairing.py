"""结对: who wants to is paired once a month, preferably with somebody they share a topic with and never met.

A round is made off the writer, written down with its message, and lost with it: if it cannot be said that
day, it is made anew the next. Nobody has the same company again within half a year.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select

from bot.context import Context
from bot.events import OutgoingSettled
from bot.storage.tables import Member
from bot.words import Trusted
from plugins.ties import company, logic
from plugins.ties.declared import plugin
from plugins.ties.pairing_work import make_groups
from plugins.ties.tables import Partner, Round, Seeker

SAID_WITHIN = timedelta(hours=10)
TRIED_FOR_DAYS = 7
NAMED_AT_MOST = 40


@plugin.command(
    "结对", who="member", where="group", aliases=("我要结对", "报名结对", "参加结对"),
    summary="每月给你配一位聊得来、还不熟的群友", example=("结对", "…每月 1 号…退出结对…"),
)  # fmt: skip
def join_pairing(ctx: Context) -> None:
    """Somebody wants to be paired."""
    member = ctx.member
    person = ctx.db.get(Member, member)
    if member is None or person is None:
        return
    day = ctx.settings.pairing_day
    if not ctx.settings.pairing:
        ctx.reply("pairing_off")
    elif person.uncounted:
        ctx.reply("pairing_uncounted")
    elif ctx.db.get(Seeker, (ctx.room_id, member)) is not None:
        ctx.reply("pairing_is_in", day=day)
    else:
        ctx.db.add(Seeker(room_id=ctx.room_id, member_id=member, since=ctx.now))
        ctx.db.flush()
        ctx.reply("pairing_joined", day=day)


@plugin.command(
    "退出结对", who="member", where="group", aliases=("不结对了", "取消结对", "不参加结对"),
    hidden=True,  # whoever joins is told
    summary="以后不再给你配对", example=("退出结对", "…没…结对…"),
)  # fmt: skip
def leave_pairing(ctx: Context) -> None:
    """Somebody wants to be paired no more."""
    row = ctx.db.get(Seeker, (ctx.room_id, ctx.member))
    if row is None:
        ctx.reply("pairing_is_out")
        return
    ctx.db.delete(row)
    ctx.db.flush()
    ctx.reply("pairing_left")


@plugin.command(
    "结对情况", who="owner", where="private", aliases=("结对名单", "结对"),
    summary="谁报了名，这个月怎么配的，聊上了没有", example=("结对情况", "「岩茶同好会」还没有人报名结对…"),
)  # fmt: skip
def show_pairing(ctx: Context) -> None:
    """For the owner: who is in, and what came of the last round."""
    seekers = list(ctx.db.scalars(select(Seeker.member_id).where(Seeker.room_id == ctx.room_id)))
    here = company.nameable(ctx.db, ctx.room_id or 0, seekers)
    if not here:
        ctx.reply("pairing_nobody", room=ctx.room_name)
        return
    names = "、".join(company.called(ctx, one) for one in seekers[:NAMED_AT_MOST] if one in here)
    last = _last_round(ctx)
    told = _round_said(ctx, last) if last is not None else ctx.text("pairing_no_round")
    ctx.reply("pairing_shown", room=ctx.room_name, count=len(here), names=names, last=told)


def _last_round(ctx: Context) -> Round | None:
    query = select(Round).where(Round.room_id == ctx.room_id, Round.status.in_(("told", "asked")))
    return ctx.db.scalars(query.order_by(Round.id.desc()).limit(1)).first()


def _round_said(ctx: Context, made: Round) -> Trusted:
    talked = {True: ctx.text("pairing_talked"), False: ctx.text("pairing_not_yet"), None: ""}
    lines = []
    for group in groups_of(ctx, made.id):
        names = "、".join(company.called(ctx, one.member_id) for one in group)
        answers = [one.talked for one in group if one.talked is not None]
        state = talked[max(answers) if answers else None]
        lines.append(ctx.text("pairing_group_shown", names=names, state=state))
    return Trusted("\n".join([ctx.text("pairing_last", month=int(made.month[-2:])), *lines]))


def groups_of(ctx: Context, made: int) -> list[list[Partner]]:
    """The groups of a round, as they still are."""
    rows = ctx.db.scalars(select(Partner).where(Partner.round_id == made).order_by(Partner.company))
    groups: dict[int, list[Partner]] = {}
    for row in rows:
        groups.setdefault(row.company, []).append(row)
    return list(groups.values())


# The monthly round


@plugin.job("pair", daily_at=lambda settings: settings.pairing_at if settings.pairing else None)
def begin_round(ctx: Context) -> None:
    """On the day of pairing, and for some days after if it could not be told."""
    day = ctx.local().day
    if not ctx.settings.pairing_day <= day < ctx.settings.pairing_day + TRIED_FOR_DAYS:
        return
    count = ctx.db.scalar(select(func.count()).where(Seeker.room_id == ctx.room_id)) or 0
    month = f"{ctx.local():%Y-%m}"
    is_done = select(Round.id).where(
        Round.room_id == ctx.room_id, Round.month == month, Round.status != "lost"
    )
    if count < 2 or ctx.db.scalar(is_done) is not None:
        return
    row = Round(room_id=ctx.room_id, month=month, made_at=ctx.now)
    ctx.db.add(row)
    ctx.db.flush()
    ctx.work("make_groups", room=ctx.room_id, round=row.id)


def tell_round(ctx: Context, result: dict[str, Any]) -> None:
    """Write the groups down and say them, without whoever has gone meanwhile."""
    row = ctx.db.get(Round, result["round"])
    if row is None or row.status != "making":
        return
    seekers = set(ctx.db.scalars(select(Seeker.member_id).where(Seeker.room_id == ctx.room_id)))
    here = company.nameable(ctx.db, row.room_id, seekers)
    groups = [one for one in result["groups"] if set(one["members"]) <= here]
    if not groups:
        row.status = "lost"
        return
    for number, group in enumerate(groups):
        for member in group["members"]:
            ctx.db.add(Partner(round_id=row.id, member_id=member, company=number, topic=group["topic"]))
    ctx.db.flush()
    lines = [_line(ctx, group) for group in groups]
    everybody = [member for group in groups for member in group["members"]]
    row.outgoing_id = ctx.say_text(
        ctx.text("pairing_told", groups=Trusted("\n".join(lines))),
        urgency="initiative", reason="pairing", mention=everybody, keep_for=SAID_WITHIN,
    )  # fmt: skip
    row.status = "told"
    if ctx.settings.pairing_ask_days:
        ctx.later(
            "ask_round", after=timedelta(days=ctx.settings.pairing_ask_days), key=str(row.id), round=row.id
        )


plugin.work("make_groups", done=tell_round, apart=True)(make_groups)


def _line(ctx: Context, group: dict[str, Any]) -> Trusted:
    people, topic = ctx.mention(group["members"]), group["topic"]
    if topic and logic.sayable(topic):
        return ctx.text("pairing_line_topic", people=people, topic=topic)
    if group["is_new"]:
        return ctx.text("pairing_line_newcomer", people=people)
    if group["talked"]:
        return ctx.text("pairing_line_known", people=people)
    return ctx.text("pairing_line", people=people)


@plugin.on(OutgoingSettled)
def take_back_round(ctx: Context, event: OutgoingSettled) -> None:
    """A round that could not be told has not been."""
    row = ctx.db.scalar(select(Round).where(Round.outgoing_id == event.outgoing))
    if row is not None and event.status in ("expired", "refused") and row.status == "told":
        row.status = "lost"
        ctx.db.execute(delete(Partner).where(Partner.round_id == row.id))
        ctx.cancel_later("ask_round", key=str(row.id))
