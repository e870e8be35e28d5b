"""What every test shares: logs that refuse private words, and a whole bot to talk to."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from bot.logs import set_up_logs
from bot.storage.migrate import upgrade
from bot.testing import Stage

settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,  # the same examples on every machine; a red run can be run again
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def _strict_logs() -> None:
    """A log call that names a private key raises, wherever a test comes by."""
    set_up_logs(None, strict=True)


@pytest.fixture
def uncollected() -> Iterator[None]:
    """What the tests before have piled up is not collected now: it would count as this test's work."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose database is at the newest version and empty; made once, copied often."""
    folder = tmp_path_factory.mktemp("empty")
    upgrade(folder)
    return folder


@pytest.fixture
def folder(tmp_path: Path, empty_database: Path) -> Path:
    """A data folder for one bot: `Stage(folder, plugins=[…])`."""
    return Path(shutil.copytree(empty_database, tmp_path / "data"))


@pytest.fixture
def stage(folder: Path) -> Iterator[Stage]:
    """A bot with every plugin of the house, in a simulated network. What it says must be read."""
    with Stage(folder) as stage:
        yield stage
