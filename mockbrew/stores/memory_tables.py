"""What a store in memory keeps, as tables, and what its one writer is about to make of them."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

from mockbrew.stores.base import CellRow, Entry, Event, RigRow

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

Group = tuple[str | int, ...]
WHOLE: Group = ()  # of a table without groups


def run_of(rig: RigRow) -> Group:
    """The group of what belongs to a run: cells and their checkpoints."""
    return rig.name, rig.run


def log_of(rig: RigRow, cell: str) -> Group:
    """The group of a cell's events."""
    return *run_of(rig), cell


def life_of(rig: RigRow) -> Group:
    """The group of what belongs to a life: the entries of the journal."""
    return rig.name, rig.born


def notes_of(rig: RigRow, sort: str) -> Group:
    """The group of the notes of a sort."""
    return *life_of(rig), sort


class Table(Generic[Key, Value]):
    """Committed rows by key, in groups that are read and forgotten together."""

    def __init__(self) -> None:
        self._groups: dict[Group, dict[Key, Value]] = {}

    def get(self, group: Group, key: Key) -> Value | None:
        return self._groups.get(group, {}).get(key)

    def all(self, group: Group) -> dict[Key, Value]:
        return dict(self._groups.get(group, {}))

    def count(self, group: Group) -> int:
        return len(self._groups.get(group, {}))

    def groups(self) -> set[Group]:
        """All in which there are rows."""
        return set(self._groups)

    def take(self, group: Group, changes: dict[Key, Value | None]) -> None:
        """Make the changes; None forgets."""
        rows = self._groups.setdefault(group, {})
        for key, value in changes.items():
            if value is None:
                rows.pop(key, None)
            else:
                rows[key] = value
        if not rows:
            del self._groups[group]


class Draft(Generic[Key, Value]):
    """A table as its one writer sees it: committed rows below, changes above, until `commit`."""

    def __init__(self, table: Table[Key, Value]) -> None:
        self._table = table
        self._changed: dict[Group, dict[Key, Value | None]] = {}
        self.ended = False

    def get(self, group: Group, key: Key) -> Value | None:
        changed = self._changes(group)
        return changed[key] if key in changed else self._table.get(group, key)

    def all(self, group: Group) -> dict[Key, Value]:
        both: dict[Key, Value | None] = {**self._table.all(group), **self._changes(group)}
        return {key: value for key, value in both.items() if value is not None}

    def count(self, group: Group) -> int:
        """How many rows there are, without a look at each."""
        changed = self._changes(group)
        before = sum(self._table.get(group, key) is not None for key in changed)
        return self._table.count(group) - before + sum(value is not None for value in changed.values())

    def groups(self) -> set[Group]:
        """All in which there may be rows."""
        return self._table.groups() | set(self._changed)

    def changed(self) -> list[Group]:
        """All that were asked for or written to."""
        return list(self._changed)

    def put(self, group: Group, key: Key, value: Value | None) -> None:
        self._changes(group)[key] = value

    def commit(self) -> None:
        for group, changes in self._changed.items():
            self._table.take(group, changes)

    def _changes(self, group: Group) -> dict[Key, Value | None]:
        if self.ended:
            raise RuntimeError("the transaction is over")
        return self._changed.setdefault(group, {})


class Tables:
    """All that a store in memory keeps. litter: whether there may be rows of runs and lives that no rig is in."""

    def __init__(self) -> None:
        self.rigs: Table[str, RigRow] = Table()
        self.cells: Table[str, CellRow] = Table()
        self.aheads: Table[str, CellRow] = Table()
        self.logs: Table[int, Event] = Table()
        self.notes: Table[str, str] = Table()
        self.journals: Table[int, Entry] = Table()
        self.specs: Table[str, str] = Table()
        self.runs, self.litter = 0, False
