"""What somebody helped with, in words, by how many people they stand for."""

from __future__ import annotations

from bot.analysis.topics import Said, keywords, topics


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
