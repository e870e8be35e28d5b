"""The ways by which somebody's words come to the bot. Each is a function of the words; none may raise.

Commands, texts and settings are those of the plugins that are there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import count, cycle

from bot.gateway.cast import SimulatedPerson
from bot.plugin import Command
from bot.testing import Stage, StageRoom
from tests.faults.authority import SLOT

WORDING = "文案 welcome.greeting {}"
OWNERS_LINES = (
    "本群承诺 {}", "群主题 {}", "改介绍 {}", "设置 {}", "设置 等待时间 {}", WORDING,
    "文案 owner.room_lost {}", "迎新伙伴 {}", "切换群 {}", "办好了 {}", "安静 {}", "操作记录 {}",
    "功能 关 {}", "帮助 {}", "{}",
)  # fmt: skip
MEMBERS_LINES = ("帮助 {}", "{}", "谁带新人 {}", "忘记我 {}")
NEWCOMERS = 40
ASKED_AT_ONCE = 4
NAME_LENGTH = 64
"""What WeChat lets people call themselves and their groups, generously."""


class Ways:
    """One stage's people and rooms; `all` are the ways by name. To let the bot act is up to the caller."""

    def __init__(
        self, stage: Stage, room: StageRoom, owner: SimulatedPerson, member: SimulatedPerson
    ) -> None:
        self._stage, self._room, self._owner, self._member = stage, room, owner, member
        self._numbers = count()
        self._newcomers: deque[SimulatedPerson] = deque()
        self._named = stage.puppet.person("改名的人", friend=True)
        room.room.members[self._named.id] = self._named
        commands = stage.app.host.commands.commands
        self._grammars = cycle([(one, how) for one in commands for how in (one.grammar, *one.aliases)])
        self._bare = cycle(commands)
        self._own = cycle([f"文案 {key} {{}}" for key in wordings(stage)])
        self._set = cycle([f"设置 {field.title} {{}}" for field in stage.app.services.settings.fields()])
        self.all: dict[str, Callable[[str], object]] = {
            "message": self._message,
            "mention": self._mention,
            "nickname": self._nickname,
            "群昵称": self._alias,
            "room name": self._room_name,
            "quote": self._quote,
            "quoted name": self._quoted_name,
            "private message": self._private,
            "greeting": self._greeting,
            "invitation": self._invitation,
            "file name": self._file,
            "link": self._link,
            "newcomer": self._newcomer,
            "recall": self._recall,
            "owner's value": self._owners_value,
            "command": self._command,
            "wording": self._wording,
            "setting": self._setting,
        }

    def ask(self) -> None:
        """Some of the commands as they are, so that what has come in is told."""
        for _ in range(ASKED_AT_ONCE):
            command = next(self._bare)
            self._say_command(command, SLOT.sub("", command.grammar).strip() or "在吗")

    def _message(self, words: str) -> None:
        self._room.room.say(self._member, words)

    def _mention(self, words: str) -> None:
        line = MEMBERS_LINES[next(self._numbers) % len(MEMBERS_LINES)].replace("{}", words)
        self._room.room.say(self._member, line, mention=[self._stage.puppet.me])

    def _nickname(self, words: str) -> None:
        self._named.rename(words[:NAME_LENGTH])
        self._room.room.say(self._named, "今天喝什么茶", mention=[self._stage.puppet.me])

    def _alias(self, words: str) -> None:
        self._room.room.set_alias(self._named, words[:NAME_LENGTH])
        self._room.room.say(self._named, "你好", mention=[self._stage.puppet.me])

    def _room_name(self, words: str) -> None:
        self._room.room.rename(words[:NAME_LENGTH], by=self._member)

    def _quote(self, words: str) -> None:
        self._room.room.say(self._member, words, quote=("改名的人", words))

    def _quoted_name(self, words: str) -> None:
        self._room.room.say(self._member, "对", quote=(words, "你好"))

    def _private(self, words: str) -> None:
        self._named.say(words)

    def _greeting(self, words: str) -> None:
        self._stage.puppet.person(words[:NAME_LENGTH]).request_friendship(words)

    def _invitation(self, words: str) -> None:
        self._member.invite_bot(words)

    def _file(self, words: str) -> None:
        self._room.room.say(self._member, words, kind="file", file_name=words, content=b"x")

    def _link(self, words: str) -> None:
        self._room.room.say(self._member, f"<msg><title>{words}</title></msg>", kind="link")

    def _newcomer(self, words: str) -> None:
        self._newcomers.append(self._stage.puppet.person(words[:NAME_LENGTH]))
        self._room.room.join(self._newcomers[-1])
        if len(self._newcomers) > NEWCOMERS:
            self._room.room.leave(self._newcomers.popleft())

    def _recall(self, words: str) -> None:
        self._stage.puppet.speak(self._member, self._room.room, words, kind="recalled")

    def _owners_value(self, words: str) -> None:
        line = OWNERS_LINES[next(self._numbers) % len(OWNERS_LINES)]
        # In a wording $ is the owner's own tool: a placeholder that is filled in there is no fault.
        words = words.replace("$", "$$") if line == WORDING else words
        self._owner.say(line.replace("{}", words))

    def _command(self, words: str) -> None:
        """Every way to say every command, the words in its slots, or after it if it has none."""
        command, grammar = next(self._grammars)
        line = SLOT.sub(lambda _: words, grammar)
        self._say_command(command, line if SLOT.search(grammar) else f"{grammar} {words}")

    def _say_command(self, command: Command, line: str) -> None:
        if command.who == "owner":
            self._owner.say(line)
        if command.who == "member" and command.where != "group":
            self._named.say(line)
        if command.who == "member" and command.where != "private":
            self._room.room.say(self._named, line, mention=[self._stage.puppet.me])

    def _wording(self, words: str) -> None:
        self._owner.say(next(self._own).replace("{}", words.replace("$", "$$")))

    def _setting(self, words: str) -> None:
        self._owner.say(next(self._set).replace("{}", words))


def wordings(stage: Stage) -> list[str]:
    """Every sentence of every plugin that an owner may word otherwise."""
    texts = stage.app.services.texts
    return [f"{plugin}.{key}" for plugin in ("core", *stage.app.host.plugins) for key in texts.keys(plugin)]
