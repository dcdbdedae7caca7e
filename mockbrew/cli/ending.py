"""Ending: signals that end a command whose work must be undone first; its exit status tells which one it was, as shells do.

The first one is raised where the command is, as Ctrl-C is. After that only Ctrl-C is, and not in haste: it is for people, and a process
manager that has sent a SIGTERM waits or kills.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # SIGHUP: the terminal is gone; some systems have none
HASTE = 1.0  # s: pressed again within that, Ctrl-C is the same one


class Ended(KeyboardInterrupt):
    """By a signal; the message says which."""


class Endings:
    """While it is entered signals end what runs in it. status: what the process is to exit with; 0 where no signal came."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.status = 0
        self._clock, self._latest = clock, 0.0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Endings:
        if threading.current_thread() is threading.main_thread():  # no other may
            numbers = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
            # What was told to be ignored, as nohup does, stays so.
            self._before = {each: signal.signal(each, self.end) for each in numbers if signal.getsignal(each) != signal.SIG_IGN}
        return self

    def __exit__(self, sort: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def end(self, number: int, frame: FrameType | None) -> None:
        """Raises Ended: at the first signal, and when Ctrl-C is pressed again."""
        first, latest, self._latest = not self.status, self._latest, self._clock()
        self.status = self.status or 128 + number
        if first or (number == signal.SIGINT and self._latest - latest > HASTE):
            raise Ended("interrupted" if number == signal.SIGINT else f"ended by {signal.Signals(number).name}")
