"""One SQLite file: opened, recognised or made, and what to say where that fails. Nothing is overwritten, whatever is found."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mockbrew.errors import StoreFileError
from mockbrew.stores.flock import LockFile
from mockbrew.stores.machine import Machine
from mockbrew.stores.sqlite_counters import Counters, counted
from mockbrew.stores.sqlite_errors import ERRORS, explained
from mockbrew.stores.sqlite_format import FORMAT, PAGE, make, pragma, recognised, upgrade
from mockbrew.stores.standing import Identity, identity, keep_for_ever

BUSY = 5.0  # s to wait for a program that does not know our lock, such as the sqlite3 shell


@dataclass(slots=True, eq=False)
class Opened:
    """A connection, the lock that its writes are made under, what the wall adds to the monotonic clock (ns), and which file it is."""

    path: Path
    connection: sqlite3.Connection
    lock: LockFile
    shift: int
    file: Identity | None
    place: str = field(init=False)  # the path, as it is asked for at each request

    def __post_init__(self) -> None:
        self.place = str(self.path)

    def stands(self) -> bool:
        """Whether the file is still there, and still this one."""
        return identity(self.place) == self.file

    def counters(self) -> Counters | None:
        """The counters of the store, made if there is room; for who has the lock, or finds them there. Raises StoreFileError."""
        try:
            return counted(self.lock)
        except OSError as error:
            what, advice = f"its lock file can't be mapped into memory ({error.strerror})", "look for a limit on memory or on open files"
            raise StoreFileError(self.path, what, advice) from error

    def lock_anew(self) -> None:
        """Go on with the lock file that others find, made if there is none. Raises StoreFileError."""
        lock = _lock_file(self.path)
        self.lock.close()
        self.lock = lock

    def close(self) -> None:
        """Under the lock: the last one to close writes the log back into the database, if that is still there."""
        with self.lock:
            if self.stands():
                self.connection.close()
            else:
                keep_for_ever(self.connection)
        self.lock.close()

    def close_if_free(self) -> bool:
        """Close, unless somebody is writing right now. Says if it did."""
        if not self.lock.at_once():
            return False
        self.close()
        return True


def open_file(path: Path, machine: Machine, *, oldest: int = FORMAT) -> Opened:
    """Open the store at `path`, making it if there is none; one of a format before `oldest` is upgraded.

    Raises StoreFileError, and then leaves whatever is there untouched.
    """
    path = path.resolve()  # as SQLite does: one file has one log and one lock, whatever link leads to it
    _refuse_what_is_no_file(path)
    try:
        _refuse_foreign(path)
        return _opened(path, machine, _lock_file(path), oldest)
    except ERRORS as error:
        raise explained(path, error) from error


def has_wal_reset_bug(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite can lose commits when two processes write and checkpoint at once, were it not for our lock.

    Fixed in 3.51.3, and in 3.50.7 and 3.44.6 of the older branches (https://sqlite.org/wal.html).
    """
    fixed = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)
    return version >= (3, 7, 0) and not fixed


def _refuse_what_is_no_file(path: Path) -> None:
    try:
        directory, parent = path.is_dir(), path.parent.is_dir()
    except PermissionError as error:  # up to Python 3.12; later ones can't tell it from a directory that is missing
        raise StoreFileError(path, "can't be reached", "give this user the right to enter its directory, or name another file") from error
    if directory:
        raise StoreFileError(path, "is a directory", "name a file in it")
    if not parent:
        raise StoreFileError(path, "its directory is missing", "make the directory, or name another file")


def _refuse_foreign(path: Path) -> None:
    """Look without writing, even where somebody crashed: opened in the ordinary way SQLite tidies up what others left behind.

    What can't be seen this way (nothing there yet, or a maker of ours that was killed halfway) is judged again under the lock.
    """
    if not path.exists():
        return
    with suppress(sqlite3.OperationalError), closing(_connect(f"file:{quote(str(path))}?mode=ro")) as connection:
        recognised(path, connection)


def lock_path(path: Path) -> Path:
    """Beside the store, whatever that is called."""
    return path.with_name(f"{path.name}-lock")


def _lock_file(path: Path) -> LockFile:
    beside = lock_path(path)
    try:
        return LockFile(beside)
    except OSError as error:
        advice = "give this user the right to write to the directory, or name another file"
        raise StoreFileError(
            path, f"needs a lock file {beside.name} beside it, which can't be opened ({error.strerror})", advice
        ) from error


def _opened(path: Path, machine: Machine, lock: LockFile, oldest: int) -> Opened:
    connection = _connect(f"file:{quote(str(path))}?mode=rwc")
    try:
        shift = _ready(path, connection, machine, oldest)
        if shift is None:
            with lock:
                shift = _made_ready(path, connection, machine, oldest)
        connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        with lock:
            connection.close()
        lock.close()
        raise
    return Opened(path, connection, lock, shift, identity(path))


def _ready(path: Path, connection: sqlite3.Connection, machine: Machine, oldest: int) -> int | None:
    """The shift of this boot if all is there: a reader that opens the file then need not wait for a writer."""
    if recognised(path, connection) < oldest or pragma(connection, "journal_mode") != "wal":
        return None
    return _decided(connection, machine.boot())


def _made_ready(path: Path, connection: sqlite3.Connection, machine: Machine, oldest: int) -> int:
    form = recognised(path, connection)
    connection.execute(f"PRAGMA page_size = {PAGE}")  # of a file that is made now
    _log_ahead(path, connection)
    if form == 0:
        make(connection)
    elif form < oldest:
        upgrade(path, connection, form)
    decided = _decided(connection, machine.boot())
    return _decide(connection, machine) if decided is None else decided


def _connect(uri: str) -> sqlite3.Connection:
    # check_same_thread: a thread that ends leaves its connection to others, who close it under the lock.
    return sqlite3.connect(uri, uri=True, timeout=BUSY, isolation_level=None, check_same_thread=False)


def _log_ahead(path: Path, connection: sqlite3.Connection) -> None:
    mode = pragma(connection, "journal_mode")
    if mode != "wal":
        mode = pragma(connection, "journal_mode = WAL")
    if mode != "wal":
        what = f"can't be switched to write-ahead logging (it stays in mode {mode!r})"
        raise StoreFileError(path, what, "put it on a local disk: network file systems can't do it")


def _decided(connection: sqlite3.Connection, boot: str) -> int | None:
    row = connection.execute("SELECT shift FROM boot WHERE id = ?", (boot,)).fetchone()
    return None if row is None else int(row[0])


def _decide(connection: sqlite3.Connection, machine: Machine) -> int:
    """Once in a boot, so that the wall comes after everything that the store has seen.

    A file that can only be read keeps no decision: whoever reads it goes by real time.
    """
    (latest,) = whole(connection.execute("SELECT coalesce(max(wall), -1) FROM rig").fetchone())
    shift = max(machine.real(), latest + 1) - machine.monotonic()
    try:
        connection.execute("INSERT INTO boot VALUES (?, ?)", (machine.boot(), shift))
    except sqlite3.OperationalError as error:
        if "readonly" not in str(error):
            raise
    return shift


def whole(numbers: tuple[Any, ...]) -> tuple[int, ...]:
    """The numbers, unless damage has made something else of them."""
    if not all(isinstance(number, int) for number in numbers):
        raise sqlite3.DatabaseError(f"malformed numbers {numbers!r}")
    return numbers
