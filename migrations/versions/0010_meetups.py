"""meetups: meetups, dates and votes, sign-ups, questions; evidence, reminders, attendance, notes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _meetup()
    _candidate()
    _vote()
    _sign_up()
    _question()
    _matter()
    _reminder()
    _attendance()
    _note()


def _meetup() -> None:
    op.create_table(
        "meetups_meetup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("fee", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("vote_until", sa.BigInteger(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("speaker_id", sa.Integer(), nullable=True),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["speaker_id"], ["member.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["host_id"], ["member.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_meetups_meetup_host", "meetups_meetup", ["host_id"])
    op.create_index("ix_meetups_meetup_room", "meetups_meetup", ["room_id", "state"])
    op.create_index("ix_meetups_meetup_speaker", "meetups_meetup", ["speaker_id"])


def _candidate() -> None:
    op.create_table(
        "meetups_candidate",
        sa.Column("meetup_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["meetup_id"], ["meetups_meetup.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("meetup_id", "number"),
    )


def _vote() -> None:
    op.create_table(
        "meetups_vote",
        sa.Column("meetup_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("voted_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["meetup_id"], ["meetups_meetup.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("meetup_id", "member_id", "number"),
    )
    op.create_index("ix_meetups_vote_member", "meetups_vote", ["member_id"])


def _sign_up() -> None:
    op.create_table(
        "meetups_sign_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meetup_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("more", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=False),
        sa.Column("offered_until", sa.BigInteger(), nullable=True),
        sa.Column("outgoing_id", sa.Integer(), nullable=True),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["meetup_id"], ["meetups_meetup.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["entered_by"], ["member.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("meetup_id", "member_id"),
    )
    op.create_index("ix_meetups_sign_up_entered_by", "meetups_sign_up", ["entered_by"])
    op.create_index("ix_meetups_sign_up_member", "meetups_sign_up", ["member_id"])


def _question() -> None:
    op.create_table(
        "meetups_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("meetup_id", sa.Integer(), nullable=True),
        sa.Column("asker_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answerer_id", sa.Integer(), nullable=True),
        sa.Column("is_online", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["meetup_id"], ["meetups_meetup.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["asker_id"], ["member.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["answerer_id"], ["member.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_meetups_question_answerer", "meetups_question", ["answerer_id"])
    op.create_index("ix_meetups_question_asker", "meetups_question", ["asker_id"])
    op.create_index("ix_meetups_question_meetup", "meetups_question", ["meetup_id"])
    op.create_index("ix_meetups_question_message", "meetups_question", ["message_id"])
    op.create_index("ix_meetups_question_room", "meetups_question", ["room_id", "meetup_id"])


def _matter() -> None:
    op.create_table(
        "meetups_matter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("outgoing_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_meetups_matter_member", "meetups_matter", ["member_id"])
    op.create_index("ix_meetups_matter_room", "meetups_matter", ["room_id", "at"])


def _reminder() -> None:
    op.create_table(
        "meetups_reminder",
        sa.Column("meetup_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["meetup_id"], ["meetups_meetup.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("meetup_id", "kind", "starts_at"),
    )


def _attendance() -> None:
    op.create_table(
        "meetups_attendance",
        sa.Column("meetup_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["meetup_id"], ["meetups_meetup.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("meetup_id", "member_id"),
    )
    op.create_index("ix_meetups_attendance_member", "meetups_attendance", ["member_id"])


def _note() -> None:
    op.create_table(
        "meetups_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meetup_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["meetup_id"], ["meetups_meetup.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_meetups_note_author", "meetups_note", ["author_id"])
    op.create_index("ix_meetups_note_meetup", "meetups_note", ["meetup_id", "kind"])
    op.create_index("ix_meetups_note_message", "meetups_note", ["message_id"])
