"""Waiting for what another process does: look, pause, look again, until a deadline."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Literal, TypeVar

T = TypeVar("T")

PAUSE = 0.01  # s between two looks


def wait_until(look: Callable[[], T | Literal[False]], *, within: float, what: str) -> T:
    """The first truthy value that `look` returns. Raises AssertionError, with `what` was awaited, after `within` seconds."""
    deadline = time.monotonic() + within
    never = threading.Event()
    while not (seen := look()):
        assert time.monotonic() < deadline, f"not within {within} s: {what}; last seen: {seen!r}"
        never.wait(PAUSE)
    return seen
