"""What SQLite's errors mean to an operator, and what helps."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from mockbrew.errors import StoreFileError

# What SQLite says, what that means, what helps. By its words, because Python 3.10 does not tell the codes.
FRESH = "stop the server and put a copy back, or move the file away together with its -wal and -shm to start afresh"
ERRORS = (sqlite3.Error, UnicodeDecodeError)  # the latter where damaged bytes get into the words themselves
FAILURES = (
    ("not a database", "is no SQLite database, or is damaged at its start", FRESH),
    ("malformed", "is damaged", FRESH),
    ("utf-8", "is damaged", FRESH),
    ("no such", "is damaged", FRESH),
    ("readonly", "can't be written", "give this user the right to write to the file and to its directory"),
    ("is full", "has no room left on its disk", "make room and ask again"),
    ("disk i/o error", "could not be read or written to the end", "look for a disk that is full or fails, or a limit on the size of files"),
    ("unable to open", "can't be opened", "give this user the right to read and write the file and its directory, -wal and -shm included"),
    ("locked", "has been locked by another program for too long", "close whatever else has it open"),
)


def explained(path: Path, error: Exception) -> StoreFileError:
    """What to tell an operator about an error of SQLite's."""
    said = str(error) or "malformed: illegible"  # Python 3.10 leaves out words that are no UTF-8
    for words, what, advice in FAILURES:
        if words in said.lower():
            return StoreFileError(path, f"{what} ({said})", advice)
    return StoreFileError(path, f"SQLite refuses ({said})", "look the words up in the documentation of SQLite")
