"""Turns what a puppet reported into arrivals, fetching what the report does not say."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.gateway import decode
from bot.gateway import puppet as wechat
from bot.gateway.base import (
    Arrival,
    FriendConfirmedArrived,
    FriendRequestArrived,
    GatewayError,
    InvitationArrived,
    LoggedIn,
    OddArrived,
    Person,
)
from bot.gateway.calls import Calls
from bot.gateway.people import People
from bot.gateway.quotes import OPENING


@dataclass(frozen=True, slots=True)
class Report:
    """One event of a puppet, untranslated."""

    name: str
    payload: Any
    received_at: datetime


class Reception:
    """`account` is the network id of whoever is logged in, "" before; `me` the same with a name, later.

    Counts what could not be resolved.
    """

    def __init__(self, calls: Calls, people: People) -> None:
        self._calls = calls
        self._people = people
        self.account = ""
        self.me: Person | None = None
        self.odd = 0
        self.lost = 0
        self._translations: dict[str, Callable[[Any, datetime], Awaitable[Arrival]]] = {
            "message": self._message,
            "room-join": self._join,
            "room-leave": self._leave,
            "room-topic": self._topic,
            "friendship": self._friendship,
            "room-invite": self._invitation,
            "login": self._login,
        }

    async def resolve(self, report: Report) -> Arrival:
        """The arrival that `report` amounts to; `OddArrived` if it cannot be fetched or understood."""
        try:
            arrival = await self._translations[report.name](report.payload, report.received_at)
        except GatewayError as error:
            self.lost += 1
            arrival = self._odd_report(report, f"could not be fetched: {error}")
        except Exception as error:  # whatever a gateway sends must not end reception
            arrival = self._odd_report(report, f"could not be understood: {type(error).__name__}")
        if isinstance(arrival, OddArrived):
            self.odd += 1
        return arrival

    def _odd_report(self, report: Report, why: str) -> OddArrived:
        raw = f"{report.name} {as_text(report.payload)}"
        message_id = getattr(report.payload, "message_id", "") if report.name == "message" else ""
        key = f"odd:message:{message_id}" if message_id else ""
        return decode.odd(f"{report.name} {why}", raw, report.received_at, key)

    async def _message(self, payload: Any, received_at: datetime) -> Arrival:
        told = await self._calls.ask("message_payload", payload.message_id)
        talker_id, room_id = told.from_id, told.room_id
        if not talker_id or talker_id == room_id:
            why = "message without a speaker"
            return decode.odd(why, told.text or "", received_at, f"odd:message:{payload.message_id}")
        people = self._people
        talker = people.known(room_id, talker_id) or await people.member(room_id, talker_id)
        room = (people.known_room(room_id) or await people.room(room_id)) if room_id else None
        return decode.message(
            told,
            talker=talker,
            room=room,
            account=self.account,
            received_at=received_at,
            names=people.names_in(room_id) if OPENING in told.text[:10] else (),
        )

    async def _join(self, payload: Any, received_at: datetime) -> Arrival:
        room_id = payload.room_id
        self._people.forget_members(room_id, payload.invited_ids)
        people = [await self._people.member(room_id, one) for one in payload.invited_ids]
        inviter = await self._people.member(room_id, payload.inviter_id) if payload.inviter_id else None
        at = decode.moment(payload.timestamp, received_at)
        return decode.joined(await self._people.room(room_id), people, inviter, at, received_at)

    async def _leave(self, payload: Any, received_at: datetime) -> Arrival:
        room_id = payload.room_id
        people = [
            self._people.known(room_id, one) or await self._people.contact(one) for one in payload.removed_ids
        ]
        remover = await self._people.member(room_id, payload.remover_id) if payload.remover_id else None
        room = await self._people.room(room_id)
        self._people.forget_members(room_id, payload.removed_ids)
        at = decode.moment(payload.timestamp, received_at)
        return decode.left(room, people, remover, at, received_at)

    async def _topic(self, payload: Any, received_at: datetime) -> Arrival:
        at = decode.moment(payload.timestamp, received_at)
        topic = decode.renamed(payload.room_id, payload.old_topic, payload.new_topic, at, received_at)
        self._people.rename_room(topic.room)
        return topic

    async def _friendship(self, payload: Any, received_at: datetime) -> Arrival:
        told = await self._calls.ask("friendship_payload", payload.friendship_id)
        self._people.forget_contact(told.contact_id)
        person = await self._people.contact(told.contact_id)
        if told.type == wechat.CONFIRM:
            return FriendConfirmedArrived(
                key=f"friend:{payload.friendship_id}", at=received_at, received_at=received_at, person=person
            )
        if told.type != wechat.RECEIVE:
            return decode.odd(f"friendship of type {told.type}", told.hello or "", received_at)
        return FriendRequestArrived(
            key=f"friend-request:{payload.friendship_id}",
            at=received_at,
            received_at=received_at,
            person=person,
            greeting=told.hello or "",
            request_id=payload.friendship_id,
        )

    async def _invitation(self, payload: Any, received_at: datetime) -> Arrival:
        told = await self._calls.ask("room_invitation_payload", payload.room_invitation_id)
        return InvitationArrived(
            key=f"invitation:{payload.room_invitation_id}",
            at=decode.moment(told.timestamp, received_at),
            received_at=received_at,
            inviter=await self._people.contact(told.inviter_id),
            topic=(told.topic or "")[: decode.LONGEST_NAME],
            invitation_id=payload.room_invitation_id,
        )

    async def _login(self, payload: Any, received_at: datetime) -> Arrival:
        account = self.me = await self._people.contact(payload.contact_id)
        key = decode.fact_key("login", payload.contact_id, received_at.timestamp())
        return LoggedIn(key=key, at=received_at, received_at=received_at, account=account)


def as_text(payload: object) -> str:
    """A payload as text, for keeping what could not be understood. Never raises."""
    if isinstance(payload, str):
        return payload
    fields = getattr(payload, "__dict__", None)
    try:
        return json.dumps(payload if fields is None else fields, ensure_ascii=False, default=str)
    except (TypeError, ValueError):
        return repr(payload)
