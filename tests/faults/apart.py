"""Work in processes that are forked from one that has imported everything: quick to start, safe to kill."""

from __future__ import annotations

import logging
import multiprocessing
import os
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any, TypeVar

import structlog

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]
ENDS_WITHIN = 10.0


def begin(work: Callable[..., object], *arguments: Any) -> ForkServerProcess:
    """Start `work` and go on; the caller ends it."""
    process = _context().Process(target=_quietly, args=(work, *arguments), daemon=True)
    process.start()
    return process


def wait_for(work: Callable[..., T], *arguments: Any) -> T:
    """What `work` returns, from a process that is gone afterwards with all that it held."""
    ours, theirs = _context().Pipe(duplex=False)
    process = begin(_report, theirs, work, *arguments)
    theirs.close()
    try:
        result, failure = ours.recv()
    except EOFError:
        process.join()
        raise RuntimeError(f"{work.__name__} died with {process.exitcode}") from None
    process.join(ENDS_WITHIN)
    if failure:
        raise RuntimeError(f"{work.__name__} failed:\n{failure}")
    answer: T = result
    return answer


def kill(process: ForkServerProcess) -> None:
    """End it on the spot and wait until it is gone."""
    process.kill()
    process.join()


def pipe() -> tuple[Connection, Connection]:
    """An end to read from and an end to hand over."""
    return _context().Pipe(duplex=False)


def _report(connection: Connection, work: Callable[..., object], *arguments: Any) -> None:
    try:
        connection.send((work(*arguments), ""))
    except Exception:
        connection.send((None, traceback.format_exc()))


def _quietly(work: Callable[..., object], *arguments: Any) -> None:
    # Nobody sits at this terminal.
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    work(*arguments)


def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.bot_process"])
    os.environ.setdefault("PYTHONPATH", str(ROOT))
    return context
