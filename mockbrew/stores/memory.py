"""Rigs in the memory of one process, for tests and for a look around: nothing is kept when it ends."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from mockbrew.stores import validity
from mockbrew.stores.base import CellRow, Event, Loaded, RigRow, Transaction
from mockbrew.stores.machine import Machine

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

Run = tuple[str, int]  # rig and run
Log = tuple[str, int, str]  # rig, run and cell


class Table(Generic[Key, Value]):
    """Committed rows by key, in groups that are read and forgotten together."""

    def __init__(self) -> None:
        self._groups: dict[Hashable, dict[Key, Value]] = {}

    def get(self, group: Hashable, key: Key) -> Value | None:
        return self._groups.get(group, {}).get(key)

    def all(self, group: Hashable) -> dict[Key, Value]:
        return dict(self._groups.get(group, {}))

    def take(self, group: Hashable, changes: dict[Key, Value | None]) -> None:
        """Make the changes; None forgets."""
        rows = self._groups.setdefault(group, {})
        for key, value in changes.items():
            if value is None:
                rows.pop(key, None)
            else:
                rows[key] = value


class Draft(Generic[Key, Value]):
    """A table as its one writer sees it: committed rows below, changes above, until `commit`."""

    def __init__(self, table: Table[Key, Value]) -> None:
        self._table = table
        self._changed: dict[Hashable, dict[Key, Value | None]] = {}
        self.ended = False

    def get(self, group: Hashable, key: Key) -> Value | None:
        changed = self._changes(group)
        return changed[key] if key in changed else self._table.get(group, key)

    def all(self, group: Hashable) -> dict[Key, Value]:
        both: dict[Key, Value | None] = {**self._table.all(group), **self._changes(group)}
        return {key: value for key, value in both.items() if value is not None}

    def put(self, group: Hashable, key: Key, value: Value | None) -> None:
        self._changes(group)[key] = value

    def commit(self) -> None:
        for group, changes in self._changed.items():
            self._table.take(group, changes)

    def _changes(self, group: Hashable) -> dict[Key, Value | None]:
        if self.ended:
            raise RuntimeError("the transaction is over")
        return self._changed.setdefault(group, {})


class Tables:
    """All that a store in memory keeps."""

    def __init__(self) -> None:
        self.rigs: Table[str, RigRow] = Table()
        self.cells: Table[str, CellRow] = Table()
        self.aheads: Table[str, CellRow] = Table()
        self.logs: Table[int, Event] = Table()
        self.specs: Table[str, str] = Table()
        self.runs = 0


class MemoryTransaction:
    """Drafts of all tables, which become the tables together or not at all."""

    def __init__(self, tables: Tables) -> None:
        self._tables, self._runs = tables, tables.runs
        self._rigs, self._specs = Draft(tables.rigs), Draft(tables.specs)
        self._cells, self._aheads, self._logs = Draft(tables.cells), Draft(tables.aheads), Draft(tables.logs)
        self._drafts: tuple[Draft[str, RigRow] | Draft[str, CellRow] | Draft[int, Event] | Draft[str, str], ...] = (
            self._rigs,
            self._specs,
            self._cells,
            self._aheads,
            self._logs,
        )

    def rig(self, name: str) -> RigRow | None:
        return self._rigs.get(None, name)

    def put_rig(self, rig: RigRow) -> None:
        self._rigs.put(None, rig.name, rig)

    def new_run(self) -> int:
        self._runs += 1
        return self._runs

    def cell(self, rig: RigRow, cell: str) -> CellRow | None:
        return self._cells.get(_run(rig), cell)

    def cells(self, rig: RigRow) -> Iterator[tuple[str, CellRow]]:
        return iter(sorted(self._cells.all(_run(rig)).items()))

    def put_cell(self, rig: RigRow, cell: str, row: CellRow) -> None:
        self._cells.put(_run(rig), cell, row)
        self._aheads.put(_run(rig), cell, None)

    def drop_cells(self, rig: RigRow) -> None:
        for draft in (self._cells, self._aheads):
            for cell in draft.all(_run(rig)):
                draft.put(_run(rig), cell, None)

    def append(self, rig: RigRow, event: Event) -> None:
        log = _log(rig, event.cell)
        if self._logs.get(log, event.number) is not None:
            raise ValueError(f"event {event.number} of cell {event.cell!r} is in the log already")
        self._logs.put(log, event.number, event)

    def trim(self, rig: RigRow, cell: str, keep: int) -> None:
        log = self._logs.all(_log(rig, cell))
        numbers = sorted(log)
        old = numbers[: max(len(numbers) - max(keep, 1) + 1, 0)]  # with at least `keep` from each of them on
        base = next((number for number in reversed(old) if log[number].base is not None), None)
        for number in numbers[: numbers.index(base)] if base is not None else []:
            self._logs.put(_log(rig, cell), number, None)

    def put_spec(self, digest: str, document: str) -> None:
        if self._specs.get(None, digest) is None:
            self._specs.put(None, digest, document)

    def spec(self, digest: str) -> str | None:
        return self._specs.get(None, digest)

    # -- for the store -------------------------------------------------------------------------------------------

    def loaded(self, rig: str, cell: str) -> Loaded | None:
        row = self.rig(rig)
        return validity.loaded(row, self.cell(row, cell), self._aheads.get(_run(row), cell)) if row is not None else None

    def put_ahead(self, rig: RigRow, cell: str, row: CellRow) -> None:
        self._aheads.put(_run(rig), cell, row)

    def commit(self) -> None:
        for draft in self._drafts:
            draft.commit()
        self._tables.runs = self._runs

    def end(self) -> None:
        for draft in self._drafts:
            draft.ended = True


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
            row = tables.rigs.get(None, rig)
            return None if row is None else validity.loaded(row, tables.cells.get(_run(row), cell), tables.aheads.get(_run(row), cell))

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

    def events(self, rig: RigRow, cell: str) -> Iterator[Event]:
        self._refuse_inside()
        with self._exchange:
            log = self._tables.logs.all(_log(rig, cell))
        return iter([log[number] for number in sorted(log)])

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


def _run(rig: RigRow) -> Run:
    return rig.name, rig.run


def _log(rig: RigRow, cell: str) -> Log:
    return rig.name, rig.run, cell
