"""A store as a dozen dictionaries, to compare stores with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from mockbrew.clock import Clock
from mockbrew.stores.base import CellRow, Entry, Event, Loaded, RigRow, Transaction

Step: TypeAlias = tuple[Any, ...]


@dataclass
class Model:
    """A store as dictionaries. given: the runs so far; last: the last number of an event."""

    rigs: dict[str, RigRow] = field(default_factory=dict)
    cells: dict[tuple[str, int], dict[str, CellRow]] = field(default_factory=dict)
    aheads: dict[tuple[str, int], dict[str, CellRow]] = field(default_factory=dict)
    logs: dict[tuple[str, int, str], list[Event]] = field(default_factory=dict)
    notes: dict[tuple[str, int, str], dict[str, str]] = field(default_factory=dict)
    journals: dict[tuple[str, int], list[Entry]] = field(default_factory=dict)
    specs: dict[str, str] = field(default_factory=dict)
    given: set[tuple[str, int]] = field(default_factory=set)
    last: int = 0

    def loaded(self, name: str, cell: str) -> Loaded | None:
        rig = self.rigs.get(name)
        if rig is None:
            return None
        row = self.cells.get((name, rig.run), {}).get(cell)
        row = row if row and row.resets == rig.resets else None
        ahead = self.aheads.get((name, rig.run), {}).get(cell)
        follows = ahead and ahead.resets == rig.resets and ahead.revision == (row.revision if row else 0)
        return Loaded(rig, row, ahead if follows else None)

    def checkpoint(self, rig: RigRow, cell: str, row: CellRow) -> bool:
        now = self.loaded(rig.name, cell)
        if now is None or (rig.run, rig.spec) != (now.rig.run, now.rig.spec) or row.resets != now.rig.resets:
            return False
        if row.revision != (now.row.revision if now.row else 0) or (now.ahead and now.ahead.at > row.at):
            return False
        self.aheads.setdefault((rig.name, rig.run), {})[cell] = row
        return True

    def trim(self, log: tuple[str, int, str], keep: int) -> None:
        events = self.logs.get(log, [])
        starts = [i for i, each in enumerate(events) if each.base is not None and len(events) - i >= keep]
        if starts:
            self.logs[log] = events[starts[-1] :]

    def do(self, step: Step, transaction: Transaction) -> None:
        """One step, here and in the store."""
        word, name, *rest = step
        if word == "make":
            run = self._new_run(transaction, name)
            self.rigs[name] = RigRow(name, run, "a", Clock(0, 0), 0, 0, 0, 0, 0, born=run)
            transaction.put_rig(self.rigs[name])
        elif word == "sweep":
            self.sweep(transaction, name)
        elif word == "keep":
            self.specs.setdefault(name, rest[0])
            transaction.put_spec(name, rest[0])
        elif name in self.rigs:
            getattr(self, f"_{word}")(transaction, self.rigs[name], *rest)

    def sweep(self, transaction: Transaction, most: int) -> None:
        """Which rows go first is the store's affair: what it still has is what is left, as long as nothing goes that is in use."""
        swept = transaction.sweep(most)
        assert swept <= most
        if swept < most:
            self._forget_what_is_over()
        else:
            self.sweep(transaction, most)

    def _forget_what_is_over(self) -> None:
        runs = {(rig.name, rig.run) for rig in self.rigs.values()}
        lives = {(rig.name, rig.born) for rig in self.rigs.values()}
        for kept in (self.cells, self.aheads, self.logs):
            _keep(runs, kept)
        for of_life in (self.notes, self.journals):
            _keep(lives, of_life)

    def _new_run(self, transaction: Transaction, rig: str) -> int:
        run = transaction.new_run()
        assert all(run != given for _, given in self.given)
        self.given.add((rig, run))
        return run

    def _restore(self, transaction: Transaction, rig: RigRow) -> None:
        self._change(transaction, rig, {"run": self._new_run(transaction, rig.name)})

    def _end(self, transaction: Transaction, rig: RigRow) -> None:
        del self.rigs[rig.name]
        transaction.drop_rig(rig)

    def _note(self, transaction: Transaction, rig: RigRow, sort: str, name: str, text: str | None) -> None:
        notes = self.notes.setdefault((rig.name, rig.born, sort), {})
        notes.pop(name, None)
        if text is not None:
            notes[name] = text
        transaction.put_note(rig, sort, name, text)

    def _record(self, transaction: Transaction, rig: RigRow) -> None:
        changed = replace(rig, entries=rig.entries + 1)
        entry = Entry(changed.entries, rig.run, 7, 8, f"entry of {rig.name}")
        self.rigs[rig.name] = changed
        self.journals.setdefault((rig.name, rig.born), []).append(entry)
        transaction.record(changed, entry)
        transaction.put_rig(changed)

    def _forget(self, transaction: Transaction, rig: RigRow, before: int) -> None:
        journal = self.journals.get((rig.name, rig.born), [])
        journal[:] = [entry for entry in journal if entry.number >= before]
        transaction.forget(rig, before)

    def _change(self, transaction: Transaction, rig: RigRow, changed: dict[str, Any]) -> None:
        self.rigs[rig.name] = replace(rig, **changed)
        transaction.put_rig(self.rigs[rig.name])

    def _put(self, transaction: Transaction, rig: RigRow, cell: str, row: CellRow) -> None:
        self.cells.setdefault((rig.name, rig.run), {})[cell] = row
        self.aheads.get((rig.name, rig.run), {}).pop(cell, None)
        transaction.put_cell(rig, cell, row)

    def _drop(self, transaction: Transaction, rig: RigRow) -> None:
        self.cells.pop((rig.name, rig.run), None)
        self.aheads.pop((rig.name, rig.run), None)
        transaction.drop_cells(rig)

    def _append(self, transaction: Transaction, rig: RigRow, cell: str, base: str | None) -> None:
        self.last += 1
        event = Event(self.last, cell, self.last, self.last, "B1", "turn_on", "{}", base, None)
        self.logs.setdefault((rig.name, rig.run, cell), []).append(event)
        transaction.append(rig, event)

    def _trim(self, transaction: Transaction, rig: RigRow, cell: str, keep: int) -> None:
        self.trim((rig.name, rig.run, cell), keep)
        transaction.trim(rig, cell, keep)


def _keep(used: set[tuple[str, int]], table: dict[Any, Any]) -> None:
    for key in [key for key in table if key[:2] not in used]:
        del table[key]
