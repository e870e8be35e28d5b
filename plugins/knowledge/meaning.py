"""Vectors of kept questions (extra `semantic`): made off the writer, stored, read back at the start."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from functools import cache
from threading import Lock
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from bot.analysis.retrieval.vectors import MODEL, Encode, sentence_encoder
from bot.context import Context
from bot.storage.history import History
from plugins.knowledge.question_tables import Kept, Meaning

MAKE = "make_vectors"
AT_ONCE = 200
IN_ONE_GO = 16
"""Between so many, a search that waits for the encoder gets its turn."""

_one_at_a_time = Lock()


@cache
def encoder() -> Encode | None:
    """The encoder, loaded when first asked for; None without the extra."""
    with _one_at_a_time:
        encode = sentence_encoder()
    return _taking_turns(encode) if encode is not None else None


def _taking_turns(encode: Encode) -> Encode:
    def one_after_the_other(texts: Sequence[str]) -> Any:
        parts = []
        for begin in range(0, len(texts), IN_ONE_GO):
            with _one_at_a_time:
                parts.extend(encode(texts[begin : begin + IN_ONE_GO]))
        return parts

    return one_after_the_other


def known(session: Session, room: int) -> dict[int, Any]:
    """The stored vectors of a room's kept questions."""
    import numpy as np

    rows = select(Meaning.answer_id, Meaning.vector).join(Kept, Kept.id == Meaning.answer_id)
    rows = rows.where(Kept.room_id == room, Kept.status == "kept", Meaning.model == MODEL)
    return {
        row.answer_id: np.frombuffer(row.vector, dtype=np.float16).astype(np.float32)
        for row in session.execute(rows)
    }


def _lacking(room: int) -> Any:
    made = select(Meaning.answer_id).where(Meaning.answer_id == Kept.id, Meaning.model == MODEL)
    return (Kept.room_id == room) & (Kept.status == "kept") & ~made.exists()


def count_lacking(session: Session, room: int) -> int:
    """How many kept questions of a room have no stored vector."""
    return session.scalar(select(func.count()).select_from(Kept).where(_lacking(room))) or 0


def make(history: History, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Vectors for some of those that lack one."""
    encode = encoder()
    if encode is None:
        return {"room": payload["room"], "vectors": {}, "more": False}
    import numpy as np

    rows = select(Kept.id, Kept.question).where(_lacking(payload["room"])).order_by(Kept.id).limit(AT_ONCE)
    lacking = {row.id: row.question for row in history.session.execute(rows)}
    vectors = encode(list(lacking.values()))
    packed = (base64.b64encode(np.asarray(one, dtype=np.float16).tobytes()).decode() for one in vectors)
    return {
        "room": payload["room"], "vectors": dict(zip(map(str, lacking), packed, strict=True)),
        "more": len(lacking) == AT_ONCE,
    }  # fmt: skip


def store(ctx: Context, result: dict[str, Any]) -> None:
    """Write them down, and go on if there are more."""
    for key, packed in result["vectors"].items():
        row = ctx.db.get(Kept, int(key))
        if row is None or row.status != "kept":  # forgotten meanwhile
            continue
        values = {"model": MODEL, "vector": base64.b64decode(packed)}
        statement = insert(Meaning).values(answer_id=row.id, **values)
        ctx.db.execute(statement.on_conflict_do_update(index_elements=["answer_id"], set_=values))
    if result["more"]:
        ctx.work(MAKE, room=result["room"])
