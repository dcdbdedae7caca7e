"""The least that a durable command can cost: a WSGI callable that knows no plant, and commits rows as a command of mockbrew's does.

For each request it takes the lock, reads its rig, writes the rows of rig, cell, event and journal, as long as those of the reference
brewery are, and commits. Nothing is parsed, checked, computed, compared or told, and nobody reads what it writes.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

from bench.constant import BODY, HEADERS

PLACE: Final = "MOCKBREW_STORE"  # as mockbrew is told where its store is
CELL, ENTRY = 450, 180  # characters
# The keys, pages and statements of mockbrew's tables.
TABLES = """
PRAGMA page_size = 2048;
PRAGMA journal_mode = WAL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS rig (name TEXT PRIMARY KEY, events INTEGER, wall INTEGER, digest TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cell (rig TEXT, run INTEGER, name TEXT, revision INTEGER, body TEXT, PRIMARY KEY (rig, run, name));
CREATE TABLE IF NOT EXISTS event (rig TEXT, run INTEGER, cell TEXT, number INTEGER, wall INTEGER, device TEXT, verb TEXT,
    PRIMARY KEY (rig, run, cell, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS journal (rig TEXT, born INTEGER, number INTEGER, wall INTEGER, body TEXT, PRIMARY KEY (rig, born, number));
INSERT OR IGNORE INTO rig VALUES ('default', 0, 0, hex(randomblob(32)));
INSERT OR IGNORE INTO cell VALUES ('default', 1, 'HotTank', 0, '');
COMMIT;
PRAGMA synchronous = NORMAL;
"""
NEXT = "SELECT events + 1 FROM rig WHERE name = 'default'"
PUT_CELL = "UPDATE cell SET revision = ?, body = ? WHERE rig = 'default' AND run = 1 AND name = 'HotTank'"
APPEND = "INSERT INTO event VALUES ('default', 1, 'HotTank', ?, ?, 'A', 'turn_on')"
RECORD = "INSERT INTO journal VALUES ('default', 1, ?, ?, ?)"
PUT_RIG = "UPDATE rig SET events = ?, wall = ? WHERE name = 'default'"


class Store(threading.local):
    """One thread's connection, and its lock: of each process, since neither lives through a fork."""

    def __init__(self) -> None:
        path = Path(os.environ[PLACE].removeprefix("sqlite:///"))
        self._lock = os.open(f"{path}-lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        self._connection = sqlite3.connect(path, isolation_level=None)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self._connection.executescript(TABLES)
        fcntl.flock(self._lock, fcntl.LOCK_UN)

    def command(self) -> None:
        """Durable when it returns."""
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        try:
            self._write(self._connection.execute)
        finally:
            fcntl.flock(self._lock, fcntl.LOCK_UN)

    def _write(self, execute: Callable[..., sqlite3.Cursor]) -> None:
        execute("BEGIN IMMEDIATE")
        ((number,),) = execute(NEXT).fetchall()
        execute(PUT_CELL, (number, f"{number:0{CELL}}"))
        execute(APPEND, (number, number))
        execute(RECORD, (number, number, f"{number:0{ENTRY}}"))
        execute(PUT_RIG, (number, number))
        execute("COMMIT")


@cache
def store() -> Store:
    """That of this process: made at the first request, after the fork."""
    return Store()


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Always the same reply, once it is written down that it was asked for."""
    store().command()
    start_response("200 OK", list(HEADERS))
    return [BODY]
