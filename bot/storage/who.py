"""The statements behind history's questions about who is who."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from bot.storage.tables import Member, Membership

PERSON = select(
    Member.id, Member.name, Member.kind, Member.is_friend, Member.is_self, Member.uncounted, Member.found_at,
    Member.forgotten_at,
).where(Member.id == bindparam("member"))  # fmt: skip

ROOM_MEMBER = select(
    Member.id, Member.name, Membership.alias, Member.kind, Member.is_friend, Member.is_self, Member.uncounted,
    Membership.first_joined_at, Membership.joined_at, Membership.join_known, Membership.left_at,
    Membership.first_spoke_at,
).join(Membership, Membership.member_id == Member.id)  # fmt: skip

NAMES = (
    "SELECT alias, name FROM member LEFT JOIN membership ON member_id = member.id AND room_id = ?"
    " WHERE member.id = ?"
)
PRESENT = (
    "SELECT member_id FROM membership WHERE room_id = ? AND left_at IS NULL"
    " AND member_id IN (SELECT value FROM json_each(?))"
)

CALLED = (
    select(Membership.member_id, Membership.alias, Member.name)
    .join(Member)
    .order_by(Membership.left_at.is_not(None), Membership.member_id)
)
