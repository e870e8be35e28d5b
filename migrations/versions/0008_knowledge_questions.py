"""knowledge: questions that wait, who may be asked, kept answers, digests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _question()
    _helper()
    _pace()
    _answer()
    _thanks()
    _telling()
    _digest()
    _digest_quote()
    _coming()


def _question() -> None:
    op.create_table(
        "knowledge_question",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("acted_at", sa.BigInteger(), nullable=True),
        sa.Column("helper_id", sa.Integer(), nullable=True),
        sa.Column("outgoing_id", sa.Integer(), nullable=True),
        sa.Column("listed_at", sa.BigInteger(), nullable=True),
        sa.Column("pooled_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["asker_id"], ["member.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["helper_id"], ["member.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id"),
    )
    op.create_index("ix_knowledge_question_acted", "knowledge_question", ["room_id", "acted_at"])
    op.create_index("ix_knowledge_question_asker_id", "knowledge_question", ["asker_id"])
    op.create_index("ix_knowledge_question_helper_id", "knowledge_question", ["helper_id"])
    op.create_index("ix_knowledge_question_room", "knowledge_question", ["room_id", "status", "asked_at"])


def _helper() -> None:
    op.create_table(
        "knowledge_helper",
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["member.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("room_id", "member_id"),
    )


def _pace() -> None:
    op.create_table(
        "knowledge_pace",
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("measured_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("room_id"),
    )


def _answer() -> None:
    op.create_table(
        "knowledge_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("messages", sa.JSON(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("unhelpful", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asker_id"], ["member.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["confirmed_by"], ["member.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_knowledge_answer_asker_id", "knowledge_answer", ["asker_id"])
    op.create_index("ix_knowledge_answer_author_id", "knowledge_answer", ["author_id"])
    op.create_index("ix_knowledge_answer_question", "knowledge_answer", ["room_id", "question_id"])
    op.create_index("ix_knowledge_answer_revision", "knowledge_answer", ["room_id", "revision"])
    op.create_index("ix_knowledge_answer_status", "knowledge_answer", ["room_id", "status", "id"])


def _thanks() -> None:
    op.create_table(
        "knowledge_thanks",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["knowledge_answer.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("answer_id", "member_id"),
    )
    op.create_index("ix_knowledge_thanks_member_id", "knowledge_thanks", ["member_id"])


def _telling() -> None:
    op.create_table(
        "knowledge_telling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.Column("unhelpful", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["knowledge_answer.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_knowledge_telling_answer_id", "knowledge_telling", ["answer_id"])
    op.create_index("ix_knowledge_telling_member_id", "knowledge_telling", ["member_id"])
    op.create_index("ix_knowledge_telling_room", "knowledge_telling", ["room_id", "told_at"])


def _digest() -> None:
    op.create_table(
        "knowledge_digest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_knowledge_digest_member_id", "knowledge_digest", ["member_id"])
    op.create_index("ix_knowledge_digest_room_id", "knowledge_digest", ["room_id"])


def _digest_quote() -> None:
    op.create_table(
        "knowledge_digest_quote",
        sa.Column("digest_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["digest_id"], ["knowledge_digest.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest_id", "position"),
    )
    op.create_index("ix_knowledge_digest_quote_member_id", "knowledge_digest_quote", ["member_id"])
    op.create_index("ix_knowledge_digest_quote_message_id", "knowledge_digest_quote", ["message_id"])


def _coming() -> None:
    op.create_table(
        "knowledge_coming",
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("room_id", "starts_at"),
    )
