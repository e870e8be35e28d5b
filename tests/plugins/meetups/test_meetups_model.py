"""A meetup is led at random by talking to the bot, which dies between any two of its steps.

Whatever is said and whenever the bot dies: no sign-up that was heard is lost, nobody is reminded twice, no
seat is given twice, and whoever waited longest is served first. `MEETUP_EXAMPLES=200` walks longer.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.host import find_plugins
from bot.storage.tables import Message, Outgoing
from bot.testing import Stage
from plugins.meetups import seats
from plugins.meetups.flow import COMING, FLOW, State
from plugins.meetups.tables import Meetup, SignUp
from tests.plugins.meetups.conftest import MEMBERS, jump

EXAMPLES = int(os.environ.get("MEETUP_EXAMPLES", "5"))
STEPS = 22
CAPACITY = 3
NEXT = {
    "": "线下 题目 焙火",
    State.IDEA: "题目 焙火",
    State.TOPIC: "圆桌",
    State.FORM: "后天下午三点",
    State.VOTE: "投票结束",
    State.UNDECIDED: "1",
    State.DATE: f"我店里，{CAPACITY}个人",
    State.SIGN_UP: "线下 名单",
    State.SHORT: "照常",
    State.READY: "线下 进度",
    State.HELD: "线下 结束",
    State.FEEDBACK: "线下 回顾",
}
"""What an owner says who wants to get on, where the meetup stands."""

OTHERWISE = (
    "对", "开始报名", "开始报名", "截止报名", "改到大后天上午十点", "取消", "对", "主讲病了", "主讲 阿岚",
    "讲座", "后天下午两点 / 大后天下午两点", "线下 人数 4", "线下 加上 阿芳", "线下 去掉 小满", "线下",
    "地点 茶城", "2", "算了",
)  # fmt: skip
OPENING = (
    "线下 题目 焙火", "圆桌", "下周六下午三点", "对", f"我店里，{CAPACITY}个人", "开始报名",
)  # fmt: skip
REMINDERS = {"week": ("七天", "礼拜"), "day": ("明天",), "hours": ("钟头", "快开始")}
NAMES = st.sampled_from(MEMBERS)
OFFERS = ("offer", "offer_private", "offered_part")


class Death(BaseException):
    """The process is gone."""


class Walk(RuleBasedStateMachine):
    """One group, one bot that may die, and everybody who talks to it."""

    empty: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copytree(self.empty, self.folder / "data")
        plugins = [plugin for plugin in find_plugins()[0] if plugin.name in ("owner", "meetups")]
        self.stage = Stage(self.folder / "data", plugins=plugins)
        self.stage.begin()
        self.room = self.stage.room("岩茶同好会", owner="老周", members=list(MEMBERS))
        self.coming: set[str] = set()
        self.before = ""

    def teardown(self) -> None:
        self.stage.end()
        self.stage._runner.close()
        shutil.rmtree(self.folder)

    # What happens

    @initialize(opened=st.sampled_from((False, True, True)))
    def begins(self, opened: bool) -> None:
        """Mostly the interesting part is reached at once."""
        owner = self.stage.person("老周")
        for line in OPENING if opened else ():
            self.happens(partial(owner.whispers, line))
        assert self.state() == (State.SIGN_UP if opened else "")

    @rule()
    def owner_goes_on(self) -> None:
        state = self.state()
        self.happens(lambda: self.stage.person("老周").whispers(NEXT.get(state, "线下 题目 焙火")))
        if state in (State.FORM, State.DATE):
            line = "对" if state == State.FORM else "开始报名"
            self.happens(lambda: self.stage.person("老周").whispers(line))

    @rule(line=st.sampled_from(OTHERWISE))
    def owner_says(self, line: str) -> None:
        self.happens(lambda: self.stage.person("老周").whispers(line))

    @rule(
        name=st.sampled_from(MEMBERS), more=st.sampled_from(("", "", "", " +1", "+2")), at_bot=st.booleans()
    )
    def signs_up(self, name: str, more: str, at_bot: bool) -> None:
        is_open = self.state() in (State.SIGN_UP, State.SHORT)
        heard = self.heard(
            name, lambda: self.stage.person(name).says(self.room, f"报名{more}", at_bot=at_bot)
        )
        if is_open and heard:
            assert self.status_of(name) in ("in", "waiting", "offered"), "a sign-up was lost"
            self.coming.add(name)

    @rule(name=NAMES, at_bot=st.booleans())
    def stays_away(self, name: str, at_bot: bool) -> None:
        is_open = self.state() in COMING
        if self.heard(name, lambda: self.stage.person(name).says(self.room, "取消报名", at_bot=at_bot)):
            self.coming.discard(name)
            assert not is_open or self.status_of(name) in ("", "out")

    @rule(name=NAMES, stale=st.lists(st.sampled_from(MEMBERS), max_size=3, unique=True))
    def copies_a_list(self, name: str, stale: list[str]) -> None:
        """Somebody goes on with a list that may be an old one."""
        is_open = self.state() in (State.SIGN_UP, State.SHORT)
        lines = [f"{number}. {one}" for number, one in enumerate([*(x for x in stale if x != name), name], 1)]
        said = "\n".join(["#接龙", "焙火", "", *lines])
        if self.heard(name, lambda: self.stage.person(name).says(self.room, said)) and is_open:
            assert self.status_of(name) in ("in", "waiting", "offered"), "a line of a list was lost"
            self.coming.add(name)

    @rule(name=NAMES, said=st.sampled_from(("1", "2", "1 2", "投2", "7", "哈哈", "1块钱")))
    def talks(self, name: str, said: str) -> None:
        self.happens(lambda: self.stage.person(name).says(self.room, said))

    @rule(hours=st.sampled_from((1, 7, 26)))
    def time_passes(self, hours: int) -> None:
        self.happens(lambda: jump(self.stage, hours=hours))

    @rule(commit=st.integers(1, 5), after=st.booleans())
    def will_die(self, commit: int, after: bool) -> None:
        """The bot dies before or after one of the next commits."""
        write, made = self.stage.storage.write, 0

        async def write_or_die(fn: Callable[[Session], Any]) -> Any:
            nonlocal made
            made += 1
            if made != commit:
                return await write(fn)
            if after:
                await write(fn)
            raise Death

        self.stage.storage.write = write_or_die  # type: ignore[method-assign]

    # What must hold

    @invariant()
    def no_seat_is_given_twice(self) -> None:
        for meetup, rows in self.lists():
            if meetup.capacity and meetup.state in COMING:
                assert seats.taken(map(_party, rows)) <= meetup.capacity

    @invariant()
    def first_come_first_served(self) -> None:
        for meetup, rows in self.lists():
            if meetup.state in COMING:
                waiting = [row.place for row in rows if row.status == "waiting"]
                served = [row.place for row in rows if row.status in seats.HOLDS]
                assert not waiting or max(served, default=0) < min(waiting)

    @invariant()
    def nobody_who_signed_up_is_lost(self) -> None:
        if self.state() not in COMING:
            self.coming.clear()
        for name in self.coming:
            assert self.status_of(name) in ("in", "waiting", "offered") or self.was_offered(name)

    @invariant()
    def nobody_is_reminded_twice(self) -> None:
        told: Counter[tuple[str, str, str]] = Counter()
        for sent in self.stage.puppet.sent:
            kind = next(
                (key for key, words in REMINDERS.items() if any(one in sent.text for one in words)), ""
            )
            if kind and "：3月" in sent.text:
                date = sent.text.partition("：3月")[2][:12]
                told.update((kind, date, person) for person in sent.mention_ids or [sent.conversation])
        assert max(told.values(), default=0) <= 1

    @invariant()
    def it_moves_along_the_table_only(self) -> None:
        state = self.state()
        if self.before and state and state != self.before:
            assert state in _reached(self.before)
        self.before = state

    # Looking

    def happens(self, doing: Callable[[], object]) -> None:
        try:
            doing()
            self.stage.settle()
        except Death:
            self.stage.restart()
        for place in self.stage._places.values():
            place.unread.clear()

    def heard(self, name: str, doing: Callable[[], object]) -> bool:
        """Whether what somebody said was recorded: what died before that was never heard."""
        key = self.stage.person(name).key

        def count(session: Session) -> int:
            return session.scalar(select(func.count()).where(Message.member_id == key)) or 0

        before = self.stage.read(count)
        self.happens(doing)
        return self.stage.read(count) > before

    def state(self) -> str:
        newest = select(Meetup.state).order_by(Meetup.id.desc()).limit(1)
        return self.stage.read(lambda session: session.scalar(newest)) or ""

    def status_of(self, name: str) -> str:
        key = self.stage.person(name).key
        own = select(SignUp.status).where(SignUp.member_id == key).order_by(SignUp.meetup_id.desc()).limit(1)
        return self.stage.read(lambda session: session.scalar(own)) or ""

    def was_offered(self, name: str) -> bool:
        key = self.stage.person(name).key
        query = select(Outgoing.mentions).where(Outgoing.reason.in_(OFFERS))
        return any(
            key in mentions for mentions in self.stage.read(lambda session: session.scalars(query).all())
        )

    def lists(self) -> list[tuple[Meetup, list[SignUp]]]:
        def read(session: Session) -> list[tuple[Meetup, list[SignUp]]]:
            found = session.scalars(select(Meetup)).all()
            rows = {
                one.id: session.scalars(select(SignUp).where(SignUp.meetup_id == one.id)).all()
                for one in found
            }
            session.expunge_all()
            return [(one, list(rows[one.id])) for one in found]

        return self.stage.read(read)


def _party(row: SignUp) -> seats.Party:
    return seats.Party(row.id, row.status, row.place, row.more)


def _reached(state: str) -> set[str]:
    """Where one can get from a state in several steps; where it ends, a new one may begin anywhere."""
    found, waiting = {state}, [State(state)]
    while waiting:
        for one in FLOW[waiting.pop()].values():
            if one.to not in found:
                found.add(one.to)
                waiting.append(one.to)
    ends = {State.RECAP, State.DROPPED, State.READY, State.HELD, State.FEEDBACK}
    return found | {State.IDEA, State.TOPIC} if ends & found else found


@pytest.fixture
def _empty(empty_database: Path) -> None:
    Walk.empty = empty_database


@pytest.mark.usefixtures("_empty")
def test_random_walks_with_deaths() -> None:
    walk = settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=timedelta(minutes=5))
    run_state_machine_as_test(Walk, settings=walk)
