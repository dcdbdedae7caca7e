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


def settle() -> None:
    """What there is now stays, and is not looked through any more: so processes that are forked from this one share its memory."""
    gc.collect()
    gc.freeze()
