"""Somebody is forgotten: not a byte of their words or names is left in any file, and no log ever had one."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.gateway.cast import SimulatedPerson
from bot.logs import LOG_NAME, set_up_logs
from bot.storage.search import search
from bot.storage.tables import Message, Outgoing, OwnerItem
from bot.testing import Player, Stage, StageRoom
from tests.faults.figures import Report

NAME, ALIAS, ID = "金丝雀甲七号", "鸟笼里的丙", "wxid_canary_77"
NEEDLES = (NAME, ALIAS, ID)
WORDS = (
    "暗号紫砂壶", "暗号老班章", "暗号功夫茶", "暗号盖碗", "暗号冰岛", "暗号私话", "暗号文件名", "暗号招呼",
    "暗号引用", "暗号图里的字", "暗号凤凰单丛", "暗号要找的",
)  # fmt: skip
QUOTED_BY_OTHERS = WORDS[8]
OTHERS = "旁人说的碧螺春"
DEMANDED = "忘记我"


def forgetting(folder: Path, seed: int) -> Report:
    """A person says and does all that can leave traces, and asks to be forgotten."""
    report, before = Report("forgetting", seed), structlog.get_config()
    data = folder / "data"
    set_up_logs(data, "debug", stream=(folder / "terminal.log").open("w", encoding="utf-8"))
    try:
        with Stage(data, seed=seed) as stage:
            _story(stage, data, report)
    finally:
        logging.getLogger().setLevel(logging.WARNING)
        structlog.configure(**before)
    _look_at_logs(folder, report)
    return report


def _story(stage: Stage, data: Path, report: Report) -> None:
    room = stage.room("岩茶同好会", owner="老周", members=["小林", "阿福"])
    person = stage.puppet.person(NAME, friend=True, id=ID)
    _leaves_traces(stage, room, person)
    report.at_least("traces before", _found(data, (*NEEDLES, *WORDS)), len(NEEDLES) + len(WORDS) - 2)
    report.at_least("files kept before", _found(data / "media", (WORDS[9],)), 1)
    report.at_least("said by the bot in their words before", stage.read(_in_own_words), 3)
    stage.restart()  # closes all files, so that nothing is only in memory
    person.say(DEMANDED)
    stage.settle()
    person.say(DEMANDED)
    stage.advance(minutes=10)
    stage.storage.checkpoint()
    _hush(stage)
    _nothing_left(stage, data, report, "while running")
    stage.restart()
    _nothing_left(stage, data, report, "after a restart")
    others = stage.read(lambda session: search(session, OTHERS))
    report.at_least("others' words still there", len(others), 1)
    person.say("我又来了")  # counted as nobody
    stage.advance(minutes=2)
    report.at_most("name stored again after forgetting", _found(data, (NAME, ID)))
    _hush(stage)


def _leaves_traces(stage: Stage, room: StageRoom, person: SimulatedPerson) -> None:
    """Everything by which words and names get into a file."""
    owner, other = stage.person("老周"), stage.person("小林")
    person.request_friendship(WORDS[7])
    room.room.join(person)
    room.room.set_alias(person, ALIAS)
    stage.advance(minutes=2)
    said = room.room.say(person, f"{WORDS[0]}，请问怎么养？")
    room.room.say(person, WORDS[1], mention=[stage.puppet.me])
    room.room.say(other.person, f"{WORDS[8]}，谢谢", quote=said)
    room.room.say(other.person, f"{NAME} 说得对，{OTHERS}", mention=[person])
    room.room.say(person, WORDS[2], quote=("小林", OTHERS))
    file = f"{WORDS[6]}.pdf"
    room.room.say(person, "图", kind="file", file_name=file, content=WORDS[9].encode())
    stage.settle()
    room.room.say(other.person, "收录", quote=(ALIAS, file), mention=[stage.puppet.me])
    stage.advance(minutes=1)
    taken_back = room.room.say(person, WORDS[3])
    person.recall(taken_back)
    person.say(WORDS[5])
    person.say("我的数据")
    room.room.say(person, "帮助", mention=[stage.puppet.me])
    stage.advance(minutes=5)
    stage.person("金丝雀乙").joins(room)  # the owner is asked back which of the two is meant
    _bot_quotes(stage, room, person)
    _owner_speaks(stage, owner)
    room.room.leave(person)
    room.room.join(person, inviter=other.person)
    room.room.say(person, WORDS[4])
    person.invite_bot(f"{WORDS[4]}的新群")
    stage.advance(minutes=5)
    _hush(stage)


def _bot_quotes(stage: Stage, room: StageRoom, person: SimulatedPerson) -> None:
    """The bot itself says their words: to others, in the group and to the owner, and looks for them."""
    other = stage.person("小林")
    room.room.say(person, f"有谁知道{WORDS[10]}头一泡要几秒出汤？")
    stage.advance(minutes=40)
    room.room.say(other.person, "还没人答的", mention=[stage.puppet.me])
    room.room.say(person, f"搜 {WORDS[11]}", mention=[stage.puppet.me])
    stage.advance(minutes=2)
    stage.person("老周").whispers("没人答的问题")
    stage.advance(hours=25)


def _owner_speaks(stage: Stage, owner: Player) -> None:
    """The owner names the person: on lists, in settings, in texts, in the audit log."""
    lines = (
        "迎新伙伴 金丝雀",
        f"迎新伙伴 {NAME}",
        f"本群承诺 听{NAME}讲茶",
        f"文案 welcome.greeting 找{NAME}",
    )
    for line in (*lines, "今天", "操作记录"):
        owner.whispers(line)
        stage.advance(minutes=1)


def _hush(stage: Stage) -> None:
    for place in stage._places.values():
        place.unread.clear()


def _nothing_left(stage: Stage, data: Path, report: Report, when: str) -> None:
    theirs = [words for words in WORDS if words != QUOTED_BY_OTHERS]
    left = [needle for needle in (*NEEDLES, *theirs) if _found(data, (needle,))]
    for needle in left:
        report.remark(f"left {when}: {needle}")
    report.at_most(f"traces left {when}", len(left))
    report.at_most(f"found by search {when}", stage.read(_hits))


def _in_own_words(session: Session) -> int:
    """How many rows of the bot's own hold their words."""
    counts = (
        select(func.count()).where(Message.origin == "self", func.instr(Message.text, WORDS[10]) > 0),
        select(func.count()).where(func.instr(Outgoing.text, WORDS[10]) > 0),
        select(func.count()).where(func.instr(OwnerItem.text, WORDS[10]) > 0),
    )
    return sum(session.scalar(one) or 0 for one in counts)


def _hits(session: Session) -> int:
    return sum(len(search(session, words)) for words in (NAME, *WORDS[:5]))


def _found(folder: Path, needles: tuple[str, ...]) -> int:
    """How many of the needles stand in any file, logs aside, plainly or escaped as JSON does."""
    files = [file for file in folder.rglob("*") if file.is_file() and not file.name.startswith(LOG_NAME)]
    content = b"".join(file.read_bytes() for file in files)
    return sum(any(form in content for form in _forms(needle)) for needle in needles)


def _forms(needle: str) -> tuple[bytes, ...]:
    return needle.encode(), needle.encode("utf-16-le"), json.dumps(needle)[1:-1].encode()


def _look_at_logs(folder: Path, report: Report) -> None:
    logs = [folder / "terminal.log", *folder.rglob(f"{LOG_NAME}*")]
    content = b"".join(file.read_bytes() for file in logs)
    report.figure("bytes of logs at level debug", len(content))
    report.at_least("log lines", content.count(b"\n"), 2)
    said = (*NEEDLES, *WORDS, OTHERS, "老周", "小林", "岩茶同好会", DEMANDED)
    report.at_most(
        "words or names in logs", sum(any(form in content for form in _forms(one)) for one in said)
    )
