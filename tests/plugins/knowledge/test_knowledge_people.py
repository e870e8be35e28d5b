"""People who share: a rota with substitutes, hand-ins, what is marked in the group, files that are kept."""

from __future__ import annotations

from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase, Session

from bot.testing import Stage, StageRoom
from plugins.knowledge.tables import Issue, Material, Sharer
from tests.plugins.knowledge.conftest import pass_until, plan


def material(stage: Stage) -> list[tuple[str, str]]:
    query = select(Material.kind, Material.text).where(Material.status == "waiting").order_by(Material.id)
    return stage.read(lambda session: [(row.kind, row.text) for row in session.execute(query)])


def count_of(table: type[DeclarativeBase], session: Session) -> int:
    return session.execute(select(func.count()).select_from(table)).scalar_one()


def offer(stage: Stage, room: StageRoom, name: str, topic: str) -> None:
    """A member wants to share."""
    stage.person(name).says(room, f"我来分享 {topic}", at_bot=True)
    assert topic in room.hears().text
    assert name in stage.person("老周").hears().text


def test_a_member_is_asked_agrees_hands_in_and_is_credited(stage: Stage, room: StageRoom) -> None:
    owner, member = stage.person("老周"), stage.person("小林")
    offer(stage, room, "小林", "怎么看叶底")
    plan(stage, "每周日 20:30 群友讲堂 轮流")
    pass_until(stage, "20:31", days=3)
    assert "小林" in room.hears().text
    member.says(room, "好", at_bot=True)
    assert "说定了" in room.hears().text
    assert "小林 答应了" in owner.hears().text
    assert "叶底先看颜色" not in member.asks("叶底先看颜色，再看是不是匀整")
    owner.unread.clear()
    pass_until(stage, "20:31", days=2)
    owner.unread.clear()
    said = [sent.text for sent in room.unread]
    room.unread.clear()
    assert any("叶底先看颜色" in text and "小林" in text for text in said), said


def test_who_cannot_is_replaced_and_then_the_pool_has_to_do(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    offer(stage, room, "小林", "怎么看叶底")
    stage.advance(minutes=1)
    offer(stage, room, "大壮", "怎么选盖碗")
    plan(stage, "每周日 20:30 群友讲堂 轮流")
    owner.asks("素材 三坑两涧")
    pass_until(stage, "20:31", days=3)
    assert "小林" in room.hears().text
    stage.person("小林").says(room, "不方便", at_bot=True)
    heard = [room.hears().text, room.hears().text]
    assert any("大壮" in text for text in heard)
    assert "小林" in owner.hears().text
    stage.person("大壮").says(room, "不行", at_bot=True)
    room.hears()
    pass_until(stage, "20:31", days=3)
    owner.unread.clear()
    assert any("三坑两涧" in sent.text for sent in room.unread)
    room.unread.clear()
    assert stage.read(lambda session: session.scalar(select(Issue.status).order_by(Issue.due_at))) == "posted"


def test_what_is_quoted_is_collected_and_credited(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    said = stage.person("阿芳").says(room, "头一泡快出汤，八秒以内，后面每泡加五秒")
    stage.person("小林").says(room, "收录", at_bot=True, quote=said)
    assert "阿芳" in room.hears().text
    assert material(stage) == [("text", "头一泡快出汤，八秒以内，后面每泡加五秒")]
    stage.person("小林").says(room, "收录", at_bot=True, quote=said)
    assert "已经收着" in room.hears().text
    plan(stage, "今天 20:30 每周一课")
    pass_until(stage, "20:32")
    assert "阿芳" in room.hears().text
    owner.unread.clear()


def test_two_that_fit_are_asked_about(stage: Stage, room: StageRoom) -> None:
    for name in ("小林", "大壮"):
        stage.person(name).says(room, "水要开透，别将就")
        stage.advance(minutes=1)
    asker = stage.person("阿芳")
    asker.says(room, "收录", at_bot=True, quote=("没有这个人", "水要开透，别将就"))
    said = room.hears().text
    assert "有两处" in said and "1、" in said and "2、" in said
    asker.says(room, "2", at_bot=True)
    room.hears()
    assert len(material(stage)) == 1


def test_a_recalled_message_leaves_the_pool(stage: Stage, room: StageRoom) -> None:
    member = stage.person("阿芳")
    said = member.says(room, "这句我说错了，别当真")
    stage.person("小林").says(room, "收录", at_bot=True, quote=said)
    room.hears()
    member.person.recall(said)
    stage.settle()
    assert material(stage) == []


def test_a_picture_of_the_owner_is_kept_and_sent(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    plan(stage, "今天 20:30 看图")
    owner.asks("素材")
    owner.person.say("", kind="image", content=b"\xff\xd8picture", file_name="leaf.jpg")
    stage.settle()
    said = [owner.hears().text]
    stage.advance(minutes=1)
    said += [sent.text for sent in owner.unread]
    owner.unread.clear()
    assert any("存下了" in text for text in said), said
    assert [kind for kind, _ in material(stage)] == ["image"]
    kept = list((stage.folder / "media").glob("kept-*"))
    assert len(kept) == 1 and kept[0].read_bytes() == b"\xff\xd8picture"
    pass_until(stage, "20:33")
    sent = list(room.unread)
    room.unread.clear()
    assert any(one.content == b"\xff\xd8picture" for one in sent)


def test_a_picture_that_is_too_large_is_told(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    owner.asks("素材")
    owner.person.say("", kind="image", content=b"x" * (2 * 1024 * 1024 + 1), file_name="leaf.jpg")
    stage.settle()
    stage.advance(minutes=1)
    said = [sent.text for sent in owner.unread]
    owner.unread.clear()
    assert any("没存下来" in text for text in said), said
    assert material(stage) == []


def test_who_is_forgotten_leaves_nothing_here(stage: Stage, room: StageRoom) -> None:
    offer(stage, room, "小林", "怎么看叶底")
    said = stage.person("小林").says(room, "叶底要看匀整，绿叶红镶边")
    stage.person("大壮").says(room, "收录", at_bot=True, quote=said)
    room.hears()
    key, place = stage.person("小林").key, room.key

    def forget(session: Session) -> None:
        context = stage.app.engine.context(session, "owner", place, stage.clock.now(), None)
        context.forget_member(key)

    stage.write(forget)
    for table in (Sharer, Material):
        assert stage.read(partial(count_of, table)) == 0


def test_in_what_others_planned_and_promised_no_name_is_left(stage: Stage, room: StageRoom) -> None:
    owner = stage.person("老周")
    plan(stage, "每周日 20:30 小林讲茶")
    owner.asks("承诺 每周日小林讲茶")
    owner.asks("对")
    owner.asks("素材 小林说过：先闻再喝")
    key, place = stage.person("小林").key, room.key

    def forget(session: Session) -> None:
        stage.app.engine.context(session, "owner", place, stage.clock.now(), None).forget_member(key)

    stage.write(forget)
    said = [owner.asks("分享计划"), owner.asks("素材"), owner.asks("兑现情况")]
    assert not any("小林" in text for text in said), said
    assert all("一位群友" in text for text in said), said


def test_who_is_not_to_be_counted_is_neither_asked_nor_named(stage: Stage, room: StageRoom) -> None:
    owner, member = stage.person("老周"), stage.person("小林")
    offer(stage, room, "小林", "怎么看叶底")
    said = member.says(room, "叶底要看匀整，绿叶红镶边")
    stage.person("大壮").says(room, "收录", at_bot=True, quote=said)
    assert "小林" in room.hears().text
    plan(stage, "每周日 20:30 群友讲堂 轮流")
    pass_until(stage, "20:31", days=3)
    assert "小林" in room.hears().text
    member.says(room, "别统计我", at_bot=True)
    room.hears()
    owner.unread.clear()
    pass_until(stage, "20:35", days=3)
    heard = [sent.text for sent in (*room.unread, *owner.unread)]
    room.unread.clear()
    owner.unread.clear()
    assert heard
    assert not any("小林" in text for text in heard), heard
    assert material(stage) == []
    assert "小林" not in owner.asks("下期预告")
    stage.person("大壮").says(room, "收录", at_bot=True, quote=said)
    assert "不收" in room.hears().text


def test_in_private_a_member_is_told_of_the_rooms_they_are_in(stage: Stage, room: StageRoom) -> None:
    plan(stage, "每周日 20:30 群友讲堂")
    stage.room("白茶小院", owner="老陈", members=["小林", "阿福"])
    assert "群友讲堂" in stage.person("小林").asks("下期预告")
    assert "还没排" in stage.person("阿福").asks("下期预告")
