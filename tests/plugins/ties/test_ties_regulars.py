"""Who comes back, who falls silent, who has been here a year, who left."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update

from bot.speaking import Words, is_turned_to, put
from bot.storage.tables import Membership, Outgoing
from bot.testing import Player, Stage, StageRoom
from plugins.ties.tables import TABLES, Happening, Regular
from tests.plugins.ties.conftest import arrives, days_of_talk, help_out, is_text, pause

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def no_weekly_words(owner: Player) -> None:
    """These stories last for weeks: what is told to the owner each week is asked for where it matters."""
    owner.asks("设置 久未露面 关")


def silence_of(stage: Stage, room: StageRoom, days: int) -> None:
    """The others talk, one does not."""
    pause(stage, days=days - 1)
    for name in ("小陈", "阿芳", "大壮", "木子"):
        stage.person(name).says(room, "今天喝什么")
    pause(stage, days=1)


def test_a_regular_who_returns_is_greeted_once_with_what_happened(stage: Stage, room: StageRoom) -> None:
    days_of_talk(stage, room, "小林", 8)
    pause(stage, days=10)
    arrives(stage, room, "半夏")
    arrives(stage, room, "青禾")
    silence_of(stage, room, 25)
    stage.person("小林").says(room, "忙完项目，活过来了")
    said = room.hears(timedelta(minutes=10)).text
    assert is_text(stage, "returned", said)
    assert "来了 2 位新朋友" in said and "36 天" in said and said.startswith("@小林")
    stage.person("小林").says(room, "今天接着喝")
    pause(stage, days=1)
    stage.person("小林").says(room, "早")
    room.hears_nothing(timedelta(hours=1))


def test_what_was_shared_meanwhile_is_told(stage: Stage, room: StageRoom) -> None:
    days_of_talk(stage, room, "小林", 8)
    pause(stage, days=30)
    key, at = room.key, stage.clock.now()
    speaker = stage.person("阿芳").key
    stage.write(
        lambda session: session.add(
            Happening(room_id=key, at=at, kind="share", title="岩茶怎么存", member_id=speaker)
        )
    )
    silence_of(stage, room, 10)
    stage.person("小林").says(room, "我又来了")
    assert "阿芳讲了一回《岩茶怎么存》" in room.hears(timedelta(minutes=10)).text


def test_without_news_nothing_is_said(stage: Stage, room: StageRoom) -> None:
    days_of_talk(stage, room, "小林", 8)
    silence_of(stage, room, 40)
    stage.person("小林").says(room, "我又来了")
    room.hears_nothing(timedelta(hours=1))


def test_when_all_were_silent_nobody_returns(stage: Stage, room: StageRoom) -> None:
    days_of_talk(stage, room, "小林", 8)
    arrives(stage, room, "半夏")
    pause(stage, days=40)
    stage.person("小林").says(room, "我又来了")
    room.hears_nothing(timedelta(hours=1))


def test_who_came_rarely_does_not_return(stage: Stage, room: StageRoom) -> None:
    days_of_talk(stage, room, "小林", 2)
    arrives(stage, room, "半夏")
    silence_of(stage, room, 40)
    stage.person("小林").says(room, "我又来了")
    room.hears_nothing(timedelta(hours=1))


def test_the_owner_hears_of_a_fading_regular_with_a_fact_and_a_sentence(
    stage: Stage, room: StageRoom, owner: Player
) -> None:
    help_out(stage, room, "小林", "阿芳", "盖碗老是烫手怎么拿？", "水留碗沿下一指，只扣最外沿")
    days_of_talk(stage, room, "小林", 8)
    assert "都在" in owner.asks("久未露面")
    silence_of(stage, room, 30)
    told = owner.asks("久未露面")
    assert "小林 有 31 天没说话了" in told and "帮过 阿芳" in told and "可以私下发一句" in told
    assert "今天第 8 泡，汤色不错" in told
    room.hears_nothing(timedelta(minutes=5))


def test_once_a_week_unasked_and_once_in_a_silence(stage: Stage, room: StageRoom, owner: Player) -> None:
    owner.asks("设置 久未露面 开")
    days_of_talk(stage, room, "小林", 8)
    pause(stage, days=20)
    for _ in range(7):
        stage.clock.move_to(stage.at("09:51"))
        stage.settle()
        stage.advance(minutes=5)
    assert "小林 有" in owner.hears().text
    for _ in range(8):
        stage.clock.move_to(stage.at("09:51"))
        stage.settle()
    owner.hears_nothing(timedelta(minutes=5))


def test_a_year_here_is_remembered_with_what_was_given(stage: Stage, room: StageRoom, owner: Player) -> None:
    owner.asks("设置 常客天数 2")
    days_of_talk(stage, room, "大壮", 2)
    days_of_talk(stage, room, "小林", 2)
    help_out(stage, room, "小林", "木子", "足火的茶喝着燥，怎么退火？", "密封放两三个月再喝")
    help_out(stage, room, "小林", "阿芳", "盖碗老是烫手怎么拿？", "水留碗沿下一指，只扣最外沿")
    help_out(stage, room, "小林", "小陈", "肉桂泡出来发涩怎么办？", "头一泡闷久了，八秒出汤")
    a_year_ago = stage.clock.now() + timedelta(days=1) - timedelta(days=365)
    came = update(Membership).where(
        Membership.member_id.in_([stage.person(name).key for name in ("小林", "大壮")])
    )
    stage.write(lambda session: session.execute(came.values(first_joined_at=a_year_ago, join_known=True)))
    stage.clock.move_to(stage.at("10:39"))
    stage.settle()
    stage.clock.move_to(stage.at("10:41"))
    stage.settle()
    stage.clock.move_to(stage.at("10:41"))
    stage.settle()
    said = room.hears(timedelta(minutes=30)).text
    assert "@小林" in said and "1 年" in said and "3 位" in said and "大壮" not in said
    assert "肉桂泡出来发涩怎么办" in said or "盖碗老是烫手怎么拿" in said


def test_the_owner_hears_who_left_and_what_was_left_open(
    stage: Stage, room: StageRoom, owner: Player
) -> None:
    person = arrives(stage, room, "半夏")
    pause(stage, days=3)
    person.says(room, "请问紫砂壶漏水还能补吗？")
    room.hears(timedelta(minutes=8))  # a host is called
    pause(stage, days=30)
    key, at = room.key, stage.clock.now() - DAY
    stage.write(
        lambda session: session.add(Happening(room_id=key, at=at, kind="missed", title="每周三有干货"))
    )
    person.leaves(room)
    told = owner.hears(timedelta(minutes=20)).text
    assert "走了一位：半夏，来了 33 天" in told and "说过 1 句话" in told
    assert "一直没人接：「请问紫砂壶漏水还能补吗？」" in told
    assert "「每周三有干货」落下过 1 回" in told
    room.hears_nothing(timedelta(minutes=5))


def test_who_left_while_nobody_told_is_noticed(stage: Stage, room: StageRoom, owner: Player) -> None:
    stage.person("大壮").says(room, "先潜水去了，各位聊")
    stage.end()
    room.room.leave(stage.person("大壮").person, told=False)
    stage.clock.move_by(timedelta(hours=2))
    stage.begin()
    owner.hears()  # the bot was away
    stage.clock.move_to(stage.at("09:21"))
    stage.settle()
    assert "大壮" in owner.hears(timedelta(minutes=20)).text
    stage.clock.move_to(stage.at("09:21"))
    stage.settle()
    owner.hears_nothing(timedelta(minutes=20))


def test_who_is_back_at_once_has_not_left(stage: Stage, room: StageRoom, owner: Player) -> None:
    stage.person("大壮").leaves(room)
    stage.advance(minutes=1)
    stage.person("大壮").joins(room)
    owner.hears_nothing(timedelta(hours=1))


def test_whom_the_bot_put_out_for_an_owner_is_not_told_again(
    stage: Stage, room: StageRoom, owner: Player
) -> None:
    room.room.leave(stage.person("大壮").person, remover=stage.puppet.me)
    owner.hears_nothing(timedelta(hours=1))
    room.room.leave(stage.person("阿芳").person, remover=stage.person("小林").person)
    assert "阿芳" in owner.hears(timedelta(hours=1)).text


def test_whom_nobody_may_name_is_in_no_word_for_the_owner(
    stage: Stage, room: StageRoom, owner: Player
) -> None:
    days_of_talk(stage, room, "小林", 8)
    stage.person("小林").says(room, "别统计我", at_bot=True)
    room.hears()
    silence_of(stage, room, 30)
    assert "都在" in owner.asks("久未露面")
    stage.person("小林").leaves(room)
    owner.hears_nothing(timedelta(hours=1))


def test_forgetting_leaves_no_row_and_no_name(stage: Stage, room: StageRoom, owner: Player) -> None:
    person, other = stage.person("小林"), stage.person("阿芳")
    help_out(stage, room, "小林", "阿芳", "紫砂壶有霉味怎么办？", "紫砂壶用清水小火煮半小时，晾透")
    arrives(stage, room, "半夏").says(room, "大家好，我是半夏，在宜兴做紫砂壶的")
    room.hears(timedelta(minutes=4))
    for one in (person, other):
        one.says(room, "结对", at_bot=True)
        room.hears()
    key, at, member = room.key, stage.clock.now(), person.key
    stage.write(
        lambda session: session.add(
            Happening(room_id=key, at=at, kind="share", title="小林的茶柜", member_id=other.key)
        )
    )
    person.whispers("忘记我")
    person.whispers("忘记我")
    stage.advance(minutes=3)
    assert rows_about(stage, member) == 0
    titles = stage.read(lambda session: session.scalars(select(Happening.title)).all())
    assert titles == ["一位群友的茶柜"]
    for place in (person, owner, room):
        place.unread.clear()


def rows_about(stage: Stage, member: int) -> int:
    """In how many rows of the plugin's tables somebody stands by their key."""
    columns = [
        column
        for table in TABLES
        for column in table.__table__.columns
        if column.name in ("member_id", "partner_id")
    ]
    return stage.read(
        lambda session: sum(
            session.scalar(select(func.count()).where(column == member)) or 0 for column in columns
        )
    )


def test_a_crowd_that_knows_the_habit_costs_one_row_a_day(stage: Stage, room: StageRoom) -> None:
    for number in range(20):
        stage.person("小林").says(room, f"第 {number} 句")
    (row,) = stage.read(lambda session: session.scalars(select(Regular)).all())
    assert row.days == 1 and row.weight == 1.0


def test_words_that_turn_to_somebody_are_seen_by_others(stage: Stage, room: StageRoom) -> None:
    key, member, now = room.key, stage.person("小林").key, stage.clock.now()
    words = Words(plugin="ties", urgency="initiative", text="x", room=key, mentions=(member,))
    stage.write(lambda session: put(session, words, now + DAY, 1500))
    assert stage.read(lambda session: is_turned_to(session, key, member, now))
    assert not stage.read(lambda session: is_turned_to(session, key, member + 1, now))
    assert not stage.read(lambda session: is_turned_to(session, key, member, now, "welcome"))
    stage.write(lambda session: session.execute(delete(Outgoing)))
