"""Files of SQLite stores: made, used in every way, and what is said of those that can't be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mockbrew.errors import StoreFileError
from mockbrew.stores import open_store
from mockbrew.stores.base import CellRow, Store
from tests.stores.rows import Machine, command, entry, make_rig, put_notes, record, rig_row

AFRESH = "stop the server and put a copy back, or move the file away together with its -wal and -shm to start afresh"
WRITABLE = "give this user the right to write to the file and to its directory"
DIRECTORY = "give this user the right to write to the directory, or name another file"


@contextmanager
def opened(path: Path, machine: Machine | None = None) -> Iterator[Store]:
    store = open_store(f"sqlite:///{path}", machine=machine)
    yield store
    store.close()


def brewed(path: Path, commands: int = 3, cells: tuple[str, ...] = ("HotTank",)) -> None:
    with opened(path) as store:
        rig = make_rig(store)
        for _ in range(commands):
            for cell in cells:
                command(store, cell=cell)
        put_notes(store, rig, warm="text")
        record(store, rig, [entry(1)])


def revision(store: Store, cell: str = "HotTank") -> int:
    loaded = store.load("default", cell)
    assert loaded is not None
    assert loaded.row is not None
    return loaded.row.revision


def contents(directory: Path) -> dict[str, bytes]:
    """What is kept: without the memory that readers of a database share, and a log with nothing in it."""
    if not directory.is_dir():
        return {}
    files = {path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()}
    return {name: content for name, content in files.items() if not name.endswith("-shm") and (content or not name.endswith("-wal"))}


def again_and_again(use: Callable[[], object]) -> None:
    while True:
        use()


def told(use: Callable[[], object]) -> StoreFileError | None:
    try:
        use()
    except StoreFileError as error:
        return error
    return None


def dropped_and_swept(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.drop_rig(rig_row())
        transaction.sweep(99)


USES: dict[str, Callable[[Store], object]] = {
    "load": lambda store: store.load("default", "HotTank"),
    "wall": lambda store: store.wall(),
    "events": lambda store: store.events(rig_row(), "HotTank"),
    "command": command,
    "checkpoint": lambda store: store.checkpoint(rig_row(), "HotTank", CellRow(3, 0, 99, "ahead")),
    "rigs": lambda store: store.rigs(),
    "cells": lambda store: store.cells(rig_row()),
    "notes": lambda store: store.notes(rig_row(), "snapshot"),
    "journal": lambda store: store.journal(rig_row(), 0, 9),
    "note": lambda store: put_notes(store, rig_row(), warm="new"),
    "record": lambda store: record(store, rig_row(), [entry(2)]),
    "drop and sweep": dropped_and_swept,
}
every_use = pytest.mark.parametrize("use", USES.values(), ids=USES.keys())


def refused(path: Path, use: Callable[[Store], object], what: str, advice: str) -> None:
    """Using the store at `path` says just this, and leaves what is there as it is."""
    before = contents(path.parent)
    with opened(path) as store, pytest.raises(StoreFileError, match=f"^{re.escape(f'{path}: {what}; {advice}; nothing was changed')}$"):
        use(store)

    assert contents(path.parent) == before
