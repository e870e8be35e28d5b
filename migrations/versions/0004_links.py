"""Who answers whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "reply_link",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("answers_id", sa.Integer(), nullable=True),
        sa.Column("confidence", sa.REAL(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question", sa.REAL(), nullable=False),
        sa.ForeignKeyConstraint(["answers_id"], ["message.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id"),
    )
    op.create_index(
        "ix_reply_link_answers",
        "reply_link",
        ["answers_id"],
        unique=False,
        sqlite_where=sa.text("answers_id IS NOT NULL"),
    )
