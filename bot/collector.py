"""Python's collector of garbage, held back where it finds nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_held_back() -> Iterator[None]:
    """While much is read that is needed until the end: looking through it again and again costs a quarter.

    Nothing that makes circles of objects by the thousand belongs inside.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
