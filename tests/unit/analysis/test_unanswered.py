"""Questions that nobody answered, told from those that somebody did."""

from __future__ import annotations

from bot.analysis.lines import heard
from bot.analysis.unanswered import unanswered
from tests.unit.analysis.talk import Talk


def test_a_question_into_silence_is_likelier_open_than_an_answered_one() -> None:
    talk = Talk()
    answered = talk.say(1, "请问岩茶用多少度的水？")
    talk.say(2, "沸水", answered)
    talk.say(1, "好", 2)
    silent = talk.say(3, "请问水仙怎么存放？")
    talk.say(4, "今天天气真好")
    chances = unanswered(heard(talk.lines, talk.links, {answered: 0.9, silent: 0.9}))
    assert chances[silent] > 0.5 > chances[answered]


def test_only_questions_are_looked_at() -> None:
    talk = Talk()
    talk.say(1, "今天天气真好")
    assert unanswered(heard(talk.lines, talk.links, {1: 0.1})) == {}
    assert unanswered([]) == {}
