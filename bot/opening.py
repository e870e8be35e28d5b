"""Opening a bot's data: configuration, plugins, one process only, schema brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.clock import SystemClock
from bot.config import Config, load_config
from bot.host import find_plugins
from bot.logs import set_up_logs
from bot.plugin import Plugin
from bot.storage.engine import Storage, open_storage
from bot.storage.lock import only_one
from bot.storage.migrate import upgrade


@dataclass(frozen=True, slots=True)
class Opened:
    """What a command that works on the data needs."""

    config: Config
    plugins: list[Plugin]
    broken: dict[str, str]
    storage: Storage


def read_config(path: Path) -> tuple[Config, list[Plugin], dict[str, str]]:
    """The configuration and the plugins that it was checked against."""
    plugins, broken = find_plugins()
    return load_config(path, plugins), plugins, broken


def data_folder(config: Config, path: Path) -> Path:
    """Where this bot's data lies; a relative folder is relative to the configuration file."""
    return (path.parent / config.bot.data_folder).resolve()


@contextmanager
def opened(path: Path, *, quiet: bool = False) -> Iterator[Opened]:
    """Lock the data folder, upgrade the database and open it; close everything at the end."""
    config, plugins, broken = read_config(path)
    folder = data_folder(config, path)
    with only_one(folder):
        if not quiet:
            set_up_logs(folder, config.bot.log_level, secrets=config.secrets)
        upgrade(folder, now=SystemClock().now())
        storage = open_storage(folder)
        try:
            yield Opened(config, plugins, broken, storage)
        finally:
            storage.close()
