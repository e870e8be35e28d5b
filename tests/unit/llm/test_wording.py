"""Words from a language model: taken when they are true to the draft, left aside in every other case."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pydantic import SecretStr

from bot.llm import NO_WORDING, Endpoint, Model, Wording, wrong_in
from bot.llm.model import LARGEST_BYTES, TIMEOUT_SECONDS
from bot.logs import set_up_logs
from tests.llm_server import SECRET, Behaviour, language_model

DRAFT = "【焙火】5 个人聊了 23 句\n⟦1⟧\n⟦2⟧\n【洗茶】3 个人聊了 8 句\n⟦3⟧\n⟦4⟧"
GOOD = "焙火最热闹，五位聊了二十三句，七嘴八舌：\n⟦1⟧\n⟦2⟧\n接着又说起洗茶，三个人搭了 8 句：\n⟦3⟧\n⟦4⟧"
TASK = "Connect the parts."


@pytest.fixture(scope="module")
def _server() -> Iterator[Behaviour]:
    with language_model() as server:
        yield server


@pytest.fixture
def model(_server: Behaviour) -> Behaviour:
    fresh = Behaviour(address=_server.address)
    for name in ("words", "status", "raw", "hangs", "asked", "keys", "released"):
        setattr(_server, name, getattr(fresh, name))
    return _server


def wording(model: Behaviour, seconds: float = 5.0) -> Wording:
    return Wording(Model(Endpoint(model.address, SecretStr(SECRET), "small", seconds)))


def test_true_words_are_taken(model: Behaviour) -> None:
    model.words = lambda draft: GOOD
    assert wording(model).said(DRAFT, task=TASK) == GOOD
    assert model.asked[0]["model"] == "small"
    assert model.asked[0]["messages"][-1]["content"] == DRAFT
    assert model.keys == [f"Bearer {SECRET}"]


def test_what_a_model_thinks_aloud_is_left_out(model: Behaviour) -> None:
    model.words = lambda draft: f"<think>谁是张伟？</think>\n\n{GOOD}"
    assert wording(model).said(DRAFT, task=TASK) == GOOD


def changed(part: str, into: str) -> str:
    assert part in GOOD
    return GOOD.replace(part, into)


LIES = {
    "a made-up name": ("焙火最热闹", "张伟说焙火最热闹", "name"),
    "a made-up nickname": ("焙火最热闹", "老周爱焙火", "name"),
    "another made-up nickname": ("焙火最热闹", "阿杰爱焙火", "name"),
    "a nickname that is a word": ("焙火最热闹", "大壮觉得焙火最热闹", "name"),
    "a teacher": ("焙火最热闹", "李老师爱焙火", "name"),
    "a role": ("焙火最热闹", "群主爱焙火", "name"),
    "a place": ("焙火最热闹", "武夷山的焙火最热闹", "name"),
    "a foreign name": ("焙火最热闹", "Tom 说焙火最热闹", "word"),
    "a link": ("焙火最热闹", "详见 http://evil.example 焙火", "word"),
    "a mention": ("焙火最热闹", "@所有人 焙火最热闹", "quote"),
    "another number": ("五位", "六位", "number"),
    "another number in digits": ("8 句", "80 句", "number"),
    "numbers changed about": ("五位聊了二十三句", "二十三位聊了五句", "number"),
    "a number from nowhere": ("焙火最热闹", "焙火要 95 度", "number"),
    "a quote from nowhere": ("焙火最热闹", "「焙火要足」", "quote"),
    "a quote in other signs": ("焙火最热闹", "“焙火要足”", "quote"),
    "a quote left out": ("⟦3⟧\n", "", "marks"),
    "a quote put in itself": ("⟦3⟧", "洗茶要快", "marks"),
    "a quote said twice": ("⟦3⟧", "⟦3⟧\n⟦3⟧", "marks"),
    "quotes changed about": ("⟦1⟧\n⟦2⟧", "⟦2⟧\n⟦1⟧", "marks"),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_not_taken(model: Behaviour, lie: str) -> None:
    part, into, wrong = LIES[lie]
    told = changed(part, into)
    assert wrong_in(told, DRAFT) == wrong
    model.words = lambda draft: told
    assert wording(model).said(DRAFT, task=TASK) is None


@pytest.mark.parametrize(
    ("status", "raw"),
    [
        (500, None), (401, None), (302, None), (200, b""), (200, b"<html>"), (200, b"{}"), (200, b"[1]"),
        (200, b'{"choices": []}'), (200, b'{"choices": [{"message": {"content": null}}]}'),
        (200, b'{"choices": [{"message": {"content": ["a"]}}]}'), (200, b"\xff\xfe"), (200, b"[" * 100_000),
        (200, b" " * (4 * LARGEST_BYTES)),
    ],
)  # fmt: skip
def test_a_failing_model_gives_no_words(model: Behaviour, status: int, raw: bytes | None) -> None:
    model.status, model.raw = status, raw
    assert wording(model).said(DRAFT, task=TASK) is None


def test_a_flood_of_words_is_not_taken(model: Behaviour) -> None:
    model.words = lambda draft: GOOD + "大家聊得很开心。" * 50
    assert wording(model).said(DRAFT, task=TASK) is None


def test_a_hanging_model_is_left_alone_in_time(model: Behaviour) -> None:
    model.hangs = True
    begun = time.monotonic()
    assert wording(model, seconds=0.2).said(DRAFT, task=TASK) is None
    assert time.monotonic() - begun < 3


def test_nobody_there(model: Behaviour) -> None:
    gone = Endpoint("http://127.0.0.1:9/v1", SecretStr(SECRET), "small")
    assert Wording(Model(gone)).said(DRAFT, task=TASK) is None
    assert Wording(Model(replace(gone, address="http://"))).said(DRAFT, task=TASK) is None


def test_without_a_model_there_are_no_words() -> None:
    assert NO_WORDING.said(DRAFT, task=TASK) is None


def test_it_waits_for_twenty_seconds() -> None:
    assert Endpoint("http://127.0.0.1", SecretStr(""), "small").seconds == TIMEOUT_SECONDS == 20


def test_neither_key_nor_words_reach_the_log(model: Behaviour) -> None:
    told = io.StringIO()
    set_up_logs(None, "debug", stream=told, strict=True)
    for words, status in ((GOOD, 200), (changed("五位", "六位"), 200), (GOOD, 500)):
        model.words, model.status = (lambda draft, words=words: words), status  # type: ignore[misc]
        wording(model).said(DRAFT, task=TASK)
    model.raw = b"broken"
    wording(model).said(DRAFT, task=TASK)
    assert "llm_refused" in told.getvalue()
    assert "llm_failed" in told.getvalue()
    for private in (SECRET, "焙火", "洗茶", "热闹"):
        assert private not in told.getvalue()
    assert SECRET not in repr(wording(model))
