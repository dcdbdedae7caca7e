"""Rigs in the memory of one process, for tests and for a look around: nothing is kept when it ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from mockbrew.stores import validity
from mockbrew.stores.base import CellRow, Entry, Event, Loaded, RigRow, Transaction
from mockbrew.stores.machine import Machine
from mockbrew.stores.memory_tables import WHOLE, Tables, life_of, log_of, notes_of, run_of
from mockbrew.stores.memory_transaction import MemoryTransaction


class MemoryStore:
    """Rigs for the threads of one process."""

    shared = False
    url = "memory://"

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._offset = machine.real() - machine.monotonic()
        self._tables = Tables()
        self._writing = threading.Lock()  # from a transaction's entry to its exit
        self._writer: int | None = None  # the thread that has it
        self._exchange = threading.Lock()  # while rows are looked up or made visible: readers never wait for a writer's work

    def wall(self) -> int:
        return self._offset + self._machine.monotonic()

    def load(self, rig: str, cell: str) -> Loaded | None:
        self._refuse_inside()
        tables = self._tables
        with self._exchange:
            row = tables.rigs.get(WHOLE, rig)
            return None if row is None else validity.loaded(row, tables.cells.get(run_of(row), cell), tables.aheads.get(run_of(row), cell))

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self._transaction() as transaction:
            yield transaction

    def checkpoint(self, rig: RigRow, cell: str, row: CellRow) -> bool:
        with self._transaction() as transaction:
            kept = validity.keeps(transaction.loaded(rig.name, cell), rig, row)
            if kept:
                transaction.put_ahead(rig, cell, row)
        return kept

    def rigs(self) -> Sequence[RigRow]:
        self._refuse_inside()
        with self._exchange:
            rigs = self._tables.rigs.all(WHOLE)
        return [rig for _, rig in sorted(rigs.items())]

    def cells(self, rig: RigRow) -> Sequence[tuple[str, CellRow]]:
        self._refuse_inside()
        with self._exchange:
            rows = self._tables.cells.all(run_of(rig))
        return [(cell, row) for cell, row in sorted(rows.items()) if row.resets == rig.resets]

    def notes(self, rig: RigRow, sort: str) -> Mapping[str, str]:
        self._refuse_inside()
        with self._exchange:
            texts = self._tables.notes.all(notes_of(rig, sort))
        return dict(sorted(texts.items()))

    def journal(self, rig: RigRow, after: int, most: int) -> Sequence[Entry]:
        self._refuse_inside()
        with self._exchange:
            entries = self._tables.journals.all(life_of(rig))
        later = sorted(number for number in entries if number > after)
        return [entries[number] for number in later[: max(most, 0)]]

    def events(self, rig: RigRow, cell: str, first: int = 0) -> Iterator[Event]:
        self._refuse_inside()
        with self._exchange:
            log = self._tables.logs.all(log_of(rig, cell))
        return iter([log[number] for number in sorted(log) if number >= first])

    def close(self) -> None:
        """Nothing to let go of: what is kept lasts as long as the store itself."""
        self._refuse_inside()

    @contextmanager
    def _transaction(self) -> Iterator[MemoryTransaction]:
        self._refuse_inside()
        with self._writing:
            self._writer = threading.get_ident()
            transaction = MemoryTransaction(self._tables)
            try:
                yield transaction
                with self._exchange:
                    transaction.commit()
            finally:
                transaction.end()
                self._writer = None

    def _refuse_inside(self) -> None:
        if self._writer == threading.get_ident():
            raise RuntimeError("inside a transaction only the transaction itself and the wall may be asked")
