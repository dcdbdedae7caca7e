"""What the one writer of a store in memory does: to drafts of all tables, which become the tables together or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from heapq import nsmallest
from itertools import islice
from typing import Any

from mockbrew.stores import validity
from mockbrew.stores.base import CellRow, Entry, Event, Loaded, RigRow
from mockbrew.stores.memory_tables import WHOLE, Draft, Group, Tables, life_of, log_of, notes_of, run_of


class MemoryTransaction:
    """Drafts of all tables, which become the tables together or not at all."""

    def __init__(self, tables: Tables) -> None:
        self._tables, self._runs, self._litter = tables, tables.runs, tables.litter
        self._rigs, self._specs = Draft(tables.rigs), Draft(tables.specs)
        self._cells, self._aheads, self._logs = Draft(tables.cells), Draft(tables.aheads), Draft(tables.logs)
        self._notes, self._journals = Draft(tables.notes), Draft(tables.journals)
        self._of_runs: tuple[Draft[Any, Any], ...] = (self._cells, self._aheads, self._logs)
        self._of_lives: tuple[Draft[Any, Any], ...] = (self._notes, self._journals)
        self._drafts: tuple[Draft[Any, Any], ...] = (self._rigs, self._specs, *self._of_runs, *self._of_lives)

    def rig(self, name: str) -> RigRow | None:
        return self._rigs.get(WHOLE, name)

    def rigs(self) -> Iterator[RigRow]:
        return iter([rig for _, rig in sorted(self._rigs.all(WHOLE).items())])

    def count(self, since: int | None = None) -> int:
        if since is None:
            return self._rigs.count(WHOLE)
        return sum(rig.used >= since for rig in self._rigs.all(WHOLE).values())

    def least_used(self, most: int) -> Sequence[RigRow]:
        return nsmallest(most, self._rigs.all(WHOLE).values(), key=lambda rig: (rig.used, rig.name))

    def put_rig(self, rig: RigRow) -> None:
        before = self.rig(rig.name)
        self._litter |= before is not None and (before.run, before.born) != (rig.run, rig.born)
        self._rigs.put(WHOLE, rig.name, rig)

    def drop_rig(self, rig: RigRow) -> None:
        self._litter = True
        self._rigs.put(WHOLE, rig.name, None)

    def sweep(self, most: int) -> int:
        self._litter = self._litters()
        if not self._litter:  # as nearly always, however many rigs there are
            return 0
        rigs = self._rigs.all(WHOLE).values()
        runs, lives = {run_of(rig) for rig in rigs}, {life_of(rig) for rig in rigs}
        garbage = (
            (draft, group, key)
            for drafts, used in ((self._of_runs, runs), (self._of_lives, lives))
            for draft in drafts
            for group in draft.groups()
            if group[:2] not in used
            for key in draft.all(group)
        )
        swept = list(islice(garbage, max(most, 0)))
        for draft, group, key in swept:
            draft.put(group, key, None)
        self._litter = len(swept) >= most
        return len(swept)

    def new_run(self) -> int:
        self._runs += 1
        return self._runs

    def cell(self, rig: RigRow, cell: str) -> CellRow | None:
        return self._cells.get(run_of(rig), cell)

    def cells(self, rig: RigRow) -> Iterator[tuple[str, CellRow]]:
        return iter(sorted(self._cells.all(run_of(rig)).items()))

    def put_cell(self, rig: RigRow, cell: str, row: CellRow) -> None:
        self._cells.put(run_of(rig), cell, row)
        self._aheads.put(run_of(rig), cell, None)

    def drop_cells(self, rig: RigRow) -> None:
        for draft in (self._cells, self._aheads):
            for cell in draft.all(run_of(rig)):
                draft.put(run_of(rig), cell, None)

    def append(self, rig: RigRow, event: Event) -> None:
        log = log_of(rig, event.cell)
        if self._logs.get(log, event.number) is not None:
            raise ValueError(f"event {event.number} of cell {event.cell!r} is in the log already")
        self._logs.put(log, event.number, event)

    def trim(self, rig: RigRow, cell: str, keep: int) -> None:
        log = self._logs.all(log_of(rig, cell))
        numbers = sorted(log)
        old = numbers[: max(len(numbers) - max(keep, 1) + 1, 0)]  # with at least `keep` from each of them on
        base = next((number for number in reversed(old) if log[number].base is not None), None)
        for number in numbers[: numbers.index(base)] if base is not None else []:
            self._logs.put(log_of(rig, cell), number, None)

    def note(self, rig: RigRow, sort: str, name: str) -> str | None:
        return self._notes.get(notes_of(rig, sort), name)

    def notes(self, rig: RigRow, sort: str) -> Mapping[str, str]:
        return dict(sorted(self._notes.all(notes_of(rig, sort)).items()))

    def put_note(self, rig: RigRow, sort: str, name: str, text: str | None) -> None:
        self._notes.put(notes_of(rig, sort), name, text)

    def record(self, rig: RigRow, entry: Entry) -> None:
        if self._journals.get(life_of(rig), entry.number) is not None:
            raise ValueError(f"entry {entry.number} is in the journal already")
        self._journals.put(life_of(rig), entry.number, entry)

    def forget(self, rig: RigRow, before: int) -> None:
        for number in self._journals.all(life_of(rig)):
            if number < before:
                self._journals.put(life_of(rig), number, None)

    def put_spec(self, digest: str, document: str) -> None:
        if self._specs.get(WHOLE, digest) is None:
            self._specs.put(WHOLE, digest, document)

    def spec(self, digest: str) -> str | None:
        return self._specs.get(WHOLE, digest)

    # -- for the store -------------------------------------------------------------------------------------------

    def loaded(self, rig: str, cell: str) -> Loaded | None:
        row = self.rig(rig)
        return validity.loaded(row, self.cell(row, cell), self._aheads.get(run_of(row), cell)) if row is not None else None

    def put_ahead(self, rig: RigRow, cell: str, row: CellRow) -> None:
        self._aheads.put(run_of(rig), cell, row)

    def commit(self) -> None:
        for draft in self._drafts:
            draft.commit()
        self._tables.runs, self._tables.litter = self._runs, self._litters()

    def end(self) -> None:
        for draft in self._drafts:
            draft.ended = True

    def _litters(self) -> bool:
        """Whether rows may be left of what no rig is in: of what was dropped or left, or was written though no rig is in it."""
        return self._litter or any(
            not self._is_used(group, of_runs=draft in self._of_runs)
            for draft in (*self._of_runs, *self._of_lives)
            for group in draft.changed()
        )

    def _is_used(self, group: Group, *, of_runs: bool) -> bool:
        rig = self.rig(str(group[0]))
        return rig is not None and group[1] == (rig.run if of_runs else rig.born)
