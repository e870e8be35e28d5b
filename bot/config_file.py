"""config.yaml as it stands: its values, the line of each, and what is wrong with its writing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

Location = tuple[str | int, ...]

_DEEPEST = 20  # an alias that contains itself would go on for ever


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: the text that says it, and its line (0: the file as a whole)."""

    line: int
    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Document:
    """A YAML file that has been read. Keys are always text: a room may be called 2024."""

    tree: dict[str, Any] = field(default_factory=dict)
    lines: dict[Location, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line_of(self, location: Location) -> int:
        """The line of a value, or of the nearest thing around it that is written down; 0 if there is none."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 0)


def read_document(path: Path) -> Document:
    """Read a file; what is wrong with it stands in `problems`, never raised."""
    document = Document()
    text = _decoded(path, document.problems)
    if text is None:
        return document
    yaml = YAML(typ="safe", pure=True)
    try:
        root = yaml.compose(text)
        tree = {} if root is None else _walked(root, (), document, yaml)
    except YAMLError as error:
        document.problems.append(_syntax_problem(error, text))
        return document
    except Exception:  # what the reader itself stumbles over: a thousand brackets, "%YAML 9.9"
        document.problems.append(Problem(_directive_line(text), "config.syntax"))
        return document
    if isinstance(tree, dict):
        document.tree = tree
    elif tree is not None:
        document.problems.append(_not_mapping(text))
    return document


def _decoded(path: Path, problems: list[Problem]) -> str | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        problems.append(Problem(0, "config.missing"))
        return None
    except OSError as error:
        problems.append(Problem(0, "config.unreadable", {"detail": error.strerror or "?"}))
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        problems.append(Problem(0, "config.encoding", {"encoding": _likely_encoding(content)}))
        return None


def _likely_encoding(content: bytes) -> str:
    """The encodings in which Chinese Windows editors save."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return "?"
    return "GB18030 (GBK)"


def _walked(node: Node, location: Location, document: Document, yaml: Any) -> Any:
    """The node's value; lines and doubled keys are noted on the way."""
    if len(location) > _DEEPEST:
        return None
    if isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            document.lines[(*location, index)] = item.start_mark.line + 1
        return [_walked(item, (*location, i), document, yaml) for i, item in enumerate(node.value)]
    if not isinstance(node, MappingNode):
        return yaml.constructor.construct_object(node, deep=True)
    tree: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in tree:
            document.problems.append(Problem(line, "config.duplicate", {"name": key}))
        document.lines[(*location, key)] = line
        tree[key] = _walked(value_node, (*location, key), document, yaml)
    return tree


def _directive_line(text: str) -> int:
    """The line of the first directive, which nobody needs in such a file; else the first."""
    return next((number for number, line in enumerate(text.split("\n"), 1) if line.startswith("%")), 1)


def _syntax_problem(error: YAMLError, text: str) -> Problem:
    """The likeliest cause of a syntax error, in words that a person who never heard of YAML can use."""
    mark = getattr(error, "problem_mark", None) if isinstance(error, MarkedYAMLError) else None
    line = mark.line + 1 if mark is not None else text.count("\n", 0, getattr(error, "position", 0) or 0) + 1
    lines = text.split("\n")
    line = min(line, len(lines))
    # The parser often notices only at the next line what went wrong in the one before.
    for candidate in (line, line - 1):
        written = lines[candidate - 1].split("#")[0] if candidate >= 1 else ""
        indent = written[: len(written) - len(written.lstrip())]
        if "\t" in indent:
            return Problem(candidate, "config.tab")
        if _full_width_colon(written):
            return Problem(candidate, "config.full_width_colon")
    return Problem(line, "config.syntax")


def _not_mapping(text: str) -> Problem:
    for number, written in enumerate(text.split("\n"), start=1):
        if _full_width_colon(written.split("#")[0]):
            return Problem(number, "config.full_width_colon")
    return Problem(1, "config.not_mapping")


def _full_width_colon(written: str) -> bool:
    """Whether a Chinese colon stands where the YAML colon should be."""
    return "：" in written and ": " not in written and not written.rstrip().endswith(":")
