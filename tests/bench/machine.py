"""What a bench may leave on the machine: processes that have to do with a folder."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def left_over(folder: Path) -> list[int]:
    """The processes that were started with something in the folder."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):  # it has ended, or is somebody else's
            if str(folder).encode() in environ.read_bytes():
                found.append(int(environ.parent.name))
    return found
