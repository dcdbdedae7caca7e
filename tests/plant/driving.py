"""A plant on its way through the history of its case, for tests that ask for later and later instants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mockbrew import plant
from mockbrew.clock import SECOND
from mockbrew.plant import Anchor, Cell, Look
from tests.plant.cells import ENDLESS
from tests.plant.histories import Case


class Stretch(NamedTuple):
    """From `begin` to `end` (virtual ns) nothing happens: one law, one series."""

    cell: Cell
    anchor: Anchor
    begin: int
    end: int

    def look(self, at: int) -> Look:
        """At an instant within it (virtual ns)."""
        return Look(self.cell, self.anchor, at, "")


class Drive:
    """Commands are given when their time has come."""

    def __init__(self, case: Case, seed: str = "") -> None:
        self.cell, self.seed, self.left = plant.build(case.devices, case.surroundings), seed, list(case.history)
        self.anchor = plant.initial(self.cell, 0)

    def to(self, at: int) -> None:
        """To `at` (virtual ns), after all that happens then."""
        while self.left and self.left[0][0] <= at:
            when, name, verb, arguments = self.left.pop(0)
            self.anchor = self.done(self._evolved(when), when, name, verb, arguments)
        self.anchor = self._evolved(at)

    def done(self, anchor: Anchor, at: int, name: str, verb: str, arguments: Mapping[str, Any]) -> Anchor:
        """The cell after one step of its history, at `at` (virtual ns)."""
        return plant.command(self.cell, anchor, at, self.seed, name, verb, arguments)

    def look(self, at: int) -> Look:
        """What there is to see then."""
        self.to(at)
        return Look(self.cell, self.anchor, at, self.seed)

    def next_event(self) -> int | None:
        """The next boundary or command, virtual ns."""
        ahead = [self.left[0][0]] if self.left else []
        boundary = plant.next_boundary(self.cell, self.anchor)
        return min(ahead if boundary is None else [*ahead, boundary], default=None)

    def _evolved(self, at: int) -> Anchor:
        anchor, done = plant.evolve(self.cell, self.anchor, at, self.seed, limit=ENDLESS)
        assert done
        return anchor


def stretches(case: Case, drive: Drive) -> Iterator[Stretch]:
    """The whole time of a case, from event to event."""
    at, end = 0, case.until * SECOND
    drive.to(at)
    while at < end:
        event = drive.next_event()
        until = end if event is None else min(max(event, at), end)
        yield Stretch(drive.cell, drive.anchor, at, until)
        drive.to(until)
        at = until


def last_look(case: Case) -> Look:
    """At the end of its time."""
    return Drive(case).look(case.until * SECOND)
