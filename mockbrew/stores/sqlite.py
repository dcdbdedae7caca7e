"""Rigs in one SQLite file, shared by all threads and processes of a machine."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from mockbrew.stores import validity
from mockbrew.stores.base import CellRow, Entry, Event, Loaded, RigRow
from mockbrew.stores.machine import Machine
from mockbrew.stores.sqlite_errors import ERRORS, explained
from mockbrew.stores.sqlite_handles import Handles
from mockbrew.stores.sqlite_reader import read_cells, read_journal, read_log, read_notes, read_rigs
from mockbrew.stores.sqlite_turn import Turn

Shape = TypeVar("Shape")


class SqliteStore:
    """Rigs for all processes of one machine."""

    shared = True

    def __init__(self, url: str, path: Path, machine: Machine) -> None:
        self.url = url
        self._machine = machine
        self._handles = Handles(path, machine)

    def wall(self) -> int:
        return self._handles.own().opened.shift + self._machine.monotonic()

    def load(self, rig: str, cell: str) -> Loaded | None:
        known = self._handles.known(rig, cell)
        return self._loaded(rig, cell) if known is None else known.loaded

    def transaction(self) -> Turn:
        return Turn(self._handles)

    def checkpoint(self, rig: RigRow, cell: str, row: CellRow) -> bool:
        with Turn(self._handles) as transaction:
            kept = validity.keeps(transaction.loaded(rig.name, cell), rig, row)
            if kept:
                transaction.put_ahead(rig, cell, row)
        return kept

    def rigs(self) -> Sequence[RigRow]:
        return self._read(read_rigs)

    def cells(self, rig: RigRow) -> Sequence[tuple[str, CellRow]]:
        return self._read(lambda connection: read_cells(connection, rig))

    def notes(self, rig: RigRow, sort: str) -> Mapping[str, str]:
        return self._read(lambda connection: read_notes(connection, rig, sort))

    def journal(self, rig: RigRow, after: int, most: int) -> Sequence[Entry]:
        return self._read(lambda connection: read_journal(connection, rig, after, most))

    def events(self, rig: RigRow, cell: str, first: int = 0) -> Iterator[Event]:
        return iter(self._read(lambda connection: read_log(connection, rig, cell, first)))

    def close(self) -> None:
        self._handles.close()

    def _loaded(self, rig: str, cell: str) -> Loaded | None:
        handle = self._handles.enter()
        try:
            return handle.reader.load(rig, cell)
        except ERRORS as error:
            raise explained(handle.opened.path, error) from error
        finally:
            handle.busy.release()

    def _read(self, look: Callable[[sqlite3.Connection], Shape]) -> Shape:
        handle = self._handles.enter()
        try:
            return look(handle.opened.connection)
        except ERRORS as error:
            raise explained(handle.opened.path, error) from error
        finally:
            handle.busy.release()
