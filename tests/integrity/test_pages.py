"""The pages that people read: tables made from the code, settings that load, sentences that are said."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from bot.config import load_config
from bot.docs import PAGES, SHIPPED_CONFIG, Documents
from bot.host import find_plugins
from bot.messages import Texts

CLONE = Path(__file__).parents[2]
ALL_PAGES = (*PAGES, "CHANGELOG.md")
README = (CLONE / "README.md").read_text(encoding="utf-8")
SENTENCES = ("Makefile", "bot/messages.yaml", "plugins/owner/messages.yaml")


def documents() -> Documents:
    plugins = find_plugins()[0]
    return Documents(plugins, Texts(plugins), CLONE)


@pytest.mark.parametrize("page", PAGES)
def test_the_generated_parts_are_fresh(page: str) -> None:
    assert CLONE / page not in documents().stale(), "run: qunxing docs"


def test_the_shipped_config_has_every_setting_at_its_default() -> None:
    changed = subprocess.run(["git", "diff", "--quiet", "HEAD", "--", SHIPPED_CONFIG], cwd=CLONE, check=False)
    if changed.returncode:
        pytest.skip("config.yaml is somebody's own here")
    assert CLONE / SHIPPED_CONFIG not in documents().stale(), "run: qunxing docs --example > config.yaml"


@pytest.mark.parametrize("block", re.findall(r"```yaml\n(.*?)```", README, re.DOTALL))
def test_every_yaml_block_is_a_configuration(block: str, tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(block, encoding="utf-8")
    load_config(file, find_plugins()[0], {})


def test_what_is_quoted_of_the_demo_is_in_its_transcript() -> None:
    quoted = README.split("## 看一眼")[1].split("```text\n")[1].split("```")[0]
    played = (CLONE / "tests/flows/golden/demo.txt").read_text(encoding="utf-8")
    missing = [part for part in quoted.split("……") if _closed_up(part) not in _closed_up(played)]
    assert not missing


def _closed_up(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("page", ALL_PAGES)
def test_links_lead_to_files_and_headings(page: str) -> None:
    text = (CLONE / page).read_text(encoding="utf-8")
    headings = {line.lstrip("# ") for line in text.split("\n") if line.startswith("#")}
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text):
        assert target.removeprefix("#") in headings if target.startswith("#") else (CLONE / target).exists()


def test_troubles_are_quoted_as_they_are_said() -> None:
    said = "".join((CLONE / file).read_text(encoding="utf-8") for file in SENTENCES)
    rows = re.findall(r"^\| (.+?) \| ", README.split("## 出了问题")[1].split("\n## ")[0], re.MULTILINE)[2:]
    missing = [part for row in rows for part in re.split(r"\s*…\s*", row) if part not in said]
    assert rows and not missing


@pytest.mark.parametrize("page", ALL_PAGES)
def test_no_page_speaks_of_somebodys_machine(page: str) -> None:
    text = (CLONE / page).read_text(encoding="utf-8")
    assert not re.findall(r"/home/|/root\b|/work/|/tmp/|/Users/|localhost:\d|://(?:10|172|192)\.", text)
