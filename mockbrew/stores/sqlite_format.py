"""The tables of an SQLite store: made, recognised, and brought from an older format to today's. Nothing of another program is touched."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from mockbrew.errors import StoreFileError
from mockbrew.stores.sqlite_errors import FRESH

APPLICATION = 0x6D627277  # "mbrw": a mockbrew store, in the header of the file
PAGE = 2_048  # bytes; a command writes five pages, most of them for some hundred bytes: docs/adr/0031. Files with others are as good
FORMAT = 3  # of the tables below; a file of a later one is refused, one of an earlier one is upgraded

# stamp: how many transactions have written to the rig; a row whose stamp has not moved need not be read again. wall: the latest that an
# event, an entry or a clock of the rig refers to. shift: what to add to the monotonic clock of that boot. garbage: runs and lives that a
# rig has left, where something may be left to sweep.
# Rates and seeds are text because they may exceed 64 bits. Bodies can be long, which a table without rowid does badly.
TABLES = {
    "store": "(one INTEGER PRIMARY KEY CHECK (one = 1), runs INTEGER NOT NULL)",
    "boot": "(id TEXT PRIMARY KEY, shift INTEGER NOT NULL) WITHOUT ROWID",
    "spec": "(digest TEXT PRIMARY KEY, document TEXT NOT NULL)",
    "rig": """(name TEXT PRIMARY KEY, stamp INTEGER NOT NULL, wall INTEGER NOT NULL, run INTEGER NOT NULL, spec TEXT NOT NULL,
        base INTEGER NOT NULL, wall_base INTEGER NOT NULL, numerator TEXT NOT NULL, denominator TEXT NOT NULL, seed TEXT NOT NULL,
        resets INTEGER NOT NULL, reset_at INTEGER NOT NULL, last_at INTEGER NOT NULL, events INTEGER NOT NULL,
        born INTEGER NOT NULL DEFAULT 0, used INTEGER NOT NULL DEFAULT 0, entries INTEGER NOT NULL DEFAULT 0,
        faults TEXT NOT NULL DEFAULT '', recording INTEGER NOT NULL DEFAULT 0, changing INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID""",
    "cell": """(rig TEXT NOT NULL, run INTEGER NOT NULL, cell TEXT NOT NULL, stamp INTEGER NOT NULL, revision INTEGER NOT NULL,
        resets INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (rig, run, cell))""",
    "ahead": """(rig TEXT NOT NULL, run INTEGER NOT NULL, cell TEXT NOT NULL, stamp INTEGER NOT NULL, revision INTEGER NOT NULL,
        resets INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (rig, run, cell))""",
    "event": """(rig TEXT NOT NULL, run INTEGER NOT NULL, cell TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL,
        wall INTEGER NOT NULL, device TEXT NOT NULL, verb TEXT NOT NULL, arguments TEXT NOT NULL, base TEXT, spec TEXT,
        testimony TEXT, PRIMARY KEY (rig, run, cell, number)) WITHOUT ROWID""",
    "note": """(rig TEXT NOT NULL, born INTEGER NOT NULL, sort TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (rig, born, sort, name))""",
    "journal": """(rig TEXT NOT NULL, born INTEGER NOT NULL, number INTEGER NOT NULL, run INTEGER NOT NULL, at INTEGER NOT NULL,
        wall INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (rig, born, number))""",
    "garbage": "(rig TEXT NOT NULL, run INTEGER NOT NULL, born INTEGER NOT NULL, PRIMARY KEY (rig, run, born)) WITHOUT ROWID",
}
ADDED = ("note", "journal", "garbage")  # with format 2
LIVES = (  # of the rigs of format 1
    "ALTER TABLE rig ADD COLUMN born INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE rig ADD COLUMN used INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE rig ADD COLUMN entries INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE rig ADD COLUMN faults TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE rig ADD COLUMN recording INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE rig ADD COLUMN changing INTEGER NOT NULL DEFAULT 0",
    "UPDATE rig SET born = run, used = wall",
)
UPGRADES = {
    1: (*LIVES, *(f"CREATE TABLE {name} {TABLES[name]}" for name in ADDED), "PRAGMA user_version = 2"),
    2: ("ALTER TABLE event ADD COLUMN testimony TEXT", "PRAGMA user_version = 3"),
}
NAMES = {1: TABLES.keys() - set(ADDED), 2: TABLES.keys(), 3: TABLES.keys()}


def recognised(path: Path, connection: sqlite3.Connection) -> int:
    """The format of a store of ours, 0 where there is nothing yet; anything else is refused."""
    application, form, tables = _found(connection)
    if (application, form) == (0, 0) and not tables:
        return 0
    if application != APPLICATION:
        raise StoreFileError(path, f"is a database of another program (application_id {application:#x})", "name another file")
    if form > FORMAT:
        advice = "upgrade mockbrew, or name another file"
        raise StoreFileError(path, f"has format {form}, of a newer mockbrew; this one knows up to {FORMAT}", advice)
    if form not in NAMES:
        raise StoreFileError(path, f"says it is a mockbrew store of format {form}, which there never was", FRESH)
    if tables != NAMES[form]:
        odd = ", ".join(sorted(tables ^ NAMES[form]))
        raise StoreFileError(path, f"says it is a mockbrew store, but these tables are missing or unknown: {odd}", FRESH)
    return form


def make(connection: sqlite3.Connection) -> None:
    """All tables, where there are none."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    for name, columns in TABLES.items():
        connection.execute(f"CREATE TABLE {name} {columns}")
    connection.execute("INSERT INTO store VALUES (1, 0)")
    connection.execute("COMMIT")


def upgrade(path: Path, connection: sqlite3.Connection, form: int) -> None:
    """From format `form` to today's, in one transaction that whoever fails undoes by closing the connection."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        for older in range(form, FORMAT):
            for statement in UPGRADES[older]:
                connection.execute(statement)
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if "readonly" not in str(error):
            raise
        advice = "give this user the right to write to the file and to its directory, or go on with the mockbrew that made it"
        raise StoreFileError(path, f"has format {form} and must be upgraded to {FORMAT}, but can't be written ({error})", advice) from error


def pragma(connection: sqlite3.Connection, name: str) -> object:
    """What the connection says to a PRAGMA."""
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def _found(connection: sqlite3.Connection) -> tuple[int, int, set[str]]:
    """Program, format and tables in one look: another process may be making the store just now."""
    connection.execute("BEGIN")
    try:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall()
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (form,) = connection.execute("PRAGMA user_version").fetchone()
        return application, form, {name for (name,) in names}
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
