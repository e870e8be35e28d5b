"""The rules that keep the house liveable, read off the files themselves."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integrity.source import CLONE, CODE, Source, sources

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
TEXT_FILES = {".py", ".yaml", ".yml", ".toml", ".md", ".txt", ".mjs", ".json", ".cfg", ".service", ".sh", ""}
MACHINES = re.compile(r"/(?:home|Users)/[a-z]|/root/|(?<![\w.])/work/|(?<![\w.])/tmp/\w")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX)\b")
MACHINES_MEANT = {"tests/integrity", "tests/faults/hostile_strings.py", "tests/unit/core/test_app.py"}
"""Where such paths are written on purpose: as attacks, or to look for them."""


def functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def offences(source: Source) -> Iterator[str]:
    """What a file of the product does against the rules."""
    lines = source.text.count("\n")
    if lines > LONGEST_FILE:
        yield f"{source.name} has {lines} lines"
    for function in functions(source):
        length = (function.end_lineno or 0) - function.lineno + 1
        if length > LONGEST_FUNCTION:
            yield f"{source.name}: {function.name} has {length} lines"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler) and all(isinstance(one, ast.Pass) for one in node.body):
            yield f"{source.name}:{node.lineno} swallows an exception"
    yield from (f"{source.name}: {name} says nothing about itself" for name in undocumented(source.tree))


def undocumented(tree: ast.Module) -> Iterator[str]:
    """Public things without a docstring; what stands inside a function is nobody else's business."""
    if ast.get_docstring(tree) is None:
        yield "the file"
    for node in tree.body:
        yield from _undocumented(node, "")


def _undocumented(node: ast.stmt, owner: str) -> Iterator[str]:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith(
        "_"
    ):
        return
    if ast.get_docstring(node) is None:
        yield f"{owner}{node.name}"
    if isinstance(node, ast.ClassDef):
        for inner in node.body:
            yield from _undocumented(inner, f"{node.name}.")


def files() -> Iterator[Path]:
    """Everything of ours that can be read as text, as git knows it."""
    told = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(told, cwd=CLONE, capture_output=True, text=True, check=True).stdout
    for name in listed.split("\0"):
        path = CLONE / name
        if name and path.suffix in TEXT_FILES and path.is_file():
            yield path


def test_files_and_functions_stay_short_and_say_what_they_are_for() -> None:
    assert [one for source in sources(*CODE) for one in offences(source)] == []


@pytest.mark.parametrize(
    ("code", "offence"),
    [
        ('"""Fine."""\n' * 1 + "x = 1\n" * 301, "has 302 lines"),
        ('"""Fine."""\ndef _long():\n' + "    x = 1\n" * 40, "_long has 41 lines"),
        ('"""Fine."""\ntry:\n    x = 1\nexcept ValueError:\n    pass\n', "swallows"),
        ("x = 1\n", "the file says nothing"),
        ('"""Fine."""\ndef public():\n    return 1\n', "public says nothing"),
        (
            '"""Fine."""\nclass Public:\n    """Fine."""\n    def method(self): ...\n',
            "Public.method says nothing",
        ),
        ('"""Fine."""\nclass _Private:\n    def method(self): ...\n', ""),
        ('"""Fine."""\ndef public():\n    """Fine."""\n    def inside(): ...\n', ""),
    ],
)
def test_an_offence_would_be_seen(code: str, offence: str) -> None:
    found = list(offences(Source(CLONE / "bot" / "wrong.py", code, ast.parse(code))))
    assert len(found) == bool(offence) and all(offence in one for one in found)


def test_nothing_is_left_unfinished() -> None:
    unfinished = [
        f"{path.relative_to(CLONE)}: {line.strip()}"
        for path in files()
        if path.name not in ("test_house_rules.py",)
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
        if UNFINISHED.search(line)
    ]
    assert unfinished == []


def test_no_file_knows_anybodys_machine() -> None:
    found = [
        f"{path.relative_to(CLONE)}: {match[0]}"
        for path in files()
        if not path.relative_to(CLONE).as_posix().startswith(tuple(MACHINES_MEANT))
        for match in MACHINES.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_the_node_packages_are_locked_without_naming_a_registry() -> None:
    lock = CLONE / "bot" / "gateway" / "server" / "package-lock.json"
    assert '"resolved"' not in lock.read_text(encoding="utf-8")
    assert '"integrity"' in lock.read_text(encoding="utf-8")
