"""Our keys back to WeChat's ids of today, at the last moment before something goes out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.privacy import FORGOTTEN
from bot.storage.tables import Message, PuppetAlias


def puppet_id_of(session: Session, scope: str, key: int | None) -> str | None:
    """The network id of today; None for the forgotten, of whom only a hash is kept."""
    is_id = PuppetAlias.puppet_id.not_like(f"{FORGOTTEN}%")
    return session.scalar(
        select(PuppetAlias.puppet_id)
        .where(PuppetAlias.scope == scope, PuppetAlias.key == key, is_id)
        .order_by(PuppetAlias.seen_at.desc())
        .limit(1)
    )


def with_addresses(session: Session, payload: dict[str, Any]) -> dict[str, Any]:
    """The payload with the network ids of the members, and of the message, that it is about."""
    people = payload.get("people", [])
    if "message" in payload:
        query = select(Message.puppet_id).where(Message.id == payload["message"])
        payload = payload | {"message_id": session.scalar(query)}
    return payload | {"people_ids": [puppet_id_of(session, "member", member) for member in people]}
