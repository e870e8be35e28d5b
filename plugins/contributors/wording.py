"""Evidence in words: whom somebody helped, with what, and a few of the words that were said."""

from __future__ import annotations

from collections.abc import Iterator

from bot.context import Context
from bot.words import Trusted, joined
from plugins.contributors import logic
from plugins.contributors.people import called, counted
from plugins.contributors.tables import Nomination

NAMED = 3
EXAMPLES = 2


def askers_said(ctx: Context, one: Nomination) -> str:
    """`阿芳、小陈 等 4 位`: only those who may be named are, but all who count are counted."""
    askers = named_askers(ctx, one)
    return joined([called(ctx, asker) for asker in askers], limit=NAMED)


def named_askers(ctx: Context, one: Nomination) -> list[int]:
    """The people who were helped and may be named."""
    askers: list[int] = one.evidence["askers"]
    fine = counted(ctx, askers)
    return [asker for asker in askers if asker in fine and ctx.name_of(asker)]


def topics_said(one: Nomination) -> str:
    """`岩茶、盖碗`, or "" if no word can be said aloud."""
    return joined([word for word in one.topics if logic.sayable(word)], limit=NAMED)


def exchanges_in(ctx: Context, one: Nomination) -> Iterator[tuple[str, str, str]]:
    """Who asked what and what the answer was, short enough to be quoted; the latest first."""
    fine = set(named_askers(ctx, one))
    for question, answer in reversed(one.evidence["helps"]):
        asked, said = ctx.history.message(question), ctx.history.message(answer)
        if asked is None or said is None or asked.member not in fine or said.member != one.member_id:
            continue
        yield called(ctx, asked.member), asked.text, said.text


def evidence_said(ctx: Context, one: Nomination) -> Trusted:
    """For the owner: what was done for whom, with examples in the people's own words."""
    askers = named_askers(ctx, one)
    name, days = called(ctx, one.member_id), one.evidence["days"]
    if askers:
        parts = [ctx.text("evidence", name=name, askers=askers_said(ctx, one), days=days)]
    else:
        parts = [ctx.text("evidence_unnamed", name=name, days=days)]
    topics = topics_said(one)
    if topics:
        parts.append(ctx.text("evidence_topics", topics=topics))
    for asker, asked, said in list(exchanges_in(ctx, one))[:EXAMPLES]:
        parts.append(ctx.text("evidence_example", asker=asker, asked=logic.cut(asked), said=logic.cut(said)))
    return Trusted("\n".join(parts))


def credit_said(ctx: Context, one: Nomination) -> Trusted:
    """For the group: thanks with what was done and for whom."""
    people, askers, topics = ctx.mention([one.member_id]), askers_said(ctx, one), topics_said(one)
    if askers and topics:
        text = ctx.text("credit_topics", people=people, askers=askers, topics=topics)
    elif askers:
        text = ctx.text("credit", people=people, askers=askers)
    else:
        text = ctx.text("credit_unnamed", people=people)
    asked = (logic.quotable(words) for _, words, _ in exchanges_in(ctx, one))
    quoted = next(filter(None, asked), "")
    return Trusted(text + ctx.text("credit_quote", words=quoted)) if quoted else text
