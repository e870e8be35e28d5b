"""Saying a kept answer: in the author's words, with the author's name each time, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from bot.analysis.questions import ASKS, question_chance
from bot.analysis.retrieval import MAYBE
from bot.context import Context
from bot.speaking import mention_token
from bot.storage.history import History
from bot.words import Trusted, plain
from plugins.knowledge import helpers, index, judging, meaning
from plugins.knowledge.question_tables import Kept, Telling
from plugins.knowledge.said_by import age_remark, author_called, day_of, is_live_here

FIND = "find_answer"
LONGEST_ANSWER, LONGEST_QUESTION = 400, 50
DOUBT = 0.8
"""What is left of an answer's chance for each person whom it did not help."""

SHORTEST, LONGEST_QUERY = 3, 300
SEARCHED = 3


@dataclass(frozen=True, slots=True)
class Best:
    """The answer that fits best; not `is_sure` means that it is possibly related."""

    kept: Kept
    is_sure: bool


def ask(ctx: Context, said: str) -> bool:
    """A question put to the bot; False if it is no question, or nothing at all is kept here."""
    text = said.strip()
    if not ctx.settings.answer_questions or not SHORTEST <= len(text) <= LONGEST_QUERY:
        return False
    any_kept = select(Kept.id).where(Kept.room_id == ctx.room_id, Kept.status == "kept").limit(1)
    if question_chance(text) < ASKS or ctx.db.scalar(any_kept) is None:
        return False
    ctx.work(FIND, room=ctx.room_id, query=text, searched=False)
    return True


def search(ctx: Context, words: str) -> None:
    """`搜 …`: there is always an answer, if only that nothing was found."""
    ctx.work(FIND, room=ctx.room_id, query=words.strip()[:LONGEST_QUERY], searched=True)


def find(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """The kept answers that fit a query, best first; for searched words also those that hold them."""
    search = index.find(history.session, payload["room"], payload["query"])
    told = [[one.key, one.chance] for one in search.found]
    if payload["searched"] and not any(chance >= MAYBE for _, chance in told):
        held = _holding(history, payload["room"], payload["query"])
        told = [[key, MAYBE] for key in held] + told
    return {
        "found": told, "say": search.say, "lacking": search.lacking, "searched": payload["searched"],
        "query": payload["query"],
    }  # fmt: skip


def find_for_open(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """Whether an open question still waits; then an earlier answer to it, and who might know about it."""
    judged = judging.judge(history, payload)
    if judged["status"] != "waiting":
        return judged
    said = history.message(payload["question"])
    text = said.text if said is not None else ""
    search = index.find(history.session, payload["room"], text[:LONGEST_QUERY])
    fitting = helpers.fitting(history, payload["room"], payload["asker"], text)
    return judged | {
        "found": [[one.key, one.chance] for one in search.found],
        "say": search.say,
        "helpers": [[member, fit] for member, fit in fitting],
    }


def _holding(history: History, room: int, query: str) -> list[int]:
    """Kept questions and answers that hold every one of the words."""
    rows = select(Kept.id).where(Kept.room_id == room, Kept.status == "kept")
    words = query.split()[:5]
    for word in words:
        rows = rows.where(func.instr(Kept.question, word) + func.instr(Kept.answer, word) > 0)
    return list(history.session.scalars(rows.order_by(Kept.id.desc()).limit(SEARCHED))) if words else []


def best(ctx: Context, found: Sequence[Sequence[float]], say: float) -> Best | None:
    """The best of what was found that is still kept; None if nothing is likely enough.

    From the chance `say` on it is sure.
    """
    judged = []
    for key, chance in found:
        row = ctx.db.get(Kept, int(key))
        if row is not None and row.room_id == ctx.room_id and row.status == "kept":
            judged.append((chance * DOUBT**row.unhelpful, row.id, row))
    if not judged:
        return None
    chance, _, row = max(judged, key=lambda one: one[:2])
    return Best(row, chance >= say) if chance >= MAYBE else None


def tell_found(ctx: Context, result: dict[str, Any]) -> None:
    """Say what was found to who asked; nothing fits: silence, or one honest line for who searched."""
    if not is_live_here(ctx):
        return
    if result["lacking"]:
        ctx.work(meaning.MAKE, room=ctx.room_id)
    found = best(ctx, result["found"], result["say"])
    if found is None:
        if result["searched"]:
            ctx.reply("search_nothing", words=plain(result["query"], 20))
        return
    text = said_text(ctx, found.kept, "answer_told" if found.is_sure else "answer_maybe")
    ctx.reply_text(text, reason="answer_told" if found.is_sure else "answer_maybe")
    _note(ctx, found.kept, ctx.member)


def volunteer(ctx: Context, kept: Kept, asker: int, within: timedelta) -> int | None:
    """Say an earlier answer to somebody whom nobody has answered."""
    text = Trusted(ctx.mention([asker]) + said_text(ctx, kept, "answer_volunteered"))
    outgoing = ctx.say_text(
        text, urgency="initiative", reason="answer_volunteered", mention=[asker], keep_for=within
    )
    if outgoing is not None:
        _note(ctx, kept, asker)
    return outgoing


def said_text(ctx: Context, kept: Kept, key: str) -> Trusted:
    """The answer with where it comes from."""
    return ctx.text(
        key, author=mention_token(author_called(ctx, kept.author_id)), day=day_of(ctx, kept.said_at),
        question=plain(kept.question, LONGEST_QUESTION), answer=in_lines(kept.answer),
        age=age_remark(ctx, kept.said_at),
    )  # fmt: skip


def in_lines(answer: str) -> Trusted:
    """The author's words made harmless; what were messages of their own stay lines of their own."""
    parts = [plain(part, LONGEST_ANSWER) for part in answer.split("\n")]
    return Trusted("\n".join(part for part in parts if part))


def _note(ctx: Context, kept: Kept, member: int | None) -> None:
    ctx.db.add(Telling(room_id=ctx.room_id, answer_id=kept.id, member_id=member, told_at=ctx.now))
    ctx.db.flush()
