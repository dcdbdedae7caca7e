"""Rows to put into stores, a machine whose time the test sets, and short words for what most tests do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from mockbrew.clock import Clock
from mockbrew.stores.base import CellRow, Entry, Event, RigRow, Store

CLOCK = Clock(base=5, wall_base=7, rate=Fraction(60))


@dataclass(slots=True)
class Machine:
    """A machine that stands still until the test moves it."""

    name: str = "first boot"
    since_boot: int = 1_000
    since_1970: int = 1_800_000_000_000_000_000

    def boot(self) -> str:
        return self.name

    def monotonic(self) -> int:
        return self.since_boot

    def real(self) -> int:
        return self.since_1970


def rig_row(name: str = "default", run: int = 1) -> RigRow:
    return RigRow(name, run, "digest", CLOCK, seed=0, resets=0, reset_at=0, last_at=0, events=0, born=run)


def entry(number: int, body: str = "{}", wall: int = 0) -> Entry:
    return Entry(number, 1, 10 * number, wall, body)


def event(number: int, cell: str = "HotTank", base: str | None = None, wall: int = 0) -> Event:
    return Event(number, cell, 10 * number, wall, "B1", "turn_on", "{}", base, None if base is None else "digest")


def make_rig(store: Store, name: str = "default") -> RigRow:
    with store.transaction() as transaction:
        rig = rig_row(name, transaction.new_run())
        transaction.put_rig(rig)
    return rig


def put_cell(store: Store, rig: RigRow, row: CellRow, cell: str = "HotTank") -> None:
    with store.transaction() as transaction:
        transaction.put_cell(rig, cell, row)


def append(store: Store, rig: RigRow, events: Sequence[Event]) -> None:
    with store.transaction() as transaction:
        for each in events:
            transaction.append(rig, each)


def record(store: Store, rig: RigRow, entries: Sequence[Entry]) -> None:
    with store.transaction() as transaction:
        for each in entries:
            transaction.record(rig, each)


def put_notes(store: Store, rig: RigRow, sort: str = "snapshot", **texts: str | None) -> None:
    with store.transaction() as transaction:
        for name, text in texts.items():
            transaction.put_note(rig, sort, name, text)


def command(store: Store, name: str = "default", cell: str = "HotTank") -> int:
    """What a command does to a store: one more event, its cell and its rig, in one transaction. Answers the event's number."""
    with store.transaction() as transaction:
        rig = transaction.rig(name)
        assert rig is not None
        rig = replace(rig, events=rig.events + 1, last_at=rig.last_at + 10)
        transaction.append(rig, event(rig.events, cell))
        transaction.put_cell(rig, cell, CellRow(rig.events, rig.resets, rig.last_at, f"body {rig.events}"))
        transaction.put_rig(rig)
    return rig.events


def numbers(store: Store, rig: RigRow, cell: str = "HotTank") -> list[int]:
    return [each.number for each in store.events(rig, cell)]
