"""The pages that people read: tables made from the code, settings that load, sentences that are said."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from bot.cli import app
from bot.commands import CommandBook
from bot.config import load_config
from bot.docs import PAGE_NAME, SHIPPED_CONFIG, Documents, Page
from bot.host import find_plugins
from bot.messages import Texts
from bot.plugin import Where
from tests.eval.__main__ import evaluations
from tests.integrity.pages import CLONE, code_blocks, links, pages_in, prose, slugs, text_of

PLUGINS = find_plugins()[0]
DOCUMENTS = Documents(PLUGINS, Texts(PLUGINS), CLONE)
PAGES = sorted(pages_in(CLONE))
LONGEST_README = 400
SENTENCES = ("Makefile", "bot/messages.yaml", "plugins/owner/messages.yaml")


# Which pages there are


@pytest.mark.parametrize("page", DOCUMENTS.pages(), ids=lambda page: page.path.as_posix())
def test_a_page_is_there_with_its_name_and_fresh_tables(page: Page) -> None:
    assert CLONE / page.path not in DOCUMENTS.stale(), "run: qunxing docs"
    assert text_of(page.path).startswith(f"# {page.plugin.title}\n" if page.plugin else "# ")


def test_every_page_is_reached_from_the_first() -> None:
    reached, waiting = set[str](), [PAGE_NAME]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        there = {target.relative_to(CLONE).as_posix() for target, _ in links(page)} & set(PAGES)
        waiting += there - reached
    assert sorted(reached) == PAGES


def test_the_first_page_can_be_read_in_ten_minutes() -> None:
    assert text_of(PAGE_NAME).count("\n") <= LONGEST_README


def test_the_shipped_config_has_every_setting_at_its_default() -> None:
    changed = subprocess.run(["git", "diff", "--quiet", "HEAD", "--", SHIPPED_CONFIG], cwd=CLONE, check=False)
    if changed.returncode:
        pytest.skip("config.yaml is somebody's own here")
    assert CLONE / SHIPPED_CONFIG not in DOCUMENTS.stale(), "run: qunxing docs --example > config.yaml"


# Whether what they say is so


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files_and_headings(page: str) -> None:
    for target, anchor in links(page):
        assert target.exists(), target
        assert not anchor or anchor in slugs(target.read_text(encoding="utf-8")), f"{target}#{anchor}"


@pytest.mark.parametrize(
    "block", [pytest.param(block, id=page) for page in PAGES for block in code_blocks(page, "yaml")]
)
def test_every_yaml_block_is_a_configuration(block: str, tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(block, encoding="utf-8")
    load_config(file, PLUGINS, {})


@pytest.mark.parametrize("page", PAGES)
def test_what_is_quoted_of_the_demo_is_in_its_transcript(page: str) -> None:
    played = _closed_up(text_of("tests/flows/golden/demo.txt"))
    quoted = [block for block in code_blocks(page, "text") if "★" in block]
    missing = [part for block in quoted for part in block.split("……") if _closed_up(part) not in played]
    assert not missing, "copy it anew from tests/flows/golden/demo.txt"
    assert quoted or page != PAGE_NAME


def _closed_up(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("page", PAGES)
def test_what_is_to_be_run_can_be_run(page: str) -> None:
    run = "\n".join([*code_blocks(page, "bash"), *re.findall(r"`([^`\n]+)`", prose(page))])
    asked = {
        "python -m tests.eval ": set(evaluations()),
        "make ": set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE)),
        "qunxing ": {one.name or getattr(one.callback, "__name__", "") for one in app.registered_commands},
    }
    unknown = [
        f"{before}{word}"
        for before, known in asked.items()
        for word in re.findall(rf"(?:^|[\s/]){before}([a-z][\w-]+)", run, re.MULTILINE)
        if word not in known
    ]
    assert not unknown


@pytest.mark.parametrize(
    ("head", "where"), [("群主私聊说", "private"), ("群友在群里 @它 说", "group")], ids=["owners", "members"]
)
def test_what_the_first_week_says_is_understood(head: str, where: Where) -> None:
    table = text_of(PAGE_NAME).split(f"| {head} | 会怎样 |\n")[1].split("\n\n")[0]
    said = [line for row in table.split("\n")[1:] for line in re.findall(r"`([^`]+)`", row.split("|")[1])]
    book = CommandBook(command for plugin in PLUGINS for command in plugin.commands)
    meant = {line: book.match(line, where, is_owner=where == "private") for line in said}
    assert len(meant) > 9
    assert [
        line for line, match in meant.items() if not match or not match.complete or match.command.hidden
    ] == []


def test_troubles_are_quoted_as_they_are_said() -> None:
    said = "".join(text_of(file) for file in SENTENCES)
    troubles = text_of(PAGE_NAME).split("## 出了问题")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| ", troubles, re.MULTILINE)[2:]
    missing = [part for row in rows for part in re.split(r"\s*…\s*", row) if part not in said]
    assert rows and not missing


@pytest.mark.parametrize("page", PAGES)
def test_no_page_speaks_of_somebodys_machine(page: str) -> None:
    found = re.findall(r"/home/|/root\b|/work/|/tmp/|/Users/|localhost:\d|://(?:10|172|192)\.", text_of(page))
    assert not found
