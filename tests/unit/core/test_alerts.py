"""Alerts: by web hook, by command, by WeChat; the same one once an hour; a failing way adds no trouble."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from bot import alerts
from bot.alerts import Alerts
from bot.config_sections import AlertSettings

NOW = datetime(2026, 3, 1, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
NONSENSE, DRIPPING = 0, 1


class Hook(HTTPServer):
    """A web hook that keeps what it is sent and answers with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.heard: list[dict[str, str]] = []
        self.status = 204

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Hook)
        if self.server.status == DRIPPING:
            for _ in range(60):
                self.wfile.write(b" ")
                self.wfile.flush()
                threading.Event().wait(0.05)
            return
        if self.server.status == NONSENSE:
            self.wfile.write(b"this is no answer at all\n")
            return
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["Content-Type"] == "application/json"
        self.server.heard.append(json.loads(body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Not on the terminal."""


@pytest.fixture
def hook() -> Iterator[Hook]:
    server = Hook()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def send(way: Alerts, key: str = "line_down", text: str = "断线了", at: datetime = NOW) -> bool:
    return asyncio.run(way.send(key, text, at))


def test_a_web_hook_gets_the_text(hook: Hook) -> None:
    assert send(Alerts(AlertSettings(webhook=hook.address)))
    assert hook.heard == [{"text": "断线了"}]


def test_a_command_gets_the_text_on_its_input(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    assert send(Alerts(AlertSettings(command=f"sh -c 'cat > \"{heard}\"'")), text="$(rm -rf /) `x`\n断线")
    assert heard.read_text(encoding="utf-8") == "$(rm -rf /) `x`\n断线"


def test_both_ways_at_once(hook: Hook, tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    assert send(Alerts(AlertSettings(webhook=hook.address, command=f"tee {heard}")))
    assert (len(hook.heard), heard.read_text(encoding="utf-8")) == (1, "断线了")


def test_the_same_again_after_an_hour_and_another_at_once(hook: Hook) -> None:
    way = Alerts(AlertSettings(webhook=hook.address))
    times = [
        ("line_down", NOW),
        ("line_down", NOW + HOUR - timedelta(seconds=1)),
        ("disk", NOW),
        ("line_down", NOW + HOUR),
    ]
    assert [send(way, key, key, at) for key, at in times] == [True, False, True, True]
    assert [one["text"] for one in hook.heard] == ["line_down", "disk", "line_down"]


def test_a_bot_that_is_started_again_and_again_does_not_repeat_itself(hook: Hook, tmp_path: Path) -> None:
    settings = AlertSettings(webhook=hook.address)
    assert send(Alerts(settings, tmp_path))
    assert not send(Alerts(settings, tmp_path), at=NOW + HOUR / 2)
    assert send(Alerts(settings, tmp_path), at=NOW + HOUR)
    assert (tmp_path / alerts.REMEMBERED).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("spoilt", ["", "[]", "{", '{"line_down": 5}', '{"line_down": "yesterday"}'])
def test_what_was_remembered_is_spoilt(hook: Hook, tmp_path: Path, spoilt: str) -> None:
    (tmp_path / alerts.REMEMBERED).write_text(spoilt)
    assert send(Alerts(AlertSettings(webhook=hook.address), tmp_path))


def test_what_cannot_be_remembered_is_sent_all_the_same(hook: Hook, tmp_path: Path) -> None:
    assert send(Alerts(AlertSettings(webhook=hook.address), tmp_path / "nowhere" / "at all"))
    assert len(hook.heard) == 1


def test_without_any_way_nothing_is_sent() -> None:
    assert not send(Alerts(AlertSettings()))


@pytest.mark.parametrize("command", ["false", "/nowhere/at/all", "'unclosed"])
def test_a_failing_command_is_no_trouble(command: str) -> None:
    assert not send(Alerts(AlertSettings(command=command)))


def test_a_failing_web_hook_is_no_trouble(hook: Hook) -> None:
    hook.status = 500
    assert not send(Alerts(AlertSettings(webhook=hook.address)))
    assert not send(Alerts(AlertSettings(webhook="http://127.0.0.1:1/")))


def test_a_web_hook_that_answers_nonsense_is_no_trouble(hook: Hook) -> None:
    hook.status = NONSENSE
    assert not send(Alerts(AlertSettings(webhook=hook.address)))
    assert len(hook.heard) == 0


def test_a_web_hook_that_answers_a_letter_at_a_time_is_not_waited_for(
    hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "TIMEOUT_SECONDS", 0.2)
    hook.status = DRIPPING

    async def main() -> tuple[bool, float]:
        begun = asyncio.get_running_loop().time()
        sent = await Alerts(AlertSettings(webhook=hook.address)).send("line_down", "断线了", NOW)
        return sent, asyncio.get_running_loop().time() - begun

    sent, took = asyncio.run(main())
    assert not sent and took < 2.5


def test_a_failing_web_hook_keeps_no_alert_from_the_command(hook: Hook, tmp_path: Path) -> None:
    hook.status = 500
    heard = tmp_path / "heard"
    way = Alerts(AlertSettings(webhook=hook.address, command=f"tee -a {heard}"))
    assert send(way)
    assert not send(way, at=NOW + HOUR / 2)
    assert heard.read_text(encoding="utf-8") == "断线了"


def test_what_nobody_took_is_tried_again_after_a_minute(hook: Hook, tmp_path: Path) -> None:
    """The network is down: neither WeChat nor the hook can be reached."""
    settings = AlertSettings(webhook=hook.address)
    way = Alerts(settings, tmp_path)
    hook.status = 503
    assert not send(way)
    assert not send(way, at=NOW + MINUTE / 2)
    assert len(hook.heard) == 1
    hook.status = 204
    assert send(Alerts(settings, tmp_path), at=NOW + MINUTE)
    assert not send(way, at=NOW + MINUTE / 2)
    assert len(hook.heard) == 2


def test_a_command_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(alerts, "TIMEOUT_SECONDS", 0.2)
    mark = tmp_path / "still there"
    assert not send(Alerts(AlertSettings(command=f"sh -c 'sleep 1; touch \"{mark}\"'")))
    assert not mark.exists()
