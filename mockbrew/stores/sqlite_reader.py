"""What one SQLite connection reads and remembers, so that what nobody has written to is neither read nor decoded again."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from mockbrew.clock import Clock
from mockbrew.stores import validity
from mockbrew.stores.base import CellRow, Entry, Event, Loaded, RigRow
from mockbrew.stores.sqlite_counters import UNSURE, Counters, slot
from mockbrew.stores.sqlite_file import whole

REMEMBERED = 4_096  # looks that a connection remembers, as many as anchors: some 12 MB with cells of 2 KB, where so many are asked for

RIG = """name, run, spec, base, wall_base, numerator, denominator, seed, resets, reset_at, last_at, events,
    born, used, entries, faults, recording, changing"""  # in the order of RigRow
# One statement is one consistent look. Long bodies come only where the stamp says that they are not known yet.
LOOK = """
SELECT rig.stamp, rig.wall, cell.stamp, cell.revision, cell.resets, cell.at,
    CASE WHEN rig.run = ? AND cell.stamp = ? THEN NULL ELSE cell.body END,
    ahead.stamp, ahead.revision, ahead.resets, ahead.at, CASE WHEN rig.run = ? AND ahead.stamp = ? THEN NULL ELSE ahead.body END,
    rig.name, rig.run, rig.spec, rig.base, rig.wall_base, rig.numerator, rig.denominator, rig.seed, rig.resets, rig.reset_at, rig.last_at,
    rig.events, rig.born, rig.used, rig.entries, rig.faults, rig.recording, rig.changing
FROM rig
LEFT JOIN cell ON cell.rig = rig.name AND cell.run = rig.run AND cell.cell = ?
LEFT JOIN ahead ON ahead.rig = rig.name AND ahead.run = rig.run AND ahead.cell = ?
WHERE rig.name = ?"""
LOG = """
SELECT number, cell, at, wall, device, verb, arguments, base, spec, testimony FROM event
WHERE rig = ? AND run = ? AND cell = ? AND number >= ? ORDER BY number"""
RIGS = f"SELECT {RIG} FROM rig ORDER BY name"  # noqa: S608  # columns of ours
CELLS = "SELECT cell, revision, resets, at, body FROM cell WHERE rig = ? AND run = ? AND resets = ? ORDER BY cell"
NOTES = "SELECT name, text FROM note WHERE rig = ? AND born = ? AND sort = ? ORDER BY name"
JOURNAL = "SELECT number, run, at, wall, body FROM journal WHERE rig = ? AND born = ? AND number > ? ORDER BY number LIMIT ?"

RUN = 13  # where a look has the rig's run: after its name
NO_ROWS = (None, None)  # the stamps of a cell that is at its initial state
# ns for which nobody asks whether a program that is not mockbrew has written to the file, or put another in its place. Each question, and
# each look at a path, lets another thread have the interpreter.
TRUSTED = 10_000_000

Row = tuple[Any, ...]


@dataclass(slots=True, eq=False)
class KnownRig:
    """The row of a rig as it was read or written last; another object after each change of anything in the rig.

    wall: the latest that the store has on the rig. version: of the file, when this was known to be so.
    """

    stamp: int
    wall: int
    row: RigRow
    version: int = -1


@dataclass(slots=True, eq=False)
class Known:
    """A cell as it was read or written last, and its rig then.

    stamps, rows: of the cell and of its checkpoint, whether they hold or not; of the same run and the same stamp is the same row.
    version: as the rig's. count: the rig's counter, in slot `place`, before this was known to be so.
    """

    rig: KnownRig | None
    stamps: tuple[int | None, int | None]
    rows: tuple[CellRow | None, CellRow | None]
    loaded: Loaded | None
    place: int
    version: int
    count: int = UNSURE


class Reader:
    """What one connection remembers. What nobody has written to since is the same object again.

    The counter of a rig says whether somebody has, without a question to SQLite. It knows of mockbrew's own commits only: so SQLite is
    asked all the same once in a while, by whoever is about to write, and where there are no counters.
    """

    def __init__(
        self, connection: sqlite3.Connection, counters: Counters | None = None, now: Callable[[], int] = time.monotonic_ns
    ) -> None:
        self.counters = counters
        self._connection, self._now = connection, now
        self._version = -1  # `PRAGMA data_version`: moves whenever another connection has committed
        self._trusted = 0  # ns of `now` until which it need not be asked for
        self._rigs: dict[str, KnownRig] = {}
        self._known: dict[tuple[str, str], Known] = {}

    def glance(self, rig: str, cell: str) -> Known | None:
        """What is known for sure without a question."""
        known, counters = self._known.get((rig, cell)), self.counters
        if known is None or counters is None or known.version != self._version or self._now() >= self._trusted:
            return None  # before a look at the counters: that they are there was seen with the last question
        return known if known.count == counters.numbers[known.place] else None

    def load(self, rig: str, cell: str) -> Loaded | None:
        # The counter before the version, the version before the rows: what is newer than either is only read once too often.
        count = self._count(slot(rig))
        self.ask()
        known = self.known(rig, cell)
        known.count = count
        return known.loaded

    def ask(self) -> None:
        """Learn whether other connections have committed."""
        asked = self._now()
        (self._version,) = self._connection.execute("PRAGMA data_version").fetchone()
        self._trusted = asked + TRUSTED

    def known(self, rig: str, cell: str) -> Known:
        """A cell, of the version that was asked for last or newer."""
        return self.peek(rig, cell) or self._look(rig, cell, self._known.get((rig, cell)))

    def peek(self, rig: str, cell: str) -> Known | None:
        """The same without a look at what is not known."""
        known = self._known.get((rig, cell))
        if known is None or known.rig is None or known.version != self._version:
            return None
        return known if known.rig is self._rigs.get(rig) else None

    def rig(self, rig: str) -> KnownRig | None:
        """A rig, in the same way."""
        known = self._rigs.get(rig)
        return known if known is not None and known.version == self._version else self.known(rig, "").rig

    def lose(self, rig: str) -> None:
        """This connection is about to commit something of a rig: what is known of it may be so or not."""
        self._rigs.pop(rig, None)

    def wrote(self, name: str, known: KnownRig, cells: Mapping[str, CellRow]) -> None:
        """This connection has committed, under the lock: the rig is so now, and these cells of it are so, without checkpoints."""
        known.version = self._version
        self._keep(name, known)
        place = slot(name)
        count = self._count(place)
        for cell, row in cells.items():
            loaded = validity.loaded(known.row, row, None)
            self._remember(name, cell, Known(known, (known.stamp, None), (row, None), loaded, place, self._version, count))

    def forget(self) -> None:
        """All of it."""
        self._rigs.clear()
        self._known.clear()

    def _count(self, place: int) -> int:
        return UNSURE if self.counters is None else self.counters.sure(place)

    def _look(self, rig: str, cell: str, old: Known | None) -> Known:
        run, stamps = (old.rig.row.run, old.stamps) if old is not None and old.rig is not None else (None, NO_ROWS)
        row = self._connection.execute(LOOK, (run, stamps[0], run, stamps[1], cell, cell, rig)).fetchone()
        if row is None:
            self._rigs.pop(rig, None)
            known = Known(None, NO_ROWS, (None, None), None, slot(rig), self._version)
        else:
            known = self._decoded(rig, row, old if row[RUN] == run else None)
        self._remember(rig, cell, known)
        return known

    def _decoded(self, name: str, row: Row, old: Known | None) -> Known:
        """old: of the same run."""
        rig = self._rigs.get(name)
        if rig is None or (rig.stamp, rig.row.run) != (row[0], row[RUN]):
            stamp, wall = whole(row[:2])
            rig = KnownRig(stamp, wall, rig_row(row[RUN - 1 :]))
            self._keep(name, rig)
        rig.version = self._version
        stamps = row[2], row[7]
        cell = old.rows[0] if old is not None and stamps[0] == old.stamps[0] else _cell_row(row[3:7])
        ahead = old.rows[1] if old is not None and stamps[1] == old.stamps[1] else _cell_row(row[8:12])
        return Known(rig, stamps, (cell, ahead), validity.loaded(rig.row, cell, ahead), slot(name), self._version)

    def _keep(self, name: str, rig: KnownRig) -> None:
        if len(self._rigs) >= REMEMBERED:
            self._rigs.clear()  # rare, and only costs a look: simpler than an order of use
        self._rigs[name] = rig

    def _remember(self, rig: str, cell: str, known: Known) -> None:
        self._known.pop((rig, cell), None)
        if len(self._known) >= REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[rig, cell] = known


def read_log(connection: sqlite3.Connection, rig: RigRow, cell: str, first: int) -> list[Event]:
    """The events of a cell from number `first` on, oldest first, in one look: a log that is trimmed meanwhile has no gap."""
    return [Event(*row) for row in _rows(connection, LOG, (rig.name, rig.run, cell, first))]


def read_rigs(connection: sqlite3.Connection) -> list[RigRow]:
    """All of them, by name."""
    return [rig_row(row) for row in _rows(connection, RIGS)]


def read_cells(connection: sqlite3.Connection, rig: RigRow) -> list[tuple[str, CellRow]]:
    """The rows of the rig's run and reset, by the cells' names."""
    return [(cell, CellRow(*rest)) for cell, *rest in _rows(connection, CELLS, (rig.name, rig.run, rig.resets))]


def read_notes(connection: sqlite3.Connection, rig: RigRow, sort: str) -> dict[str, str]:
    """The notes of a sort, by name."""
    return dict(_rows(connection, NOTES, (rig.name, rig.born, sort)))


def read_journal(connection: sqlite3.Connection, rig: RigRow, after: int, most: int) -> list[Entry]:
    """A page of the journal: by the key, so that it costs what it holds and no more."""
    return [Entry(*row) for row in _rows(connection, JOURNAL, (rig.name, rig.born, after, max(most, 0)))]


def rig_row(row: Row) -> RigRow:
    """From the columns of a rig, in the order of RigRow."""
    name, run, spec, base, wall_base, numerator, denominator, seed, *rest = row
    try:
        rate, number = Fraction(int(numerator), int(denominator)), int(seed)
    except (TypeError, ValueError, ZeroDivisionError) as error:
        raise sqlite3.DatabaseError(f"malformed row of rig {name!r}: {error}") from error
    return RigRow(name, run, spec, Clock(base, wall_base, rate), number, *rest)


def columns(rig: RigRow) -> Row:
    """Those of a rig after its name."""
    clock, rate = rig.clock, rig.clock.rate
    about = (rig.run, rig.spec, clock.base, clock.wall_base, str(rate.numerator), str(rate.denominator), str(rig.seed))
    counted = (rig.resets, rig.reset_at, rig.last_at, rig.events, rig.born, rig.used, rig.entries)
    return *about, *counted, rig.faults, rig.recording, rig.changing


def _rows(connection: sqlite3.Connection, question: str, values: Row = ()) -> list[Row]:
    """All of them before any is looked at: a cursor halfway lasts as long as an error about a row, and so does what it sees."""
    return connection.execute(question, values).fetchall()


def _cell_row(row: Row) -> CellRow | None:
    return None if row[0] is None else CellRow(*row)
