"""rules: cases, texts seen, standing, pardons, reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _room() -> list[SchemaItem]:
    return [
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], ondelete="CASCADE"),
    ]


def _member(name: str = "member_id", *, nullable: bool = False, gone: str = "CASCADE") -> list[SchemaItem]:
    return [
        sa.Column(name, sa.Integer(), nullable=nullable),
        sa.ForeignKeyConstraint([name], ["member.id"], ondelete=gone),
    ]


def _message() -> list[SchemaItem]:
    return [
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], ondelete="SET NULL"),
    ]


def upgrade() -> None:
    """Create the tables."""
    _cases()
    _known()
    _told()


def _cases() -> None:
    op.create_table(
        "rules_case",
        sa.Column("id", sa.Integer(), nullable=False),
        *_room(), *_member(), *_message(), *_member("decided_by", nullable=True, gone="SET NULL"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("chance", sa.REAL(), nullable=False),
        sa.Column("is_sure", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("sketch", sa.JSON(), nullable=False),
        sa.Column("domains", sa.JSON(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("said", sa.Boolean(), nullable=False),
        sa.Column("in_public", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outgoing_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("appealed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )  # fmt: skip
    op.create_index("ix_rules_case_member", "rules_case", ["room_id", "member_id", "at"])
    op.create_index("ix_rules_case_at", "rules_case", ["room_id", "at"])
    op.create_index("ix_rules_case_message", "rules_case", ["message_id"])
    op.create_index("ix_rules_case_outgoing", "rules_case", ["outgoing_id"])


def _known() -> None:
    op.create_table(
        "rules_seen",
        sa.Column("key", sa.Integer(), nullable=False),
        *_room(), *_member(),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "room_id", "member_id"),
    )  # fmt: skip
    op.create_index("ix_rules_seen_at", "rules_seen", ["at"])
    op.create_table(
        "rules_standing",
        *_room(), *_member(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", "member_id", "kind"),
    )  # fmt: skip


def _told() -> None:
    op.create_table(
        "rules_pardon",
        sa.Column("id", sa.Integer(), nullable=False),
        *_room(), *_member(), *_member("given_by", nullable=True, gone="SET NULL"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sketch", sa.JSON(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )  # fmt: skip
    op.create_index("ix_rules_pardon_room", "rules_pardon", ["room_id", "kind"])
    op.create_table(
        "rules_report",
        sa.Column("id", sa.Integer(), nullable=False),
        *_room(), *_member("reporter_id", nullable=True), *_message(),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )  # fmt: skip
    op.create_index("ix_rules_report_room", "rules_report", ["room_id", "at"])
