"""`qunxing import`: examine, store, and tell what was found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bot.bars import bar
from bot.clock import SystemClock
from bot.importing.formats import format_named
from bot.importing.importer import Import, Log, examine
from bot.importing.report import Outcome, Report, told
from bot.messages import CORE, Texts
from bot.opening import opened, read_config
from bot.relinking import relink


def import_file(
    config: Path,
    file: Path,
    room: str,
    log_format: str,
    *,
    dry_run: bool,
    gap_days: float,
    tell: Callable[[str], None],
) -> None:
    """Import a log into a room of the bot that the configuration describes. Raises QunxingError."""
    wanted = format_named(log_format)
    zone = read_config(config)[0].bot.zone
    texts = Texts()
    with bar(str(texts.render(CORE, "import.examining", None))) as moved:
        log = examine(file, room, zone, wanted, moved)
    titles = [str(texts.render(CORE, key, None)) for key in ("import.writing", "import.linking")]
    outcome = None if dry_run else _store(config, log, room, *titles)
    report = Report(file.name, log.log_format, log.source.encoding, room, log.survey, outcome)
    for line in told(report, texts, zone, timedelta(days=gap_days)):
        tell(line)


def _store(config: Path, log: Log, room: str, writing: str, linking: str) -> Outcome:
    with opened(config, quiet=True) as house:
        with bar(writing) as moved:
            outcome = Import(house.storage, log, room, SystemClock().now(), progress=moved).run()
        with bar(linking) as moved:
            relink(house.storage, outcome.room, lambda done: moved(done, max(done, outcome.added)))
        return outcome
