"""The connections of one process to an SQLite file, one a thread: opened when used, closed under the lock, never across a fork.

Rules that the code can't show:

- Each thread of each process has a connection of its own. All writes, and all closing, happen under the lock file: SQLite before 3.51.3
  can lose a commit when one process writes while another checkpoints, and who closes last checkpoints.
- No connection crosses a fork. Even a connection that a child opens for itself is unsafe while its process remembers the parent's: SQLite
  counts the locks of a file per process and takes the parent's for its own, so that the parent, when it closes, deletes the log that the
  child writes to. Hence all are closed before a fork and open again when used; where that can't be, the child is refused.
- A connection is closed by us or never: an object that is merely dropped would close outside the lock. Never, too, where its file was
  deleted or replaced: SQLite would delete the log of the file that has taken its name.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

from mockbrew.errors import StoreFileError
from mockbrew.stores.machine import Machine
from mockbrew.stores.sqlite_file import open_file
from mockbrew.stores.sqlite_handle import Handle, Seat, counters
from mockbrew.stores.sqlite_reader import Known, Reader
from mockbrew.stores.standing import keep_for_ever

log = logging.getLogger(__name__)

PATIENCE = 5.0  # s to wait for a thread that is busy with its connection, before it is left alone


class Own(threading.local):
    """What a thread has."""

    handle: Handle | None = None
    seat: Seat | None = None


class Handles:
    """The ways of all threads of a process into one file."""

    def __init__(self, path: Path, machine: Machine) -> None:
        self._path, self._machine = path, machine
        self._own = Own()
        self._open: set[Handle] = set()  # in a child that could not be spared them, its parent's too
        self._mutex = threading.Lock()  # while handles come and go
        self._hooked = self._forking = False

    def own(self) -> Handle:
        """This thread's handle. It may be closed by others, unless it is entered."""
        handle = self._own.handle
        if handle is None or handle.closed:
            handle = self._own.handle = self._opened()
        return handle

    def known(self, rig: str, cell: str) -> Known | None:
        """What this thread knows of a cell without asking SQLite, or anybody."""
        handle = self.own()
        _refuse_inside(handle)
        return handle.reader.glance(rig, cell)

    def enter(self) -> Handle:
        """This thread's handle, busy until the caller releases it."""
        while True:
            handle = self._busy()
            if handle.stands():
                return handle
            self._follow(handle)

    def take(self) -> Handle:
        """This thread's handle, busy and under the lock until it is given back."""
        while True:
            handle = self._busy()
            try:
                handle.opened.lock.take()
            except BaseException:  # whoever ends a worker raises it
                handle.busy.release()
                raise
            if handle.stands():
                return self._counting(handle)
            handle.opened.lock.free()
            self._follow(handle)

    def give_back(self, handle: Handle) -> None:
        """A handle that was taken."""
        handle.opened.lock.free()
        handle.busy.release()

    def close(self) -> None:
        """Close them all; whoever is busy is waited for."""
        handle = self._own.handle
        if handle is not None:
            _refuse_inside(handle)
        atexit.unregister(self.close)
        with self._mutex:
            self._close(list(self._open))

    def _busy(self) -> Handle:
        while True:
            handle = self.own()
            _refuse_inside(handle)
            handle.busy.acquire()
            if not handle.closed:
                return handle
            handle.busy.release()  # it was closed between the two: by a fork, or by `close` in another thread

    def _follow(self, handle: Handle) -> None:
        """Go on with what is there now, as all processes do, so that they agree. The handle is busy no more."""
        try:
            if handle.opened.stands():
                handle.lock_anew()
            else:
                log.warning("%s was deleted or replaced while it was in use; going on with what is there now", handle.opened.path)
                handle.close()
                self._open.discard(handle)
        finally:
            handle.busy.release()

    def _counting(self, handle: Handle) -> Handle:
        """Where there was no room for counters there may be some now, and others may count already: so must whoever writes."""
        if handle.reader.counters is None:
            try:
                handle.reader.counters = handle.opened.counters()
            except BaseException:
                self.give_back(handle)
                raise
        return handle

    def _opened(self) -> Handle:
        with self._mutex:
            self._refuse_inherited()
            self._hook()
            self._reclaim()
            opened = open_file(self._path, self._machine)
            seat = self._own.seat = Seat()
            reader = Reader(opened.connection, counters(opened), self._machine.monotonic)
            handle = Handle(os.getpid(), threading.get_ident(), weakref.ref(seat), opened, reader, threading.Lock())
            self._open.add(handle)
        atexit.unregister(self.close)
        atexit.register(self.close)
        return handle

    def _close(self, handles: list[Handle]) -> None:
        """Close those of this process. One that stays busy is left to the end of the process, which loses nothing."""
        for handle in handles:
            if handle.pid == os.getpid() and handle.busy.acquire(timeout=PATIENCE):
                try:
                    handle.close()
                    self._open.discard(handle)
                finally:
                    handle.busy.release()

    def _reclaim(self) -> None:
        """Close what threads left behind that have ended; what can't be closed now without waiting for a writer, some other time."""
        for handle in [handle for handle in self._open if handle.seat() is None]:
            if handle.opened.close_if_free():
                self._open.discard(handle)

    def _refuse_inherited(self) -> None:
        if any(handle.pid != os.getpid() for handle in self._open):
            what = "was in use when this process was forked, which SQLite does not survive"
            raise StoreFileError(self._path, what, "fork before the store is used, or start a new program instead")

    # -- forks ---------------------------------------------------------------------------------------------------

    def _hook(self) -> None:
        if not self._hooked:
            self._hooked = True
            before, after, child = _weakly(self._before_fork), _weakly(self._after_fork), _weakly(self._after_fork_in_child)
            os.register_at_fork(before=before, after_in_parent=after, after_in_child=child)

    def _before_fork(self) -> None:
        own = self._own.handle
        if own is None or own.writing is None:  # inside a transaction others wait for this very thread
            self._mutex.acquire()
            self._forking = True
            self._close(list(self._open))

    def _after_fork(self) -> None:
        if self._forking:
            self._forking = False
            self._mutex.release()

    def _after_fork_in_child(self) -> None:
        self._forking, self._mutex, self._own = False, threading.Lock(), Own()
        for handle in self._open:
            if handle.writing is not None:
                handle.writing.part()
            handle.opened.lock.close()  # else the parent's lock would outlive a parent that is killed
            keep_for_ever(handle.opened.connection)


def _weakly(method: Callable[[], None]) -> Callable[[], None]:
    """Hooks can't be taken back: one that is called for a store that is gone does nothing."""
    reference = weakref.WeakMethod(method)

    def call() -> None:
        alive = reference()
        if alive is not None:
            alive()

    return call


def _refuse_inside(handle: Handle) -> None:
    if handle.writing is not None:
        raise RuntimeError("inside a transaction only the transaction itself and the wall may be asked")
