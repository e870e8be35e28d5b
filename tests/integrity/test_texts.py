"""What the bot says: every sentence that the code names is there, none is left over, and each call fits."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

import pytest

from bot.host import find_plugins
from bot.messages import CORE, Texts
from bot.plugin import Plugin
from bot.text_page import GROUP_LINES, SCREEN_LINES, screen_lines
from tests.integrity.source import CLONE, Source, read_source, sources

DEMO = "demo"
PLUGINS = find_plugins()[0]
TEXTS = Texts([*PLUGINS, Plugin(DEMO, title="演示", folder=CLONE / "bot" / DEMO)])
OWNERS = [CORE, DEMO, *(plugin.name for plugin in PLUGINS)]

FROM_OUTSIDE = {
    "expected.string_pattern_mismatch": "pydantic's own name for a pattern that does not fit",
    "event.": "the kinds of lines in a story of the demo",
    "act.": "what the bot does in a story of the demo",
}
"""Beginnings of keys that no code of ours names, and who does."""

CONTEXTS = {"ctx", "there", "here"}
KEY_OF_CONTEXT = {"say": 0, "tell": 1, "tell_owners": 0, "reply": 0, "text": 0}
ERRORS = {"QunxingError", "ConfigError", "StorageError", "StorageFull", "StorageBroken"}
"""Where the key stands in the calls that take one."""

NO_PLACEHOLDERS = {"urgency", "mention", "reason", "merge", "not_before", "keep_for", "fallback"}
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
STRAY = re.compile(r"(?<=\S)  +|[ \t]+$| [，。！？：；、」』）》]|[，。！？：；、「『（《] ", re.MULTILINE)
WITH_SPACES = {"expected.list", "to", "paper.aside"}
"""Texts that quote a space, or stand before something."""


TELLING = 3
"""An f-string with fewer letters of its own means no key in particular."""

Wrappers = Mapping[str, tuple[str, int, bool]]
"""Functions that say a text: how its key begins, where the rest stands, whether they add no values."""


@dataclass(frozen=True)
class Use:
    """A call that names a text: where, which, and the names of the values it gives (None: not visible)."""

    where: str
    key: str
    given: frozenset[str] | None


def code_of(owner: str) -> tuple[Source, ...]:
    if owner == CORE:
        return tuple(source for source in sources("bot") if not source.name.startswith("bot/demo/"))
    return sources("bot/demo" if owner == DEMO else f"plugins/{owner}")


# Is every text meant by something?


def templates(owner: str) -> Iterator[str]:
    """The f-strings of the owner's code as regular expressions: `kind_{name}` is `kind_.+`."""
    for source in code_of(owner):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
                yield "".join(".+" if part is None else re.escape(str(part)) for part in parts)


def unused(owner: str) -> list[str]:
    """The keys that nothing in the code can mean.

    `cli.run_help` is meant by "cli.run_help", and by `cli.{name}` together with "run_help" or `run_{what}`.
    """
    said = {str(node.value) for source in code_of(owner) for node in source.strings()}
    made = {one for one in templates(owner) if len(one.replace(".+", "").replace("\\", "")) >= TELLING}
    prefixes = {pattern.removesuffix(".+").replace("\\", "") for pattern in made if pattern.endswith("\\..+")}
    others = [re.compile(pattern) for pattern in made if not pattern.endswith("\\..+")]

    def is_meant(key: str) -> bool:
        rests = [key, *(key.removeprefix(prefix) for prefix in prefixes if key.startswith(prefix))]
        return any(rest in said or any(other.fullmatch(rest) for other in others) for rest in rests)

    return [key for key in TEXTS.keys(owner) if not key.startswith(tuple(FROM_OUTSIDE)) and not is_meant(key)]


# Is every text that is named there, and given what it wants?


def wrappers(source: Source) -> Wrappers:
    """The functions of a file, or imported into it, that say a text by (the end of) its key."""
    found = dict(own_wrappers(source))
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bot."):
            file = CLONE / f"{(node.module or '').replace('.', '/')}.py"
            theirs = own_wrappers(read_source(file)) if file.exists() else {}
            found |= {one.name: theirs[one.name] for one in node.names if one.name in theirs}
    return found


def own_wrappers(source: Source) -> Wrappers:
    found = {}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args if argument.arg != "self"]
            for called, call in Source(source.path, "", ast.Module([node], [])).calls():
                at = 1 if called == "render" else KEY_OF_CONTEXT.get(called, len(call.args))
                prefix, rest = wrapped_key(call.args[at]) if at < len(call.args) else ("", "")
                if rest in names:
                    found[node.name] = (
                        prefix,
                        names.index(rest),
                        all(word.arg is None for word in call.keywords),
                    )
    return found


def wrapped_key(node: ast.expr) -> tuple[str, str]:
    """("cli.", "name") for `f"cli.{name}"`, ("", "name") for `name`."""
    if isinstance(node, ast.Name):
        return "", node.id
    if isinstance(node, ast.JoinedStr) and len(node.values) == 2:
        prefix, rest = node.values
        if isinstance(prefix, ast.Constant) and isinstance(rest, ast.FormattedValue):
            return str(prefix.value), rest.value.id if isinstance(rest.value, ast.Name) else ""
    return "", ""


def uses(source: Source) -> Iterator[Use]:
    """The calls in a file that name a text."""
    ours = wrappers(source)
    for called, call in source.calls():
        base = call.func.value if isinstance(call.func, ast.Attribute) else None
        is_of_context = isinstance(base, ast.Name) and base.id in CONTEXTS
        prefix, position, adds_nothing = "", -1, True
        if is_of_context and called in KEY_OF_CONTEXT:
            position = KEY_OF_CONTEXT[called]
        elif called in ERRORS:
            position = 0
        elif called == "render" and len(call.args) > 1 and isinstance(call.args[0], ast.Name):
            position = 1
        elif called in ours and (base is None or (isinstance(base, ast.Name) and base.id == "self")):
            prefix, position, adds_nothing = ours[called]
        if not 0 <= position < len(call.args):
            continue
        given = frozenset(word.arg for word in call.keywords if word.arg)
        if is_of_context:
            given -= NO_PLACEHOLDERS
        if called == "say" and any(word.arg == "mention" for word in call.keywords):
            given |= {"people"}
        is_visible = adds_nothing and all(word.arg for word in call.keywords)
        for key in constants(call.args[position]):
            yield Use(f"{source.name}:{call.lineno}", prefix + key, given if is_visible else None)


def constants(node: ast.expr) -> Iterator[str]:
    """`"a"` and both of `"a" if … else "b"`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)


def mistakes(owner: str, source: Source) -> list[str]:
    """Calls in a file that name a text which is not there, or do not give what it wants."""
    found = []
    for use in uses(source):
        holder = next((one for one in (owner, CORE) if TEXTS.has(one, use.key)), None)
        if holder is None:
            found.append(f"{use.where}: no text {use.key!r}")
        elif use.given is not None and use.given != TEXTS.placeholders(holder, use.key):
            wanted = sorted(TEXTS.placeholders(holder, use.key))
            found.append(f"{use.where}: {use.key} wants {wanted}, given are {sorted(use.given)}")
    return found


@pytest.mark.parametrize("owner", OWNERS)
def test_no_text_is_left_over(owner: str) -> None:
    assert unused(owner) == []


@pytest.mark.parametrize("owner", OWNERS)
def test_every_text_that_is_named_is_there_and_gets_what_it_wants(owner: str) -> None:
    assert [one for source in code_of(owner) for one in mistakes(owner, source)] == []


@pytest.mark.parametrize("owner", OWNERS)
def test_no_space_is_where_none_belongs(owner: str) -> None:
    keys = [key for key in TEXTS.keys(owner) if key not in WITH_SPACES]
    assert [key for key in keys for text in TEXTS.variants(owner, key) if STRAY.search(text)] == []


@pytest.mark.parametrize("owner", OWNERS)
def test_the_variants_of_a_text_use_the_same_values(owner: str) -> None:
    uneven = [
        key
        for key in TEXTS.keys(owner)
        for text in TEXTS.variants(owner, key)
        if set(Template(text).get_identifiers()) != TEXTS.placeholders(owner, key)
    ]
    assert uneven == []


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ('ctx.reply("no_such_text")', "no text"),
        ('ctx.reply("command_failed")', "wants ['number']"),
        ('ctx.reply("command_failed", number=1, more=2)', "given are ['more', 'number']"),
        ('raise QunxingError("no_room_yett")', "no text"),
        ('texts.render(CORE, "pair.code", None, code=1)', "wants ['bot', 'code']"),
        (
            'def said(name):\n  texts.render(CORE, f"cli.{name}", None)\nsaid("no_such_help")',
            "no text 'cli.no",
        ),
        ('ctx.reply("command_failed" if x else "no_room_yet")', "wants ['number']"),
        ('ctx.reply("command_failed", **values)', ""),
        ('ctx.reply("no_room_yet")', ""),
        ('ctx.tell(member, "no_room_yet", urgency="answer")', ""),
    ],
)
def test_a_wrong_call_is_seen(tmp_path: Path, code: str, wrong: str) -> None:
    source = Source(CLONE / "bot" / "wrong.py", code, ast.parse(code))
    found = mistakes(CORE, source)
    assert len(found) == bool(wrong) and all(wrong in one for one in found)


def test_the_house_names_its_texts_where_it_can_be_seen() -> None:
    assert sum(len(list(uses(source))) for source in sources("bot", "plugins")) > 300


# Does it fit on a phone?

NOT_IN_A_CHAT = ("cli.", "docs.", "expected.", "import.", "config.", "play_", "paper.")
"""Beginnings of keys that are read on a terminal or a page."""


def test_nothing_that_is_said_is_longer_than_a_phone_screen() -> None:
    long = [
        f"{owner}.{key}: {lines} lines"
        for owner in OWNERS
        if owner != DEMO
        for key in TEXTS.keys(owner)
        if not key.startswith(NOT_IN_A_CHAT)
        for text in TEXTS.variants(owner, key)
        if (lines := screen_lines(text)) > SCREEN_LINES
    ]
    assert long == []


def test_what_has_several_wordings_is_said_in_a_group_and_fits_half_a_screen() -> None:
    long = [
        f"{owner}.{key}: {lines} lines"
        for owner in OWNERS
        for key in TEXTS.keys(owner)
        if len(variants := TEXTS.variants(owner, key)) > 1
        if (lines := max(map(screen_lines, variants))) > GROUP_LINES
    ]
    assert long == []


@pytest.mark.parametrize(
    "story", sorted((CLONE / "tests/flows/golden").glob("*.txt")), ids=lambda one: one.stem
)
def test_nothing_that_was_said_in_a_told_group_fills_a_screen(story: Path) -> None:
    said = re.findall(
        r"^\d\d:\d\d ★小群星：(.*(?:\n {6}.*|\n(?=\n {6}))*)", story.read_text("utf-8"), re.MULTILINE
    )
    assert said
    assert [text for text in said if screen_lines(text.replace("\n      ", "\n")) > SCREEN_LINES] == []


def test_a_long_text_would_be_seen() -> None:
    assert screen_lines("字" * 17) == 1 and screen_lines("字" * 18) == 2 and screen_lines("ab" * 17) == 1
    assert screen_lines("$name 好\n\n再见") == 3
    assert screen_lines("行\n" * SCREEN_LINES) > SCREEN_LINES
