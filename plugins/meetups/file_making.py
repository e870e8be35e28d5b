"""Making the files of a meetup, off the writer: what belongs to its topic is read, and written as a file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.storage.history import History
from bot.storage.tables import Outgoing
from bot.words import plain
from plugins.meetups import flow, matching
from plugins.meetups.after_tables import Matter, Note
from plugins.meetups.matching import Answered, words_for
from plugins.meetups.tables import Meetup, Question
from plugins.meetups.work_texts import Say, say_for

PREFIX = "meetup-"
MOST_POINTS, MOST_ANSWERS, MOST_SHARES, MOST_PICTURES = 12, 8, 4, 6
WORDS = 600


def delete_all(media: Path) -> None:
    """Delete every file that was made: they may name somebody who is to be forgotten."""
    for file in media.glob(f"{PREFIX}*"):
        file.unlink(missing_ok=True)


def make(history: History, payload: dict[str, Any]) -> dict[str, Any]:
    """Write the file; "" where the meetup is gone."""
    meetup = history.session.get(Meetup, payload["meetup"])
    if meetup is None:
        return {"meetup": payload["meetup"], "kind": payload["kind"], "file": ""}
    say = say_for(history.session, meetup.room_id)
    making = {"deck": _deck, "sheet": _sheet, "calendar": _calendar}[payload["kind"]]
    content = making(history, meetup, payload, say)
    file = Path(payload["file"])
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
    return {"meetup": meetup.id, "kind": payload["kind"], "file": str(file)}


def _name(history: History, meetup: Meetup, member: int | None) -> str:
    """What the room calls somebody who may be named; "" for everybody else."""
    person = history.member(member) if member is not None else None
    if person is None or person.uncounted or person.forgotten_at is not None:
        return ""
    return plain(history.name_of(person.member, meetup.room_id), 20)


def _calendar(history: History, meetup: Meetup, payload: dict[str, Any], say: Say) -> bytes:
    from plugins.meetups.paper.calendar import Appointment, calendar_file

    assert meetup.starts_at is not None
    is_dropped = meetup.state == flow.State.DROPPED
    note = say("calendar_note", group=payload["group"], fee=meetup.fee or say("fee_open"))
    return calendar_file(
        Appointment(
            key=f"meetup-{meetup.id}-{int(meetup.created_at.timestamp())}",
            title=meetup.title,
            starts_at=meetup.starts_at,
            ends_at=meetup.starts_at + timedelta(hours=meetup.hours),
            zone=payload["zone"],
            stamped_at=history.now,
            place=meetup.place,
            note=note,
            sequence=meetup.sequence + is_dropped,
            is_cancelled=is_dropped,
        )
    )


# Slides


def _deck(history: History, meetup: Meetup, payload: dict[str, Any], say: Say) -> bytes:
    from plugins.meetups.paper.deck import Deck, DeckWords, Idea, Quote, deck
    from plugins.meetups.paper.drafting import Answer, drafted

    names = {
        one.id: _name(history, meetup, one.asker_id) if one.is_named else ""
        for one in _asked(history, meetup)
    }
    found = matching.answered(history, meetup.room_id, meetup.title)[:MOST_ANSWERS]
    answers = [Answer(one.question, one.answer, _name(history, meetup, one.answerer)) for one in found]
    ideas = drafted(
        meetup.title, _points(history, meetup), _shares(history, meetup),
        [one for one in answers if one.name], words_for,
    )  # fmt: skip
    for number, (picture, author) in enumerate(_pictures(history, meetup, Path(payload["media"])), 1):
        heading = say("deck_picture", number=number, name=_name(history, meetup, author) or say("somebody"))
        ideas.append(Idea(heading, picture=picture))
    return deck(
        Deck(
            title=meetup.title,
            words=DeckWords(say("deck_agenda"), say("deck_questions"), say("deck_more")),
            group=payload["group"],
            speaker=_name(history, meetup, meetup.speaker_id),
            when=payload["when"],
            ideas=tuple(ideas),
            questions=tuple(Quote(one.text, names[one.id]) for one in _asked(history, meetup)),
        )
    )


def _asked(history: History, meetup: Meetup) -> Sequence[Question]:
    query = select(Question).where(Question.meetup_id == meetup.id).order_by(Question.id)
    return history.session.scalars(query).all()


def _points(history: History, meetup: Meetup) -> list[str]:
    """The speaker's own points, one a page."""
    query = select(Note.text).where(Note.meetup_id == meetup.id, Note.kind == "point").order_by(Note.id)
    return list(history.session.scalars(query))[:MOST_POINTS]


def _shares(history: History, meetup: Meetup) -> list[tuple[str, str]]:
    """The shares of this topic, with what stands in them as long as that is kept."""
    words = words_for(meetup.title)
    query = select(Matter).where(Matter.room_id == meetup.room_id, Matter.kind == "share").order_by(Matter.id)
    found = []
    for row in history.session.scalars(query):
        text = _said(history, row.outgoing_id)
        if words & (words_for(row.text) | words_for(text)):
            found.append((row.text, text[:WORDS]))
    return found[-MOST_SHARES:]


def _said(history: History, outgoing: int | None) -> str:
    row = history.session.get(Outgoing, outgoing) if outgoing is not None else None
    return row.text if row is not None else ""


def _pictures(history: History, meetup: Meetup, media: Path) -> list[tuple[bytes, int | None]]:
    query = select(Note).where(Note.meetup_id == meetup.id, Note.kind == "figure").order_by(Note.id)
    files = [(media / one.file, one.author_id) for one in history.session.scalars(query) if one.file]
    return [(file.read_bytes(), author) for file, author in files[:MOST_PICTURES] if file.is_file()]


# The question sheet


def _sheet(history: History, meetup: Meetup, payload: dict[str, Any], say: Say) -> bytes:
    from plugins.meetups.paper.sheet import question_sheet
    from plugins.meetups.paper.sheet_pages import Asked, Sheet, Topic

    rows = _asked(history, meetup)
    known = matching.answered(history, meetup.room_id, "") if rows else []
    grouped = matching.by_topic([(one.id, one.text) for one in rows])
    by_key = {one.id: one for one in rows}
    topics = []
    for word, keys in grouped:
        asked = [Asked(by_key[key].text, _aside(history, meetup, by_key[key], known, say)) for key in keys]
        topics.append(Topic(word or (say("sheet_others") if len(grouped) > 1 else ""), tuple(asked)))
    subtitle = say("sheet_subtitle", group=payload["group"], date=payload["when"] or say("place_open"))
    return question_sheet(Sheet(meetup.title, subtitle, tuple(topics), say("sheet_remark")))


def _aside(history: History, meetup: Meetup, row: Question, known: Sequence[Answered], say: Say) -> str:
    """Who asks, if they agree; who may know; what somebody who cannot come has answered."""
    parts = []
    asker = _name(history, meetup, row.asker_id) if row.is_named else ""
    if asker:
        parts.append(say("sheet_asker", name=asker))
    able = [one for one in matching.who_may_answer(row.text, known) if one != row.asker_id]
    here = history.present(meetup.room_id, able) if able else set()
    names = [name for one in able if one in here and (name := _name(history, meetup, one))][:2]
    if names and not row.answer:
        parts.append(say("sheet_able", names="、".join(names)))
    if row.answer and row.is_online:
        name = _name(history, meetup, row.answerer_id) or say("somebody")
        parts.append(say("sheet_online", name=name, answer=plain(row.answer, 80)))
    return "　".join(parts)
