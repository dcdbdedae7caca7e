"""One connection from BEGIN to COMMIT: statements that all stand or none."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn, TypeVar

from mockbrew.errors import StoreFileError
from mockbrew.stores.sqlite_errors import ERRORS, explained
from mockbrew.stores.sqlite_file import Opened

BUGS = (sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError)  # a caller's; no operator can mend them

Row = tuple[Any, ...]
Result = TypeVar("Result")


class Writer:
    """A statement that failed ends it: nothing after it is done, and nothing before it stays."""

    def __init__(self, opened: Opened) -> None:
        self._path, self._connection = opened.path, opened.connection
        self._cursor = opened.connection.cursor()  # one: making one for each statement takes 0.3 us
        self._execute = self._cursor.execute
        self._over = False
        self._failed: StoreFileError | None = None

    def do(self, statement: str, values: Row = ()) -> None:
        """Raises StoreFileError, RuntimeError once it is over, and what is a caller's bug."""
        if self._over or self._failed is not None:
            self.refuse_over()
        try:
            self._execute(statement, values)
        except ERRORS as error:
            self._fail(error)

    def rows(self, statement: str, values: Row = ()) -> list[Row]:
        """The same, and what it answers."""
        return self.asked(lambda: self._execute(statement, values).fetchall())

    def asked(self, question: Callable[[], Result]) -> Result:
        """The answer to a question to the connection."""
        self.refuse_over()
        try:
            return question()
        except ERRORS as error:
            self._fail(error)

    def gone(self, statement: str, values: Row) -> int:
        """How many rows it deleted."""
        self.do(statement, values)
        ((count,),) = self.rows("SELECT changes()")
        return int(count)

    def commit(self) -> None:
        self.do("COMMIT")
        self._over = True

    def undo(self) -> None:
        """All of it, if it is not over."""
        if not self._over and self._connection.in_transaction:
            with suppress(sqlite3.Error):  # whatever went wrong is on its way to the caller already
                self._connection.execute("ROLLBACK")
        self._over = True
        self._cursor.close()  # a statement that failed would keep the connection open for as long as anybody has the error

    def part(self) -> None:
        """For a process that was forked inside: the transaction is the parent's."""
        self._over = True

    def refuse_over(self) -> None:
        if self._over:
            raise RuntimeError("the transaction is over")
        if self._failed is not None:  # SQLite may have undone it already: the statement would stand for itself
            raise self._failed

    def _fail(self, error: Exception) -> NoReturn:
        if isinstance(error, BUGS):
            raise error
        self._failed = explained(self._path, error)
        raise self._failed from error
