"""忘记我 and 别统计我: nothing of a member is left, and a seat that becomes free so is the next one's."""

from __future__ import annotations

from sqlalchemy import select

from bot.testing import Stage, StageRoom
from plugins.meetups.after_tables import AFTER_TABLES, Matter
from plugins.meetups.tables import TABLES, SignUp
from tests.plugins.meetups.conftest import jump, open_sign_up


def stored(stage: Stage) -> str:
    """Everything that the plugin's tables hold, as one text."""
    rows = stage.read(
        lambda session: [
            str(tuple(row))
            for table in (*TABLES, *AFTER_TABLES)
            for row in session.execute(select(table.__table__))
        ]
    )
    return "\n".join(rows)


def test_nothing_of_somebody_is_left_and_the_seat_is_offered(stage: Stage, room: StageRoom) -> None:
    open_sign_up(stage, room, "大壮家，1个人")
    gone, next_one = stage.person("大壮"), stage.person("小林")
    for said in ("想聊 大壮的壶", "想问 大壮家的壶为什么香", "署名", "报名"):
        gone.says(room, said, at_bot=True)
        jump(stage, minutes=1)
        assert room.hears().text
    next_one.says(room, "报名")
    assert "候补第 1 位" in room.hears().text
    key = gone.key
    assert "大壮" in stored(stage)
    gone.says(room, "忘记我", at_bot=True)
    assert room.hears().text
    gone.says(room, "确定", at_bot=True)
    jump(stage, minutes=3)
    texts = [room.unread.popleft().text for _ in list(room.unread)]
    assert any("@小林" in text and "位子" in text for text in texts), texts
    assert "大壮" not in stored(stage)
    assert stage.read(lambda session: session.scalar(select(SignUp).where(SignUp.member_id == key))) is None
    stage.person("老周").unread.clear()


def test_who_is_not_counted_speaks_for_no_topic(stage: Stage, room: StageRoom) -> None:
    member = stage.person("大壮")
    member.says(room, "想聊 存茶", at_bot=True)
    assert room.hears().text
    member.says(room, "别统计我", at_bot=True)
    assert room.hears().text
    assert stage.read(lambda session: session.scalars(select(Matter)).all()) == []
