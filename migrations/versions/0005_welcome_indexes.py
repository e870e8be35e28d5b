"""welcome: who waits for a greeting, and who spoke lately, found without reading everybody who ever came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the indexes."""
    op.create_index(
        "ix_welcome_newcomer_waiting", "welcome_newcomer", ["room_id"],
        sqlite_where=sa.text("outcome = 'waiting'"),
    )  # fmt: skip
    op.create_index("ix_welcome_newcomer_outgoing", "welcome_newcomer", ["outgoing_id"])
    op.create_index("ix_welcome_newcomer_spoke", "welcome_newcomer", ["room_id", "spoke_at"])
