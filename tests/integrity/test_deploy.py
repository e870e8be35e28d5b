"""The files that people install the bot with: they start our command, as nobody special, without a door."""

from __future__ import annotations

import configparser
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


def unit(name: str) -> configparser.ConfigParser:
    """A unit of systemd."""
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's names have capitals
    read.read(DEPLOY / name, encoding="utf-8")
    return read


def services() -> dict[str, Any]:
    """What the compose file starts."""
    found: dict[str, Any] = YAML(typ="safe").load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return dict(found["services"])


@pytest.mark.parametrize("name", ["qunxing.service", "qunxing-gateway.service"])
def test_a_unit_comes_back_and_may_do_little(name: str) -> None:
    service = unit(name)["Service"]
    assert service["Restart"] == "always" and service["User"] == "qunxing"
    assert service["UMask"] == "0077" and service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "true"


def test_the_unit_runs_the_bot() -> None:
    assert unit("qunxing.service")["Service"]["ExecStart"].startswith("/opt/qunxing/.venv/bin/qunxing run")


def test_the_gateway_stands_beside_the_bot_and_neither_opens_a_port() -> None:
    found = services()
    assert set(found) == {"gateway", "bot"}
    assert not [name for name, one in found.items() if "ports" in one]
    assert found["bot"]["environment"]["WECHATY_PUPPET_SERVICE_ENDPOINT"] == "gateway:18788"
    assert all(one["cap_drop"] == ["ALL"] and one["read_only"] for one in found.values())


@pytest.mark.parametrize("file", [ROOT / "Dockerfile", DEPLOY / "gateway.Dockerfile"])
def test_an_image_runs_as_nobody_special_and_exposes_nothing(file: Path) -> None:
    words = [line.split() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    users = [line[1] for line in words if line[0] == "USER"]
    assert users and users[-1] not in ("root", "0")
    assert not [line for line in words if line[0] == "EXPOSE"]
