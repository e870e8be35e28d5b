"""Advice names people and what they did; each piece from talk that calls for it, none from other talk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.analysis.advice import Advice, HandOn, Introduce, Invite, LeaveRoom, PassOn, advice, terms
from bot.analysis.decentralisation import Talk, figures
from bot.analysis.exchanges import Answer, Exchange
from bot.analysis.graph import Reply
from bot.analysis.lines import Line

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 1, 16, tzinfo=UTC)
END = START + timedelta(days=28)
OWNER, SECOND, HELPER, FOURTH, FIFTH = 1, 2, 3, 4, 5


def at(day: float) -> datetime:
    return START + timedelta(days=day)


def asked(key: int, asker: int, day: float, text: str, *helpers: int) -> Exchange:
    answers = tuple(Answer(key + one, one, at(day) + timedelta(minutes=one), 0.9) for one in helpers)
    return Exchange(key, asker, at(day), text, answers)


def said(member: int, *days: float) -> list[Line]:
    return [Line(round(day * 1000) * 10 + member, member, at(day)) for day in days]


def given(
    exchanges: Sequence[Exchange] = (), lines: Sequence[Line] = (), replies: Sequence[Reply] = (),
    present: Sequence[int] = (OWNER, SECOND, HELPER, FOURTH, FIFTH),
) -> list[Advice]:  # fmt: skip
    talking = said(OWNER, *range(20)) + said(SECOND, *range(15)) + list(lines)
    talk = Talk(sorted(talking, key=lambda line: line.at), replies, exchanges)
    return advice(talk, figures(talk, START, END, ZONE, [OWNER]), [OWNER], present)


def test_questions_that_others_could_have_answered_before_the_owner() -> None:
    found = given([
        asked(100, FOURTH, 22, "盖碗烫手怎么拿", OWNER, HELPER),
        asked(200, FIFTH, 23, "肉桂发涩是不是闷久了", OWNER),
        asked(300, FIFTH, 25, "水仙什么时候喝", HELPER, OWNER),
    ])  # fmt: skip
    assert isinstance(found[0], LeaveRoom) and found[0].member == OWNER and found[0].is_owner
    assert [(one.message, one.able) for one in found[0].questions] == [(100, (HELPER,))]
    assert found[0].days == 7


def test_who_has_answered_one_much_like_it_is_able_too() -> None:
    found = given([
        asked(100, FOURTH, 3, "肉桂发涩怎么办", HELPER),
        asked(200, FIFTH, 24, "新买的肉桂发涩了", OWNER),
    ])  # fmt: skip
    assert isinstance(found[0], LeaveRoom)
    assert [(one.message, one.able) for one in found[0].questions] == [(200, (HELPER,))]


def test_nobody_is_named_who_has_left() -> None:
    found = given([asked(100, FOURTH, 22, "盖碗烫手怎么拿", OWNER, HELPER)], present=[OWNER, SECOND, FOURTH])
    assert not any(isinstance(piece, LeaveRoom) for piece in found)


def test_open_questions_go_to_whoever_knows() -> None:
    found = given([
        asked(100, FOURTH, 3, "肉桂发涩怎么办", HELPER),
        asked(200, FIFTH, 24, "新买的肉桂发涩了"),
        asked(300, FIFTH, 27.9, "刚刚才问的"),
    ])  # fmt: skip
    assert found == [PassOn(7, found[0].questions)] if isinstance(found[0], PassOn) else False
    assert isinstance(found[0], PassOn)
    assert [(one.message, one.able) for one in found[0].questions] == [(200, (HELPER,))]


def test_jokes_and_scraps_are_no_open_questions() -> None:
    found = given([asked(100, FOURTH, 24, "叫我？"), asked(200, FIFTH, 24, "半分钟，那是泡澡吗哈哈哈")])
    assert not any(isinstance(piece, PassOn) for piece in found)


def test_people_who_hang_on_the_two_are_introduced() -> None:
    lines = said(HELPER, 1) + said(FOURTH, 2) + said(FIFTH, 3) + said(6, 4)
    replies = [Reply(at(5), FOURTH, OWNER), Reply(at(6), SECOND, FIFTH), Reply(at(7), HELPER, 6)]
    found = given(lines=lines, replies=replies)
    assert found == [Introduce((FOURTH, FIFTH), 2, HELPER)]


def test_a_helper_who_fell_silent_is_missed() -> None:
    found = given(
        [asked(100, FOURTH, 3, "甲", HELPER), asked(200, FIFTH, 4, "乙", HELPER)], lines=said(HELPER, 3, 4)
    )
    assert Invite(HELPER, 2, 24) in found


def test_where_nothing_stands_out_the_next_are_named() -> None:
    assert given(lines=said(FOURTH, 1, 2) + said(FIFTH, 3)) == [HandOn((FOURTH, FIFTH))]
    assert given() == [HandOn(())]


def test_three_pieces_at_most() -> None:
    exchanges = [
        asked(100, FOURTH, 22, "盖碗烫手怎么拿", OWNER, HELPER), asked(200, FIFTH, 24, "老枞水仙怎么认"),
        asked(300, FIFTH, 4, "乙", HELPER),
    ]  # fmt: skip
    replies = [Reply(at(5), FOURTH, OWNER), Reply(at(6), SECOND, FIFTH), Reply(at(7), HELPER, 6)]
    lines = said(HELPER, 3) + said(FOURTH, 2) + said(FIFTH, 3) + said(6, 4)
    found = given(exchanges, lines, replies)
    assert [type(piece) for piece in found] == [LeaveRoom, PassOn, Introduce]


def test_terms_are_words_or_pairs_of_characters() -> None:
    assert terms("用 Docker-compose 起肉桂？") == {"docker-compose", "起肉", "肉桂"}
