"""wechaty imports on this interpreter with today's packages, quietly and without leaving anything behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def python(code: str, folder: Path, **variables: str) -> str:
    """Run `code` in a fresh interpreter inside `folder`; what it wrote to both streams."""
    environment = {name: value for name, value in os.environ.items() if name != "CACHE_DIR"}
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"} | variables
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout + found.stderr


def test_wechaty_imports_on_this_python_with_todays_packages(tmp_path: Path) -> None:
    code = "import bot.gateway.shim, wechaty, wechaty_puppet_service; print(wechaty.Wechaty.__name__)"
    assert python(code, tmp_path) == "Wechaty\n"


def test_without_the_shim_wechaty_does_not_import(tmp_path: Path) -> None:
    code = "try:\n    import wechaty\nexcept Exception as error:\n    print(type(error).__name__)"
    error = python(code, tmp_path, CACHE_DIR=str(tmp_path)).split()[-1]
    assert error in {"ImportError", "ModuleNotFoundError", "ValueError"}


def test_importing_creates_nothing_in_the_working_directory(tmp_path: Path) -> None:
    python("import bot.gateway.shim, wechaty, wechaty_puppet_service", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_behind_when_the_process_ends(tmp_path: Path) -> None:
    temporary, cwd = tmp_path / "temporary", tmp_path / "cwd"
    for folder in (temporary, cwd):
        folder.mkdir()
    code = """
import bot.gateway.shim, os, pathlib, wechaty
folder = pathlib.Path(os.environ["CACHE_DIR"])
(folder / "room_payloads.pkl").write_bytes(b"")
print(folder.parent)
"""
    assert python(code, cwd, TMPDIR=str(temporary)).strip() == str(temporary)
    assert [*temporary.iterdir(), *cwd.iterdir()] == []


def test_the_adapter_alone_writes_nothing_anywhere(tmp_path: Path) -> None:
    python("import bot.gateway.adapter, bot.gateway.service_puppet", tmp_path, TMPDIR=str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_wechatys_files_go_where_they_are_told_to(tmp_path: Path) -> None:
    data, cwd = tmp_path / "data", tmp_path / "cwd"
    cwd.mkdir()
    code = """
import os, pathlib
from bot.gateway import shim
shim.use_folder(pathlib.Path(os.environ["HERE"]))
import wechaty
"""
    python(code, cwd, HERE=str(data))
    assert data.is_dir()
    assert list(cwd.iterdir()) == []


@pytest.mark.parametrize("level", ["verbose", "info", "silly"])
def test_wechatys_loggers_say_nothing_at_any_level(tmp_path: Path, level: str) -> None:
    code = """
import logging
logging.basicConfig(level=0)
import bot.gateway.shim, wechaty
from wechaty_puppet import FileBox, PuppetOptions, get_logger
from wechaty_puppet_service import PuppetService
PuppetService(PuppetOptions(token="secret-token", end_point="127.0.0.1:1"))
FileBox.from_base64(b"", "secret-name.png").to_json_str()
for name in ("Message", "FileBox", "PuppetService", "Wechaty", "a new one"):
    get_logger(name).critical("secret %s", name)
    wechaty.get_logger(name, file="secret.log").critical("secret %s", name)
"""
    variables = {
        "WECHATY_LOG": level,
        "WECHATY_PUPPET_SERVICE_TOKEN": "secret-other",
        "WECHATY_LOG_FILE": "x.log",
    }
    assert "secret" not in python(code, tmp_path, **variables)
    assert list(tmp_path.iterdir()) == []


def test_other_loggers_and_the_environment_stay_as_they_were(tmp_path: Path) -> None:
    code = """
import logging, os, sys
mine = logging.getLogger("mine")
mine.addHandler(logging.StreamHandler(sys.stdout))
mine.propagate = False
import bot.gateway.shim
mine.warning("heard")
print(os.environ.get("WECHATY_LOG"), os.environ["WECHATY_LOG_FILE"])
"""
    assert python(code, tmp_path, WECHATY_LOG_FILE="x.log").split() == ["heard", "None", "x.log"]


def test_nothing_listens_after_the_import(tmp_path: Path) -> None:
    code = """
import bot.gateway.service_puppet, wechaty
import os, socket
def listening(fd):
    try:
        with socket.socket(fileno=os.dup(fd)) as one:
            return one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    except OSError:
        return 0
print(sum(listening(int(fd)) for fd in os.listdir("/proc/self/fd") if fd.isdigit()))
"""
    assert python(code, tmp_path).strip() == "0"
