"""What members can ask: who knows about something, what they have done for others, who helps with what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, or_, select

from bot.context import Context
from bot.storage.history import History
from bot.storage.search import search
from bot.words import Trusted, day_said, joined
from plugins.contributors import logic
from plugins.contributors.declared import plugin
from plugins.contributors.people import called, counted, nameable
from plugins.contributors.tables import Help, Level, PeerThanks

SHOWN = 3
TOPICS_SHOWN = 5
SEARCHED = 200
KNOWS = "who_knows"


@plugin.command(
    "谁懂 <什么>",
    who="member",
    where="group",
    aliases=("谁会 <什么>", "谁知道 <什么>", "问谁 <什么>"),
    summary="这件事群里谁帮人解过",
    example=("谁懂 岩茶", "…岩茶…"),
)
def who_knows(ctx: Context, topic: str) -> None:
    """Those who have helped others with it; looked for off the writer, for some words stand in everything."""
    ctx.work(KNOWS, room=ctx.room_id, topic=topic)


def tell_who_knows(ctx: Context, result: dict[str, Any]) -> None:
    """By their names only, so that nobody is called."""
    topic, helped = result["topic"], {member: set(askers) for member, askers in result["helped"]}
    fine = nameable(ctx, helped)
    best = [member for member in sorted(helped, key=lambda one: -len(helped[one])) if member in fine]
    best = [member for member in best if member != ctx.member][:SHOWN]
    if not best:
        ctx.reply("knows_nobody", topic=topic)
        return
    lines = []
    for member in best:
        askers = [called(ctx, one) for one in sorted(counted(ctx, helped[member]))]
        lines.append(ctx.text("knows_line", name=called(ctx, member), askers=joined(askers, limit=2)))
    ctx.reply("knows", topic=topic, people=Trusted("\n".join(lines)))


@plugin.work(KNOWS, done=tell_who_knows)
def find_who_knows(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """For each helper whom they helped in exchanges that speak of it."""
    session, room, topic = history.session, payload["room"], payload["topic"]
    hits = [hit.message for hit in search(session, topic, room, limit=SEARCHED)]
    found: dict[int, set[int]] = defaultdict(set)
    query = select(Help.helper_id, Help.asker_id).where(
        Help.room_id == room, or_(Help.answer_id.in_(hits), Help.question_id.in_(hits))
    )
    for row in session.execute(query):
        found[row.helper_id].add(row.asker_id)
    return {"topic": topic, "helped": [[member, sorted(askers)] for member, askers in sorted(found.items())]}


@plugin.command(
    "我的",
    who="member",
    where="group",
    aliases=("我帮过谁", "我的贡献"),
    summary="你帮过谁、聊的是什么",
    example=("我的", "…"),
)
def mine(ctx: Context) -> None:
    """What somebody has done for others, as far as last night's reckoning knows."""
    assert ctx.member is not None
    if not counted(ctx, [ctx.member]):
        ctx.reply("mine_uncounted")
        return
    query = select(Help).where(Help.room_id == ctx.room_id, Help.helper_id == ctx.member)
    helps = ctx.db.scalars(query.order_by(Help.at.desc())).all()
    askers = [one for one in dict.fromkeys(row.asker_id for row in helps) if one in _fine(ctx, helps)]
    if not askers:
        ctx.reply("mine_nothing")
        return
    names = joined([called(ctx, one) for one in askers], limit=SHOWN)
    parts = [ctx.text("mine", askers=names, day=day_said(helps[0].at, ctx.now, ctx.zone))]
    level = ctx.db.get(Level, (ctx.room_id, ctx.member))
    topics = [word for word in (level.topics if level else []) if logic.sayable(word)]
    if topics:
        parts.append(ctx.text("mine_topics", topics=joined(topics, limit=SHOWN)))
    thanks = _thanks_for(ctx)
    if thanks:
        parts.append(ctx.text("mine_thanks", count=thanks))
    ctx.reply_text(Trusted("".join(parts)), reason="mine")


def _fine(ctx: Context, helps: Iterable[Help]) -> set[int]:
    return counted(ctx, {row.asker_id for row in helps})


def _thanks_for(ctx: Context) -> int:
    query = select(func.count()).where(PeerThanks.room_id == ctx.room_id, PeerThanks.member_id == ctx.member)
    return ctx.db.scalar(query) or 0


@plugin.command(
    "大神",
    who="member",
    where="group",
    aliases=("谁是大神", "群里的大神", "高手"),
    summary="谁在哪件事上帮人，按话题看",
    example=("大神", "…"),
)
def who_helps_with_what(ctx: Context) -> None:
    """By topic, in no order of merit; with numbers only where the owner wants a board."""
    query = select(Level).where(Level.room_id == ctx.room_id, Level.level >= 1)
    rows = [row for row in ctx.db.scalars(query) if row.topics]
    fine = nameable(ctx, [row.member_id for row in rows])
    by_topic: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        for word in row.topics:
            if row.member_id in fine and logic.sayable(word):
                by_topic[word].append(row.member_id)
    if not by_topic:
        ctx.reply("stars_none")
        return
    numbers = _people_helped(ctx) if ctx.settings.board else {}
    lines = [_topic_line(ctx, word, by_topic[word], numbers) for word in _spread(by_topic)]
    ctx.reply("stars", lines=Trusted("\n".join(lines)))


def _spread(by_topic: dict[str, list[int]]) -> list[str]:
    """The topics that bring the most different people onto the list: nobody fills it alone."""
    chosen: list[str] = []
    named: set[int] = set()
    left = sorted(by_topic)
    while left and len(chosen) < TOPICS_SHOWN:
        best = max(left, key=lambda word: (len(set(by_topic[word]) - named), -left.index(word)))
        if not set(by_topic[best]) - named:
            break
        left.remove(best)
        chosen.append(best)
        named |= set(by_topic[best])
    return chosen


def _topic_line(ctx: Context, word: str, members: list[int], numbers: dict[int, int]) -> Trusted:
    names = sorted(called(ctx, one) for one in members)
    if numbers:
        ranked = sorted(members, key=lambda one: -numbers.get(one, 0))
        names = [ctx.text("star_counted", name=called(ctx, one), count=numbers.get(one, 0)) for one in ranked]
    return ctx.text("star_line", topic=word, names=Trusted(joined(names, limit=SHOWN)))


def _people_helped(ctx: Context) -> dict[int, int]:
    """How many different people each has helped."""
    query = select(Help.helper_id, Help.asker_id).where(Help.room_id == ctx.room_id).distinct()
    rows = ctx.db.execute(query).all()
    fine = counted(ctx, {row.asker_id for row in rows})
    return dict(Counter(row.helper_id for row in rows if row.asker_id in fine))
