"""What somebody helped with, in words, by how many people they stand for."""

from __future__ import annotations

from bot.analysis.topics import Said, keywords, topics, topics_of_help


def test_what_several_people_asked_comes_first() -> None:
    said = [
        Said(1, 11, "请问岩茶用什么水泡"),
        Said(2, 12, "岩茶怎么存放，岩茶岩茶"),
        Said(3, 13, "盖碗盖碗盖碗怎么拿"),
    ]
    found = topics(said, 3)
    assert (found[0].word, found[0].people, found[0].messages) == ("岩茶", (1, 2), (11, 12))
    assert "盖碗" in [topic.word for topic in found]


def test_chat_words_names_and_addresses_are_no_topics() -> None:
    assert keywords("请问大佬们 谢谢 今天觉得怎么样 @岩茶 https://example.org/docker 哈哈哈 [捂脸]") == ()


def test_english_words_count_too() -> None:
    assert "docker" in keywords("How do I mount a volume in docker?")


def test_nothing_said_is_about_nothing() -> None:
    assert topics([]) == ()


def test_what_one_answer_happens_to_say_is_not_what_it_was_about() -> None:
    asked = [Said(1, 11, "盖碗怎么拿"), Said(2, 12, "水仙发涩")]
    answers = [Said(1, 21, "盖碗别装满，蛤蟆背的叶底"), Said(2, 22, "焦糖香的才耐泡")]
    words = [topic.word for topic in topics_of_help(asked, answers, 5)]
    assert words[0] == "盖碗" and "水仙" in words and "焦糖" not in words and "蛤蟆" not in words
