"""The plant: how the cells of a rig evolve, what they show and what commands do to them. Pure: time and state are arguments.

An `Anchor` is a cell's state at its last boundary, an instant at which the law changes. `evolve` moves it across boundaries only; they
follow from the state alone. A `Look` computes what the cell is like at an instant and is never evolved further. So looking changes
nothing, bit for bit. At one instant the order is: vessels begin or cease to boil or run dry, controllers act (in the order of the spec),
then a command; what is looked at shows the result.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockbrew.bodies import Body, immersed_at, liquid_at, make_body
from mockbrew.clock import seconds
from mockbrew.devices.base import Controller, Device, Surroundings
from mockbrew.devices.declare import State, Value
from mockbrew.devices.vessel import Vessel
from mockbrew.spec import Spec
from mockbrew.thermal import Course

States = tuple[Any, ...]  # one for each device of a cell, of its kind's layout


@dataclass(frozen=True, slots=True)
class Anchor:
    """A cell at its last boundary: `at` in virtual ns, one state for each of its devices."""

    at: int
    states: States


@dataclass(frozen=True, slots=True)
class Cell:
    """Devices and vessels that the spec couples. `places` says where each stands in `devices` and in an anchor's states."""

    devices: tuple[Device, ...]
    places: Mapping[str, int]
    surroundings: Surroundings
    bodies: tuple[Body, ...]
    body_of: Mapping[int, Body]
    controllers: tuple[tuple[int, Controller], ...]


class Plant:
    """All cells of a spec, each built when it is first asked for."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.home: Mapping[str, str] = {name: members[0] for members in spec.cells for name in members}
        self._members = {members[0]: members for members in spec.cells}
        self._cells: dict[str, Cell] = {}

    def cell(self, name: str) -> Cell:
        """The cell of that name."""
        cell = self._cells.get(name)
        if cell is None:
            devices = tuple(self.spec.entries[member].device for member in self._members[name])
            cell = self._cells[name] = build(devices, self.spec.surroundings)
        return cell


class Look:
    """A cell as it is at one instant, computed where it is looked at (the `View` of the kinds)."""

    __slots__ = ("anchor", "at", "cell", "seed", "surroundings")

    def __init__(self, cell: Cell, anchor: Anchor, at: int, seed: str) -> None:
        self.cell, self.anchor, self.at, self.seed = cell, anchor, at, seed
        self.surroundings = cell.surroundings

    def state(self, name: str) -> Any:
        """The state of a device or vessel of the cell."""
        place = self.cell.places[name]
        body = self.cell.body_of.get(place)
        if body is None or self.at == self.anchor.at:
            return self.anchor.states[place]
        return _state_at(self.anchor, body, body.course(self.anchor.states), place, self.at)

    def reading(self, name: str, reading: str) -> Value:
        """What a client would read of it."""
        device = self.cell.devices[self.cell.places[name]]
        return device.readings[reading].read(device, self.state(name), self)


def build(devices: tuple[Device, ...], surroundings: Surroundings) -> Cell:
    """The cell of these devices, in their order."""
    places = {device.name: place for place, device in enumerate(devices)}
    bodies = tuple(make_body(place, device, devices, surroundings) for place, device in enumerate(devices) if isinstance(device, Vessel))
    body_of = {place: body for body in bodies for place in (body.place, *body.immersed)}
    controllers = tuple((place, device) for place, device in enumerate(devices) if isinstance(device, Controller))
    return Cell(devices, places, surroundings, bodies, body_of, controllers)


def initial(cell: Cell, at: int) -> Anchor:
    """The cell as after a reset at `at` (virtual ns)."""
    anchor = Anchor(at, ())
    for device in cell.devices:
        anchor = Anchor(at, (*anchor.states, device.initial(Look(cell, anchor, at, ""))))
    return anchor


def next_boundary(cell: Cell, anchor: Anchor) -> int | None:
    """The virtual instant (ns) at which the law changes next; None if it never does by itself."""
    return min(_boundaries(cell, anchor, _courses(cell, anchor)), default=None)


def evolve(cell: Cell, anchor: Anchor, until: int, seed: str, *, limit: int) -> tuple[Anchor, bool]:
    """Move the anchor across the boundaries up to and at `until` (virtual ns), at most `limit` of them. Says if none is left."""
    for _ in range(limit):
        courses = _courses(cell, anchor)
        boundary = min(_boundaries(cell, anchor, courses), default=None)
        if boundary is None or boundary > until:
            return anchor, True
        anchor = _cross(cell, anchor, courses, max(boundary, anchor.at), seed)
    return anchor, False


def command(cell: Cell, anchor: Anchor, at: int, seed: str, device: str, verb: str, arguments: Mapping[str, Any]) -> Anchor:
    """The cell re-anchored at `at` (virtual ns), to which it must have been evolved, after the command and what it sets off at once."""
    states = _move(cell, anchor, _courses(cell, anchor), at)
    place = cell.places[device]
    states[place] = _apply(cell, states, place, verb, at, arguments)
    # Whatever acts at this very instant acts once: each device of the cell and each vessel has at most two changes to make.
    settled, done = evolve(cell, Anchor(at, tuple(states)), at, seed, limit=4 * len(cell.devices))
    if not done:
        raise RuntimeError(f"{device}.{verb}: the cell does not come to rest at {at} ns")
    return settled


def moved(cell: Cell, anchor: Anchor, at: int) -> States:
    """All states at `at` (virtual ns), to which the anchor must have been evolved."""
    return tuple(_move(cell, anchor, _courses(cell, anchor), at))


def encode(anchor: Anchor) -> str:
    """The states of an anchor as compact JSON, by position."""
    return json.dumps(anchor.states, separators=(",", ":"), allow_nan=False)


def decode(cell: Cell, at: int, body: str) -> Anchor:
    """The inverse of `encode`, for the spec that it was written with."""
    rows = json.loads(body)
    return Anchor(at, tuple(device.layout(*row) for device, row in zip(cell.devices, rows, strict=True)))


# -- boundaries ----------------------------------------------------------------------------------------------------


def _courses(cell: Cell, anchor: Anchor) -> list[Course]:
    return [body.course(anchor.states) for body in cell.bodies]


def _boundaries(cell: Cell, anchor: Anchor, courses: list[Course]) -> Iterator[int]:
    for body, course in zip(cell.bodies, courses, strict=True):
        due = body.due(anchor.states[body.place], course, anchor.at)
        if due is not None:
            yield due
    for place, controller in cell.controllers:
        due = controller.due(anchor.states[place])
        if due is not None:
            yield due


def _move(cell: Cell, anchor: Anchor, courses: list[Course], at: int) -> list[Any]:
    """All states at `at` (virtual ns), at which a new anchor is to be made."""
    states = list(anchor.states)
    if at == anchor.at:
        return states
    for body, course in zip(cell.bodies, courses, strict=True):
        for place in (body.place, *body.immersed):
            states[place] = _state_at(anchor, body, course, place, at)
    return states


def _state_at(anchor: Anchor, body: Body, course: Course, place: int, at: int) -> Any:
    """The state of a vessel or of what is immersed in it, moved to `at` (virtual ns)."""
    state: Any = anchor.states[place]
    if place == body.place:
        return liquid_at(state, course, seconds(at - anchor.at))
    return immersed_at(body.immersed[place], state, course, anchor.at, at)


def _cross(cell: Cell, anchor: Anchor, courses: list[Course], at: int, seed: str) -> Anchor:
    states = _move(cell, anchor, courses, at)
    for body, course in zip(cell.bodies, courses, strict=True):
        due = body.due(anchor.states[body.place], course, anchor.at)
        if due is not None and due <= at:
            states[body.place] = body.crossed(states[body.place], course)
    for place, controller in cell.controllers:
        due = controller.due(states[place])
        if due is not None and due <= at:
            _act(cell, states, place, controller, Look(cell, Anchor(at, tuple(states)), at, seed))
    return Anchor(at, tuple(states))


def _act(cell: Cell, states: list[Any], place: int, controller: Controller, look: Look) -> None:
    states[place], orders = controller.act(states[place], look)
    due = controller.due(states[place])
    if due is not None and due <= look.at:
        raise RuntimeError(f"{controller.name}: kind {controller.kind!r} wants to act twice at one instant, {look.at} ns")
    for output, verb in orders.items():
        output_place = cell.places[output]
        states[output_place] = _apply(cell, states, output_place, verb, look.at, {})


def _apply(cell: Cell, states: list[Any], place: int, verb: str, at: int, arguments: Mapping[str, Any]) -> State:
    device = cell.devices[place]
    state: State = device.verbs[verb].apply(device, states[place], at, **arguments)
    return state
