"""The plant: how the cells of a rig evolve, what they show and what commands do to them. Pure: time and state are arguments.

An `Anchor` is a cell at its last boundary, an instant at which the law changes or a series ends. `evolve` moves it across boundaries
only; they follow from the state alone. A `Look` computes what the cell is like at an instant and is never evolved further. So looking
changes nothing, bit for bit. At one instant the order is: vessels change their modes, faults begin or end, controllers act (in the order
of the spec), then a command; what is looked at shows the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from mockbrew.anchor import Anchor, anchored, decode, encode
from mockbrew.cells import Cell, Interlock, States, build
from mockbrew.clock import NEVER
from mockbrew.errors import Interlocked
from mockbrew.faults import active
from mockbrew.faults.devices import Fault, seeded
from mockbrew.faults.failing import Failing, Failings
from mockbrew.flight import Blocked, Flight
from mockbrew.gliding import glide
from mockbrew.interlocks import interlocks
from mockbrew.sight import Sight
from mockbrew.spec import Spec

__all__ = [
    "Anchor",
    "Blocked",
    "Cell",
    "Failing",
    "Failings",
    "Interlock",
    "Look",
    "Plant",
    "States",
    "build",
    "command",
    "decode",
    "encode",
    "evolve",
    "fail",
    "faults_of",
    "initial",
    "mend",
    "moved",
    "next_boundary",
    "settled",
]


class Plant:
    """All cells of a spec, each built when it is first asked for; with the interlocks of each, by its name."""

    def __init__(self, spec: Spec) -> None:
        self.spec, self.interlocks = spec, interlocks(spec)
        self.home: Mapping[str, str] = {name: members[0] for members in spec.cells for name in members}
        self._members = {members[0]: members for members in spec.cells}
        self._cells: dict[str, Cell] = {}

    def cell(self, name: str) -> Cell:
        """The cell of that name."""
        cell = self._cells.get(name)
        if cell is None:
            devices = tuple(self.spec.entries[member].device for member in self._members[name])
            cell = self._cells[name] = build(devices, self.spec.surroundings, self.interlocks.get(name, ()))
        return cell


class Look(Sight):
    """A cell as it is at one instant, computed where it is looked at; the anchor must have been evolved to `at` (virtual ns)."""

    __slots__ = ("anchor", "cell")

    def __init__(self, cell: Cell, anchor: Anchor, at: int, seed: str) -> None:
        flight = anchor.flight(cell)
        self.flight, self.at, self.seed, self.surroundings = flight, at, seed, flight.cell.surroundings
        self.cell, self.anchor = cell, anchor


class _Beginning:
    """A cell that is being made (the `View` of the kinds): what stands before a device is there already."""

    def __init__(self, cell: Cell, at: int) -> None:
        self.cell, self.at, self.seed, self.surroundings = cell, at, "", cell.surroundings
        self.states: list[Any] = []

    def state(self, name: str) -> Any:
        return self.states[self.cell.places[name]]

    def reading(self, name: str, reading: str) -> Any:
        device = self.cell.devices[self.cell.places[name]]
        return device.readings[reading].read(device, self.state(name), self)

    def commanded(self, name: str) -> Any:
        device = self.cell.devices[self.cell.places[name]]
        return device.commanded(self.state(name), self)

    def flow(self, pipe: str) -> float:
        """Nothing flows yet."""
        return 0.0


def initial(cell: Cell, at: int, faults: Failings = ()) -> Anchor:
    """The cell as after a reset at `at` (virtual ns), which leaves it the faults that it had then."""
    view = _Beginning(cell, at)
    for device in cell.devices:
        view.states.append(device.initial(view))
    return settled(cell, at, view.states, active.kept(cell, faults))


def settled(cell: Cell, at: int, states: Iterable[Any], faults: Failings = ()) -> Anchor:
    """The cell with these states at `at` (virtual ns), of its devices without faults; its vessels in the modes that follow at once."""
    flight = Flight(cell, at, states)
    flight.fail(at, faults)
    return anchored(flight)


def next_boundary(cell: Cell, anchor: Anchor) -> int | None:
    """The virtual instant (ns) at which the law changes next; None if it never does by itself."""
    boundary = anchor.due(cell)
    return None if boundary == NEVER else boundary


def evolve(cell: Cell, anchor: Anchor, until: int, seed: str, *, limit: int, blocked: list[Blocked] | None = None) -> tuple[Anchor, bool]:
    """Move the anchor across the boundaries up to and at `until` (virtual ns), about `limit` of them at most. Says if none is left.

    blocked: gets the orders of controllers that interlocks have kept from being given.
    """
    due = anchor.due(cell)
    if due > until:
        return anchor, True
    flight = anchor.flight(cell).copy()
    flight.blocked = blocked
    near = min([until, *[edge - 1 for edge in flight.edges]])  # faults come before what controllers do at the same instant
    gone = glide(flight, due, near, seed, limit) if near > due else None
    if gone is not None:
        due = flight.next_boundary()
        if due > until or gone < min(due, near):
            return anchored(flight, due), due > until
    sight = Sight(flight, due, seed)
    for _ in range(limit):
        sight.at = due
        flight.cross(sight)
        due = flight.next_boundary()
        if due > until:
            return anchored(flight, due), True
    return anchored(flight, due), False


def command(  # noqa: PLR0913 - a command, and who asks what it has kept others from
    cell: Cell,
    anchor: Anchor,
    at: int,
    seed: str,
    device: str,
    verb: str,
    arguments: Mapping[str, Any],
    *,
    blocked: list[Blocked] | None = None,
) -> Anchor:
    """The cell re-anchored at `at` (virtual ns), to which it must have been evolved, after the command and what it sets off at once.

    blocked: as in `evolve`. Raises Interlocked.
    """
    flight = anchor.flight(cell).copy()
    rule = flight.breaks(Sight(flight, at, seed), cell.places[device], verb, arguments)
    if rule is not None:
        raise Interlocked(rule, device, verb)
    return _at_rest(cell, flight, at, seed, f"{device}.{verb}", blocked)


def fail(cell: Cell, anchor: Anchor, at: int, seed: str, *faults: Fault) -> Anchor:
    """The cell re-anchored at `at` (virtual ns), to which it must have been evolved, with more faults. They begin then at the earliest.

    seed: the rig's, `SEED/RIG`.
    """
    flight = anchor.flight(cell).copy()
    made = (Failing(replace(fault, begins=max(fault.begins, at)), seeded(seed, fault)) for fault in faults)
    flight.fail(at, (*flight.faults, *made))
    return _at_rest(cell, flight, at, seed, f"faults {', '.join(fault.name for fault in faults)}", None)


def mend(cell: Cell, anchor: Anchor, at: int, seed: str, *names: str) -> Anchor:
    """As `fail`, without the faults of these names. An order that one has made a device ignore stays ignored."""
    flight = anchor.flight(cell).copy()
    flight.fail(at, active.without(cell, flight.faults, names))
    return _at_rest(cell, flight, at, seed, f"faults {', '.join(names)}", None)


def faults_of(cell: Cell, anchor: Anchor, at: int) -> Failings:
    """Its faults in the order of their making, as they are at `at` (virtual ns), to which the anchor must have been evolved."""
    return active.seen(cell, anchor.faults, at)


def _at_rest(cell: Cell, flight: Flight, at: int, seed: str, what: str, blocked: list[Blocked] | None) -> Anchor:
    """After all that acts at this very instant. Each device, vessel and fault has at most two changes to make."""
    sight = Sight(flight, at, seed)
    flight.blocked = blocked
    for _ in range(4 * (len(cell.devices) + len(flight.faults))):
        # what acts comes first: it may put an end to courses that nobody has computed yet
        if flight.next_act() > at and (due := flight.next_boundary()) > at:
            return anchored(flight, due)
        flight.cross(sight)
    raise RuntimeError(f"{what}: the cell does not come to rest at {at} ns")


def moved(cell: Cell, anchor: Anchor, at: int) -> States:
    """All states at `at` (virtual ns), to which the anchor must have been evolved."""
    flight = anchor.flight(cell)
    return tuple(flight.state_at(place, at) for place in range(len(cell.devices)))
