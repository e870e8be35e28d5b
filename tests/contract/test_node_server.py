"""The gateway program by itself: what it opens, what it says to people, how it ends."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from grpclib.client import Channel
from grpclib.const import Status
from grpclib.exceptions import GRPCError
from wechaty_grpc.wechaty import PuppetStub
from wechaty_grpc.wechaty.puppet import EventType

from tests.contract.node_client import Client
from tests.contract.node_gateway import SERVER, GatewayFailed, NodeGateway

pytestmark = pytest.mark.node

LISTEN = "0A"
SECONDS = 20


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("WECHATY")}


def run_server(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", "server.mjs", *arguments],
        cwd=SERVER,
        env={**clean_environment(), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )


@pytest.fixture(scope="module")
def gateway() -> Iterator[NodeGateway]:
    with NodeGateway() as running:
        yield running


def listening_addresses(port: int) -> set[str]:
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path("/proc/net", table).read_text().splitlines()[1:]:
            _, local, _, state, *_ = line.split()
            address, local_port = local.split(":")
            if state == LISTEN and int(local_port, 16) == port:
                found.add(address)
    return found


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="needs Linux")
def test_listens_on_loopback_only(gateway: NodeGateway) -> None:
    assert listening_addresses(gateway.port) == {"0100007F"}  # 127.0.0.1, as the kernel writes it


def test_ready_line_names_a_free_port_and_a_token(gateway: NodeGateway) -> None:
    assert gateway.port > 1023
    assert re.fullmatch(r"insecure_[0-9a-f]{32}", gateway.token)
    with NodeGateway() as other:
        assert (other.port, other.token) != (gateway.port, gateway.token)


def test_a_wrong_token_is_refused(gateway: NodeGateway) -> None:
    async def version(token: str) -> None:
        channel = Channel("127.0.0.1", gateway.port)
        channel._authority = token
        try:
            await PuppetStub(channel).version()
        finally:
            channel.close()

    asyncio.run(version(gateway.token))
    with pytest.raises(GRPCError) as refused:
        asyncio.run(version("insecure_wrong"))
    assert refused.value.status is Status.UNAUTHENTICATED


def start_for_people(**environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["node", "server.mjs", "--port", "0"],
        cwd=SERVER,
        env={**clean_environment(), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )


def test_hints_for_people_and_sigterm() -> None:
    process = start_for_people()
    assert process.stdout is not None
    try:
        lines = [process.stdout.readline() for _ in range(4)]
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=SECONDS)
    finally:
        process.kill()
    assert re.search(r"网关在 127\.0\.0\.1:\d+", lines[0])
    assert re.fullmatch(r" +export WECHATY_PUPPET_SERVICE_ENDPOINT=127\.0\.0\.1:\d+\n", lines[1])
    assert re.fullmatch(r" +export WECHATY_PUPPET_SERVICE_TOKEN=insecure_\w+\n", lines[2])
    assert lines[3] == "已登录：bot\n"
    assert process.returncode == 0


def test_a_given_token_is_not_printed() -> None:
    secret = "insecure_secret-of-the-test"
    process = start_for_people(WECHATY_PUPPET_SERVICE_TOKEN=secret)
    assert process.stdout is not None
    try:
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        output = first + process.communicate(timeout=SECONDS)[0]
    finally:
        process.kill()
    assert "网关在" in output
    assert secret not in output
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--puppet", "wechaty-puppet-nothing"], 3, "请运行：make gateway PUPPET=wechaty-puppet-nothing"),
        (["--puppet", "../evil"], 2, "不像一个 npm 包名"),
        (["--puppet", "file-box"], 3, "没有找到 puppet"),
        (["--puppet", "file-box", "--control"], 2, "只能和 --puppet mock 一起用"),
        (["--host", "0.0.0.0"], 2, "不是本机地址"),
        (["--port", "eighty"], 2, "要一个 0 到 65535 的数"),
        (["--colour"], 2, "选项不对"),
    ],
)
def test_mistakes_are_told_in_one_sentence(arguments: list[str], code: int, sentence: str) -> None:
    done = run_server("--port", "0", *arguments)
    assert (done.returncode, sentence in done.stderr) == (code, True), done.stderr
    assert "    at " not in done.stderr


def test_a_port_in_use_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_server("--port", str(port))
    assert done.returncode == 4
    assert f"127.0.0.1:{port} 已经有别的程序在用" in done.stderr


def test_a_bad_token_is_told() -> None:
    done = run_server("--port", "0", WECHATY_PUPPET_SERVICE_TOKEN="two words")
    assert done.returncode == 5
    assert "WECHATY_PUPPET_SERVICE_TOKEN" in done.stderr


def test_help_is_chinese_and_names_every_option() -> None:
    done = run_server("--help")
    assert done.returncode == 0
    assert done.stdout.startswith("用法：")
    for option in ("--puppet", "--port", "--host", "--tls", "--memory", "--control"):
        assert option in done.stdout


def test_a_gateway_that_cannot_start_says_why() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        gateway = NodeGateway(port=taken.getsockname()[1])
        with pytest.raises(GatewayFailed, match="已经有别的程序在用"):
            gateway.start()


def test_ends_with_its_input_and_by_force() -> None:
    gateway = NodeGateway()
    gateway.start()
    assert gateway.stop() == 0
    port, token = gateway.port, gateway.token
    gateway.start()
    assert (gateway.port, gateway.token) == (port, token)
    gateway.kill()
    with pytest.raises(GatewayFailed, match="not running"):
        gateway.call("ping")


def test_the_lock_holds_checksums_and_no_addresses() -> None:
    packages = json.loads((SERVER / "package-lock.json").read_text())["packages"]
    assert len(packages) > 100
    for name, entry in packages.items():
        assert "resolved" not in entry, name
        assert not name or "integrity" in entry, name


def test_versions_are_pinned() -> None:
    package = json.loads((SERVER / "package.json").read_text())
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in package["dependencies"].values())
    assert package["dependencies"]["wechaty-puppet-service"] == "1.19.9"
    assert package["dependencies"]["wechaty-puppet-mock"] == "1.19.4"


def test_files_stay_readable() -> None:
    for file in SERVER.glob("*.mjs"):
        assert len(file.read_text(encoding="utf-8").splitlines()) < 200, file.name


def test_a_bot_that_comes_and_goes_does_not_log_the_account_out() -> None:
    """python-wechaty calls `stop` at each connect; some puppets log out of WeChat on that."""

    async def come_and_go(port: int, token: str) -> None:
        for _ in range(2):
            client = Client(port, token)
            assert await client.next(EventType.EVENT_TYPE_LOGIN) == {"contactId": "bot"}
            await client.stub.stop()
            assert await asyncio.wait_for(client.ended, SECONDS) is None
            await client.stub.start()
            await client.close()

    process = start_for_people()
    assert process.stdout is not None
    try:
        lines = [process.stdout.readline() for _ in range(4)]
        port = int(lines[1].rsplit(":", 1)[1])
        asyncio.run(come_and_go(port, lines[2].rsplit("=", 1)[1].strip()))
        process.send_signal(signal.SIGTERM)
        rest = process.communicate(timeout=SECONDS)[0]
    finally:
        process.kill()
    assert (rest, process.returncode) == ("", 0)
