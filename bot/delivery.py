"""One claimed row towards the gateway, and what is known about it afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from bot.gateway.base import Gateway, NotSent, Refused, Uncertain
from bot.outbox import Claim, Outcome
from bot.storage.media import MediaRefused, store

log = structlog.get_logger(__name__)

NO_ADDRESS = Outcome("refused", error="no_address", by_us=True)


class Unsendable(Refused):
    """Refused by ourselves: there is nothing to send, or nobody to send it to."""


async def deliver(gateway: Gateway, claim: Claim) -> Outcome:
    """Do what the claim says; never raises, except when cancelled (the claim then stays a claim)."""
    if not claim.conversation and claim.kind not in _WITHOUT_PLACE:
        return NO_ADDRESS
    try:
        puppet_id = await _DO[claim.kind](gateway, claim)
    except NotSent as error:
        return Outcome("again", error=_reason(error))
    except Refused as error:
        return Outcome("refused", error=_reason(error), by_us=isinstance(error, Unsendable))
    except Uncertain as error:
        return Outcome("unknown", error=_reason(error))
    except Exception as error:  # a bug of ours after the call may have begun: nobody knows what went out
        log.exception("delivery_failed", kind=claim.kind)
        return Outcome("unknown", error=_reason(error))
    return Outcome("sent", puppet_id=puppet_id)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]


async def _text(gateway: Gateway, claim: Claim) -> str | None:
    return await gateway.send_text(claim.conversation, claim.text, claim.mention_ids)


async def _file(gateway: Gateway, claim: Claim) -> str | None:
    try:
        content = await asyncio.to_thread(Path(claim.payload["path"]).read_bytes)
    except OSError as error:
        raise Unsendable(f"file: {error.strerror}") from error
    return await gateway.send_file(claim.conversation, claim.payload["name"], content)


async def _invite(gateway: Gateway, claim: Claim) -> None:
    await gateway.invite(claim.conversation, _person(claim))


async def _remove(gateway: Gateway, claim: Claim) -> None:
    await gateway.remove(claim.conversation, _person(claim))


async def _recall(gateway: Gateway, claim: Claim) -> None:
    await gateway.recall(claim.payload["puppet_id"])


async def _announce(gateway: Gateway, claim: Claim) -> None:
    await gateway.announce(claim.conversation, claim.text)


async def _rename(gateway: Gateway, claim: Claim) -> None:
    await gateway.rename(claim.conversation, claim.text)


async def _create_room(gateway: Gateway, claim: Claim) -> str:
    people = tuple(one for one in claim.payload["people_ids"] if one)
    return await gateway.create_room(people, claim.text)


async def _accept_friend(gateway: Gateway, claim: Claim) -> None:
    await gateway.accept_friend(claim.payload["request"])


async def _accept_invitation(gateway: Gateway, claim: Claim) -> None:
    await gateway.accept_invitation(claim.payload["invitation"])


async def _fetch(gateway: Gateway, claim: Claim) -> None:
    """Bring a picture or file that somebody sent into the media folder."""
    if not claim.payload.get("message_id"):
        raise Unsendable("no_message")
    _, content = await gateway.download(claim.payload["message_id"])
    try:
        await asyncio.to_thread(store, Path(claim.payload["path"]), content)
    except (MediaRefused, OSError) as error:
        raise Unsendable(f"media: {type(error).__name__}") from error


def _person(claim: Claim) -> str:
    people = claim.payload["people_ids"]
    if not people or not people[0]:
        raise Unsendable("no_address")
    return str(people[0])


_WITHOUT_PLACE = frozenset({"recall", "create_room", "accept_friend", "accept_invitation", "fetch"})
_DO: dict[str, Callable[[Gateway, Claim], Awaitable[str | None]]] = {
    "text": _text,
    "file": _file,
    "invite": _invite,
    "remove": _remove,
    "recall": _recall,
    "announce": _announce,
    "rename": _rename,
    "create_room": _create_room,
    "accept_friend": _accept_friend,
    "accept_invitation": _accept_invitation,
    "fetch": _fetch,
}
