"""core: who is called so is found by an index, whatever the size of the room."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the indexes; the one of friends' names is a part of the new one."""
    op.drop_index("ix_member_friend", "member")
    op.create_index("ix_member_name", "member", ["name"])
    op.create_index("ix_membership_alias", "membership", ["room_id", "alias"])
