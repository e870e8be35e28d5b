"""Who may know whom. The contracts stand in pyproject.toml under [tool.importlinter]."""

from __future__ import annotations

import ast
import logging
import tomllib
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from tests.integrity.source import CLONE, Source, sources

CONTRACTS = tomllib.loads((CLONE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
    "contracts"
]
NOT_FOR_ANALYSIS = (
    "bot.storage",
    "bot.gateway",
    "bot.context",
    "bot.plugin",
    "sqlalchemy",
    "random",
    "asyncio",
)


def test_the_contracts_are_kept(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(CLONE)
    before = logging.getLogger().level
    broken = lint_imports(config_filename="pyproject.toml", no_cache=True, no_logo=True)
    logging.getLogger().setLevel(before)
    for one in logging.Logger.manager.loggerDict.values():  # it silences every logger that it finds
        if isinstance(one, logging.Logger):
            one.disabled = False
    said = capsys.readouterr().out
    assert not broken, said
    assert f"{len(CONTRACTS)} kept" in said


def imported(source: Source) -> set[str]:
    """What a file imports, by the name that stands there."""
    found = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            found |= {f"{node.module}.{one.name}" for one in node.names}
    return found


def impure(source: Source) -> set[str]:
    """What somebody who only thinks has no business with."""
    return {name for name in imported(source) if name.startswith(NOT_FOR_ANALYSIS)}


def test_analysis_and_the_logic_of_plugins_only_think() -> None:
    logic = [source for source in sources("plugins") if source.path.name == "logic.py"]
    found = {source.name: impure(source) for source in (*sources("bot/analysis"), *logic)}
    assert logic and {name: wrong for name, wrong in found.items() if wrong} == {}


def test_impurity_would_be_seen() -> None:
    code = "import random\nfrom bot.storage.history import History\nfrom bot.words import plain\n"
    assert impure(Source(Path("x.py"), code, ast.parse(code))) == {"random", "bot.storage.history.History"}
