"""What asks and what does not, in Chinese and English, with and without a question mark."""

from __future__ import annotations

import pytest

from bot.analysis.questions import ASKS, only_asks, question_chance


@pytest.mark.parametrize(
    "text",
    [
        "请问岩茶用多少度的水泡",
        "有人知道这个怎么装吗",
        "为什么总是报错",
        "你用的是哪个版本",
        "这个能不能退",
        "求推荐一款入门的肉桂",
        "是咋回事",
        "how do i mount a volume",
        "anyone got docker working on arm",
        "真的？",
        "@老李 这个谁会修",
    ],
)
def test_questions_are_heard(text: str) -> None:
    assert question_chance(text) >= ASKS


@pytest.mark.parametrize(
    "text",
    [
        "沸水直接冲，前三泡五秒出汤",
        "谢谢大佬",
        "今天天气真好",
        "好的",
        "嗯嗯",
        "不知道啊",
        "避光密封就好",
        "i think it works now",
        "ok thanks",
        "",
        "[图片]",
        "https://example.org/?q=how",
        "😀",
    ],
)
def test_other_words_are_not(text: str) -> None:
    assert question_chance(text) < ASKS


def test_a_flood_of_marks_is_read_to_its_end() -> None:
    assert 0.0 <= question_chance("？" * 20_000) <= 1.0
    assert 0.0 <= question_chance("吗 " * 20_000) <= 1.0


@pytest.mark.parametrize(
    "text",
    [
        "什么版本，装在哪",
        "你是用什么系统？日志里怎么说的",
        "which version is that?",
        "since when? any update before?",
    ],
)
def test_questions_back_say_nothing_beside(text: str) -> None:
    assert only_asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "是不是水温太高了？降到九十度再试一泡",
        "is port 80 still open? the http challenge always comes there first",
        "[^,]+ from the start. .*? works too but is slower",
    ],
)
def test_some_who_ask_answer_too(text: str) -> None:
    assert not only_asks(text)


@pytest.mark.parametrize("mark", ["#接龙", "＃接龙", "#Jielong"])
def test_a_list_that_is_copied_on_asks_nothing(mark: str) -> None:
    assert question_chance("焙火到底在焙什么？") >= ASKS
    assert question_chance(f"{mark}\n焙火到底在焙什么？\n1. 小满\n2. 木子") == 0.0
