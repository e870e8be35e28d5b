"""Theme, promise, settings and features: shown, changed, taken back, written down."""

from __future__ import annotations

from bot.testing import Player, Stage, StageRoom


def group(stage: Stage, room: StageRoom, name: str) -> object:
    return getattr(stage.app.services.settings.group(room.key), name)


def test_theme_and_promise(stage: Stage, room: StageRoom, owner: Player) -> None:
    assert "一起喝明白岩茶" in owner.asks("群主题：一起喝明白岩茶")
    assert "每晚一泡" in owner.asks("本群承诺 每晚一泡好茶，问了就有人答")
    assert group(stage, room, "theme") == "一起喝明白岩茶"
    assert "问了就有人答" in owner.asks("价值承诺")
    assert "（空）" in owner.asks("群主题 清空")


def test_a_promise_that_is_too_long(stage: Stage, room: StageRoom, owner: Player) -> None:
    assert "最多 200" in owner.asks("本群承诺 " + "好" * 201)
    assert group(stage, room, "promise") == ""


def test_settings_are_found_by_what_people_call_them(stage: Stage, room: StageRoom, owner: Player) -> None:
    for number, line in enumerate(
        [
            "设置 主动间隔 31",
            "设置主动间隔32分钟",
            "设置 本群 主动间隔 半小时",
            "改设置 主动间隔改成34",
            "设置 initiative_gap_minutes 35",
        ]
    ):
        assert "「主动间隔」" in owner.asks(line), line
        assert group(stage, room, "initiative_gap_minutes") in (31 + number, 30), line
    shown = owner.asks("设置 主动间隔")
    assert "35 分钟" in shown and "两次主动开口" in shown
    assert "60 分钟" in owner.asks("设置 主动间隔 默认")


def test_settings_are_listed_in_two_levels(stage: Stage, room: StageRoom, owner: Player) -> None:
    places = owner.asks("设置")
    assert "1 本群" in places and "群主桌面" in places
    listed = owner.asks("1")
    assert "1 群主题：（空）" in listed and "主动间隔：60 分钟" in listed
    assert "从几点起" in owner.asks("3")
    assert "到几点" in owner.asks("4")
    assert "自动加好友：关" in owner.asks("设置 群主桌面")


def test_wrong_values_and_names_are_explained(stage: Stage, room: StageRoom, owner: Player) -> None:
    assert "不能大于 20" in owner.asks("设置 每天主动 21")
    assert "21:30" in owner.asks("设置 安静开始 半夜三更")
    assert "你是不是想说「主动间隔」" in owner.asks("设置 主动间格 30")
    assert "没找到" in owner.asks("设置 茶叶价格 30")
    assert "没找到" in owner.asks("设置 本群 茶叶价格 30")
    assert group(stage, room, "initiatives_per_day") == 3


def test_changes_are_taken_back_one_by_one(stage: Stage, room: StageRoom, owner: Player) -> None:
    owner.asks("设置 每天主动 2")
    owner.asks("改介绍 大家好，别统计我")
    owner.asks("群主题 喝茶")
    assert "「群主题」喝茶 → （空）" in owner.asks("撤销")
    assert "文案" in owner.asks("撤销")
    assert "来给群主打下手" in owner.asks("改介绍")
    assert "「每天主动」2 → 3" in owner.asks("反悔")
    assert "没有可以撤销" in owner.asks("撤销")


def test_changes_hold_in_their_room_only(stage: Stage, room: StageRoom, owner: Player) -> None:
    pots = stage.room("紫砂壶", owner="老周")
    stage.pair(owner, room, pots)
    owner.asks("切换群 岩茶同好会")
    owner.asks("设置 每天主动 1")
    owner.asks("切换群 紫砂壶")
    assert "没有可以撤销" in owner.asks("撤销")
    assert group(stage, room, "initiatives_per_day") == 1
    assert group(stage, pots, "initiatives_per_day") == 3


def test_features_are_switched(stage: Stage, room: StageRoom, owner: Player) -> None:
    def is_on() -> bool:
        return stage.app.services.settings.enabled("welcome", room.key)

    assert "✓ 迎新" in owner.asks("功能")
    for line, on in [
        ("功能 关 迎新", False),
        ("功能 迎新 开", True),
        ("功能 关迎新", False),
        ("功能 打开 迎新", True),
    ]:
        owner.asks(line)
        assert is_on() is on, line
    owner.asks("功能 关 迎新")
    assert "○ 迎新" in owner.asks("功能")
    assert "功能 开 迎新" in owner.asks("迎新伙伴")
    assert "关 → 开" in owner.asks("撤销")
    assert is_on()
    assert "不能关" in owner.asks("功能 关 群主桌面")
    assert "没有叫「泡茶」" in owner.asks("功能 关 泡茶")


def test_records_say_who_changed_what(stage: Stage, room: StageRoom, owner: Player) -> None:
    other = stage.person("小林")
    stage.pair(other, room)
    owner.asks("设置 主动间隔 90")
    other.asks("群主题 喝茶")
    owner.asks("安静 2小时")
    owner.asks("说话吧")
    other.asks("撤销")
    records = owner.asks("操作记录").split("\n")
    assert len(records) == 1 + 7
    assert "小林 撤销：本群·群主题 喝茶 → （空）" in records[1]
    assert "老周 让我说话" in records[2]
    assert "老周 安静到：今天 11:0" in records[3]
    assert "小林：本群·群主题 （空） → 喝茶" in records[4]
    assert "老周：本群·主动间隔 60 分钟 → 90 分钟" in records[5]
    assert "小林 配对成为群主" in records[6]
    assert len(owner.asks("操作记录 2").split("\n")) == 3


def test_status(stage: Stage, room: StageRoom, owner: Player) -> None:
    stage.person("小林").says(room, "早")
    stage.person("小林").says(room, "帮助", at_bot=True)
    room.hears()
    status = owner.asks("状态")
    assert "【岩茶同好会】在说话" in status
    assert "今天 09:00 起一直在" in status
    assert "群友 3 位，今天 2 条消息" in status
    assert "我上一句（今天 09:0" in status and "小林" in status
    assert "开着：" in status and "迎新" in status
    owner.asks("安静 1小时")
    assert "安静到 今天 10:" in owner.asks("状态")
