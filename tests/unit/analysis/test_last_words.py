"""Answers that only what came after them makes known as such: thanks by name or quote say who has helped."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from bot.analysis.daybook import day_book
from bot.analysis.daybook_json import book_as_json, book_from_json
from bot.analysis.exchange_reader import ExchangeReader, asks
from bot.analysis.helped import HelpFact
from tests.unit.analysis.talk import Talk

CHEN, ZHOU, LIN = 1, 2, 3


def facts(talk: Talk) -> list[HelpFact]:
    return [one for day in day_book(talk.heard, UTC).all_days().values() for one in day.helped]


def begun(talk: Talk) -> list[int]:
    """The questions of the exchanges found, told problems among them."""
    reader = ExchangeReader()
    for one in talk.heard:
        reader.read(one.line, one.link, asks=asks(one.line))
    return [one.question for one in reader.exchanges()]


def test_who_is_thanked_by_name_has_answered_though_no_link_says_so() -> None:
    talk = Talk()
    asked = talk.say(CHEN, "请问肉桂为什么这么涩？")
    said = talk.say(ZHOU, "水温降到九十度，出汤快一点", after=timedelta(minutes=20))
    talk.say(CHEN, "好多了，谢谢", mentions=(ZHOU,))
    [fact] = facts(talk)
    one = fact.helped
    assert (one.helper, one.asker, one.question, one.answer) == (ZHOU, CHEN, asked, said)
    assert one.thanked and one.closed and one.is_heard


def test_so_has_whoever_is_quoted_with_thanks_for_a_problem_that_was_only_told() -> None:
    talk = Talk()
    told = talk.say(CHEN, "打印机打一张就停，重启也没有用了", answers=None)
    said = talk.say(ZHOU, "换成通用驱动再装一遍就好", after=timedelta(minutes=20))
    talk.say(CHEN, "搞定了，感谢", quotes=said)
    [fact] = facts(talk)
    assert (fact.helped.question, fact.helped.answer, fact.helped.thanked) == (told, said, True)


def test_thanks_that_name_nobody_are_for_the_only_one_who_has_spoken_since() -> None:
    talk = Talk()
    talk.say(LIN, "早上好，今天的天气真适合喝茶")
    asked = talk.say(CHEN, "请问肉桂为什么这么涩？")
    said = talk.say(ZHOU, "水温降到九十度，出汤快一点", after=timedelta(minutes=20))
    talk.say(CHEN, "好多了，谢谢", after=timedelta(minutes=20))
    [fact] = facts(talk)
    assert (fact.helped.question, fact.helped.answer, fact.helped.thanked) == (asked, said, True)


@pytest.mark.parametrize(
    ("between", "after"),
    [("我家的盖碗总是烫手，换了三个都一样", timedelta(minutes=5)), (None, timedelta(hours=3))],
    ids=["somebody else has spoken too", "long after"],
)
def test_else_it_is_not_known_for_whom_they_are(between: str | None, after: timedelta) -> None:
    talk = Talk()
    talk.say(CHEN, "请问肉桂为什么这么涩？")
    talk.say(ZHOU, "水温降到九十度，出汤快一点", after=timedelta(minutes=20))
    if between:
        talk.say(LIN, between)
    talk.say(CHEN, "好多了，谢谢", after=after)
    assert facts(talk) == []


def test_thanks_alone_are_for_nothing_that_was_asked() -> None:
    talk = Talk()
    talk.say(ZHOU, "今天的茶会大家都辛苦了，早点休息")
    talk.say(CHEN, "谢谢老周", mentions=(ZHOU,))
    assert facts(talk) == []


def test_what_was_solved_needs_no_answer_any_more() -> None:
    talk = Talk()
    asked = talk.say(CHEN, "请问肉桂为什么这么涩？")
    said = talk.say(ZHOU, "水温降到九十度，出汤快一点", asked)
    talk.say(CHEN, "好多了，谢谢", said)
    late = talk.say(LIN, "总结一下，水温低一点，时间短一点", asked, after=timedelta(hours=2))
    talk.say(CHEN, "也谢谢你", quotes=late)
    assert [one.helped.helper for one in facts(talk)] == [ZHOU]


def test_unless_it_did_not_hold() -> None:
    talk = Talk()
    asked = talk.say(CHEN, "请问肉桂为什么这么涩？")
    said = talk.say(ZHOU, "水温降到九十度，出汤快一点", asked)
    talk.say(CHEN, "我试试，谢谢", said)
    talk.say(CHEN, "还是不行，一样涩", said)
    talk.say(LIN, "那就少放两克茶，盖碗别放满", asked)
    assert {one.helped.helper for one in facts(talk)} == {ZHOU, LIN}


@pytest.mark.parametrize("reply", ["真是谢谢了，数据全没了", "thanks a lot, now it doesn't start at all"])
def test_bitter_thanks_are_none(reply: str) -> None:
    talk = Talk()
    asked = talk.say(CHEN, "请问肉桂为什么这么涩？")
    said = talk.say(ZHOU, "把茶全倒了重新买一罐就行", asked)
    talk.say(CHEN, reply, quotes=said)
    [fact] = facts(talk)
    assert fact.is_refuted and not fact.helped.thanked


def test_who_only_asks_back_has_not_answered() -> None:
    talk = Talk()
    asked = talk.say(CHEN, "请问肉桂为什么这么涩？")
    back = talk.say(ZHOU, "你用的是多少度的水？", asked)
    talk.say(CHEN, "谢谢", back)
    [fact] = facts(talk)
    assert fact.is_empty


@pytest.mark.parametrize(
    "answer",
    ["80 端口还开着吗？证书的验证总是先走那里", "have you tried it? the cache has to be cleared first"],
)
def test_who_asks_back_and_says_what_to_do_has(answer: str) -> None:
    talk = Talk()
    asked = talk.say(CHEN, "请问证书为什么续不了？")
    said = talk.say(ZHOU, answer, asked)
    talk.say(CHEN, "就是它，谢谢", said)
    [fact] = facts(talk)
    assert fact.helped.thanked and not fact.is_empty


TOLD = "打印机打一张就停，重启也没有用了"


def test_a_question_back_to_who_told_a_problem_belongs_to_it() -> None:
    talk = Talk()
    told = talk.say(CHEN, TOLD)
    back = talk.say(ZHOU, "用的是哪个版本的驱动？")
    more = talk.say(CHEN, "厂商官网上的那个，上周刚更新过", back)
    said = talk.say(ZHOU, "那就退回上一版，新版有这个毛病", more)
    talk.say(CHEN, "好了，谢谢", said)
    assert begun(talk) == [told]
    [fact] = facts(talk)
    assert (fact.helped.helper, fact.helped.asker, fact.helped.thanked) == (ZHOU, CHEN, True)


def test_what_was_added_to_that_question_goes_with_it() -> None:
    talk = Talk()
    told = talk.say(CHEN, TOLD)
    back = talk.say(ZHOU, "用的是哪个版本的驱动？")
    talk.say(ZHOU, "新的旧的都行，先告诉我", back)
    talk.say(CHEN, "厂商官网上的那个，上周刚更新过", back)
    assert begun(talk) == [told]
    book = day_book(talk.heard, UTC)
    assert book_as_json(book_from_json(book_as_json(book), UTC)) == book_as_json(book)


def test_a_question_asked_meanwhile_stays_the_latest() -> None:
    talk = Talk()
    talk.say(CHEN, TOLD)
    back = talk.say(ZHOU, "用的是哪个版本的驱动？")
    own = talk.say(ZHOU, "另外请问周六的茶会几点开始？")
    talk.say(CHEN, "厂商官网上的那个，上周刚更新过", back)
    said = talk.say(LIN, "周六下午两点，在老地方", after=timedelta(minutes=3))
    talk.say(ZHOU, "记下了，谢谢", mentions=(LIN,))
    helped = {(one.helped.question, one.helped.answer) for one in facts(talk) if one.helped.thanked}
    assert helped == {(own, said)}


@pytest.mark.parametrize(
    ("question", "after", "to"),
    [
        ("用的是哪个版本的驱动？", timedelta(minutes=1), (LIN,)),
        ("有没有人知道哪里能买到好茶？", timedelta(minutes=20), ()),
        ("我的网卡也坏了，连不上公司的内网，怎么办？", timedelta(minutes=1), ()),
    ],
    ids=["put to somebody else", "long after", "a problem of their own"],
)
def test_every_other_question_stands_alone(question: str, after: timedelta, to: tuple[int, ...]) -> None:
    talk = Talk()
    talk.say(CHEN, TOLD)
    other = talk.say(ZHOU, question, after=after, mentions=to)
    talk.say(CHEN, "楼下那家店的就挺好，今天刚去过", other)
    assert begun(talk) == [other]
    assert [one.helped.helper for one in facts(talk)] == [CHEN]
