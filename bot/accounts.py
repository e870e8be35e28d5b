"""Which account the bot is, and refusing to go on as another one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.errors import QunxingError
from bot.gateway.base import Person
from bot.storage.facts import fact, set_fact


class OtherAccount(QunxingError):
    """Another person is logged in at the gateway: mixing two accounts' data would spoil both."""


def check_account(session: Session, account: Person, now: datetime) -> bool:
    """Remember the account. Raises OtherAccount if it is not the one of before.

    Web-protocol puppets hand out new ids at every login, so the same name is taken for the same account.
    True means: the same account under a new id, so that every other id will be new as well.
    """
    known = fact(session, "account")
    if known is not None and account.id != known["id"] and account.name != known["name"]:
        raise OtherAccount("other_account", name=account.name, before=known["name"])
    if known is None or known != {"id": account.id, "name": account.name}:
        set_fact(session, "account", {"id": account.id, "name": account.name}, now)
    return known is not None and account.id != known["id"]
