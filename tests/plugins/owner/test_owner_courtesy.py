"""What members hear when they speak to the bot: little, kind, and seldom."""

from __future__ import annotations

import pytest

from bot.storage.tables import Member, Message
from bot.testing import Player, Stage, StageRoom


def is_uncounted(stage: Stage, player: Player) -> bool:
    return stage.read(lambda session: session.get_one(Member, player.key).uncounted)


def test_help_is_short(stage: Stage, room: StageRoom) -> None:
    stage.person("小林").says(room, "帮助", at_bot=True)
    told = room.hears().text
    assert told.startswith("@小林") and "别统计我" in told
    assert len(told.split("\n")) <= 10
    assert "停用" not in told


def test_help_offers_what_everybody_can_use(stage: Stage, room: StageRoom) -> None:
    stage.person("小林").says(room, "帮助", at_bot=True)
    told = room.hears().text
    assert "不带新人" not in told
    assert "\n· 谁带新人" in told


def test_help_leaves_out_what_is_switched_off(stage: Stage, room: StageRoom, owner: Player) -> None:
    owner.asks("功能 关 迎新")
    stage.person("小林").says(room, "你会什么", at_bot=True)
    assert "新人" not in room.hears().text


@pytest.mark.parametrize("said", ["谢谢老陈", "谢谢老陈教我看叶底", "老陈真厉害"])
def test_kind_words_for_a_member_are_not_ours(stage: Stage, room: StageRoom, said: str) -> None:
    stage.person("小林").says(room, said, at_bot=True)
    room.hears_nothing()
    stage.person("小林").says(room, "谢谢", at_bot=True)
    assert room.hears().text


def test_an_unknown_request_gets_one_kind_line_in_ten_minutes(stage: Stage, room: StageRoom) -> None:
    first, second = stage.person("小林"), stage.person("老陈")
    first.says(room, "给我讲个笑话", at_bot=True)
    told = room.hears()
    assert "帮助" in told.text and told.mention_ids == (first.person.id,)
    first.says(room, "再讲一个", at_bot=True)
    room.hears_nothing()
    second.says(room, "也给我讲一个", at_bot=True)
    assert "@老陈" in room.hears().text
    stage.advance(minutes=11)
    first.says(room, "讲吧", at_bot=True)
    room.hears()
    assert stage.read(lambda session: session.query(Message).filter(Message.text.contains("讲")).count()) == 4


def test_a_bare_mention_is_a_hello(stage: Stage, room: StageRoom) -> None:
    stage.person("小林").says(room, "", at_bot=True)
    assert "@小林" in room.hears().text


def test_talk_about_the_bot_is_not_talk_to_it(stage: Stage, room: StageRoom) -> None:
    stage.person("小林").says(room, "小群星今天挺安静")
    stage.person("小林").says(room, "帮助")
    room.hears_nothing()


def test_owners_commands_do_not_work_in_the_group(stage: Stage, room: StageRoom, owner: Player) -> None:
    owner.says(room, "停用本群", at_bot=True)
    assert "确认" not in room.hears().text
    owner.hears_nothing()


def test_not_to_be_counted(stage: Stage, room: StageRoom) -> None:
    member = stage.person("小林")
    member.says(room, "别统计我", at_bot=True)
    assert "恢复统计" in room.hears().text
    assert is_uncounted(stage, member)
    member.says(room, "别统计我！", at_bot=True)
    room.hears()
    member.says(room, "恢复统计", at_bot=True)
    room.hears()
    assert not is_uncounted(stage, member)
    member.says(room, "恢复统计", at_bot=True)
    assert "一直算着" in room.hears().text or "算着呢" in room.hears().text


def test_not_to_be_counted_in_private(stage: Stage, room: StageRoom) -> None:
    member, stranger = stage.person("小林"), stage.person("路人")
    assert "恢复统计" in member.asks("别统计我")
    assert is_uncounted(stage, member)
    stranger.whispers("别统计我")
    stranger.hears_nothing()


def test_strangers_and_members_in_private_get_silence(stage: Stage, room: StageRoom) -> None:
    for name in ("小林", "路人"):
        person = stage.person(name)
        for line in ("你好", "谢谢", "菜单", "帮助", "今天", "停用本群"):
            person.whispers(line)
        person.hears_nothing()


def test_what_was_withheld_silences_nobody(stage: Stage) -> None:
    room = stage.room("岩茶同好会", owner="老周", members=["小林"], live=False)
    owner, member = stage.person("老周"), stage.person("小林")
    owner.asks("启用本群")
    member.says(room, "在吗", at_bot=True)
    room.hears_nothing()
    owner.whispers("开口")
    room.hears()
    owner.hears()
    member.says(room, "在吗", at_bot=True)
    assert "@小林" in room.hears().text
    member.says(room, "在吗", at_bot=True)
    room.hears_nothing()


def is_text(stage: Stage, key: str, said: str) -> bool:
    return any(wording in said for wording in stage.app.services.texts.variants("owner", key))


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("这两周辛苦了", "thanks"),
        ("多谢啦，我先去泡茶", "thanks"),
        ("刚才那句真是太棒了", "praised"),
        ("今天表现不错嘛👍", "praised"),
        ("帮我看看明天几点开始，谢谢", "puzzled"),
        ("谁这么厉害？", "puzzled"),
        ("你也没那么厉害", "puzzled"),
        ("谢谢大家捧场，另外说一声，下周六的茶会改到老地方二楼，记得带杯子", "puzzled"),
    ],
)
def test_kind_words_are_taken_kindly_if_they_are_no_more(
    stage: Stage, room: StageRoom, said: str, key: str
) -> None:
    stage.person("小林").says(room, said, at_bot=True)
    assert is_text(stage, key, room.hears().text)
