"""File boxes: where content is, and what is not opened."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bot.gateway.service_puppet import fetch_url
from bot.gateway.wire import FileRefused, FileSource, RoomText, read_file_box

CONTENT = bytes(range(100))


def box(kind: int, **fields: object) -> str:
    return json.dumps({"type": kind, "boxType": kind, "name": "茶.png"} | fields)


def test_where_the_content_is() -> None:
    encoded = base64.b64encode(CONTENT).decode()
    assert read_file_box(box(1, base64=encoded), 1000) == FileSource("茶.png", content=CONTENT)
    assert read_file_box(box(7, uuid="abc"), 1000) == FileSource("茶.png", uuid="abc")
    assert read_file_box(box(2, url="http://x/y"), 1000) == FileSource("茶.png", url="http://x/y")
    old = json.dumps({"boxType": 2, "name": "y", "remoteUrl": "http://x/y"})
    assert read_file_box(old, 1000).url == "http://x/y"


@pytest.mark.parametrize(
    "text", [box(1, base64=base64.b64encode(CONTENT * 30).decode()), box(3, qrCode="x"), box(0), "{}"]
)
def test_what_is_not_opened(text: str) -> None:
    with pytest.raises(FileRefused):
        read_file_box(text, 1000)


@pytest.mark.parametrize("text", ["", "[", "nonsense"])
def test_garbage_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):
        read_file_box(text, 1000)


def test_a_rooms_text_goes_out_for_old_gateways_and_for_new_ones() -> None:
    assert bytes(RoomText(id="r", old_text="茶", text="茶")) == (
        b"\x0a\x01r" + b"\x12\x05\x0a\x03" + "茶".encode() + b"\x1a\x03" + "茶".encode()
    )


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(CONTENT)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def address() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/tea"
        server.shutdown()
        thread.join()


def test_content_from_the_web_has_a_limit(address: str) -> None:
    assert fetch_url(address, 100) == CONTENT
    with pytest.raises(FileRefused, match="99"):
        fetch_url(address, 99)


@pytest.mark.parametrize("url", ["file:///etc/hostname", "/etc/hostname", "ftp://127.0.0.1/x", ""])
def test_no_other_addresses_are_opened(url: str) -> None:
    with pytest.raises(FileRefused):
        fetch_url(url, 100)
