"""Pure translation of what puppets tell into arrivals: no puppet, no clock, no cache in here."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from bot.events import MessageKind
from bot.gateway import puppet as wechat
from bot.gateway.base import (
    JoinArrived,
    LeaveArrived,
    MessageArrived,
    OddArrived,
    Person,
    PersonKind,
    RecallArrived,
    RoomRef,
    TopicArrived,
)
from bot.gateway.puppet import ContactPayload, MessagePayload
from bot.gateway.quotes import split_quote

KINDS: dict[int, MessageKind] = {
    wechat.TEXT: "text",
    wechat.IMAGE: "image",
    wechat.AUDIO: "voice",
    wechat.VIDEO: "video",
    wechat.EMOTICON: "sticker",
    wechat.ATTACHMENT: "file",
    wechat.URL: "link",
    wechat.MINI_PROGRAM: "mini_program",
    wechat.CONTACT: "contact",
    wechat.LOCATION: "location",
    wechat.RED_ENVELOPE: "red_envelope",
    wechat.TRANSFER: "transfer",
    wechat.CHAT_HISTORY: "chat_history",
    wechat.RECALLED: "recalled",
}
PERSON_KINDS: dict[int, PersonKind] = {wechat.PERSONAL: "person", wechat.OFFICIAL: "official"}

LARGEST_SECONDS = 10**11  # as milliseconds this is the year 1973, as seconds 5138
LARGEST_MILLISECONDS = 10**14
AHEAD = timedelta(days=1)  # a stamp further in the future than this is nonsense
RAW_KEPT = 4000
LONGEST_TEXT = 20_000  # WeChat itself cuts long before
LONGEST_NAME = 200

_TITLE = re.compile(r"<title>\s*(?:<!\[CDATA\[)?([^<\]]{1,300})")
_RECALLED_ID = re.compile(r"<newmsgid>\s*([0-9A-Za-z_.:-]{1,80})\s*</newmsgid>")
_PLAIN_ID = re.compile(r"[0-9A-Za-z_.:@-]{1,80}")


def moment(stamp: object, received_at: datetime) -> datetime:
    """A puppet's timestamp (seconds, milliseconds or microseconds, number or text) in UTC.

    What is missing or makes no sense becomes `received_at`.
    """
    try:
        value = float(stamp or 0)  # type: ignore[arg-type]  # anything may come; that is what the try is for
    except (TypeError, ValueError):
        return received_at
    if not 0 < value < LARGEST_MILLISECONDS * 1000:
        return received_at
    if value >= LARGEST_MILLISECONDS:
        value /= 1_000_000
    elif value >= LARGEST_SECONDS:
        value /= 1000
    told = datetime.fromtimestamp(value, UTC)
    return told if told < received_at + AHEAD else received_at


def fact_key(kind: str, *parts: object) -> str:
    """A key for a fact without an id of its own: the same parts give the same key."""
    digest = hashlib.blake2b("\x1f".join(map(str, parts)).encode("utf-8", "replace"), digest_size=12)
    return f"{kind}:{digest.hexdigest()}"


def person(payload: ContactPayload, room_alias: str = "") -> Person:
    """A contact as told by the puppet."""
    kind = PERSON_KINDS.get(int(payload.type or 0), "unknown")
    return Person(
        id=payload.id,
        name=(payload.name or "")[:LONGEST_NAME],
        room_alias=room_alias,
        kind=kind,
        is_friend=bool(payload.friend),
    )


def message(
    payload: MessagePayload,
    *,
    talker: Person,
    room: RoomRef | None,
    account: str,
    received_at: datetime,
    names: Collection[str] = (),
) -> MessageArrived | RecallArrived:
    """A message or a recall; `names` are those who can be meant by a quote."""
    at = moment(payload.timestamp, received_at)
    kind = KINDS.get(payload.type, "unknown")
    if kind == "recalled":
        recalled = recalled_id(payload.text)
        if recalled:
            return RecallArrived(key=f"recall:{recalled}", at=at, received_at=received_at, puppet_id=recalled)
    whole = payload.text[:LONGEST_TEXT]
    quote, text = split_quote(whole, names) if kind == "text" else (None, caption(kind, payload))
    from_self = bool(account) and talker.id == account
    return MessageArrived(
        key=f"message:{payload.id}",
        at=at,
        received_at=received_at,
        puppet_id=payload.id,
        talker=talker,
        room=room,
        conversation=room.id if room else (payload.to_id if from_self else talker.id),
        text=text,
        kind=kind,
        mention_ids=tuple(payload.mention_ids),
        quote=quote,
        from_self=from_self,
    )


def recalled_id(text: str) -> str:
    """The id of the message that was taken back: the whole text, or inside WeChat's XML; "" if neither."""
    found = _RECALLED_ID.search(text[:RAW_KEPT])
    if found:
        return found[1]
    stripped = text.strip()
    return stripped if _PLAIN_ID.fullmatch(stripped) else ""


def caption(kind: MessageKind, payload: MessagePayload) -> str:
    """Words for a message that is not text: a file's name, a link's title, never its markup."""
    text = payload.text.strip()
    if kind == "file" and payload.filename:
        return payload.filename
    if not text.startswith(("<", "{", "@<")):
        return "" if kind in ("image", "voice", "video", "sticker") else text
    found = _TITLE.search(text[:RAW_KEPT])
    return html.unescape(found[1]).strip() if found else ""


def joined(
    room: RoomRef, people: Sequence[Person], inviter: Person | None, at: datetime, received_at: datetime
) -> JoinArrived:
    """People who joined."""
    ids = sorted(one.id for one in people)
    return JoinArrived(
        key=fact_key("join", room.id, at.timestamp(), *ids),
        at=at,
        received_at=received_at,
        room=room,
        people=tuple(people),
        inviter=inviter,
    )


def left(
    room: RoomRef, people: Sequence[Person], remover: Person | None, at: datetime, received_at: datetime
) -> LeaveArrived:
    """People who left or were removed; whoever removes themselves has left."""
    ids = sorted(one.id for one in people)
    removed_by = remover if remover is not None and remover.id not in ids else None
    return LeaveArrived(
        key=fact_key("leave", room.id, at.timestamp(), *ids),
        at=at,
        received_at=received_at,
        room=room,
        people=tuple(people),
        remover=removed_by,
    )


def renamed(room_id: str, old: str, new: str, at: datetime, received_at: datetime) -> TopicArrived:
    """A new name for a room."""
    return TopicArrived(
        key=fact_key("topic", room_id, at.timestamp(), new),
        at=at,
        received_at=received_at,
        room=RoomRef(id=room_id, topic=new[:LONGEST_NAME]),
        old=old[:LONGEST_NAME],
    )


def odd(why: str, raw: str, received_at: datetime, key: str = "") -> OddArrived:
    """Something that cannot be understood, kept raw up to a limit."""
    return OddArrived(
        key=key or fact_key("odd", received_at.timestamp(), why, raw),
        at=received_at,
        received_at=received_at,
        raw=raw[:RAW_KEPT],
        why=why,
    )
