"""Nobody but a paired person, in private, in a fresh message, commands the bot.

Every command of the owner is said by everybody else in every disguise; after each line all that commands can
change is compared. The owner says the same lines in the end, so that it shows that they do have effects.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.authority import new_code
from bot.plugin import Command
from bot.storage.tables import Outgoing, OwnerDesk, PuppetAlias
from bot.testing import Player, Stage, StageRoom
from tests.faults.disguises import LONG_AGO, OWNER, Disguises
from tests.faults.effects import Effects, Ledger, changed, deeds_since, in_haste
from tests.faults.figures import Report

SLOT = re.compile(r"[<\[]([^>\]]+)[>\]]")
FILLED = {
    "时长": "2小时", "几点": "明早八点", "群名或序号": "2", "文字": "这里归我管了", "号": "1", "几条": "3",
    "名字和值": "价值承诺 归我管了", "开关": "关", "名字": "迎新", "哪一句": "安静",
    "哪一句和新说法": "welcome.greeting 归我管了",
}  # fmt: skip
WRONG_TRIES = 6
KNOWING_THE_CODE = (
    "member, plain, privately", "same name, privately", "stranger", "owner, in the group",
    "owner, replayed late",
)  # fmt: skip
INTRODUCTION = "大家好，我是新来的，平时做设计"
CHANGING = 8
"""At least so many of the owner's own lines must change something, or the comparison is worth nothing."""


def authority(folder: Path, seed: int, *, attempts: int) -> Report:
    """Let everybody try; at least so many attempts."""
    report, dice = Report("authority", seed), random.Random(seed)
    with Stage(folder) as stage:
        in_haste(stage.storage)
        room = stage.room("岩茶同好会", owner=OWNER, members=["小林", "阿福"])
        second = stage.room("白茶小院", owner="老陈", members=["小林"])
        trial = Trial(stage, room, second)
        lines = owner_lines(stage)
        report.figure("owner commands", len({line.split()[0] for line in lines}))
        disguises = Disguises(stage, room, trial.owner, stage.person("小林"), stage.person("老陈"))
        per_disguise = max(-(-attempts // len(disguises.all)), 1)
        trial.warm_up(disguises)
        for name in disguises.all:
            trial.see_what_talk_does(disguises, name)
            for line in _some(dice, lines, per_disguise):
                trial.attempt(disguises, name, line)
        trial.with_codes(disguises)
        trial.with_confirmations(disguises)
        trial.from_another_room(lines)
        changing = trial.owners_effects(lines, disguises)
        report.figure("disguises", len(disguises.all))
        report.at_least("attempts", trial.attempts, min(attempts, 2_000))
        report.at_most("attempts with an effect", len(trial.effects))
        for effect in trial.effects[:10]:
            report.remark(effect)
        report.at_least("the owner's own lines with an effect", changing, CHANGING)
        trial.hush()
        trial.ledger.close()
    return report


def owner_lines(stage: Stage) -> list[str]:
    """Every way to say every command of an owner, with something in its slots; and its example.

    What a member may say as well (搜 …) is left out: that it does something is no usurpation.
    """
    commands = stage.app.host.commands.commands
    members = {line for command in commands if command.who == "member" for line in _spoken(command)}
    found: dict[str, None] = {}
    for command in commands:
        if command.who == "owner":
            found |= dict.fromkeys(line for line in _spoken(command) if line not in members)
    return list(found)


def _spoken(command: Command) -> list[str]:
    grammars = (command.grammar, *command.aliases)
    lines = [SLOT.sub(lambda slot: FILLED.get(slot[1], "1"), one) for one in grammars]
    return [line.strip() for line in (*lines, command.example[0]) if line.strip()]


def _some(dice: random.Random, lines: list[str], count: int) -> list[str]:
    """That many of the lines, all of them first if they are few."""
    whole, rest = divmod(count, len(lines))
    return lines * whole + dice.sample(lines, rest)


class Trial:
    """Says lines and compares. `effects` are sentences about attempts that had any."""

    def __init__(self, stage: Stage, room: StageRoom, second: StageRoom) -> None:
        self.stage, self.room, self.second = stage, room, second
        self.owner: Player = stage.person(OWNER)
        self.ledger = Ledger(stage.storage)
        self.attempts = 0
        self.effects: list[str] = []
        self._ignored: frozenset[str] = frozenset()
        self._before: Effects = {}
        self._last = self._done = 0

    def warm_up(self, disguises: Disguises) -> None:
        """First words have effects of their own, and so has who one is; so have words judged by their looks.

        Who one is, is noted once: said here, it is no news when an owner's line sounds like it.
        """
        for judge in ("看广告", "转告口角"):
            self.owner.whispers(f"设置 {judge} 关")
        for talk in ("今天喝什么茶", INTRODUCTION):
            for speak in disguises.all.values():
                speak(talk)
        self.stage.advance(hours=1)
        self.hush()

    def see_what_talk_does(self, disguises: Disguises, name: str) -> None:
        """Tables that ordinary talk changes prove nothing. There are none as long as talk is only noted."""
        before = self._now()
        for talk in ("昨天的水仙不错", "今天要做什么", "搞定了，谢谢"):  # questions and thanks are noted too
            disguises.all[name](talk)
        self._ignored = frozenset(changed(before, self._now()))
        self.begin()

    def attempt(self, disguises: Disguises, name: str, line: str) -> None:
        """One line in one disguise."""
        disguises.all[name](line)
        self.compare(f"{name}: {line}", disguises)

    def begin(self) -> None:
        """Remember how things stand."""
        self._before, self._last, self._done = self._now(), self._last_row(), len(self.stage.puppet.done)

    def with_codes(self, disguises: Disguises) -> None:
        """Codes that are wrong, late, used, said aloud or brought by the wrong kind of account."""
        stranger = self.stage.puppet.person("路人甲", friend=True)

        def in_vain(right: str, wrong: str) -> None:
            for code in (*[wrong] * WRONG_TRIES, right):  # then the right one is too late
                disguises.privately(stranger, code)

        def as_greeting(right: str, wrong: str) -> None:
            stranger.request_friendship(wrong)
            self.stage.settle()

        ways: dict[str, Callable[[str, str], object]] = {
            "wrong": in_vain,
            "in the group": lambda right, _: disguises.in_group(disguises.member.person, right),
            "official": lambda right, _: disguises.all["official account"](right),
            "late": lambda right, _: disguises.privately(stranger, right, ago=LONG_AGO),
            "greeting": as_greeting,
        }
        disguises.privately(stranger, "你好")
        for name, try_it in ways.items():
            right = self._new_code()
            self.begin()
            try_it(right, right[:-1] + ("A" if right[-1] != "A" else "B"))
            self.compare(f"code, {name}", disguises)

    def _new_code(self) -> str:
        rooms, now = [self.room.place], self.stage.clock.now()
        return self.stage.write(lambda session: new_code(session, rooms, now))

    def with_confirmations(self, disguises: Disguises) -> None:
        """The owner is asked to confirm; others know the code."""
        for name in KNOWING_THE_CODE:
            self.owner.whispers("停用本群")
            code = self.stage.read(self._code_asked_for)
            self.begin()
            self.attempt(disguises, name, f"确认{code}")
            self.stage.advance(minutes=2)

    def _code_asked_for(self, session: Session) -> str:
        asked = select(OwnerDesk.confirm_code).where(OwnerDesk.confirm_code.is_not(None))
        return session.execute(asked).scalar_one() or ""

    def from_another_room(self, lines: list[str]) -> None:
        """The owner of one room has no say in another."""
        other, key = self.stage.person("老陈"), self.room.key
        before = self._now(key)
        for line in [*lines, f"切换群 {self.room.place}", f"切换到 {self.room.place}"]:
            other.whispers(line)
            self.attempts += 1
        self.stage.advance(minutes=1)
        tables = changed(before, self._now(key))
        if tables:
            self.effects.append(f"another room's owner: {tables}")

    def owners_effects(self, lines: list[str], disguises: Disguises) -> int:
        """How many of the lines change something when the owner says them; told again, none may."""
        count, said = 0, []
        for line in lines:
            before = self._now()
            said.append(self.owner.whispers(line))
            count += bool(changed(before, self._now()))
        self.hush()
        for one in said:
            self.begin()
            self.stage.puppet.replay(one.id)
            self.stage.settle()
            disguises.place = (None, one.talker)
            self.compare(f"told again: {one.text}", disguises)
        return count

    def hush(self) -> None:
        """Let everything out that waits to be said, and forget it."""
        self.stage.advance(minutes=6)
        for place in self.stage._places.values():
            place.unread.clear()

    def compare(self, what: str, disguises: Disguises) -> None:
        """What is different from before, if it is more than a kind word where the line was said."""
        self.attempts += 1
        where, who = disguises.place
        place = (where.key if where else None, self._key(who.id))
        before, last, done = self._before, self._last, self._done
        self.begin()
        found = [name for name in changed(before, self._before) if name not in self._ignored]
        found += self.stage.read(lambda session: deeds_since(session, last, place))
        found += [deed.act for deed in self.stage.puppet.done[done:]]
        if found:
            self.effects.append(f"{what}: {found}")

    def _now(self, room: int | None = None) -> Effects:
        return self.ledger.effects(room)

    def _last_row(self) -> int:
        return self.stage.read(lambda session: session.scalar(select(func.max(Outgoing.id))) or 0)

    def _key(self, puppet_id: str) -> int | None:
        query = select(PuppetAlias.key).where(
            PuppetAlias.scope == "member", PuppetAlias.puppet_id == puppet_id
        )
        return self.stage.read(lambda session: session.scalar(query))
