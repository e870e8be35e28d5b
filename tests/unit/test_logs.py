"""Logs hold no words, no secrets, and one line for each thing that happened."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.logs import LOG_NAME, PrivateWords, escaped, set_up_logs, told


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    for handler in root.handlers[:]:
        if handler not in handlers:
            root.removeHandler(handler)
            handler.close()
    root.setLevel(level)
    structlog.reset_defaults()


def lines_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / LOG_NAME).read_text(encoding="utf-8").splitlines()]


def test_private_keys_are_dropped_and_numbers_stay(tmp_path: Path) -> None:
    set_up_logs(tmp_path, stream=io.StringIO())
    structlog.get_logger("bot.x").info("handled", text="秘密", Token="t", message=5, room=1)
    [line] = lines_of(tmp_path)
    assert line["event"] == "handled" and line["message"] == 5 and line["room"] == 1
    assert "text" not in line and "Token" not in line


def test_private_keys_raise_in_tests(tmp_path: Path) -> None:
    set_up_logs(None, strict=True, stream=io.StringIO())
    with pytest.raises(PrivateWords, match="nickname"):
        structlog.get_logger("bot.x").info("joined", nickname="小明")


def test_hostile_values_stay_on_their_line(tmp_path: Path) -> None:
    stream = io.StringIO()
    set_up_logs(tmp_path, stream=stream)
    structlog.get_logger("bot.x").info("odd", path="a\nb\x1b[31m\u202e\u2028", parts=["c\r", {"k\n": "v\n"}])
    [line] = lines_of(tmp_path)
    assert line["path"] == r"a\nb\x1b[31m\u202e\u2028"
    assert stream.getvalue().count("\n") == 1
    assert "\x1b" not in stream.getvalue()


def test_secrets_are_masked_wherever_they_turn_up(tmp_path: Path) -> None:
    set_up_logs(tmp_path, secrets=["puppet_abc", ""], stream=io.StringIO())
    structlog.get_logger("bot.x").warning("refused", detail="bad puppet_abc here")
    assert lines_of(tmp_path)[0]["detail"] == "bad *** here"


def test_an_exception_is_told_without_its_words(tmp_path: Path) -> None:
    stream = io.StringIO()
    set_up_logs(tmp_path, stream=stream)
    try:
        raise ValueError("小明说了秘密")
    except ValueError:
        structlog.get_logger("bot.x").exception("broke")
        logging.getLogger("bot.y").exception("broke too")
    both = lines_of(tmp_path)
    assert [line["failure"].split(" < ")[0] for line in both] == ["ValueError", "ValueError"]
    assert "test_logs.py" in both[0]["failure"]
    assert "秘密" not in stream.getvalue() + json.dumps(both, ensure_ascii=False)
    assert stream.getvalue().count("\n") == 2


def test_a_cause_is_named_and_files_are() -> None:
    try:
        try:
            raise KeyError("私密")
        except KeyError as error:
            raise OSError(28, "No space left on device") from error
    except OSError as error:
        said = told(error)
    assert said.startswith("OSError: [Errno 28] No space left on device < ")
    assert said.endswith("| KeyError")


def test_what_other_libraries_say_is_not_repeated(tmp_path: Path) -> None:
    set_up_logs(tmp_path, stream=io.StringIO())
    logging.getLogger("wechaty.room").warning("text: %s", "秘密")
    logging.getLogger("asyncio").error("future exception=ValueError('秘密')")
    [line] = lines_of(tmp_path)
    assert (line["logger"], line["level"]) == ("asyncio", "error")
    assert "秘密" not in str(line)


def test_the_level_holds(tmp_path: Path) -> None:
    set_up_logs(tmp_path, "warning", stream=io.StringIO())
    structlog.get_logger("bot.x").info("small")
    structlog.get_logger("bot.x").error("big")
    assert [line["event"] for line in lines_of(tmp_path)] == ["big"]


def test_setting_up_twice_writes_once(tmp_path: Path) -> None:
    for _ in range(2):
        set_up_logs(tmp_path, stream=io.StringIO())
    structlog.get_logger("bot.x").info("once")
    assert len(lines_of(tmp_path)) == 1


def test_ordinary_words_are_not_escaped() -> None:
    assert escaped("你好 [x] 100%") == "你好 [x] 100%"


def test_a_short_secret_is_masked_only_where_it_stands_alone(tmp_path: Path) -> None:
    set_up_logs(tmp_path, secrets=["re", "t"], stream=io.StringIO())
    structlog.get_logger("bot.test").info("ready", address="t@re:18788", reason="the server is ready")
    (line,) = lines_of(tmp_path)
    assert line["event"] == "ready"
    assert (line["address"], line["reason"]) == ("***@***:18788", "the server is ready")
