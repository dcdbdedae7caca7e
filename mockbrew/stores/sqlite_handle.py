"""One thread's way into an SQLite file: its connection, what that remembers, and the lock and the counters under which it writes."""

from __future__ import annotations

import logging
import threading
import weakref
from contextlib import suppress
from dataclasses import dataclass

from mockbrew.errors import StoreFileError
from mockbrew.stores.sqlite_counters import SIZE, Counters
from mockbrew.stores.sqlite_file import Opened
from mockbrew.stores.sqlite_reader import Reader
from mockbrew.stores.sqlite_writer import Writer

log = logging.getLogger(__name__)


class Seat:
    """Lives as long as a thread does: its connection may be closed by others once this is gone."""

    __slots__ = ("__weakref__",)


@dataclass(slots=True, eq=False)
class Handle:
    """One thread's way into the file. `busy` is held while the connection is used or closed."""

    pid: int
    thread: int
    seat: weakref.ref[Seat]
    opened: Opened
    reader: Reader
    busy: threading.Lock
    writing: Writer | None = None
    closed: bool = False

    def stands(self) -> bool:
        """Whether the file is still there, with the lock file under which all write, and the counters in that."""
        return self.opened.stands() and self.opened.lock.stands(0 if self.reader.counters is None else SIZE)

    def lock_anew(self) -> None:
        """Where the lock file was deleted others may have made one; where it was cut short it has no counters. Raises StoreFileError."""
        log.warning("the lock file of %s was deleted or cut short while it was in use; going on with what is there now", self.opened.path)
        self.reader.counters = None
        self.reader.forget()
        self.opened.lock_anew()
        self.reader.counters = counters(self.opened)

    def close(self) -> None:
        self.closed = True
        self.reader.counters = None  # what is mapped would keep its file open
        self.opened.close()


def counters(opened: Opened) -> Counters | None:
    """Those of a file; None where they can't be had now: whoever reads asks SQLite, and whoever writes tries again."""
    with suppress(StoreFileError):
        if opened.lock.size >= SIZE:
            return opened.counters()
        with opened.lock:
            return opened.counters()
    return None
