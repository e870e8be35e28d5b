"""Hostile words in files: the configuration, logs of other programs, and our own log."""

from __future__ import annotations

import csv
import io
import json
import logging
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from ruamel.yaml import YAML
from sqlalchemy import func, select

from bot.config import load_config
from bot.errors import QunxingError
from bot.host import find_plugins
from bot.importing import Import, examine
from bot.logs import LOG_NAME, set_up_logs
from bot.messages import Texts
from bot.storage.engine import open_storage
from bot.storage.migrate import upgrade
from bot.storage.tables import Message
from tests.faults.figures import Report
from tests.faults.virtual_time import START

LOGS_ONE_IN = 5
BREAKING = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
ZONE = ZoneInfo("Asia/Shanghai")


def try_files(folder: Path, words: Sequence[str], report: Report) -> None:
    """Every way in that is a file."""
    folder.mkdir(parents=True, exist_ok=True)
    _configs(folder, words, report)
    _imports(folder, words, report)
    _logs(folder, words, report)


def _configs(folder: Path, words: Sequence[str], report: Report) -> None:
    """As a value, as a name, and as they are: read, or refused in a sentence."""
    plugins, texts, file = find_plugins()[0], Texts(), folder / "config.yaml"
    raised = several_lines = 0
    for number, text in enumerate(words):
        for content in _config_files(text)[number % 3 :: 3]:
            file.write_text(content, encoding="utf-8")
            try:
                load_config(file, plugins, {})
            except QunxingError as error:
                several_lines += not texts.said(error).strip()
            except Exception as error:
                raised += 1
                report.remark(f"config: {type(error).__name__} from {content!r:.200}")
    report.figure("configurations read", len(words))
    report.at_most("configurations that raised", raised)
    report.at_most("refusals without a sentence", several_lines)


def _config_files(text: str) -> tuple[str, ...]:
    written = io.StringIO()
    sound = "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")
    tree = {
        "bot": {"name": sound[:20] or "x"},
        "group": {"theme": sound[:60]},
        "rooms": {sound[:99] or "x": {}},
    }
    YAML(typ="safe", pure=True).dump(tree, written)
    return written.getvalue(), f"group:\n  theme: {text}\n", text


def _imports(folder: Path, words: Sequence[str], report: Report) -> None:
    """In a log as what somebody said and as who said it; and as a whole log."""
    data = folder / "imported"
    upgrade(data)
    storage = open_storage(data)
    raised = 0

    def attempt(name: str, content: str) -> bool:
        file = folder / name
        file.write_text(content, encoding="utf-8", newline="")
        try:
            Import(storage, examine(file, "茶友会", ZONE), "茶友会", START).run()
        except QunxingError:
            return True
        except Exception as error:
            report.remark(f"import of {name}: {type(error).__name__} from {content!r:.200}")
            return False
        return True

    for number in range(0, len(words), 200):
        some = words[number : number + 200]
        raised += not attempt("log.csv", _csv_of(some))
        raised += not attempt("log.json", _chatlab_of(some))
        raised += not attempt("log.txt", _txt_of(some))
    for text in words[::LOGS_ONE_IN]:
        raised += sum(not attempt(f"whole.{ending}", text) for ending in ("txt", "csv", "json", "jsonl"))
    stored = storage.read_now(lambda session: session.scalar(select(func.count(Message.id))))
    report.figure("messages imported", stored or 0)
    storage.close()
    report.at_most("imports that raised", raised)


def _csv_of(words: Sequence[str]) -> str:
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(["time", "sender", "content"])
    for number, text in enumerate(words):
        rows.writerow([f"2026-03-02 10:{number // 60:02d}:{number % 60:02d}", text[:40] or "x", text])
    return written.getvalue()


def _chatlab_of(words: Sequence[str]) -> str:
    members = [{"platformId": f"u{number}", "accountName": text[:40]} for number, text in enumerate(words)]
    messages = [
        {"sender": f"u{n}", "accountName": t[:40], "timestamp": 1772416800 + n, "type": 0, "content": t}
        for n, t in enumerate(words)
    ]
    head = {"version": "0.0.1", "exportedAt": 1772416800, "generator": "x"}
    meta = {"name": "茶友会", "platform": "wechat", "type": "group"}
    return json.dumps({"chatlab": head, "meta": meta, "members": members, "messages": messages})


def _txt_of(words: Sequence[str]) -> str:
    return "".join(
        f"2026-03-02 10:{n // 60:02d}:{n % 60:02d} {text[:40]}\n{text}\n\n" for n, text in enumerate(words)
    )


def _logs(folder: Path, words: Sequence[str], report: Report) -> None:
    """In a log call as a value, as a key's value in a list, and in an exception."""
    terminal, before = io.StringIO(), structlog.get_config()
    set_up_logs(folder, "debug", secrets=["hostile-secret"], stream=terminal)
    log = structlog.get_logger("bot.faults")
    try:
        for text in words:
            log.info("heard", value=text[:2000], many=[text[:100], {text[:50]: text[:50]}])
            try:
                raise ValueError(text)
            except ValueError:
                log.exception("failed", reason=text[:100])
    finally:
        logging.getLogger().setLevel(logging.WARNING)
        structlog.configure(**before)
    files = sorted(folder.glob(f"{LOG_NAME}*"))
    lines = [line for file in files for line in file.read_bytes().decode("utf-8").split("\n") if line]
    report.at_most("log lines that are not one line", abs(len(lines) - 2 * len(words)))
    report.at_most("log lines that are no JSON", sum(not _is_json(line) for line in lines))
    report.at_most("log lines with something unseen", sum(map(_breaks_out, lines)))
    shown = terminal.getvalue().split("\n")
    report.at_most("terminal lines that are not one line", abs(len(shown) - 1 - 2 * len(words)))
    report.at_most("terminal lines with something unseen", sum(map(_breaks_out, shown)))


def _breaks_out(line: str) -> bool:
    """Whether something in it would break the line, move the cursor or turn the direction."""
    return any(unicodedata.category(letter) in BREAKING for letter in line)


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True
