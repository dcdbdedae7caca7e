"""The collector of garbage, and what it need not look through."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def not_collecting() -> Iterator[None]:
    """Nothing is collected in here: where all that is made stays, looking through it again and again takes as long as making it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def keep() -> None:
    """What there is now stays, and is not looked through any more: to look would make a copy of it in each process that is forked.

    To be called while nothing is collected, since what begins again looks through all that was made meanwhile.
    """
    gc.freeze()


def replace() -> None:
    """As `keep`, where something else was kept before, which is garbage now."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
