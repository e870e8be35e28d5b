"""What an introduction is, what may be repeated, whom a newcomer is led to, and who is a regular."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from plugins.ties.introduction import introduction, may_be_one
from plugins.ties.logic import (
    Habit,
    Shown,
    best_shown,
    habit_of,
    own_topics,
    quotable,
    weight_after,
    without_names,
)
from tests.eval.frame import Options
from tests.eval.introductions import WRITTEN, run

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "said",
    [
        "大家好，我是小满，在景德镇做杯子", "新人报到，请多关照",
        "我叫子涵，今年大三，学园林的，很高兴认识大家",
        "自我介绍一下：武汉，儿科护士", "昵称：阿豆 城市：厦门 职业：插画师", "Hi all, my name is Mazen",
    ],
)  # fmt: skip
def test_who_says_who_they_are_is_heard(said: str) -> None:
    found = introduction(said)
    assert found is not None and may_be_one(said) and not found.asks


@pytest.mark.parametrize(
    "said",
    [
        "大家好，请问这个报错怎么解决", "我是说昨天那一版", "欢迎新人！", "我叫了外卖",
        "坐标系要先转换一下",
        "新人进群请改一下备注",
        "大家好，我是新人，安装报错了怎么办", "", "我" * 500, "hi, I am getting an error",
    ],
)  # fmt: skip
def test_what_only_sounds_like_it_is_not(said: str) -> None:
    assert introduction(said) is None


def test_first_words_need_less() -> None:
    said = "在读博士，方向是联邦学习"
    assert introduction(said) is None and introduction(said, first_words=True) is not None
    assert introduction("大家早", first_words=True) is None


def test_the_evaluation_runs_and_the_rules_do_better_than_a_list_of_words() -> None:
    found = run(WRITTEN.parent / "no such folder", Options(WRITTEN))
    for section in found.sections:
        plain, ours = section.rows
        assert ours.figures["found %"].value > plain.figures["found %"].value
        alarms = "false alarms in 1,000"
        assert ours.figures[alarms].value < plain.figures[alarms].value


def test_names_and_what_everybody_says_are_no_topics() -> None:
    assert "小满" not in without_names("大家好，我是小满，做杯子的") and "做杯子" in without_names(
        "我是做杯子的"
    )
    assert own_topics(["水仙", "朋友", "岩茶", "x"], ["岩茶同好会", ""]) == ["水仙"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("水留碗沿下一指。", "水留碗沿下一指"), ("加我 13812345678", ""), ("看 https://a.b/c", ""),
        ("@所有人 快来", ""), ("短", ""), ("长" * 60, ""), ("长" * 27 + " " + "长" * 9, ""),
        ("两行\n的话在此", "两行 的话在此"),
    ],
)  # fmt: skip
def test_only_short_and_harmless_words_are_repeated(text: str, said: str) -> None:
    assert quotable(text) == said


def led(*shown: Shown, owners: tuple[int, ...] = (), before: dict[int, int] | None = None) -> int | None:
    best = best_shown(shown, owners=owners, busy=(), led=before or {}, speakers={})
    return None if best is None else best.member


def test_help_counts_more_than_words_and_attention_goes_round() -> None:
    helper = Shown(1, "水仙", helped={7: (70, 71)})
    talker = Shown(2, "水仙", said={1: 11, 2: 12})
    assert led(Shown(3, "水仙", said={1: 10})) is None
    assert led() is None
    assert led(helper, Shown(2, "水仙", said={1: 11})) == 1
    strong = Shown(1, "水仙", helped={7: (70, 71), 8: (80, 81)})
    assert led(strong, talker) == 1
    assert led(strong, talker, before={1: 2}) == 2
    assert led(strong, talker, owners=(1,)) == 2
    assert led(strong, owners=(1,)) == 1


def test_a_regular_is_who_came_often_and_silence_is_held_against_their_pauses() -> None:
    weight, days = habit_of([1, 2, 3, 4, 5])
    assert days == 5 and 4.5 < weight < 5
    assert weight_after(weight, 300) == pytest.approx(1, abs=0.01)
    often = Habit(weight, days, NOW - timedelta(days=44), NOW - timedelta(days=40))
    assert often.is_regular(5) and not often.is_regular(6)
    assert often.is_away(NOW, timedelta(days=30)) and not often.is_away(NOW, timedelta(days=41))
    rarely = Habit(4.0, 8, NOW - timedelta(days=200), NOW - timedelta(days=20))
    assert rarely.is_regular(8) and not rarely.is_away(NOW, timedelta(days=14))
    assert not Habit(1.0, 9, NOW - timedelta(days=90), NOW - timedelta(days=90)).is_regular(8)
