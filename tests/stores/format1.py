"""A store as mockbrew made it before rigs had lives: the statements of then, and a rig that has had three commands."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

WALL = 1_700_000_000_000_000_000  # ns, of the last event
TABLES = {
    "store": "(one INTEGER PRIMARY KEY CHECK (one = 1), runs INTEGER NOT NULL)",
    "boot": "(id TEXT PRIMARY KEY, shift INTEGER NOT NULL) WITHOUT ROWID",
    "spec": "(digest TEXT PRIMARY KEY, document TEXT NOT NULL)",
    "rig": """(name TEXT PRIMARY KEY, stamp INTEGER NOT NULL, wall INTEGER NOT NULL, run INTEGER NOT NULL, spec TEXT NOT NULL,
        base INTEGER NOT NULL, wall_base INTEGER NOT NULL, numerator TEXT NOT NULL, denominator TEXT NOT NULL, seed TEXT NOT NULL,
        resets INTEGER NOT NULL, reset_at INTEGER NOT NULL, last_at INTEGER NOT NULL, events INTEGER NOT NULL) WITHOUT ROWID""",
    "cell": """(rig TEXT NOT NULL, run INTEGER NOT NULL, cell TEXT NOT NULL, stamp INTEGER NOT NULL, revision INTEGER NOT NULL,
        resets INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (rig, run, cell))""",
    "ahead": """(rig TEXT NOT NULL, run INTEGER NOT NULL, cell TEXT NOT NULL, stamp INTEGER NOT NULL, revision INTEGER NOT NULL,
        resets INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (rig, run, cell))""",
    "event": """(rig TEXT NOT NULL, run INTEGER NOT NULL, cell TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL,
        wall INTEGER NOT NULL, device TEXT NOT NULL, verb TEXT NOT NULL, arguments TEXT NOT NULL, base TEXT, spec TEXT,
        PRIMARY KEY (rig, run, cell, number)) WITHOUT ROWID""",
}
ROWS = (
    "INSERT INTO store VALUES (1, 5)",
    "INSERT INTO boot VALUES ('first boot', 100)",
    "INSERT INTO spec VALUES ('digest', 'document')",
    f"INSERT INTO rig VALUES ('default', 9, {WALL}, 4, 'digest', 5, 7, '60', '1', '0', 0, 0, 30, 3)",
    "INSERT INTO rig VALUES ('team-a', 1, 7, 5, 'digest', 5, 7, '1', '3', '123456789012345678901', 0, 0, 0, 0)",
    "INSERT INTO cell VALUES ('default', 4, 'HotTank', 9, 3, 0, 30, 'body 3')",
    "INSERT INTO ahead VALUES ('default', 4, 'HotTank', 9, 3, 0, 40, 'ahead')",
    *(
        f"INSERT INTO event VALUES ('default', 4, 'HotTank', {number}, {10 * number}, {WALL}, 'B1', 'turn_on', '{{}}', NULL, NULL)"
        for number in (1, 2, 3)
    ),
)


def make(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA application_id = 1835168375")
        connection.execute("PRAGMA user_version = 1")
        for name, columns in TABLES.items():
            connection.execute(f"CREATE TABLE {name} {columns}")
        for row in ROWS:
            connection.execute(row)
