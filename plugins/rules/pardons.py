"""False alarms: what an owner has called one is left alone in this room from then on, and listed."""

from __future__ import annotations

from sqlalchemy import delete, select

from bot.context import Context
from bot.errors import QunxingError
from bot.words import Trusted, day_said, number_said, plain
from plugins.rules import ladder
from plugins.rules.declared import plugin
from plugins.rules.tables import Case, Pardon

SHOWN = 20


def pardon(ctx: Context, case: Case, owner: int) -> None:
    """Learn from it: this person, texts like this, these domains. A public word is taken back in public."""
    was_said = case.in_public and case.said
    mine = (Case.room_id == case.room_id) & (Case.member_id == case.member_id)
    for one in (case, *ctx.db.scalars(select(Case).where(mine, Case.state == "open", Case.id != case.id))):
        one.state, one.decided_by, one.decided_at = "dismissed", owner, ctx.now
        ladder.call_off(ctx, one)
    shared = {"room_id": case.room_id, "member_id": case.member_id, "at": ctx.now, "case_id": case.id}
    fresh = [Pardon(**shared, kind="person", sketch=[], given_by=owner)]
    if case.sketch:
        fresh.append(Pardon(**shared, kind="text", sketch=case.sketch, given_by=owner))
    fresh += [Pardon(**shared, kind="domain", sketch=[], domain=one, given_by=owner) for one in case.domains]
    ctx.db.add_all(fresh)
    ctx.db.flush()
    if was_said and case.said:
        ctx.say("apology", urgency="initiative", mention=[case.member_id])


def show(ctx: Context) -> None:
    """What is left alone, each alarm with its number."""
    cases = _learned(ctx)
    if not cases:
        ctx.reply("pardons_none", room=ctx.room_name)
        return
    lines = [
        ctx.text(
            "pardons_line", number=number, name=ladder.called(ctx, some[0].member_id),
            day=day_said(some[0].at, ctx.now, ctx.zone), what=_what(ctx, some),
        )
        for number, some in list(enumerate(cases, 1))[:SHOWN]
    ]  # fmt: skip
    ctx.reply("pardons", room=ctx.room_name, lines=Trusted("\n".join(lines)))


def _learned(ctx: Context) -> list[list[Pardon]]:
    """The pardons of each alarm, in the order in which they were given."""
    found: dict[int, list[Pardon]] = {}
    for one in ctx.db.scalars(select(Pardon).where(Pardon.room_id == ctx.room_id).order_by(Pardon.id)):
        found.setdefault(one.case_id or -one.id, []).append(one)
    return list(found.values())


def _what(ctx: Context, some: list[Pardon]) -> Trusted:
    domains = [plain(one.domain, 40) for one in some if one.kind == "domain"]
    return ctx.text("pardons_domains", domains="、".join(domains)) if domains else ctx.text("pardons_person")


@plugin.command(
    "别放过 <几号>",
    who="owner",
    where="private",
    aliases=("撤销误判 <几号>", "误判去掉 <几号>"),
    summary="误判名单里的这一号，往后照常看",
    example=("别放过 1", "误判名单里没有 1 号…"),
)
def unlearn(ctx: Context, said: str) -> None:
    """Look at this person, these texts and domains again."""
    number = number_said(said.strip().removesuffix("号"))
    cases = _learned(ctx)
    if number is None or not number.is_integer() or not 1 <= number <= len(cases):
        raise QunxingError("no_such_pardon", number=said)
    some = cases[int(number) - 1]
    name = ladder.called(ctx, some[0].member_id)
    ctx.db.execute(delete(Pardon).where(Pardon.id.in_([one.id for one in some])))
    ctx.note("rules_unpardon", subject=f"member.{some[0].member_id}")
    ctx.reply("unpardoned", name=name)
