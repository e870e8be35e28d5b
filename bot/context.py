"""What a handler is handed: one transaction, one moment, one room, and everything it may do with them.

Looking and speaking stand in `bot.voice`; here is what happens later, elsewhere, or through somebody else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects.sqlite import insert

from bot import privacy, schedule, work_list
from bot.commands import CommandBook, pattern_of
from bot.events import Event
from bot.messages import CORE
from bot.settings import Change
from bot.storage.tables import AuditRow, Expectation, Member
from bot.voice import Voice


@dataclass(slots=True)
class Context(Voice):
    """See the module. `member` is who spoke or asked, `asked_in_group` where. Valid during one call only."""

    # Later, elsewhere, and by somebody else

    def later(
        self, name: str, *, after: timedelta | None = None, at: datetime | None = None, key: str = "",
        if_planned: schedule.IfPlanned = "keep", **payload: Any,
    ) -> None:  # fmt: skip
        """Run this plugin's timer then, across restarts too; one planned under the key stays or moves."""
        self.services.stir()
        due_at = at if at is not None else self.now + (after or timedelta())
        schedule.set_timer(
            self.db, self.plugin, name, self.room_id, key, due_at,
            payload | self._asked(), if_planned,
        )  # fmt: skip

    def _asked(self) -> dict[str, Any]:
        """Who asked and where, for `reply` when the time has come or the work is done."""
        return {"_member": self.member, "_in_group": self.asked_in_group}

    def cancel_later(self, name: str, key: str = "") -> None:
        """Take a planned timer back."""
        self.services.stir()
        schedule.cancel_timer(self.db, self.plugin, name, self.room_id, key)

    def work(self, name: str, **payload: Any) -> None:
        """Do this plugin's heavy work off the writer; its result reaches the work's `done`."""
        self.services.stir()
        asked = payload | self._asked()
        work_list.ask_for(self.db, self.plugin, name, self.room_id, asked, self.now)

    def ask(self, name: str, member: int, *, wait: timedelta, in_group: bool = False, **payload: Any) -> None:
        """Expect this person's next words (privately, or in this room) to be an answer for a while."""
        fresh = {
            "about_room_id": self.room_id, "payload": payload, "asked_at": self.now,
            "expires_at": self.now + wait,
        }  # fmt: skip
        where = (self.room_id or 0) if in_group else 0
        self.services.expected.add((member, where))
        statement = insert(Expectation).values(
            member_id=member, room_id=where, plugin=self.plugin, name=name, **fresh
        )
        keys = ["member_id", "room_id", "plugin", "name"]
        self.db.execute(statement.on_conflict_do_update(index_elements=keys, set_=fresh))

    def is_command(self, line: str) -> bool:
        """Whether a private line by an owner is a command by itself, whatever has been asked before."""
        book = CommandBook(one for plugin in self.services.plugins() for one in plugin.commands)
        found = book.match(line, "private", is_owner=True)
        return found is not None and found.complete and not pattern_of(found.command.grammar).catches_all

    def stop_asking(self, name: str, member: int) -> None:
        """The answer is no longer waited for."""
        self.db.execute(
            delete(Expectation).where(
                Expectation.member_id == member, Expectation.plugin == self.plugin, Expectation.name == name
            )
        )

    def emit(self, event: Event) -> None:
        """Tell the other plugins: the event is recorded in this transaction and handled right after."""
        self.emitted.append(event)

    def note(self, action: str, subject: str = "", *, old: object = None, new: object = None) -> None:
        """Write down in the audit log what the person who asked has done here."""
        self.db.add(
            AuditRow(
                at=self.now, room_id=self.room_id, member_id=self.member, action=action, subject=subject,
                old=old, new=new,
            )
        )  # fmt: skip
        self.db.flush()

    def change_setting(self, plugin: str, name: str, value: object) -> Change:
        """Change a setting of this room, validated and written to the audit log."""
        return self.services.settings.change(
            self.db, self.now, self.room_id, plugin, name, value, self.member
        )

    def forget_member(self, member: int) -> None:
        """Let every plugin and then the core forget a person; the WAL is emptied after the commit."""
        for plugin in self.services.plugins():
            for forgetter in plugin.forgetters:
                forgetter(replace(self, plugin=plugin.name, emitted=self.emitted), member)
        somebody = self.services.texts.render(CORE, "privacy.somebody", None)
        privacy.forget(self.db, member, somebody, self.now)
        self.db.flush()
        self.services.register.load(self.db)
        self.services.must_empty_wal = True

    def remember_member(self, member: int) -> None:
        """Somebody who was forgotten wants to be counted again: what comes from now on is stored."""
        self.db.execute(update(Member).where(Member.id == member).values(forgotten_at=None))
        self.services.register.load(self.db)

    def run_line(self, line: str) -> None:
        """When this handler is done, treat the line as if the same person had said it as a command."""
        self.line_to_run = line
