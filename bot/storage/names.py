"""What the members of a room are called, all of them or one."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.storage.engine import plain_connection

_NAMES = """
SELECT membership.member_id, member.name, membership.alias
FROM membership JOIN member ON member.id = membership.member_id
WHERE membership.room_id = ?
"""


def names_of_room(session: Session, room: int, member: int | None = None) -> dict[int, tuple[str, ...]]:
    """The names of each member of a room, the 群昵称 first, also of those who left."""
    statement, values = _NAMES, [room]
    if member is not None:
        statement, values = f"{_NAMES} AND membership.member_id = ?", [room, member]
    rows = plain_connection(session).execute(statement, values)
    return {key: tuple(dict.fromkeys(one for one in (alias, name) if one)) for key, name, alias in rows}
