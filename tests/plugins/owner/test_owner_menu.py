"""Help by numbers, and a guess at what was meant."""

from __future__ import annotations

from bot.testing import Player, Stage, StageRoom
from plugins.owner import plugin
from plugins.owner.menu import ALSO, SECTIONS

SCREEN = 20


def number_of(menu: str, label: str) -> str:
    """The number that stands before a label."""
    line = next(line for line in menu.split("\n") if label in line)
    return line.split(" ")[0]


def test_every_page_of_the_menu_fits_a_screen(stage: Stage, room: StageRoom, owner: Player) -> None:
    menu = owner.asks("菜单")
    assert "岩茶同好会" in menu and "迎新" in menu
    count = len(menu.split("\n")) - 2
    assert 5 <= count <= SCREEN
    for number in range(1, count + 1):
        owner.asks("菜单")
        page = owner.asks(str(number))
        assert len(page.split("\n")) <= SCREEN and len(page) <= 600, page


def test_a_number_runs_what_needs_nothing_and_explains_the_rest(
    stage: Stage, room: StageRoom, owner: Player
) -> None:
    page = owner.asks(number_of(owner.asks("帮助"), "群：切换"))
    assert "1 岩茶同好会" in owner.asks(number_of(page, "群列表"))
    explained = owner.asks(number_of(page, "切换群"))
    assert "切换群 <群名或序号>" in explained and "比如：切换群 1" in explained and "也可以说" in explained
    question = owner.asks(number_of(page, "停用本群"))
    assert "确认" in question


def test_chinese_and_full_width_numbers(stage: Stage, room: StageRoom, owner: Player) -> None:
    for said in ("一", "１", "第1条"):
        owner.asks("菜单")
        assert "今天要看的事" in owner.asks(said)
    assert "最大是" in owner.asks("99")


def test_numbers_mean_nothing_after_ten_minutes(stage: Stage, room: StageRoom, owner: Player) -> None:
    owner.asks("菜单")
    stage.advance(minutes=11)
    assert "没听懂" in owner.asks("1")


def test_words_after_a_menu_are_still_words(stage: Stage, room: StageRoom, owner: Player) -> None:
    owner.asks("菜单")
    assert "没什么要你操心" in owner.asks("今天")
    assert "今天要看的事" in owner.asks("1")


def test_help_for_one_command(stage: Stage, room: StageRoom, owner: Player) -> None:
    assert "比如：安静 3小时" in owner.asks("帮助 安静")
    assert "比如：安静 3小时" in owner.asks("怎么用 闭嘴")
    assert "回个数字" in owner.asks("帮助 泡茶喝")


def test_a_near_miss_is_offered(stage: Stage, room: StageRoom, owner: Player) -> None:
    assert "你是不是想说「群列表」" in owner.asks("看下群列表吧谢谢")
    assert "1 岩茶同好会" in owner.asks("是")
    assert "菜单" in owner.asks("泡壶水仙来喝")


def test_others_numbers_are_nothing(stage: Stage, room: StageRoom, owner: Player) -> None:
    owner.asks("菜单")
    other = stage.person("小林")
    other.whispers("1")
    other.whispers("菜单")
    other.hears_nothing()


def test_an_owner_is_greeted_in_private(stage: Stage, room: StageRoom, owner: Player) -> None:
    assert owner.asks("你好") and owner.asks("谢谢")


def test_what_was_left_out_is_asked_for(stage: Stage, room: StageRoom, owner: Player) -> None:
    said = owner.asks("切换群")
    assert "还差一点" in said and "切换群 1" in said


def test_long_talk_is_no_misspelt_command(stage: Stage, room: StageRoom, owner: Player) -> None:
    assert "菜单" in owner.asks("我跟你说今天天气真好，大家都去爬山了，回来再喝茶")


def test_every_command_of_the_desk_is_in_the_menu(stage: Stage) -> None:
    files = [*SECTIONS, *(file for files in ALSO.values() for file in files), "menu"]
    listed = {f"plugins.owner.{file}" for file in files}
    offered = [one for one in plugin.commands if one.who == "owner" and not one.hidden]
    assert {one.handler.__module__ for one in offered} == listed
    assert all(one.summary for one in offered)
