"""gatekeeping: who knocks at a group's door; what was said privately to somebody is found by them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLE = "gatekeeping_application"


def upgrade() -> None:
    """Create the table and the indexes."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=True),
        sa.Column("greeting", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("knocked_at", sa.BigInteger(), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("invited_at", sa.BigInteger(), nullable=True),
        sa.Column("outgoing_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["member.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    is_open = sa.text("closed_at IS NULL")
    op.create_index(f"ix_{TABLE}_open", TABLE, ["member_id"], unique=True, sqlite_where=is_open)
    op.create_index(f"ix_{TABLE}_status", TABLE, ["status"], sqlite_where=is_open)
    op.create_index(f"ix_{TABLE}_member", TABLE, ["member_id", "closed_at"])
    op.create_index(f"ix_{TABLE}_decided_by", TABLE, ["decided_by"])
    op.create_index(f"ix_{TABLE}_invited", TABLE, ["room_id", "invited_at"])
    op.create_index(f"ix_{TABLE}_accepted", TABLE, ["accepted_at"])
    op.create_index(f"ix_{TABLE}_closed", TABLE, ["closed_at"])
    to_people = sa.text("member_id IS NOT NULL")
    op.create_index("ix_outgoing_member", "outgoing", ["member_id"], sqlite_where=to_people)
