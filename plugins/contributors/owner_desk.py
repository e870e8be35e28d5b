"""What owners can do about it in private: see who waits, credit somebody by hand, lock or hide a person."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from bot.context import Context
from bot.errors import QunxingError
from bot.words import Trusted, joined
from plugins.contributors import crediting, nominating
from plugins.contributors.declared import plugin
from plugins.contributors.people import called, nameable, one_meant
from plugins.contributors.tables import Choice, Help, Level, Nomination, PeerThanks

HELPS_SHOWN = 20


@plugin.command(
    "大神候选",
    who="owner",
    where="private",
    aliases=("大神名单", "候选大神", "谁在帮人"),
    summary="谁在帮人，谁在等你点头",
    example=("大神候选", "…"),
)
def show_candidates(ctx: Context) -> None:
    """Who waits for the owner's word, and who helps steadily."""
    waiting = nominating.candidates_said(ctx)
    query = select(Level).where(Level.room_id == ctx.room_id, Level.level >= 1).order_by(Level.rank.desc())
    rows = list(ctx.db.scalars(query.limit(HELPS_SHOWN)))
    fine = nameable(ctx, [row.member_id for row in rows])
    names = [called(ctx, row.member_id) for row in rows if row.member_id in fine]
    parts = [ctx.text("candidates_waiting", evidence=waiting)] if waiting else []
    if names:
        parts.append(ctx.text("candidates_helpers", names=joined(names, limit=8)))
    parts += _choices_said(ctx)
    ctx.reply_text(Trusted("\n\n".join(parts)) if parts else ctx.text("candidates_none"), reason="candidates")


def _choices_said(ctx: Context) -> list[Trusted]:
    said = []
    for choice in ("locked", "hidden"):
        query = select(Choice.member_id).where(Choice.room_id == ctx.room_id, Choice.choice == choice)
        names = [called(ctx, member) for member in ctx.db.scalars(query)]
        if names:
            said.append(ctx.text(f"candidates_{choice}", names=joined(names, limit=8)))
    return said


@plugin.command(
    "致谢 <谁>",
    who="owner",
    where="private",
    aliases=("夸夸 <谁>", "公开致谢 <谁>"),
    summary="不等我找，你点名谢一位帮过人的群友",
    example=("致谢 小林", "…小林…"),
)
def credit_by_hand(ctx: Context, name: str) -> None:
    """The owner has seen it themselves: the evidence is put before them as if the bot had found it."""
    member = one_meant(ctx, name)
    if not nameable(ctx, [member]):
        raise QunxingError("nominee_gone", name=name)
    evidence = _evidence_of(ctx, member)
    if not evidence["helps"] and not evidence["thanked_by"]:
        ctx.reply("no_evidence", name=called(ctx, member))
        return
    if not crediting.is_time(ctx, member):
        ctx.reply("credit_too_soon", name=called(ctx, member))
        return
    level = ctx.db.get(Level, (ctx.room_id, member))
    one = Nomination(
        room_id=ctx.room_id, member_id=member, found_at=ctx.now, last_help_at=ctx.now, evidence=evidence,
        topics=level.topics if level else [],
    )  # fmt: skip
    ctx.db.add(one)
    ctx.db.flush()
    nominating.put_before_owner(ctx, one)


def _evidence_of(ctx: Context, member: int) -> dict[str, list[object] | int]:
    query = select(Help).where(Help.room_id == ctx.room_id, Help.helper_id == member)
    rows: Sequence[Help] = ctx.db.scalars(query.order_by(Help.at.desc()).limit(HELPS_SHOWN)).all()[::-1]
    thanks = select(PeerThanks.giver_id).where(
        PeerThanks.room_id == ctx.room_id, PeerThanks.member_id == member
    )
    givers = [row.asker_id for row in rows if row.thanked] + list(ctx.db.scalars(thanks))
    askers = dict.fromkeys([*(row.asker_id for row in rows), *givers])
    return {
        "helps": [[row.question_id, row.answer_id] for row in rows if row.answer_id is not None],
        "askers": list(askers),
        "thanked_by": list(dict.fromkeys(givers)),
        "days": len({row.at.astimezone(ctx.zone).date() for row in rows}),
    }


@plugin.command(
    "锁定大神 <谁>",
    who="owner",
    where="private",
    aliases=("大神锁定 <谁>",),
    summary="TA 的等级不再变，也不再提名",
    example=("锁定大神 小林", "…小林…"),
)
def lock(ctx: Context, name: str) -> None:
    """Leave this person's level as it is."""
    _choose(ctx, name, "locked")


@plugin.command(
    "隐藏大神 <谁>",
    who="owner",
    where="private",
    aliases=("大神隐藏 <谁>",),
    summary="大神的事里不再提 TA",
    example=("隐藏大神 小林", "…小林…"),
)
def hide(ctx: Context, name: str) -> None:
    """Do not name this person."""
    _choose(ctx, name, "hidden")


@plugin.command(
    "放开大神 <谁>",
    who="owner",
    where="private",
    aliases=("解锁大神 <谁>", "取消隐藏大神 <谁>"),
    summary="锁定、隐藏都取消",
    example=("放开大神 小林", "…小林…"),
)
def set_free(ctx: Context, name: str) -> None:
    """Neither locked nor hidden any more."""
    member = one_meant(ctx, name)
    ctx.db.execute(delete(Choice).where(Choice.room_id == ctx.room_id, Choice.member_id == member))
    ctx.note("contributor_free", subject=f"member.{member}")
    ctx.reply("choice_free", name=called(ctx, member))


def _choose(ctx: Context, name: str, choice: str) -> None:
    member = one_meant(ctx, name)
    ctx.db.merge(
        Choice(room_id=ctx.room_id, member_id=member, choice=choice, chosen_by=ctx.member, chosen_at=ctx.now)
    )
    ctx.db.flush()
    ctx.note(f"contributor_{choice}", subject=f"member.{member}")
    ctx.reply("choice_locked" if choice == "locked" else "choice_hidden", name=called(ctx, member))
