"""The code as these tests read it: files, what is said about them, and what stands in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CLONE = Path(__file__).parents[2]
CODE = ("bot", "plugins", "migrations")


@dataclass(frozen=True)
class Source:
    """One file of ours, read and parsed."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """`bot/app.py`."""
        return self.path.relative_to(CLONE).as_posix()

    @property
    def remarks(self) -> frozenset[int]:
        """Which constants are docstrings or stand alone: said to whoever reads the code."""
        alone = (node.value for node in ast.walk(self.tree) if isinstance(node, ast.Expr))
        return frozenset(id(value) for value in alone if isinstance(value, ast.Constant))

    def strings(self) -> Iterator[ast.Constant]:
        """Every text in the code that is no remark."""
        remarks = self.remarks
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in remarks:
                yield node

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Every call, with the last part of what is called: `reply` for `ctx.reply(…)`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                called = node.func
                yield (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")), node


@cache
def read_source(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path, text, ast.parse(text, path.name))


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """Our Python files in these folders of the clone."""
    files = (path for folder in folders for path in sorted((CLONE / folder).rglob("*.py")))
    return tuple(read_source(path) for path in files if "node_modules" not in path.parts)
