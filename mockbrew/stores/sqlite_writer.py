"""One connection from BEGIN to COMMIT: statements that all stand or none."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from mockbrew.errors import StoreFileError
from mockbrew.stores.sqlite_errors import ERRORS, explained
from mockbrew.stores.sqlite_file import Opened

BUGS = (sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError)  # a caller's; no operator can mend them

Row = tuple[Any, ...]
Shape = TypeVar("Shape")


class Writer:
    """A statement that failed ends it: nothing after it is done, and nothing before it stays."""

    def __init__(self, opened: Opened) -> None:
        self._path, self._connection, self._pid = opened.path, opened.connection, os.getpid()
        self._over = False
        self._failed: StoreFileError | None = None

    def begin(self) -> None:
        self.rows("BEGIN IMMEDIATE")

    def rows(self, statement: str, values: Row = ()) -> list[Row]:
        return self.shaped(tuple, statement, values)

    def shaped(self, shape: Callable[[Row], Shape], statement: str, values: Row = ()) -> list[Shape]:
        """The rows, each as what `shape` makes of it. Raises StoreFileError, RuntimeError once it is over, and what is a caller's bug."""
        self._refuse_over()
        try:
            return [shape(row) for row in self._connection.execute(statement, values).fetchall()]
        except BUGS:
            raise
        except ERRORS as error:
            self._failed = explained(self._path, error)
            raise self._failed from error

    def gone(self, statement: str, values: Row) -> int:
        """How many rows it deleted."""
        self.rows(statement, values)
        ((count,),) = self.rows("SELECT changes()")
        return int(count)

    def commit(self) -> None:
        self.rows("COMMIT")
        self._over = True

    def undo(self) -> None:
        """Never in a process that was forked inside the transaction: it is the parent's."""
        self._over = True
        if os.getpid() == self._pid and self._connection.in_transaction:
            with suppress(sqlite3.Error):  # whatever went wrong is on its way to the caller already
                self._connection.execute("ROLLBACK")

    def _refuse_over(self) -> None:
        if self._over or os.getpid() != self._pid:
            raise RuntimeError("the transaction is over")
        if self._failed is not None:  # SQLite may have undone it already: the statement would stand for itself
            raise self._failed
