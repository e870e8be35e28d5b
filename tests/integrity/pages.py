"""Pages in Markdown as these tests read them: what is prose, what is code, where links lead."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

CLONE = Path(__file__).parents[2]
NOT_OURS = {"node_modules", "data", "build", "dist"}

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def pages_in(folder: Path) -> Iterator[str]:
    """Every page below a folder that is ours."""
    for at, folders, files in os.walk(folder):
        folders[:] = [one for one in folders if one not in NOT_OURS and not one.startswith(".")]
        yield from ((Path(at) / one).relative_to(folder).as_posix() for one in files if one.endswith(".md"))


def text_of(page: str | Path) -> str:
    """What stands in a file of the clone."""
    return (CLONE / page).read_text(encoding="utf-8")


def prose(page: str) -> str:
    """A page without its blocks of code."""
    return _FENCED.sub("", text_of(page))


def code_blocks(page: str, language: str) -> list[str]:
    """What stands between ```language and ```."""
    return [found[2] for found in _FENCED.finditer(text_of(page)) if found[1] == language]


def links(page: str) -> Iterator[tuple[Path, str]]:
    """Where a page's links into the clone lead: the file, and the anchor in it if there is one."""
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", prose(page)):
        path, _, anchor = target.partition("#")
        file = (CLONE / page).parent / path if path else CLONE / page
        yield Path(os.path.normpath(file)), anchor


def slugs(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them: letters, digits, - and _; spaces become -."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}
