"""The lock that writers of one store share: `flock` on a file beside it, whose content is for `sqlite_counters`.

Unlike a lock in shared memory it is free again the moment its holder is killed. Each thread opens the file for itself, because a
lock belongs to an open file: so it keeps threads apart as well as processes.
"""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path
from types import TracebackType


class LockFile:
    """One open lock file: `with` holds the lock."""

    def __init__(self, path: Path) -> None:
        self._place = str(path)
        self._fd, self.writable = _open(path)
        found = os.fstat(self._fd)
        self._file = found.st_dev, found.st_ino
        self._pid = os.getpid()

    @property
    def size(self) -> int:
        """Bytes that are in the file."""
        return os.fstat(self._fd).st_size

    def stands(self, size: int) -> bool:
        """Whether this is what others find at its path, with as many bytes."""
        try:
            found = os.stat(self._place)  # noqa: PTH116  # half the time of Path.stat
        except OSError:
            return False
        return (found.st_dev, found.st_ino) == self._file and found.st_size >= size

    def again(self) -> int:
        """Another descriptor of the file, to which the lock does not belong. Raises OSError, also where the path leads elsewhere by now."""
        fd = os.open(self._place, (os.O_RDWR if self.writable else os.O_RDONLY) | os.O_CLOEXEC)
        if not os.path.sameopenfile(fd, self._fd):
            os.close(fd)
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
        return fd

    def extend(self, size: int) -> None:
        """Write zeros until it has as many bytes. For who has the lock. Raises OSError."""
        while (length := self.size) < size:
            os.pwrite(self._fd, bytes(size - length), length)

    def __enter__(self) -> LockFile:
        self.take()
        return self

    def take(self) -> None:
        """Wait for the lock."""
        fcntl.flock(self._fd, fcntl.LOCK_EX)

    def at_once(self) -> bool:
        """Take the lock if it is free, without waiting; `with` is still to come. Says if it was."""
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.free()

    def free(self) -> None:
        """Let others have the lock."""
        if self._pid == os.getpid():  # a child that was forked inside would free its parent's lock
            fcntl.flock(self._fd, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the file. In a forked child the parent's lock stays as it is."""
        os.close(self._fd)


def _open(path: Path) -> tuple[int, bool]:
    """Its descriptor, and whether it may be written to. `flock` asks for less, and a store that can only be read is locked too."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666), True
    except OSError:
        if not path.is_file():
            raise
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC), False
