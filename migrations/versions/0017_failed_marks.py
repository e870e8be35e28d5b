"""core: the few marks of handlers that failed are found without looking at all the others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    op.create_index(
        "ix_event_mark_failed", "event_mark", ["event_id"], sqlite_where=sa.text("outcome = 'failed'")
    )
