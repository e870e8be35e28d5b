"""A question that nobody answers leads to one quiet action, once; everything else is left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.analysis.exchanges import Exchange
from bot.analysis.lines import Line
from bot.analysis.open_questions import is_for_everybody
from bot.events import QuestionSettled
from bot.testing import Stage, StageRoom
from bot.testing.stage import MORNING
from plugins.knowledge import asking
from plugins.knowledge.asking import next_helper
from tests.plugins.knowledge.questions_scene import ANSWER, exchange, kept, open_room, small_stage, watched

ASKED = "请教一下，朱泥壶开壶要不要用茶汤煮？"


stage = pytest.fixture(small_stage)


@pytest.fixture
def room(stage: Stage) -> StageRoom:
    return open_room(stage)


def make_helper(stage: Stage, room: StageRoom, name: str, topics: str = "") -> None:
    stage.person(name).says(room, f"可以问我 {topics}".strip(), at_bot=True)
    room.hears()


def names(stage: Stage, ids: tuple[str, ...]) -> list[str]:
    return [stage.puppet.people[one].name for one in ids]


def test_one_willing_helper_is_called_once(stage: Stage, room: StageRoom) -> None:
    make_helper(stage, room, "老王", "开壶 朱泥")
    began = stage.clock.now()
    stage.person("小林").says(room, ASKED)
    said = room.hears(within=timedelta(hours=2))
    assert said.at - began >= timedelta(minutes=15)
    assert names(stage, said.mention_ids) == ["老王"] and "朱泥壶开壶" in said.text and "小林" in said.text
    room.hears_nothing(within=timedelta(hours=5))
    assert watched(stage) == [("waiting", "helper")]


def test_an_answered_question_is_left_alone(stage: Stage, room: StageRoom) -> None:
    make_helper(stage, room, "老王", "开壶 朱泥")
    asked = stage.person("小林").says(room, ASKED)
    stage.advance(minutes=3)
    stage.person("大壮").says(room, "清水煮一遍就行", quote=asked)
    room.hears_nothing(within=timedelta(hours=5))
    assert watched(stage) == [("answered", None)]


def test_a_helper_who_does_not_know_the_topic_is_not_called(stage: Stage, room: StageRoom) -> None:
    make_helper(stage, room, "老王", "白茶 普洱")
    stage.person("小林").says(room, ASKED)
    room.hears_nothing(within=timedelta(hours=5))


def test_a_helper_who_has_been_silent_for_a_month_is_not_called(stage: Stage, room: StageRoom) -> None:
    make_helper(stage, room, "老王", "开壶 朱泥")
    stage.clock.move_by(timedelta(days=31))
    stage.settle()
    room.unread.clear()
    stage.person("小林").says(room, ASKED)
    room.hears_nothing(within=timedelta(hours=5))


def test_nobody_is_called_twice_in_a_row_nor_above_the_cap(stage: Stage, room: StageRoom) -> None:
    make_helper(stage, room, "老王", "开壶")
    called = [
        called_for(stage, room, "小林", ASKED),
        called_for(stage, room, "阿芳", "新壶开壶怎么弄比较好？"),
    ]
    assert called == [["老王"], []]
    make_helper(stage, room, "大壮", "开壶")
    assert called_for(stage, room, "小雨", "紫砂壶开壶以后要晾几天？") == ["大壮"]
    stage.person("老周").unread.clear()


def test_whose_turn_it_is() -> None:
    now = datetime(2026, 3, 9, tzinfo=UTC)
    days = [now - timedelta(days=day) for day in (6, 5, 4, 3)]
    both = [(1, 2.0), (2, 1.0)]
    assert next_helper(both, [], now, 2) == 1
    assert next_helper(both, [(1, days[3])], now, 2) == 2
    assert next_helper([(1, 2.0)], [(1, days[3])], now, 2) is None
    assert next_helper(both, [(1, days[0]), (2, days[1]), (1, days[2]), (2, days[3])], now, 2) is None
    assert (
        next_helper(
            both, [(1, days[0] - timedelta(days=2)), (2, days[1]), (1, days[2]), (2, days[3])], now, 2
        )
        == 1
    )
    assert next_helper([(1, 0.0)], [], now, 2) is None and next_helper(both, [], now, 0) is None


def called_for(stage: Stage, room: StageRoom, asker: str, question: str) -> list[str]:
    """Who is called when somebody asks this on a morning of its own."""
    stage.advance_until(stage.at("09:00"))
    room.unread.clear()
    stage.person(asker).says(room, question)
    stage.advance(hours=3)
    called = [name for said in room.unread for name in names(stage, said.mention_ids)]
    room.unread.clear()
    return called


@pytest.mark.parametrize(
    "said",
    [
        "你们难道不觉得这茶太贵了吗？", "这么好喝的茶谁不想要呢？", "哈哈哈这壶是偷来的吗？", "有人在吗？",
        "谁一起去爬山呀，周末怎么样？", "今天天气真不错，泡了一壶茶",
    ],
)  # fmt: skip
def test_what_asks_nothing_of_everybody_is_left_alone(stage: Stage, room: StageRoom, said: str) -> None:
    make_helper(stage, room, "老王")
    stage.person("小林").says(room, said)
    room.hears_nothing(within=timedelta(hours=5))
    assert watched(stage) == []


def test_a_question_to_a_person_or_to_the_bot_is_left_alone(stage: Stage, room: StageRoom) -> None:
    stage.person("小林").says(room, ASKED, mention=[stage.person("大壮")])
    stage.person("小林").says(room, ASKED, at_bot=True)
    room.hears()  # a kind word
    assert watched(stage) == []


def test_a_recalled_or_settled_question_waits_no_more(stage: Stage, room: StageRoom) -> None:
    make_helper(stage, room, "老王", "开壶")
    stage.person("小林").says(room, ASKED)
    stage.advance(minutes=4)
    stage.person("小林").says(room, "搞定了，自己查到了")
    room.hears_nothing(within=timedelta(hours=2))
    assert watched(stage) == [("left", None)]


def test_an_earlier_answer_comes_before_any_helper(stage: Stage, room: StageRoom) -> None:
    exchange(stage, room, thankers=("小林", "大壮"))
    assert kept(stage)[0][0] == "kept"
    make_helper(stage, room, "大壮", "第一泡")
    stage.advance(minutes=30)
    stage.person("阿芳").says(room, "岩茶的第一泡要不要倒掉")
    said = room.hears(within=timedelta(hours=3))
    assert ANSWER in said.text and "@老王" in said.text and names(stage, said.mention_ids) == ["阿芳"]
    room.hears_nothing(within=timedelta(hours=5))


def test_at_night_it_waits_for_the_morning(stage: Stage, room: StageRoom) -> None:
    make_helper(stage, room, "老王", "开壶")
    stage.advance_until(stage.at("22:50"))
    stage.person("小林").says(room, ASKED)
    morning = stage.at("07:30")
    stage.advance_until(morning)
    assert room.hears(within=timedelta(hours=1)).at >= morning


def test_after_a_day_it_is_the_owners_to_see_and_goes_to_the_round_table(
    stage: Stage, room: StageRoom
) -> None:
    stage.person("小林").says(room, ASKED)
    stage.advance(hours=25)
    owner = stage.person("老周")
    owner.unread.clear()
    assert "朱泥壶开壶" in owner.asks("今天")
    told = owner.asks("还没人答的")
    number = told.split(" 号")[0].split("\n")[-1]
    assert "圆桌" in owner.asks(f"收进圆桌 {number}")
    assert "已收进圆桌" in owner.asks("还没人答的")
    assert "已经" in owner.asks(f"收进圆桌 {number}")
    assert "没有 99 号问题" in owner.asks("收进圆桌 99")


def test_the_asker_agrees_to_the_round_table(stage: Stage, room: StageRoom) -> None:
    asker = stage.person("小林")
    asker.person.befriend()
    stage.settle()
    asker.unread.clear()
    asker.says(room, ASKED)
    stage.advance(hours=25)
    assert "圆桌" in asker.hears().text
    assert "圆桌" in asker.asks("好")
    assert "已收进圆桌" in stage.person("老周").asks("还没人答的")
    stage.person("老周").unread.clear()


def test_what_nobody_has_answered_is_shown_in_the_group(stage: Stage, room: StageRoom) -> None:
    stage.person("小林").says(room, ASKED)
    stage.advance(minutes=40)
    stage.person("大壮").says(room, "还没人答的", at_bot=True)
    told = room.hears().text
    assert "朱泥壶开壶" in told and "小林" in told
    stage.person("小林").says(room, "有答案了", at_bot=True)
    room.hears()
    stage.person("大壮").says(room, "还没人答的", at_bot=True)
    assert "都有人答了" in room.hears().text


def test_the_owner_asks_somebody_to_help(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    assert "等 TA" in owner.asks("答疑伙伴 老王")
    assert "愿意" in room.hears().text
    stage.person("老王").says(room, "愿意")
    room.hears()
    assert "老王" in owner.asks("答疑伙伴")
    stage.person("老王").says(room, "别问我了", at_bot=True)
    room.hears()
    assert "还没有人" in owner.asks("答疑伙伴")


def test_switched_off_nothing_is_said(stage: Stage, room: StageRoom) -> None:
    make_helper(stage, room, "老王", "开壶")
    stage.person("老周").asks("设置 没人答的问题 关")
    stage.person("小林").says(room, ASKED)
    room.hears_nothing(within=timedelta(hours=5))


def test_a_round_tables_answer_is_kept(stage: Stage, room: StageRoom) -> None:
    key, author = room.key, stage.person("老王").key
    event = QuestionSettled(
        at=stage.clock.now(), room=key, question_text="武夷岩茶能放几年",
        answer_text="足火的放三年没问题，轻火的当年喝", member=author,
    )  # fmt: skip

    def handle(session: object) -> None:
        from bot import event_log

        recorded = event_log.record(session, event, "test:settled", stage.clock.now())  # type: ignore[arg-type]
        assert recorded is not None
        stage.app.engine.handle(session, [recorded], stage.clock.now())  # type: ignore[arg-type]

    stage.write(handle)
    stage.person("小林").says(room, "武夷岩茶能放几年？", at_bot=True)
    assert "足火的放三年" in room.hears().text


def test_forgetting_the_asker_removes_the_question(stage: Stage, room: StageRoom) -> None:
    asker = stage.person("小林")
    asker.says(room, ASKED)
    asker.says(room, "忘记我", at_bot=True)
    room.hears()
    asker.says(room, "确定", at_bot=True)
    stage.advance(minutes=2)
    room.unread.clear()
    assert watched(stage) == []


def line(member: int, text: str, minute: int) -> Line:
    return Line(minute, member, MORNING + timedelta(minutes=minute), text, "text", (), None, None)


def judged(*lines: Line, names: tuple[str, ...] = ("小林",)) -> str:
    """What has become of the question of member 1, said at minute 10, if links and the model see it open."""
    asked = next(one for one in lines if one.member == 1)
    found = [Exchange(asked.id, 1, asked.at, asked.text, (), None, (), ())]
    return asking.still_waits(asked.id, lines, found, {asked.id: 0.9}, names)


MUSTY = "紫砂壶泡岩茶有股霉味，还有救吗"


@pytest.mark.parametrize(
    ("status", "lines"),
    [
        ("waiting", [line(1, MUSTY, 10)]),
        ("waiting", [line(1, MUSTY, 10), line(2, "今晚几点开始品鉴呢，我带两只杯子", 40)]),
        ("answered", [line(1, MUSTY, 10), line(2, "清水煮半小时就行", 40), line(1, "好的，试试", 42)]),
        ("answered", [line(1, MUSTY, 10), line(2, "清水煮半小时就行", 40), line(1, "ok ty", 42)]),
        ("answered", [line(1, MUSTY, 10), line(2, "小林 清水煮半小时", 40)]),
        ("left", [line(2, "我那把壶泡出来有怪味", 5), line(1, "你平时怎么收的？", 10)]),
        ("waiting", [line(2, "我那把壶泡出来有怪味", 5), line(1, "大家平时怎么收的？你们擦干吗", 10)]),
    ],
)
def test_what_has_become_of_a_question(status: str, lines: list[Line]) -> None:
    assert judged(*lines) == status


def test_a_question_that_begins_with_a_name_is_somebodys(stage: Stage, room: StageRoom) -> None:
    stage.person("小林").says(room, "老王，朱泥壶开壶要不要用茶汤煮？")
    stage.person("小林").says(room, "老王 朱泥壶开壶要不要用茶汤煮？")
    assert watched(stage) == []
    stage.person("小林").says(room, "大家好，朱泥壶开壶要不要用茶汤煮？")
    assert watched(stage) == [("waiting", None)]


def test_pictures_and_links_are_no_words() -> None:
    assert not is_for_everybody("[图片] [图片] 怎么样？")
    assert not is_for_everybody("[code] [code] any thoughts?")
