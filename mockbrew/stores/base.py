"""What a store keeps, as rows, and what it promises to whoever writes them.

A store knows no physics and no spec: bodies are opaque text. Its promises: a transaction happens whole or not at all, two
never overlap, and one that returned is there after `kill -9` of the process (of the machine's power, the file system decides).
Readers never wait for writers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from mockbrew.clock import Clock


@dataclass(frozen=True, slots=True)
class RigRow:
    """One instance of the spec.

    run: which stretch of never-returning virtual time it is in; unique in the store, so a rig that is deleted and made again
    never meets its old rows. spec: hash of the spec that its cells were last written with. resets: how often it was reset; a cell
    row of an earlier reset is void. reset_at, last_at: virtual ns of that reset and of the last accepted event. events: how many events
    the run has accepted. born: the run that it was made with, which names this life of the rig. used: wall ns of its last use, about.
    entries: how many the journal of this life has had. faults: its faults, as opaque text. recording: 1 while every request goes to the
    journal. changing: wall ns from which on nobody may read its clock, since that is about to be changed; 0 if it is not.
    """

    name: str
    run: int
    spec: str
    clock: Clock
    seed: int
    resets: int
    reset_at: int
    last_at: int
    events: int
    born: int = 0
    used: int = 0
    entries: int = 0
    faults: str = ""
    recording: int = 0
    changing: int = 0


@dataclass(frozen=True, slots=True)
class CellRow:
    """The state of one cell as of its last event: `at` in virtual ns; `revision` is the number of that event in its run."""

    revision: int
    resets: int
    at: int
    body: str


@dataclass(frozen=True, slots=True)
class Event:
    """One accepted command. `number` counts in the run, `at` is virtual ns, `wall` is wall ns, `cell` is "" for the whole rig.

    base: the cell's body after the event, on the events that open a stretch of the log (else None); spec: the hash of the
    spec that `base` is written in. testimony: how it was with the rules of the cell between the event before and this one, as opaque text.
    """

    number: int
    cell: str
    at: int
    wall: int
    device: str
    verb: str
    arguments: str
    base: str | None = None
    spec: str | None = None
    testimony: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a rig's journal. `number` counts in this life of the rig, `at` is virtual ns of `run`, `wall` is wall ns."""

    number: int
    run: int
    at: int
    wall: int
    body: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a request for one cell needs, read in one consistent look.

    row: None where the cell is at its initial state. ahead: the cell evolved further without any event (a checkpoint), or None; it
    always belongs to `row` (or to the absence of one).
    """

    rig: RigRow
    row: CellRow | None
    ahead: CellRow | None


class Transaction(Protocol):
    """The one writer of a store, from entry to exit. Nothing of it is visible before, all of it after."""

    def rig(self, name: str) -> RigRow | None: ...
    def rigs(self) -> Iterator[RigRow]:
        """All rigs, by name."""
        ...

    def count(self, since: int | None = None) -> int:
        """How many rigs there are, or were used at wall ns `since` or later. Without `since` it costs next to nothing with any number."""
        ...

    def least_used(self, most: int) -> Sequence[RigRow]:
        """The rigs whose last use is longest ago, at most so many, the oldest first."""
        ...

    def put_rig(self, rig: RigRow) -> None: ...
    def drop_rig(self, rig: RigRow) -> None:
        """Forget it: nobody finds it any more. Its other rows are left to `sweep`."""
        ...

    def sweep(self, most: int) -> int:
        """Delete at most `most` rows of runs and lives that no rig is in any more, and say how many it were.

        Fewer than `most` means that nothing is left. What a store keeps for its own use of them counts too.
        """
        ...

    def new_run(self) -> int:
        """A run number that the store has never given before."""
        ...

    def cell(self, rig: RigRow, cell: str) -> CellRow | None:
        """The row as stored, of whichever reset it is."""
        ...

    def cells(self, rig: RigRow) -> Iterator[tuple[str, CellRow]]:
        """All rows of the rig's run, of whichever reset they are, by the cells' names."""
        ...

    def put_cell(self, rig: RigRow, cell: str, row: CellRow) -> None:
        """Store the row; the cell's checkpoint is void from then on."""
        ...

    def drop_cells(self, rig: RigRow) -> None:
        """Forget all rows and checkpoints of the rig's run (not its events)."""
        ...

    def append(self, rig: RigRow, event: Event) -> None:
        """Raises ValueError if the cell's log has that number already."""
        ...

    def trim(self, rig: RigRow, cell: str, keep: int) -> None:
        """Of this cell's events forget the oldest whole stretches, so that at least `keep` remain and the first that remains has a base.

        Does nothing where fewer than `keep` events stand behind some base.
        """
        ...

    def note(self, rig: RigRow, sort: str, name: str) -> str | None: ...
    def notes(self, rig: RigRow, sort: str) -> Mapping[str, str]:
        """All notes of a sort in this life of the rig, by name, in the order of their names."""
        ...

    def put_note(self, rig: RigRow, sort: str, name: str, text: str | None) -> None:
        """Keep a text with this life of the rig; None forgets it."""
        ...

    def record(self, rig: RigRow, entry: Entry) -> None:
        """Append to the journal of this life of the rig. Raises ValueError if it has that number already."""
        ...

    def forget(self, rig: RigRow, before: int) -> None:
        """Of the journal, the entries with numbers below `before`."""
        ...

    def put_spec(self, digest: str, document: str) -> None:
        """Keep a spec by its hash, for ever; keeping it again changes nothing."""
        ...

    def spec(self, digest: str) -> str | None: ...


class Store(Protocol):
    """Where rigs live. Safe to use from any thread and, if `shared`, from any process of the machine.

    Whoever is in a transaction asks the transaction: of the store only `wall`, else RuntimeError.
    """

    shared: bool
    url: str

    def wall(self) -> int:
        """Wall time in ns: never goes back, goes on while no process runs, the same for all who share the store."""
        ...

    def load(self, rig: str, cell: str) -> Loaded | None:
        """The newest committed rows, or None if there is no such rig.

        Where nothing was written to the rig since this thread's last look, or by this thread itself, it is the same object again, for 3 us.
        """
        ...

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Become the only writer. Commits when the block ends, undoes everything when it raises."""
        ...

    def checkpoint(self, rig: RigRow, cell: str, row: CellRow) -> bool:
        """Keep a cell evolved further from what was loaded with `rig`, and say if it was kept.

        It is, if the rig still has that run and spec, the cell's newest valid row `row.revision` and `row.resets` (0 and the rig's
        where there is none), and no later checkpoint stands.
        """
        ...

    def rigs(self) -> Sequence[RigRow]:
        """All rigs as of one instant, by name."""
        ...

    def cells(self, rig: RigRow) -> Sequence[tuple[str, CellRow]]:
        """The rows of the rig's run that its resets have not made void, by the cells' names; not the checkpoints."""
        ...

    def notes(self, rig: RigRow, sort: str) -> Mapping[str, str]:
        """As the transaction's."""
        ...

    def journal(self, rig: RigRow, after: int, most: int) -> Sequence[Entry]:
        """At most `most` entries with numbers above `after`, oldest first."""
        ...

    def events(self, rig: RigRow, cell: str, first: int = 0) -> Iterator[Event]:
        """The log of one cell ("" for the rig's own events) from number `first` on, oldest first, as of one instant."""
        ...

    def close(self) -> None:
        """Let go of files and connections. The store opens again by itself when used."""
        ...
