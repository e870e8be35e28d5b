"""Small mistakes, made one at a time in a module: what a careful reader would call a bug."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Change = Callable[[ast.AST], ast.AST]

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
REVERSED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt,
}  # fmt: skip
RECKONED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
# What these say is for people who read logs and code; and a declaration of types is checked by mypy.
UNTOUCHED_CALLS = ("log.", "cast(", "field(")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed module: where, what was done, and the whole of it."""

    line: int
    what: str
    source: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}"


def mutants_of(source: str) -> list[Mutant]:
    """Every mutant of a module, from top to bottom."""
    tree = ast.parse(source)
    places = {id(node): number for number, node in enumerate(ast.walk(tree))}
    found = []
    for node in _touched(tree):
        for what, change in _changes(node):
            twin = copy.deepcopy(tree)
            target = next(one for number, one in enumerate(ast.walk(twin)) if number == places[id(node)])
            changed = ast.unparse(ast.fix_missing_locations(_Put(target, change(target)).visit(twin)))
            found.append(Mutant(getattr(node, "lineno", 0), f"{what}: {_short(node)}", changed))
    return sorted(found, key=lambda one: one.line)


def _touched(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that do something: no annotations, decorators, imports, docstrings, log lines."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_still(child):
                yield child
                yield from _touched(child)


def _is_still(node: ast.AST) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.Assign) and ast.unparse(node).startswith(("log = ", "__all__", "Pairing = ")):
        return True
    call = node.value if isinstance(node, ast.Expr) else node
    return isinstance(call, ast.Call) and ast.unparse(call.func).startswith(UNTOUCHED_CALLS[0])


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.Compare):
        for table in (COMPARED, REVERSED):
            if type(node.ops[0]) in table:
                yield "compares otherwise", lambda one, table=table: _with(one, ops=_first(one.ops, table))  # type: ignore[misc]
    elif isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "and/or", lambda one: _with(one, op=other)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not dropped", lambda one: one.operand  # type: ignore[attr-defined]
    elif isinstance(node, ast.BinOp) and type(node.op) in RECKONED:
        yield "reckons otherwise", lambda one: _with(one, op=RECKONED[type(one.op)]())  # type: ignore[attr-defined]
    elif isinstance(node, ast.If | ast.IfExp | ast.While) and not isinstance(node.test, ast.Compare):
        yield "condition turned", lambda one: _with(one, test=ast.UnaryOp(ast.Not(), one.test))  # type: ignore[attr-defined]
    elif isinstance(node, ast.Constant):
        yield from _other_constants(node)
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "returns nothing", lambda one: _with(one, value=ast.Constant(None))
    elif _is_deed(node):
        yield "left out", lambda one: ast.Pass()


def _is_deed(node: ast.AST) -> bool:
    """A statement that can be left out without anybody missing a name."""
    if isinstance(node, ast.Assign):
        return not isinstance(node.targets[0], ast.Name | ast.Tuple)
    return isinstance(node, ast.Expr | ast.AugAssign | ast.Delete | ast.Break | ast.Continue)


def _other_constants(node: ast.Constant) -> Iterator[tuple[str, Change]]:
    value = node.value
    if isinstance(value, bool):
        yield "the opposite", lambda one: ast.Constant(not value)
    elif isinstance(value, int | float):
        yield "one more", lambda one: ast.Constant(value + 1)
    elif isinstance(value, str) and value:
        yield "another text", lambda one: ast.Constant(value + "X")
    elif isinstance(value, str):
        yield "another text", lambda one: ast.Constant("X")


def _first(ops: list[ast.cmpop], table: dict[type[ast.cmpop], type[ast.cmpop]]) -> list[ast.cmpop]:
    return [table[type(ops[0])](), *ops[1:]]


def _with(node: ast.AST, **fields: object) -> ast.AST:
    for name, value in fields.items():
        setattr(node, name, value)
    return node


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) < 90 else text[:87] + "…"


class _Put(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        """The new one for the old one, all else as it was."""
        return self._new if node is self._old else super().generic_visit(node)
