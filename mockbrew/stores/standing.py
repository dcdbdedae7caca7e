"""Whether a path still leads to the file that a connection has open, and what to do with a connection that must not be closed."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

Identity = tuple[int, int]


def identity(path: Path | str) -> Identity | None:
    """Device and inode of the file that `path` leads to now; None if there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116  # half the time of Path.stat
    except OSError:
        return None
    return found.st_dev, found.st_ino


def keep_for_ever(connection: sqlite3.Connection) -> None:
    """Never close it, not even at exit, where Python would: so its count of references never ends.

    An inherited one would free its parent's locks. One whose file was deleted or replaced would delete, by name, the log of the file that
    stands there now.
    """
    import ctypes  # noqa: PLC0415  # 10 ms, for these rare cases only

    ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))
