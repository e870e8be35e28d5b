"""contributors: levels and help as reckoned, nominations, credits, thanks, stages, owners' choices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _room() -> list[SchemaItem]:
    return [
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], ondelete="CASCADE"),
    ]


def _member(name: str = "member_id", *, nullable: bool = False) -> list[SchemaItem]:
    gone = "SET NULL" if nullable else "CASCADE"
    return [
        sa.Column(name, sa.Integer(), nullable=nullable),
        sa.ForeignKeyConstraint([name], ["member.id"], ondelete=gone),
    ]


def upgrade() -> None:
    """Create the tables."""
    _reckoned()
    _decided()
    _said()


def _reckoned() -> None:
    op.create_table(
        "contributors_level",
        *_room(), *_member(),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("people", sa.REAL(), nullable=False),
        sa.Column("rooted", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("rank", sa.REAL(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("reckoned_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", "member_id"),
    )  # fmt: skip
    op.create_table(
        "contributors_help",
        sa.Column("id", sa.Integer(), nullable=False),
        *_room(), *_member("helper_id"), *_member("asker_id"),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("thanked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["message.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["answer_id"], ["message.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )  # fmt: skip
    op.create_index("ix_contributors_help_helper", "contributors_help", ["room_id", "helper_id", "at"])
    op.create_index("ix_contributors_help_asker", "contributors_help", ["asker_id"])
    op.create_index("ix_contributors_help_answer", "contributors_help", ["answer_id"])
    op.create_index("ix_contributors_help_question", "contributors_help", ["question_id"])


def _decided() -> None:
    op.create_table(
        "contributors_nomination",
        sa.Column("id", sa.Integer(), nullable=False),
        *_room(), *_member(),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("last_help_at", sa.BigInteger(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        *_member("decided_by", nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("outgoing_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )  # fmt: skip
    table = "contributors_nomination"
    op.create_index("ix_contributors_nomination_member", table, ["room_id", "member_id", "found_at"])
    op.create_index("ix_contributors_nomination_state", table, ["room_id", "state"])
    op.create_index("ix_contributors_nomination_outgoing", table, ["outgoing_id"])
    op.create_table(
        "contributors_choice",
        *_room(), *_member(),
        sa.Column("choice", sa.Text(), nullable=False),
        *_member("chosen_by", nullable=True),
        sa.Column("chosen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", "member_id"),
    )  # fmt: skip
    op.create_index("ix_contributors_choice_member", "contributors_choice", ["member_id"])


def _said() -> None:
    op.create_table(
        "contributors_credit",
        sa.Column("id", sa.Integer(), nullable=False),
        *_room(), *_member(),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("messages", sa.JSON(), nullable=False),
        sa.Column("thanked_by", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        *_member("granted_by", nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )  # fmt: skip
    op.create_index("ix_contributors_credit_member", "contributors_credit", ["room_id", "member_id", "at"])
    op.create_index("ix_contributors_credit_at", "contributors_credit", ["room_id", "at"])
    op.create_table(
        "contributors_thanks",
        sa.Column("id", sa.Integer(), nullable=False),
        *_room(), *_member("giver_id"), *_member(),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )  # fmt: skip
    op.create_index("ix_contributors_thanks_giver", "contributors_thanks", ["room_id", "giver_id", "at"])
    op.create_index("ix_contributors_thanks_member", "contributors_thanks", ["room_id", "member_id", "at"])
    op.create_table(
        "contributors_stage",
        sa.Column("id", sa.Integer(), nullable=False),
        *_room(), *_member(),
        sa.Column("offered_at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )  # fmt: skip
    op.create_index(
        "ix_contributors_stage_member", "contributors_stage", ["room_id", "member_id", "offered_at"]
    )
