"""An anchor: a cell at its last boundary; and the same as text, as stores keep it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from mockbrew.cells import Cell, States
from mockbrew.faults import failing
from mockbrew.faults.failing import Failings
from mockbrew.flight import Flight
from mockbrew.inscription import inscribed, read
from mockbrew.resuming import resumed


@dataclass(frozen=True, slots=True)
class Anchor:
    """A cell at its last boundary: `at` in virtual ns, one state for each of its devices.

    since: virtual ns of the last boundary of each of its vessels, as of which its state and that of what moves with it are; `at` for all
    of them if it is empty. faults: those of its devices, in the order of their making, with what each has left behind. flights: what has
    been computed from it, at most one.
    """

    at: int
    states: States
    since: tuple[int, ...] = ()
    faults: Failings = ()
    flights: list[Flight] = field(default_factory=list, compare=False, repr=False)

    def flight(self, cell: Cell) -> Flight:
        """Its cell, to be looked at but not moved."""
        if not self.flights:
            self.flights.append(Flight(cell, self.at, self.states, self.since, self.faults))
        return self.flights[0]

    def due(self, cell: Cell) -> int:
        """Its next boundary, virtual ns or NEVER."""
        flight = self.flight(cell)
        if flight.first is None:
            flight.first = flight.next_boundary()
        return flight.first

    @property
    def quiet(self) -> int:
        """Virtual ns before which nothing is due, as far as anybody has asked."""
        first = self.flights[0].first if self.flights else None
        return self.at if first is None else first


def anchored(flight: Flight, first: int | None = None) -> Anchor:
    """The flight itself stays with the anchor: it must not be moved any more. first: its next boundary, if that is known."""
    flight.first = first
    return Anchor(flight.at, tuple(flight.states), tuple(flight.since), flight.faults, [flight])


def encode(anchor: Anchor) -> str:
    """The states of an anchor as compact JSON, by position; and its faults, if it has some."""
    flight = anchor.flights[0] if anchor.flights else None
    inscription = inscribed(anchor.states, flight.inscription if flight else None)
    if flight:
        flight.inscription = inscription
    since = ",".join([str(instant) for instant in anchor.since])
    return f"{inscription.lines}[{since}]{_faults(anchor.faults) if anchor.faults else ''}]"


def _faults(faults: Failings) -> str:
    return "," + json.dumps([failing.row(each) for each in faults], separators=(",", ":"), allow_nan=False)


def decode(cell: Cell, at: int, body: str, like: Anchor | None = None) -> Anchor:
    """The inverse of `encode`, for the spec that it was written with. Raises ValueError or TypeError if it is none.

    like: an anchor of the cell that may have much in common with it: that much is neither read nor computed again.
    """
    other = like.flights[0] if like and like.flights else None
    inscription, (since, *more) = read(body, cell.devices, other.inscription if other else None)
    if len(since) not in (0, len(cell.bodies)):
        raise ValueError(f"{len(since)} instants for {len(cell.bodies)} vessels")
    faults = _decoded(cell, *more) if more else ()
    if other is None or other.faults or faults:
        flight = Flight(cell, at, inscription.states, since, faults)
    else:
        flight = resumed(other, at, inscription.states, since)
    flight.inscription = inscription
    return Anchor(at, inscription.states, tuple(since), faults, [flight])


def _decoded(cell: Cell, faults: Iterable[Any]) -> Failings:
    devices = {device.name: device for device in cell.devices}
    return tuple(failing.from_row(each, devices) for each in faults)
