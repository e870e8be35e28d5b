"""Questions and what became of them, read off talk whose links are given."""

from __future__ import annotations

from datetime import timedelta

from bot.analysis.exchange_reader import exchanges
from bot.analysis.exchanges import Exchange
from bot.analysis.lines import heard
from tests.unit.analysis.talk import Talk

CHEN, ZHOU, LIN, CHA = 1, 2, 3, 4


def only(talk: Talk) -> Exchange:
    [one] = exchanges(talk.heard)
    return one


def test_answers_come_from_others_and_in_order() -> None:
    talk = Talk()
    asked = talk.say(CHEN, "请问岩茶用多少度的水？")
    first = talk.say(ZHOU, "沸水", asked)
    talk.say(CHEN, "我用的是盖碗", asked)
    second = talk.say(LIN, "一百度", asked)
    one = only(talk)
    assert [(answer.message, answer.member) for answer in one.answers] == [(first, ZHOU), (second, LIN)]
    assert one.helpers == (ZHOU, LIN) and one.closed_by is None and one.thanked == ()


def test_a_question_back_is_part_of_the_answer() -> None:
    talk = Talk()
    asked = talk.say(CHEN, "请问我的茶为什么涩？")
    back = talk.say(ZHOU, "你用多少度的水？", asked)
    told = talk.say(CHEN, "一百度", back)
    talk.say(ZHOU, "那就降到九十", told)
    one = only(talk)
    assert one.question == asked and [answer.member for answer in one.answers] == [ZHOU, ZHOU]
    assert one.answers[0].confidence < one.answers[1].confidence


def test_somebody_elses_question_to_the_answerer_is_their_own() -> None:
    talk = Talk()
    asked = talk.say(CHEN, "请问我的茶为什么涩？")
    answer = talk.say(ZHOU, "水温太高", asked)
    other = talk.say(LIN, "那绿茶用多少度的水？", answer)
    talk.say(ZHOU, "八十", other)
    first, second = exchanges(talk.heard)
    assert (second.asker, second.to, second.helpers) == (LIN, (ZHOU,), (ZHOU,))
    assert first.helpers == (ZHOU,)


def test_what_is_asked_after_thanks_is_a_new_question() -> None:
    talk = Talk()
    asked = talk.say(CHEN, "请问我的茶为什么涩？")
    answer = talk.say(ZHOU, "水温太高", asked)
    thanks = talk.say(CHEN, "多谢老周", answer)
    other = talk.say(CHEN, "请问老丛水仙怎么存？", thanks)
    talk.say(LIN, "密封避光", other)
    first, second = exchanges(talk.heard)
    assert first.helpers == (ZHOU,)
    assert (second.question, second.to, second.helpers) == (other, (), (LIN,))


def test_thanks_close_and_say_whom() -> None:
    talk = Talk()
    asked = talk.say(CHEN, "请问我的茶为什么涩？")
    talk.say(LIN, "换个壶", asked)
    good = talk.say(ZHOU, "水温太高", asked)
    talk.say(LIN, "或者换茶", asked)
    talk.say(CHEN, "搞定了，多谢老周", good)
    one = only(talk)
    assert (one.thanked, one.closed_by) == ((ZHOU,), good)


def test_thanks_name_whom_they_mean() -> None:
    talk = Talk()
    asked = talk.say(CHEN, "请问我的茶为什么涩？")
    good = talk.say(ZHOU, "水温太高", asked)
    talk.say(LIN, "换个壶", asked)
    talk.say(CHEN, "谢谢", mentions=(ZHOU,))
    one = only(talk)
    assert (one.thanked, one.closed_by) == ((ZHOU,), good)


def test_thanks_without_any_answer_thank_nobody() -> None:
    talk = Talk()
    talk.say(CHEN, "请问我的茶为什么涩？")
    talk.say(CHEN, "搞定了")
    one = only(talk)
    assert one.thanked == () and one.closed_by is None


def test_thanks_come_in_time() -> None:
    talk = Talk()
    asked = talk.say(CHEN, "请问我的茶为什么涩？")
    talk.say(ZHOU, "水温太高", asked)
    talk.say(CHEN, "谢谢", after=timedelta(days=3))
    assert only(talk).thanked == ()


def test_an_answer_that_is_quoted_again_closed_it() -> None:
    talk = Talk()
    asked = talk.say(CHEN, "请问我的茶为什么涩？")
    good = talk.say(ZHOU, "水温太高", asked)
    talk.say(LIN, "换个壶", asked)
    talk.say(CHA, "就是这样", quotes=good)
    assert only(talk).closed_by == good


def test_pictures_help_when_they_are_thanked() -> None:
    for thanks, helpers in (("好看", ()), ("谢谢，看懂了", (ZHOU,))):
        talk = Talk()
        asked = talk.say(CHEN, "请问盖碗怎么拿不烫手？")
        picture = talk.say(ZHOU, "", asked, kind="image")
        talk.say(CHEN, thanks, picture)
        assert only(talk).helpers == helpers


def test_links_that_are_not_sure_answer_nothing() -> None:
    talk = Talk()
    asked = talk.say(CHEN, "请问我的茶为什么涩？")
    talk.say(ZHOU, "今天天气真好", asked, sure=0.1)
    assert only(talk).answers == ()


def test_a_remark_on_an_answer_is_no_answer() -> None:
    talk = Talk()
    asked = talk.say(CHEN, "请问我的茶为什么涩？")
    answer = talk.say(ZHOU, "水温太高", asked)
    talk.say(LIN, "说得对", answer)
    assert only(talk).helpers == (ZHOU,)


def test_the_known_chance_is_used() -> None:
    talk = Talk()
    talk.say(CHEN, "有点意思")
    assert exchanges(talk.heard) == []
    assert len(exchanges(heard(talk.lines, talk.links, {1: 0.9}))) == 1


def test_empty_talk_has_no_exchanges() -> None:
    assert exchanges([]) == []
