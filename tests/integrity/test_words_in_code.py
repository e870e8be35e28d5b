"""Chinese that is said stands in messages.yaml; Chinese that is understood stands in named constants."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.integrity.source import CLONE, Source, sources

HAN = re.compile("[\u3400-\u9fff]")
FOR_PEOPLE = {"Field", "ConfigDict", "Plugin", "command"}
"""Declarations that hold titles, descriptions, command words and examples."""

FOR_UNDERSTANDING = {"removeprefix", "removesuffix", "startswith", "endswith", "partition", "split", "count"}
"""Calls that look for words in what people wrote."""

ALLOWED = {
    "bot/words.py": "numbers, times and lists of names as people say them",
    "bot/analysis/chinese_dates/each.py": "the words in which people say when",
    "bot/analysis/chinese_dates/limits.py": "the words in which people say when",
    "bot/analysis/chinese_dates/named.py": "the words in which people say when",
    "bot/analysis/chinese_dates/near.py": "the words in which people say when",
    "bot/analysis/chinese_dates/reading.py": "the words in which people say when",
    "bot/analysis/chinese_dates/spans.py": "the words in which people say when",
    "bot/gateway/simulated.py": "群星",
    "bot/gateway/simulated_answers.py": "群星",
    "bot/gateway/simulated_world.py": "群星",
}
"""Files that may hold Chinese elsewhere, and what for."""


def spoken(source: Source) -> list[str]:
    """The Chinese literals of a file that might be said to somebody."""
    fine = set(source.remarks)
    for called, call in source.calls():
        if called in FOR_PEOPLE | FOR_UNDERSTANDING:
            fine |= {id(node) for node in ast.walk(call)}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Compare) or (
            isinstance(node, ast.Assign | ast.AnnAssign) and is_constant(node)
        ):
            fine |= {id(inside) for inside in ast.walk(node)}
    return [
        f"{source.name}:{node.lineno}: {node.value!r}"
        for node in source.strings()
        if id(node) not in fine and HAN.search(str(node.value))
    ]


def is_constant(node: ast.Assign | ast.AnnAssign) -> bool:
    """`WORDS = …` or `_WORDS = …`."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return isinstance(target, ast.Name) and target.id.lstrip("_").isupper()


def unexcused(source: Source) -> list[str]:
    """What remains when the allowed is taken away."""
    excuse = ALLOWED.get(source.name)
    if excuse is None or len(excuse) > 10:
        return [] if excuse else spoken(source)
    return [one for one in spoken(source) if not one.endswith(repr(excuse))]


def test_nothing_is_said_past_the_texts() -> None:
    assert [one for source in sources("bot", "plugins") for one in unexcused(source)] == []


def test_what_is_allowed_is_needed() -> None:
    needed = {source.name for source in sources("bot", "plugins") if spoken(source)}
    assert set(ALLOWED) <= needed


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ('def f(ctx):\n    """中文"""\n    ctx.say_text("你好")', True),
        ('def f(ctx):\n    """中文说明"""\n    return 1', False),
        ('WORDS = ("好", "行")', False),
        ('words = ("好", "行")', True),
        ('x = Field(description="几点")', False),
        ('@plugin.command("上茶", example=("上茶", "请"))\ndef f(ctx): pass', False),
        ('if word == "好": pass', False),
        ('raise ValueError(f"{x} 不行")', True),
    ],
)
def test_words_would_be_seen(code: str, said: bool) -> None:
    source = Source(CLONE / Path("bot/wrong.py"), code, ast.parse(code))
    assert bool(spoken(source)) is said
