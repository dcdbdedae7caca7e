"""A writer's turn at an SQLite file: from the lock to the commit, or to where everything is undone."""

from __future__ import annotations

from types import TracebackType

from mockbrew.errors import StoreFileError
from mockbrew.stores.sqlite_file import lock_path
from mockbrew.stores.sqlite_handle import Handle
from mockbrew.stores.sqlite_handles import Handles
from mockbrew.stores.sqlite_transaction import SqliteTransaction
from mockbrew.stores.sqlite_writer import Writer


class Turn:
    """`with` it is a transaction."""

    __slots__ = ("_handle", "_handles", "_transaction", "_writer")

    def __init__(self, handles: Handles) -> None:
        self._handles = handles

    def __enter__(self) -> SqliteTransaction:
        handle = self._handle = self._handles.take()
        handle.writing = self._writer = Writer(handle.opened)
        self._transaction = SqliteTransaction(self._writer, handle.reader)
        try:
            self._transaction.begin()
            _refuse_uncounted(handle)
        except BaseException:
            self._end(handle)
            raise
        return self._transaction

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if kind is None:
                self._transaction.commit()
        finally:
            self._end(self._handle)

    def _end(self, handle: Handle) -> None:
        try:
            self._writer.undo()
        finally:
            handle.writing = None
            self._handles.give_back(handle)


def _refuse_uncounted(handle: Handle) -> None:
    """Nothing may be written that those who trust the counters would not see."""
    counters, path = handle.reader.counters, handle.opened.path
    if counters is not None and not counters.writable:
        what = f"can't be written, since its lock file {lock_path(path).name} can only be read"
        raise StoreFileError(path, what, "give this user the right to write to that too")
