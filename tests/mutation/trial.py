"""One mutant on trial: a process of its own in which the tests meet the changed module."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import NoReturn

import pytest

from tests.mutation.targets import ROOT

OURS = ("bot", "plugins", "migrations", "tests")
STAYS = ("tests.mutation", "bot.gateway.shim")
LONGEST_SECONDS = 120.0
"""However busy the machine is; a mutant that only waits for ever is caught by this."""

SURVIVED, KILLED, ENDLESS = "survived", "killed", "endless"


class _Loader(importlib.abc.InspectLoader):
    def __init__(self, source: str, file: Path) -> None:
        self._source, self._file = source, file

    def get_source(self, fullname: str) -> str:
        return self._source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source, str(self._file), "exec")


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the changed module before anybody finds the right one."""

    def __init__(self, name: str, loader: _Loader) -> None:
        self._name, self._loader = name, loader

    def find_spec(
        self, fullname: str, path: object, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec of our module only."""
        return importlib.util.spec_from_loader(fullname, self._loader) if fullname == self._name else None


def load_libraries(tests: Sequence[str]) -> None:
    """Import all that the tests need, and drop what is ours again: each trial then starts within a moment."""
    with _Silence():
        pytest.main(["-q", "--collect-only", "-p", "no:cacheprovider", *tests])
    for name in list(sys.modules):
        if name.split(".")[0] in OURS and not name.startswith(STAYS) and name not in ("tests", "bot"):
            del sys.modules[name]


def begin(file: str, source: str | None, tests: Sequence[str], cpu_seconds: int, scratch: Path) -> int:
    """Fork a trial; its process id. Without a source the module is as it is."""
    process = os.fork()
    if process == 0:
        _try(file, source, tests, cpu_seconds, scratch)
    return process


def _try(file: str, source: str | None, tests: Sequence[str], cpu_seconds: int, scratch: Path) -> NoReturn:
    code = 3
    try:
        os.setpgid(0, 0)
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
        if source is not None:
            name = file.removesuffix(".py").replace("/", ".")
            sys.meta_path.insert(0, _Finder(name, _Loader(source, ROOT / file)))
        with _Silence():
            code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", f"--basetemp={scratch}", *tests]))
    finally:
        os._exit(code)


def wait_for_any(begun: dict[int, float]) -> tuple[int, str]:
    """The first trial to end, and how. `begun`: process ids and when they were started."""
    while True:
        process, status = os.waitpid(-1, os.WNOHANG)
        if process in begun:
            return process, _verdict(status)
        for one, start in begun.items():
            if time.monotonic() - start > LONGEST_SECONDS:
                os.killpg(one, signal.SIGKILL)
                os.waitpid(one, 0)
                return one, ENDLESS
        time.sleep(0.02)


def _verdict(status: int) -> str:
    if os.WIFSIGNALED(status):
        return ENDLESS if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL) else KILLED
    code = os.WEXITSTATUS(status)
    if code in (4, 5):
        raise RuntimeError(f"pytest did not run: {code}")
    return SURVIVED if code == 0 else KILLED


class _Silence:
    """What tests print about mutants is of no interest."""

    def __enter__(self) -> None:
        sys.stdout.flush()
        self._kept = [os.dup(1), os.dup(2)]
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)

    def __exit__(self, *_: object) -> None:
        sys.stdout.flush()
        for number, kept in enumerate(self._kept, start=1):
            os.dup2(kept, number)
