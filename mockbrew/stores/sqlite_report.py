"""What stands in a SQLite store, for `mockbrew doctor`: looked at as a server would, and left as it is."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from mockbrew.errors import StoreFileError
from mockbrew.stores.machine import Machine
from mockbrew.stores.sqlite_errors import FRESH, explained
from mockbrew.stores.sqlite_file import Opened, open_file


@dataclass(frozen=True, slots=True)
class RigReport:
    """One rig. spec: hash of the spec that it was last written with; events: how many commands its run has accepted."""

    name: str
    run: int
    spec: str
    events: int


@dataclass(frozen=True, slots=True)
class StoreReport:
    """size: bytes on disk, the log included."""

    format: int
    size: int
    rigs: tuple[RigReport, ...]


def report(path: Path, machine: Machine) -> StoreReport:
    """Read and check an existing file, and see that it can be written. Raises StoreFileError."""
    opened = open_file(path, machine, oldest=1)  # a server that is older may be at work
    try:
        _refuse_damaged(opened)
        _refuse_unwritable(opened)
        rigs = opened.connection.execute("SELECT name, run, spec, events FROM rig ORDER BY name").fetchall()
        (form,) = opened.connection.execute("PRAGMA user_version").fetchone()
        return StoreReport(form, _size(opened.path), tuple(RigReport(*rig) for rig in rigs))
    except sqlite3.Error as error:
        raise explained(opened.path, error) from error
    finally:
        opened.close()


def _refuse_damaged(opened: Opened) -> None:
    (said,) = opened.connection.execute("PRAGMA quick_check(1)").fetchone()
    if said != "ok":
        raise StoreFileError(opened.path, f"is damaged ({said})", FRESH)


def _refuse_unwritable(opened: Opened) -> None:
    with opened.lock:
        opened.connection.execute("BEGIN IMMEDIATE")
        opened.connection.execute("ROLLBACK")


def _size(path: Path) -> int:
    files = (path.with_name(f"{path.name}{suffix}") for suffix in ("", "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
