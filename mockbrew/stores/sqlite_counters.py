"""How often each rig of a store was written to, in memory that all its processes share: what has not moved need not be asked for.

The counters live in the lock file. Only who holds the lock moves them: to an odd number before a commit, to an even one after it. So who
reads the same even number twice knows that nothing was committed in between. A number that stays odd was left by a writer that was killed,
and says nothing until the next one. Rigs whose names fall into one slot share a counter, and only ask more often than they need.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Collection
from contextlib import suppress
from zlib import crc32

from mockbrew.stores.flock import LockFile

SLOTS = 8_192  # counters, of 64 bits each
SIZE = 8 * SLOTS  # bytes
LAST = 2**64 - 1  # after it comes 0: the file is open to all, and may hold any number
UNSURE = -1  # a number that no counter ever has


def slot(rig: str) -> int:
    """Where the counter of a rig is: the same in all processes."""
    return crc32(rig.encode()) % SLOTS


class Counters:
    """The counters of one store, as one connection sees them."""

    def __init__(self, lock: LockFile) -> None:
        """Of a lock file that is long enough. Raises OSError."""
        self.writable = lock.writable
        fd = lock.again()  # what is mapped keeps its file open, and the lock would belong to it too
        try:
            access = mmap.ACCESS_WRITE if lock.writable else mmap.ACCESS_READ
            self.numbers = memoryview(mmap.mmap(fd, SIZE, access=access)).cast("Q")
        finally:
            os.close(fd)

    def sure(self, place: int) -> int:
        """The counter in a slot, if no commit is on its way."""
        number = self.numbers[place]
        return UNSURE if number & 1 else number

    def leave(self, places: Collection[int]) -> None:
        """Under the lock, before a commit: from now on nobody is sure."""
        for place in places:
            self.numbers[place] |= 1

    def arrive(self, places: Collection[int]) -> None:
        """Under the lock, after the commit."""
        for place in places:
            self.numbers[place] = (self.numbers[place] + 1) & LAST


def counted(lock: LockFile) -> Counters | None:
    """The counters of a store, for who has its lock or finds them there. Raises OSError.

    None where nobody can have made them, for lack of room or of the right to: then everybody asks.
    """
    if lock.size < SIZE:
        _make(lock)
    return Counters(lock) if lock.size >= SIZE else None


def _make(lock: LockFile) -> None:
    """All zeros, and really on the disk: a hole would be filled when it is written to, and a full disk would then end the process."""
    with suppress(OSError):
        lock.extend(SIZE)
