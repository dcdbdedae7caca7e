"""Rigs in one SQLite file, shared by all threads and processes of a machine.

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
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from mockbrew.errors import StoreFileError
from mockbrew.stores import validity
from mockbrew.stores.base import CellRow, Entry, Event, Loaded, RigRow, Transaction
from mockbrew.stores.machine import Machine
from mockbrew.stores.sqlite_errors import ERRORS, explained
from mockbrew.stores.sqlite_file import Opened, open_file
from mockbrew.stores.sqlite_reader import Reader, read_cells, read_journal, read_log, read_notes, read_rigs
from mockbrew.stores.sqlite_transaction import SqliteTransaction
from mockbrew.stores.sqlite_writer import Writer
from mockbrew.stores.standing import keep_for_ever

log = logging.getLogger(__name__)

Shape = TypeVar("Shape")

PATIENCE = 5.0  # s to wait for a thread that is busy with its connection, before it is left alone


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
    writing: bool = False
    closed: bool = False


class Own(threading.local):
    """What a thread has."""

    handle: Handle | None = None
    seat: Seat | None = None


class SqliteStore:
    """Rigs for all processes of one machine."""

    shared = True

    def __init__(self, url: str, path: Path, machine: Machine) -> None:
        self.url = url
        self._path, self._machine = path, machine
        self._own = Own()
        self._handles: set[Handle] = set()  # all open ones; in a child that could not be spared them, its parent's too
        self._mutex = threading.Lock()  # while handles come and go
        self._hooked = self._forking = False

    def wall(self) -> int:
        return self._handle().opened.shift + self._machine.monotonic()

    def load(self, rig: str, cell: str) -> Loaded | None:
        handle = self._enter()
        try:
            return handle.reader.load(rig, cell)
        except ERRORS as error:
            raise explained(handle.opened.path, error) from error
        finally:
            handle.busy.release()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self._transaction() as transaction:
            yield transaction

    def checkpoint(self, rig: RigRow, cell: str, row: CellRow) -> bool:
        with self._transaction() as transaction:
            kept = validity.keeps(transaction.loaded(rig.name, cell), rig, row)
            if kept:
                transaction.put_ahead(rig, cell, row)
        return kept

    def rigs(self) -> Sequence[RigRow]:
        return self._read(read_rigs)

    def cells(self, rig: RigRow) -> Sequence[tuple[str, CellRow]]:
        return self._read(lambda connection: read_cells(connection, rig))

    def notes(self, rig: RigRow, sort: str) -> Mapping[str, str]:
        return self._read(lambda connection: read_notes(connection, rig, sort))

    def journal(self, rig: RigRow, after: int, most: int) -> Sequence[Entry]:
        return self._read(lambda connection: read_journal(connection, rig, after, most))

    def events(self, rig: RigRow, cell: str) -> Iterator[Event]:
        return iter(self._read(lambda connection: read_log(connection, rig, cell)))

    def close(self) -> None:
        self._refuse_inside(self._own.handle)
        atexit.unregister(self.close)
        with self._mutex:
            self._close(list(self._handles))

    def _read(self, look: Callable[[sqlite3.Connection], Shape]) -> Shape:
        handle = self._enter()
        try:
            return look(handle.opened.connection)
        except ERRORS as error:
            raise explained(handle.opened.path, error) from error
        finally:
            handle.busy.release()

    @contextmanager
    def _transaction(self) -> Iterator[SqliteTransaction]:
        handle = self._enter()
        try:
            with handle.opened.lock:
                if not handle.opened.stands():
                    raise StoreFileError(handle.opened.path, "was deleted or replaced at this very moment", "ask again")
                yield from self._written(handle)
        finally:
            handle.busy.release()

    def _written(self, handle: Handle) -> Iterator[SqliteTransaction]:
        writer = Writer(handle.opened)
        transaction = SqliteTransaction(writer)
        handle.writing = True
        try:
            writer.begin()
            yield transaction
            transaction.commit()
        except BaseException:
            writer.undo()
            raise
        finally:
            handle.writing = False
            handle.reader.own_commit()

    # -- connections come and go ---------------------------------------------------------------------------------

    def _enter(self) -> Handle:
        """This thread's handle, busy until the caller releases it."""
        while True:
            handle = self._handle()
            self._refuse_inside(handle)
            handle.busy.acquire()
            if not handle.closed and handle.opened.stands():
                return handle
            if not handle.closed:
                self._leave(handle)
            handle.busy.release()  # else it was closed between the two: by a fork, or by `close` in another thread

    def _leave(self, handle: Handle) -> None:
        """Let go of a file that is no longer there: all processes go on with the one that is, and agree."""
        log.warning("%s was deleted or replaced while it was in use; going on with what is there now", handle.opened.path)
        handle.closed = True
        handle.opened.close()
        self._handles.discard(handle)

    def _handle(self) -> Handle:
        handle = self._own.handle
        if handle is None or handle.closed or handle.pid != os.getpid():
            handle = self._own.handle = self._open()
        return handle

    def _open(self) -> Handle:
        with self._mutex:
            self._refuse_inherited()
            self._hook()
            self._reclaim()
            opened = open_file(self._path, self._machine)
            seat = self._own.seat = Seat()
            handle = Handle(os.getpid(), threading.get_ident(), weakref.ref(seat), opened, Reader(opened.connection), threading.Lock())
            self._handles.add(handle)
        atexit.unregister(self.close)
        atexit.register(self.close)
        return handle

    def _close(self, handles: list[Handle]) -> None:
        """Close those of this process. One that stays busy is left to the end of the process, which loses nothing."""
        for handle in handles:
            if handle.pid == os.getpid() and handle.busy.acquire(timeout=PATIENCE):
                try:
                    handle.closed = True
                    handle.opened.close()
                    self._handles.discard(handle)
                finally:
                    handle.busy.release()

    def _reclaim(self) -> None:
        """Close what threads left behind that have ended; what can't be closed now without waiting for a writer, some other time."""
        for handle in [handle for handle in self._handles if handle.seat() is None]:
            if handle.opened.close_if_free():
                self._handles.discard(handle)

    def _refuse_inside(self, handle: Handle | None) -> None:
        if handle is not None and handle.writing and handle.pid == os.getpid():
            raise RuntimeError("inside a transaction only the transaction itself and the wall may be asked")

    def _refuse_inherited(self) -> None:
        if any(handle.pid != os.getpid() for handle in self._handles):
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
        if own is None or not own.writing:  # inside a transaction others wait for this very thread
            self._mutex.acquire()
            self._forking = True
            self._close(list(self._handles))

    def _after_fork(self) -> None:
        if self._forking:
            self._forking = False
            self._mutex.release()

    def _after_fork_in_child(self) -> None:
        self._forking, self._mutex = False, threading.Lock()
        for handle in self._handles:
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
