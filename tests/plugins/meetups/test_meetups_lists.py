"""接龙 in the room: what a posted list does to the sign-ups, seen in the list that the bot writes."""

from __future__ import annotations

from bot.testing import Stage, StageRoom
from tests.plugins.meetups.conftest import jump, open_sign_up

HEAD = "#接龙\n焙火到底在焙什么\n\n"


def posted(stage: Stage, room: StageRoom, who: str, *names: str) -> None:
    """Somebody posts the list with these lines."""
    lines = [f"{number}. {name}" for number, name in enumerate(names, 1)]
    stage.person(who).says(room, HEAD + "\n".join(lines))
    jump(stage, minutes=1)


def listed(stage: Stage, room: StageRoom) -> list[str]:
    """The names on the bot's own list; whatever it said before is passed over."""
    jump(stage, minutes=1)
    room.unread.clear()
    stage.person("木子").says(room, "名单", at_bot=True)
    said = room.hears().text
    return [line.partition(". ")[2] for line in said.splitlines() if line[:1].isdigit() and ". " in line]


def test_a_seat_handed_on_stays_where_it_was(stage: Stage, room: StageRoom) -> None:
    open_sign_up(stage, room)
    posted(stage, room, "小林", "小林")
    posted(stage, room, "大壮", "小林", "大壮")
    posted(stage, room, "小林", "阿芳", "大壮")
    assert listed(stage, room) == ["阿芳", "大壮"]
    stage.person("阿芳").says(room, "取消报名")
    assert listed(stage, room) == ["大壮"]


def test_words_and_lists_make_one_list(stage: Stage, room: StageRoom) -> None:
    open_sign_up(stage, room)
    stage.person("小满").says(room, "报名 +1")
    posted(stage, room, "小林", "小林（晚到一会儿）")
    posted(stage, room, "大壮", "小林（晚到一会儿）", "大壮", "表姐")
    stage.person("大壮").says(room, "接龙+1")
    assert listed(stage, room) == ["小满 +1", "小林（晚到一会儿）", "大壮", "表姐"]
    posted(stage, room, "大壮", "小满 +1", "小林（晚到一会儿）", "大壮")
    assert listed(stage, room) == ["小满 +1", "小林（晚到一会儿）", "大壮"]
    posted(stage, room, "小林", "小满 +1", "小林 来不了了", "大壮")
    assert listed(stage, room) == ["小满 +1", "大壮"]
    posted(stage, room, "阿芳", "小满 +1", "小林（晚到一会儿）", "大壮", "阿芳")
    assert listed(stage, room) == ["小满 +1", "大壮", "阿芳"]


def test_hostile_lines_stand_as_words(stage: Stage, room: StageRoom) -> None:
    open_sign_up(stage, room)
    posted(stage, room, "小林", "小林", "@所有人 \u202e快来", "{name} %s", "'; DROP TABLE--")
    names = listed(stage, room)
    assert names[0] == "小林" and not any("@所有人" in name or "\u202e" in name for name in names)
    posted(stage, room, "大壮", *names, "大壮")
    assert listed(stage, room) == [*names, "大壮"]
