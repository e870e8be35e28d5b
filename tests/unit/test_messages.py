"""Texts: strict placeholders, harmless values, variants that do not repeat, an owner's own wording."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from bot.errors import QunxingError
from bot.messages import CORE, TextMistake, Texts, first, read_text
from bot.plugin import Plugin
from bot.storage.tables.base import Base
from bot.storage.tables.desk import AuditRow, TextOverride
from bot.words import Trusted

CORE_TEXTS = Texts()
NOW = datetime(2026, 11, 22, tzinfo=UTC)
FILE = """
hello: "你好，$name！"
bye: ["再见 $name", "回见 ${name}", "慢走 $name"]
plain: 就这样
price: "只要 $$5，{name} 不是占位"
"""


@pytest.fixture
def texts(tmp_path: Path) -> Texts:
    (tmp_path / "messages.yaml").write_text(FILE, encoding="utf-8")
    return Texts([Plugin("tea", title="茶", folder=tmp_path)])


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine, [Base.metadata.tables[name] for name in ("text_override", "audit")])
    with Session(engine) as session:
        yield session
    engine.dispose()


def test_a_text_is_filled_in(texts: Texts) -> None:
    assert texts.render("tea", "hello", 1, name="小明") == "你好，小明！"


@pytest.mark.parametrize("values", [{}, {"nam": "x"}, {"name": "x", "more": "y"}])
def test_missing_and_surplus_placeholders_raise(texts: Texts, values: dict[str, object]) -> None:
    with pytest.raises(TextMistake):
        texts.render("tea", "hello", 1, first, **values)


def test_an_unknown_text_raises(texts: Texts) -> None:
    with pytest.raises(TextMistake):
        texts.render("tea", "helo", 1)


def test_braces_and_dollars_are_plain_text(texts: Texts) -> None:
    assert texts.render("tea", "price", 1) == "只要 $5，{name} 不是占位"


@given(st.text(max_size=500))
def test_a_hostile_name_stays_a_name(name: str) -> None:
    said = CORE_TEXTS.render(CORE, "setting.unknown", None, first, name=name)
    assert said.startswith("没找到「")
    assert said.count("\n") == 0
    assert "@" not in said


def test_a_value_is_never_a_template(texts: Texts) -> None:
    assert texts.render("tea", "hello", 1, name="$name ${x} {0}") == "你好，$name ${x} {0}！"


def test_trusted_values_keep_their_mentions_and_lines(texts: Texts) -> None:
    assert texts.render("tea", "hello", 1, name=Trusted("@小明\u2005\n")) == "你好，@小明\u2005\n！"


def test_variants_never_repeat_in_a_room(texts: Texts) -> None:
    dice = random.Random(1)
    for room in (1, 2):
        said = [texts.render("tea", "bye", room, dice.choice, name="甲") for _ in range(60)]
        assert all(one != next_one for one, next_one in pairwise(said))
        assert len(set(said)) == 3


def test_keys_and_placeholders_can_be_listed(texts: Texts) -> None:
    assert texts.keys("tea") == ["hello", "bye", "plain", "price"]
    assert texts.placeholders("tea", "bye") == {"name"}
    assert len(texts.variants("tea", "bye")) == 3


def test_an_owners_wording_comes_first_and_can_be_taken_back(texts: Texts, session: Session) -> None:
    texts.set_override(session, NOW, 1, "tea", "hello", "来啦 $name", by=7)
    assert texts.render("tea", "hello", 1, name="甲") == "来啦 甲"
    assert texts.render("tea", "hello", 2, name="甲") == "你好，甲！"
    texts.set_override(session, NOW, 0, "tea", "hello", "$name 好")
    assert texts.render("tea", "hello", 2, name="甲") == "甲 好"
    texts.set_override(session, NOW, 1, "tea", "hello", "")
    assert texts.render("tea", "hello", 1, name="甲") == "甲 好"
    audit = session.scalars(select(AuditRow)).all()
    assert [(row.room_id, row.member_id, row.old, row.new) for row in audit] == [
        (1, 7, None, "来啦 $name"), (None, None, None, "$name 好"), (1, None, "来啦 $name", None),
    ]  # fmt: skip


def test_overrides_are_read_at_start(texts: Texts, session: Session) -> None:
    session.add(TextOverride(room_id=0, plugin="tea", name="plain", text="那样", changed_at=NOW))
    session.flush()
    texts.load(session)
    assert texts.render("tea", "plain", 5) == "那样"


@pytest.mark.parametrize(
    ("key", "text", "error"),
    [
        ("helo", "x", "text.unknown_key"),
        ("hello", "x" * 501, "text.too_long"),
        ("hello", "$nmae 好", "text.unknown_placeholder"),
        ("hello", "只要 $ 5", "text.unknown_placeholder"),
        ("plain", "$name", "text.no_placeholders"),
    ],
)
def test_a_wrong_override_is_refused_kindly(
    texts: Texts, session: Session, key: str, text: str, error: str
) -> None:
    with pytest.raises(QunxingError) as caught:
        texts.set_override(session, NOW, 1, "tea", key, text)
    assert caught.value.key == error
    assert len(texts.said(caught.value)) > 5


def test_an_override_goes_back_with_its_transaction(texts: Texts, session: Session) -> None:
    texts.set_override(session, NOW, 1, "tea", "plain", "一")
    session.commit()
    savepoint = session.begin_nested()
    texts.set_override(session, NOW, 1, "tea", "plain", "二")
    savepoint.rollback()
    assert texts.render("tea", "plain", 1) == "一"
    texts.set_override(session, NOW, 1, "tea", "plain", "三")
    session.rollback()
    assert texts.render("tea", "plain", 1) == "一"


def test_errors_are_said_in_the_plugins_words_or_the_cores(texts: Texts) -> None:
    assert texts.said(QunxingError("hello", name="甲"), "tea") == "你好，甲！"
    assert "第 3 行" in texts.said(QunxingError("config.line", file="a", line=3, problem="x"), "tea")


@pytest.mark.parametrize("value", [[], ["a", "a"], "", "  ", 5, {"a": "b"}, ["a", None], "$ x", "100 $"])
def test_a_wrong_text_in_a_file_raises(value: object) -> None:
    with pytest.raises(TextMistake):
        read_text("file", value)


@pytest.mark.parametrize("content", ["- a", "a: [", "a: b\na: c", "", "a: 5"])
def test_a_wrong_file_raises(tmp_path: Path, content: str) -> None:
    (tmp_path / "messages.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(TextMistake):
        Texts([Plugin("tea", title="茶", folder=tmp_path)])


def test_a_plugin_without_a_file_says_nothing(tmp_path: Path) -> None:
    assert Texts([Plugin("tea", title="茶", folder=tmp_path), Plugin("x", title="无")]).keys("tea") == []
