"""Every sentence is the group's own."""

from __future__ import annotations

from bot.testing import Player, Stage, StageRoom


def number_of(stage: Stage, key: str) -> int:
    return stage.app.services.texts.keys("owner").index(key) + 1


def test_texts_are_listed_shown_and_replaced(stage: Stage, room: StageRoom, owner: Player) -> None:
    number = number_of(stage, "thanks")
    assert "群主桌面（" in owner.asks("文案")
    listed = owner.asks("文案 群主桌面")
    assert f"\n{number} " in listed and "更多" in listed
    shown = owner.asks(str(number))
    assert "不客气" in shown and "／" in shown
    assert "自家人" in owner.asks(f"文案 群主桌面 {number} 自家人，客气啥。")
    stage.person("小林").says(room, "谢谢", at_bot=True)
    assert "自家人，客气啥。" in room.hears().text
    assert "你改过" in owner.asks("文案 群主桌面")
    assert "不客气" in owner.asks(f"文案 群主桌面 {number} 恢复")


def test_taking_a_wording_back_says_which(stage: Stage, room: StageRoom, owner: Player) -> None:
    number = number_of(stage, "thanks")
    owner.asks(f"文案 群主桌面 {number} 自家人，客气啥。")
    owner.asks(f"文案 群主桌面 {number} 一家人。")
    told = owner.asks("撤销")
    assert f"「群主桌面」第 {number} 句" in told and "自家人，客气啥。" in told
    told = owner.asks("撤销")
    assert f"第 {number} 句" in told and "不客气，举手之劳。" in told


def test_pages_go_on_with_the_numbers(stage: Stage, room: StageRoom, owner: Player) -> None:
    owner.asks("文案 群主桌面")
    assert owner.asks("更多").split("\n")[1].startswith("15 ")
    assert "第 16 句" in owner.asks("16")
    assert "第 2 句" in owner.asks("2")
    assert owner.asks("更多").split("\n")[1].startswith("29 ")


def test_keys_and_titles_without_spaces(stage: Stage, room: StageRoom, owner: Player) -> None:
    assert "你好呀" in owner.asks("文案 owner greeting")
    number = number_of(stage, "greeting")
    assert "在呢" in owner.asks(f"文案 群主桌面{number}")


def test_lines_are_kept(stage: Stage, room: StageRoom, owner: Player) -> None:
    number = number_of(stage, "greeting")
    assert "第一行\n第二行" in owner.asks(f"文案 群主桌面 {number} 第一行\n第二行")


def test_what_cannot_be_is_explained(stage: Stage, room: StageRoom, owner: Player) -> None:
    assert "没有叫「泡茶」" in owner.asks("文案 泡茶 1")
    assert "没有「999」" in owner.asks("文案 群主桌面 999")
    assert "没有「哪句」" in owner.asks("文案 群主桌面 哪句")
    assert "$who" in owner.asks("文案 群主桌面 1 我是$who")
    assert "太长啦" in owner.asks("文案 群主桌面 1 " + "好" * 501)
    assert "$name" in owner.asks("文案 群主桌面 1")


def test_hostile_wordings_stay_words(stage: Stage, room: StageRoom, owner: Player) -> None:
    number = number_of(stage, "greeting")
    owner.asks(f"文案 群主桌面 {number} {{0.__class__}} %s $$5 <b>@所有人</b>")
    stage.person("小林").says(room, "在吗", at_bot=True)
    assert "{0.__class__} %s $5" in room.hears().text
