"""Habits and words that speak against a helper: begging, following others, rings, hollow and canned words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.analysis.chances import at_least
from bot.analysis.habits import asked_back, beggars, followers
from bot.analysis.helped import HelpFact
from bot.analysis.hollow import is_hollow
from bot.analysis.originality import parrots
from bot.analysis.rings import inner_ring
from bot.analysis.thanks import asks_for_thanks, is_gift
from bot.analysis.usefulness import Helped, usually_heard, weighed

NOW = datetime(2026, 3, 30, 20, 0, tzinfo=UTC)
HELPER, FIRST, ASKER = 1, 2, 10


def answer(helper: int, question: int, seconds: float = 600, **more: object) -> Helped:
    known: dict[str, object] = {
        "asker": ASKER + question,
        "answer": 1000 + question,
        "confidence": 0.9,
    } | more
    at = NOW + timedelta(seconds=question)
    return Helped(helper, question=question, at=at, seconds=seconds, **known)  # type: ignore[arg-type]


def test_who_answers_just_after_others_is_a_follower() -> None:
    given = [one for q in range(4) for one in (answer(FIRST, q, 300), answer(HELPER, q, 360))]
    assert followers(given) == {HELPER}
    assert followers([answer(HELPER, q) for q in range(4)]) == set()


def test_who_adds_to_an_answer_now_and_then_is_none() -> None:
    given = [answer(HELPER, q) for q in range(7)] + [answer(FIRST, 0, 500), answer(FIRST, 1, 30)]
    assert HELPER not in followers(given)


def test_whoever_only_comes_hours_later_with_what_was_answered_is_one_too() -> None:
    late = [one for q in range(3) for one in (answer(FIRST, q, 300), answer(HELPER, q, 20_000))]
    assert followers(late) == {HELPER}
    assert followers([*late, *(answer(HELPER, q) for q in range(3, 9))]) == set()


def test_who_asks_for_thanks_as_a_habit() -> None:
    facts = [HelpFact(answer(HELPER, q), is_begged=q < 2) for q in range(5)]
    assert beggars(facts) == {HELPER}
    assert beggars([*facts[1:], *(HelpFact(answer(HELPER, q)) for q in range(5, 9))]) == set()


def test_an_answer_to_a_question_back_is_no_favour() -> None:
    helps = answer(HELPER, 1, asker=ASKER)
    back = answer(ASKER, 2, asker=HELPER)
    assert asked_back([helps, back]) == {(ASKER, HELPER, 2)}
    thanked = answer(ASKER, 2, asker=HELPER, thanked=True)
    tomorrow = answer(ASKER, 2 + 86_400, asker=HELPER)
    assert asked_back([helps, thanked]) == asked_back([helps, tomorrow]) == set()


def test_those_who_help_one_another_are_a_ring() -> None:
    near = {3: {4: 1.0, 5: 1.0, HELPER: 1.0}, 4: {3: 1.0, 9: 0.5}, 5: {3: 1.0}, 6: {9: 1.0}, 7: {HELPER: 2.0}}
    assert inner_ring([3, 4, 5, 6, 7], HELPER, near) == {3, 4, 5}


def test_those_whom_the_same_regular_helps_are_none() -> None:
    regular = 9
    near = {one: {regular: 1.0, HELPER: 1.0} for one in (3, 4, 5)}
    near[regular] = dict.fromkeys((3, 4, 5, *range(20, 40)), 1.0) | {HELPER: 1.0}
    assert inner_ring([3, 4, 5, regular], HELPER, near) == set()


@pytest.mark.parametrize(
    "text",
    ["生日快乐呀", "不客气", "楼上说得对", "等我晚上回家给你发", "这个私聊我吧", "https://www.baidu.com/s?wd=茶叶",
     "happy birthday to you", "you're welcome", "+1", "exactly what anna said", "i'll send it to you tonight",
     "pm me, i have a list", "https://www.google.com/search?q=tea", "see https://example.com/"],
)  # fmt: skip
def test_words_that_answer_nothing(text: str) -> None:
    assert is_hollow(text)


@pytest.mark.parametrize(
    "text",
    ["水温降到九十度就不涩了", "密封避光，放阴凉的柜子里", "把 localhost 换成服务名", "重启 nginx 就行",
     "use the service name instead of localhost", "git reset --soft HEAD~1", "see https://example.com/guide/mount",
     "look into /var/log/nginx/error.log first"],
)  # fmt: skip
def test_answers_are_not_hollow(text: str) -> None:
    assert not is_hollow(text)


def test_asking_for_thanks_and_giving_money_are_heard() -> None:
    assert asks_for_thanks("怎么也不谢我") and asks_for_thanks("don't forget to thank me")
    assert not asks_for_thanks("谢谢大家") and not asks_for_thanks("thank you, that worked")
    assert is_gift("[红包] 恭喜发财") and is_gift("[Red packet] grab it") and not is_gift("红包封面怎么领")


def test_a_form_that_is_filled_in_anew_is_a_repetition() -> None:
    form = "{} is an interesting topic with many aspects, so do begin with the basics of {}, friend of {}"
    topics = (
        "wood",
        "how tomatoes are grown on a balcony",
        "page numbers",
        "sourdough and other breads",
        "tea",
    )
    assert parrots({HELPER: [form.format(topic, topic, topic) for topic in topics]}) == {HELPER}
    own = ["clean the drain filter at the bottom first", "feed them weekly, they want nitrogen by now",
           "a section break at the end of page two", "knead less and let it rest for a night",
           "rub a soft pencil into the slot of the nut"]  # fmt: skip
    assert parrots({HELPER: own}) == set()


def test_nobody_comes_back_to_useless_answers() -> None:
    usual = usually_heard([answer(FIRST, q, thanked=q % 2 == 0) for q in range(40)])
    assert usual == pytest.approx(24 / 50)
    useless = weighed([answer(HELPER, q) for q in range(8)], usual)
    useful = weighed([answer(HELPER, q, heard=q % 2 == 0) for q in range(8)], usual)
    assert all(one.confidence < 0.1 for one in useless)
    assert all(one.confidence > 0.6 for one in useful)
    assert [one for one in useful if one.heard] == [answer(HELPER, q, heard=True) for q in range(0, 8, 2)]


def test_where_nobody_ever_says_thanks_nobody_is_suspected_for_it() -> None:
    silent = usually_heard([answer(FIRST, q) for q in range(400)])
    assert all(one.confidence > 0.4 for one in weighed([answer(HELPER, q) for q in range(4)], silent))


def test_how_likely_so_many_of_several_are() -> None:
    assert at_least(2, [0.5, 0.5]) == pytest.approx(0.25)
    assert at_least(1, [0.5, 0.5, 0.5]) == pytest.approx(0.875)
    assert at_least(3, [1.0, 1.0]) == 0.0 and at_least(0, []) == 1.0
    assert at_least(2, [1.0, 1.0, 0.3]) == pytest.approx(1.0)
