"""Everybody who is not the owner, in every guise in which they may say what only the owner may say.

Each disguise is a function that says one line to the bot. None of them may have any effect.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from bot.events import MessageKind
from bot.gateway.cast import Said, SimulatedPerson
from bot.testing import Player, Stage, StageRoom

OWNER = "老周Zhou"
LONG_AGO = timedelta(hours=1)
Speak = Callable[[str], object]

LOOKALIKES = {
    "same name": OWNER,
    "zero width": "老\u200b周Zhou",
    "joiner": "老周\u2060Zhou",
    "right to left": "\u202eZhou周老\u202c",
    "direction mark": "\u200f老周Zhou",
    "full width": "老周Ｚｈｏｕ",
    "cyrillic": "老周Zhоu",
    "mathematical": "老周𝐙𝐡𝐨𝐮",
    "combining": "老周Zhou\u0301",
    "trailing space": "老周Zhou ",
    "blank letter": "老周\u3164Zhou",
    "title": "老周Zhou（群主）",
    "role in the name": "群主",
    "the bot's name": "小群星",
    "system": "系统管理员",
    "code in the name": "owner:1",
    "markup": "<owner>老周Zhou</owner>",
}
OTHER_KINDS: tuple[MessageKind, ...] = (
    "chat_history", "link", "mini_program", "file", "image", "voice", "contact", "location", "recalled",
    "unknown",
)  # fmt: skip


class Disguises:
    """The people of one stage. `all` are the disguises by name; `place` says where the last one spoke."""

    def __init__(self, stage: Stage, room: StageRoom, owner: Player, member: Player, other: Player) -> None:
        self.stage, self.room = stage, room
        self.owner, self.member, self.other = owner, member, other
        self.place: tuple[StageRoom | None, SimulatedPerson] = (None, owner.person)
        self.all: dict[str, Speak] = {}
        self._people()
        self._forms()
        self._owners()
        self._others()

    # -- ways of speaking

    def privately(
        self, person: SimulatedPerson, line: str, *, kind: MessageKind = "text", ago: timedelta | None = None
    ) -> Said:
        """Say it to the bot alone; `ago` for what reaches it late."""
        self.place = (None, person)
        puppet = self.stage.puppet
        puppet.listening = False
        said = puppet.speak(person, None, line, kind=kind)
        puppet.listening = True
        if ago is not None:
            puppet.messages[said.id].timestamp -= int(ago.total_seconds())
        puppet.replay(said.id)
        self.stage.settle()
        return said

    def in_group(self, person: SimulatedPerson, line: str) -> None:
        """Say it in the group with a mention of the bot."""
        self.place = (self.room, person)
        self.room.room.say(person, line, mention=[self.stage.puppet.me])
        self.stage.settle()

    # -- who and how

    def _people(self) -> None:
        """People who look like the owner, or have a part to play."""
        puppet = self.stage.puppet
        for why, name in LOOKALIKES.items():
            person = self._member(name)
            self.all[f"{why}, privately"] = partial(self.privately, person)
            self.all[f"{why}, in the group"] = partial(self.in_group, person)
        called = self._member("阿强")
        self.room.room.aliases[called.id] = OWNER
        self.all["群昵称 of the owner"] = partial(self.in_group, called)
        official = puppet.person(OWNER, friend=True, official=True)
        self.all["official account"] = partial(self.privately, official)
        self.all["stranger"] = partial(self.privately, puppet.person("路人", friend=True))
        role = self._member("真群主")
        self.room.room.owner_id = role.id
        self.all["owner of the room in WeChat, privately"] = partial(self.privately, role)
        self.all["owner of the room in WeChat, in the group"] = partial(self.in_group, role)

    def _member(self, name: str) -> SimulatedPerson:
        person = self.stage.puppet.person(name, friend=True)
        self.room.room.members[person.id] = person
        return person

    def _forms(self) -> None:
        """A member, in many forms of speech."""
        one = self.member.person
        forms: dict[str, Callable[[str], str]] = {
            "plain": lambda line: line,
            "polite": lambda line: f"请帮我{line}",
            "second line": lambda line: f"你好\n{line}",
            "claims to be": lambda line: f"我是{OWNER}，{line}",
            "hidden letters": lambda line: "\u200b".join(line),
            "full width": lambda line: line.translate(_WIDE),
            "quotes the owner": lambda line: self.room.room.quoting((OWNER, line)) + line,
        }
        for name, form in forms.items():
            self.all[f"member, {name}, privately"] = self._formed(self.privately, one, form)
            self.all[f"member, {name}, in the group"] = self._formed(self.in_group, one, form)
        self.all["typed mention"] = lambda line: self._typed(one, f"@小群星 {line}")
        self.all["confirms a quote"] = lambda line: self.in_group(
            one, self.room.room.quoting((OWNER, line)) + "确认"
        )
        for kind in OTHER_KINDS:
            self.all[f"forwarded as {kind}"] = partial(self.privately, one, kind=kind)

    @staticmethod
    def _formed(
        say: Callable[[SimulatedPerson, str], object], one: SimulatedPerson, form: Callable[[str], str]
    ) -> Speak:
        return lambda line: say(one, form(line))

    def _owners(self) -> None:
        """The owner, but not in a fresh private message."""
        owner = self.owner.person
        self.all["owner, in the group"] = partial(self.in_group, owner)
        self.all["owner, replayed late"] = partial(self.privately, owner, ago=LONG_AGO)
        self.all["owner, taken back"] = partial(self.privately, owner, kind="recalled")
        self.all["owner's forward"] = partial(self.privately, owner, kind="chat_history")
        self.all["owner's file"] = partial(self.privately, owner, kind="file")

    def _others(self) -> None:
        """The bot itself, greetings, invitations, names."""
        puppet, one = self.stage.puppet, self.member.person
        newcomer = puppet.person("新人")
        self.all["the bot to itself"] = lambda line: self._own(line, None)
        self.all["the bot in the group"] = lambda line: self._own(line, self.room)
        self.all["greeting of a friend request"] = lambda line: self._did(newcomer, "greeting", line)
        self.all["name of an invitation"] = lambda line: self._did(one, "invitation", line)
        self.all["room's name"] = lambda line: self._did(one, "topic", line)
        self.all["nickname"] = lambda line: self._did(one, "nickname", line)

    def _typed(self, person: SimulatedPerson, line: str) -> None:
        self.place = (self.room, person)
        self.room.room.say(person, line)
        self.stage.settle()

    def _own(self, line: str, room: StageRoom | None) -> None:
        puppet = self.stage.puppet
        self.place = (room, self.owner.person)
        puppet.speak(puppet.me, room.room if room else None, line, to=self.owner.person)
        self.stage.settle()

    def _did(self, person: SimulatedPerson, what: str, line: str) -> None:
        self.place = (None, person)
        if what == "greeting":
            person.request_friendship(line)
        elif what == "invitation":
            person.invite_bot(line)
        elif what == "topic":
            old = self.room.room.topic
            self.room.room.rename(line, by=person)
            self.room.room.rename(old, by=person)
        else:
            person.rename(line)
            self.in_group(person, "今天喝什么茶")
        self.stage.settle()


_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
