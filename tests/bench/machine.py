"""What a bench may leave on the machine: processes that have to do with a folder."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from tests.real.waiting import wait_until


def left_over(folder: Path) -> list[int]:
    """The processes that were started with something in the folder."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):  # it has ended, or is somebody else's
            if str(folder).encode() in environ.read_bytes():
                found.append(int(environ.parent.name))
    return found


def assert_nothing_is_left(folder: Path) -> None:
    """What was started with something in the folder ends. One that was killed takes a moment, and only its parent could wait for it."""
    wait_until(lambda: not left_over(folder), within=10, what="the end of all that was started")
