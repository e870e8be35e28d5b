"""What members say and ask in the group: thanks with their limits, who knows, what one has done."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.testing import Player, Stage, StageRoom
from plugins.contributors.tables import PeerThanks
from tests.plugins.contributors.conftest import (
    EXPERT,
    REGULARS,
    emerge,
    help_out,
    is_text,
    next_morning,
    pause,
)


def said_to(stage: Stage, room: StageRoom, name: str, words: str) -> str:
    stage.person(name).says(room, words, at_bot=True)
    answer = room.hears().text
    pause(stage, minutes=2)
    return answer


def noted(stage: Stage) -> int:
    return stage.read(lambda session: session.scalar(select(func.count()).select_from(PeerThanks))) or 0


def test_thanks_are_passed_on_with_a_real_mention(stage: Stage, room: StageRoom) -> None:
    stage.person("小林").says(room, "感谢 @阿岚 因为教我看叶底", at_bot=True, mention=[stage.person("阿岚")])
    heard = room.hears()
    assert [stage.puppet.people[one].name for one in heard.mention_ids] == ["阿岚"]
    assert "小林" in heard.text and "教我看叶底" in heard.text and noted(stage) == 1


@pytest.mark.parametrize("reason", ["加我微信 13800138000", "看 http://x.cn", "@所有人 来领红包"])
def test_nobody_advertises_through_thanks(stage: Stage, room: StageRoom, reason: str) -> None:
    answer = said_to(stage, room, "小林", f"感谢 小陈 {reason}")
    assert is_text(stage, "thanks_passed_plain", answer) and reason[-6:] not in answer


def test_limits_of_thanks(stage: Stage, room: StageRoom) -> None:
    assert is_text(stage, "thanks_self", said_to(stage, room, "小林", "感谢 小林 因为我真棒"))
    said_to(stage, room, "小林", "感谢 小陈 因为借我盖碗")
    assert is_text(stage, "thanks_again", said_to(stage, room, "小林", "感谢 小陈 因为又借我"))
    assert is_text(stage, "thanks_mutual", said_to(stage, room, "小陈", "感谢 小林 因为也借我"))
    said_to(stage, room, "小林", "感谢 阿芳")
    said_to(stage, room, "小林", "感谢 大壮")
    assert is_text(stage, "thanks_often", said_to(stage, room, "小林", "感谢 木子"))
    assert noted(stage) == 3
    assert is_text(stage, "thanks_to_bot", said_to(stage, room, "小林", "感谢"))
    assert "没找到「阿飞」" in said_to(stage, room, "小林", "感谢 阿飞")


def test_who_is_not_counted_is_not_named(stage: Stage, room: StageRoom) -> None:
    said_to(stage, room, "小陈", "别统计我")
    assert is_text(stage, "thanks_unnamed", said_to(stage, room, "小林", "感谢 小陈 因为借我盖碗"))


def test_who_knows_and_what_one_has_done(stage: Stage, room: StageRoom, owner: Player) -> None:
    assert is_text(stage, "knows_nobody", said_to(stage, room, "小林", "谁懂 退火"))
    assert is_text(stage, "mine_nothing", said_to(stage, room, EXPERT, "我的"))
    emerge(stage, room)
    owner.hears()
    answer = said_to(stage, room, "秋生", "谁懂 退火")
    assert f"· {EXPERT}（帮过阿芳）" in answer
    answer = said_to(stage, room, EXPERT, "我的")
    assert "最近一回是昨天" in answer
    stars = said_to(stage, room, "小林", "大神")
    assert EXPERT in stars and "帮过" not in stars
    owner.asks("设置 大神榜 开")
    assert f"{EXPERT}（帮过 " in said_to(stage, room, "小林", "大神")


def test_one_asker_is_no_star(stage: Stage, room: StageRoom, owner: Player) -> None:
    for number in range(4):
        help_out(stage, room, EXPERT, REGULARS[0], number)
    next_morning(stage)
    assert is_text(stage, "stars_none", said_to(stage, room, "小林", "大神"))


def test_the_owner_credits_somebody_by_hand(stage: Stage, room: StageRoom, owner: Player) -> None:
    assert "不好凭空夸人" in owner.asks("致谢 阿岚")
    help_out(stage, room, EXPERT, REGULARS[0])
    next_morning(stage)
    told = owner.asks("致谢 阿岚")
    assert "小林" in told and "同意 1" in told
    owner.asks("同意 1")
    assert "小林" in room.hears().text
