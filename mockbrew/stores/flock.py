"""The lock that writers of one store share: `flock` on a file beside it.

Unlike a lock in shared memory it is free again the moment its holder is killed. Each thread opens the file for itself, because a
lock belongs to an open file: so it keeps threads apart as well as processes.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType


class LockFile:
    """One open lock file: `with` holds the lock."""

    def __init__(self, path: Path) -> None:
        self._fd = _open(path)
        self._pid = os.getpid()

    def __enter__(self) -> LockFile:
        fcntl.flock(self._fd, fcntl.LOCK_EX)
        return self

    def at_once(self) -> bool:
        """Take the lock if it is free, without waiting; `with` is still to come. Says if it was."""
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._pid == os.getpid():  # a child that was forked inside would free its parent's lock
            fcntl.flock(self._fd, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the file. In a forked child the parent's lock stays as it is."""
        os.close(self._fd)


def _open(path: Path) -> int:
    """For reading where writing is not allowed: `flock` asks for no more, and a store that can only be read is locked too."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError:
        if not path.is_file():
            raise
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
