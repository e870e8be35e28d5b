"""What was found out about what was said: who answers whom. All of it can be found anew from the messages."""

from __future__ import annotations

from sqlalchemy import REAL, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables.base import Base


class ReplyLink(Base):
    """The earlier message that a message answers, None if it opens a thread.

    `confidence` is how sure that is, `question` the probability that the message asks something, `version`
    the models that found both.
    """

    __tablename__ = "reply_link"
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
    confidence: Mapped[float] = mapped_column(REAL)
    version: Mapped[int]
    question: Mapped[float] = mapped_column(REAL)
    __table_args__ = (
        Index("ix_reply_link_answers", "answers_id", sqlite_where=sql("answers_id IS NOT NULL")),
    )
