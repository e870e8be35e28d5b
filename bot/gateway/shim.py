"""Makes wechaty 0.10.7 importable on Python 3.11 to 3.13 with today's packages, and keeps it quiet.

Import this module before anything of wechaty; that is all. It has no other effect than the patches
below, each of which replaces something that wechaty expects and that is gone:

1. `pyee` 12 moved `AsyncIOEventEmitter` out of its top level;
2. `urllib3` 2 dropped `get_host`;
3. Python 3.11 refuses unhashable dataclass defaults, and `WechatyOptions` has a `PuppetOptions` as one;
4. Python 3.13 dropped `telnetlib`.

Besides, wechaty creates `.wechaty/` in the working directory unless `CACHE_DIR` says otherwise (here it names
a folder that is gone again when the process ends), and logs tokens and message text at INFO to the console by
handlers of its own.
"""

from __future__ import annotations

import atexit
import importlib.util
import logging
import os
import shutil
import sys
import tempfile
import types
from pathlib import Path
from typing import Any

CACHE_VARIABLE = "CACHE_DIR"
# "silly" is the word that wechaty maps to CRITICAL (and "silent" the one for everything); no log file.
WHILE_IMPORTING = {"WECHATY_LOG": "silly", "WECHATY_LOG_FILE": ""}
PACKAGES = ("wechaty", "wechaty_puppet", "wechaty_puppet_service")


def use_folder(folder: Path) -> None:
    """Let wechaty keep its files in `folder` (created only if wechaty wants to write one)."""
    os.environ[CACHE_VARIABLE] = str(folder)


def quiet_logger(name: str | None = None, file: str | None = None) -> logging.Logger:
    """What stands in for wechaty's `get_logger`: a logger that says nothing, anywhere."""
    logger = logging.getLogger(name or "wechaty")
    for handler in logger.handlers:
        handler.close()
    logger.handlers = [logging.NullHandler()]
    logger.propagate = False
    logger.disabled = True
    return logger


def _patch_pyee() -> None:
    import pyee
    from pyee.asyncio import AsyncIOEventEmitter

    if not hasattr(pyee, "AsyncIOEventEmitter"):
        setattr(pyee, "AsyncIOEventEmitter", AsyncIOEventEmitter)  # noqa: B010


def _patch_urllib3() -> None:
    import urllib3
    from urllib3.util import parse_url

    def get_host(url: str) -> tuple[str, str | None, int | None]:
        parsed = parse_url(url)
        return parsed.scheme or "http", parsed.hostname, parsed.port

    if not hasattr(urllib3, "get_host"):
        setattr(urllib3, "get_host", get_host)  # noqa: B010


def _patch_telnetlib() -> None:
    """Only the name is needed: nothing that we call uses it."""
    if "telnetlib" in sys.modules or importlib.util.find_spec("telnetlib") is not None:
        return

    class Telnet:
        def __init__(self, *_: Any, **__: Any) -> None:
            raise NotImplementedError("telnetlib is gone from Python 3.13")

    module = types.ModuleType("telnetlib")
    setattr(module, "Telnet", Telnet)  # noqa: B010
    sys.modules["telnetlib"] = module


def _import_quietly() -> None:
    """Import the puppet layer while its loggers are at their quietest, then silence them for good."""
    before = {name: os.environ.get(name) for name in WHILE_IMPORTING}
    os.environ.update(WHILE_IMPORTING)
    known = set(logging.root.manager.loggerDict)
    try:
        import wechaty_puppet
        from wechaty_puppet import logger as wechaty_logging
    finally:
        for variable, value in before.items():
            if value is None:
                del os.environ[variable]
            else:
                os.environ[variable] = value
    wechaty_puppet.PuppetOptions.__hash__ = object.__hash__
    wechaty_logging.get_logger = quiet_logger
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in PACKAGES and hasattr(module, "get_logger"):
            setattr(module, "get_logger", quiet_logger)  # noqa: B010
    for name in set(logging.root.manager.loggerDict) - known:
        if _is_wechatys(logging.getLogger(name)):
            quiet_logger(name)


def _is_wechatys(logger: logging.Logger) -> bool:
    """Wechaty's loggers have plain names (`FileBox`); what marks them is a handler and no propagation."""
    return bool(logger.handlers) and not logger.propagate


def _use_passing_folder() -> None:
    """A folder for this process alone, which nothing creates before wechaty itself does."""
    folder = Path(tempfile.gettempdir()) / f"qunxing-wechaty-{os.getpid()}"
    use_folder(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)


def _apply() -> None:
    if CACHE_VARIABLE not in os.environ:
        _use_passing_folder()
    _patch_telnetlib()
    _patch_pyee()
    _patch_urllib3()
    _import_quietly()


_apply()
