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
from typing import Any, cast

from mockbrew import thermal
from mockbrew.clock import nanoseconds, seconds
from mockbrew.devices.base import Controller, Device, HeatSource, Immersed, Surroundings
from mockbrew.devices.declare import State, Value
from mockbrew.devices.vessel import Liquid, Vessel
from mockbrew.spec import Spec

States = tuple[State, ...]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A cell at its last boundary: `at` in virtual ns, one state for each of its devices."""

    at: int
    states: States


@dataclass(frozen=True, slots=True)
class Body:
    """A vessel and what acts on it or is immersed in it, each with its place in the cell. dry: J/K without liquid."""

    place: int
    vessel: Vessel
    dry: float
    sources: tuple[tuple[int, HeatSource], ...]
    probes: tuple[tuple[int, Immersed], ...]


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
        return _state_at(self.cell, self.anchor, self.cell.places[name], self.at)

    def reading(self, name: str, reading: str) -> Value:
        """What a client would read of it."""
        device = self.cell.devices[self.cell.places[name]]
        return device.readings[reading].read(device, self.state(name), self)


def build(devices: tuple[Device, ...], surroundings: Surroundings) -> Cell:
    """The cell of these devices, in their order."""
    places = {device.name: place for place, device in enumerate(devices)}
    bodies = tuple(_body(place, device, devices) for place, device in enumerate(devices) if isinstance(device, Vessel))
    body_of = {place: body for body in bodies for place in (body.place, *(place for place, _ in body.probes))}
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
    return min(_boundaries(cell, anchor), default=None)


def evolve(cell: Cell, anchor: Anchor, until: int, seed: str, *, limit: int) -> tuple[Anchor, bool]:
    """Move the anchor across the boundaries up to and at `until` (virtual ns), at most `limit` of them. Says if none is left."""
    for _ in range(limit):
        boundary = next_boundary(cell, anchor)
        if boundary is None or boundary > until:
            return anchor, True
        anchor = _cross(cell, anchor, max(boundary, anchor.at), seed)
    return anchor, False


def command(cell: Cell, anchor: Anchor, at: int, seed: str, device: str, verb: str, arguments: Mapping[str, Any]) -> Anchor:
    """The cell re-anchored at `at` (virtual ns), to which it must have been evolved, after the command and what it sets off at once."""
    states = _move(cell, anchor, at)
    place = cell.places[device]
    states[place] = _apply(cell, states, place, verb, at, arguments)
    # Whatever acts at this very instant acts once: each device of the cell and each vessel has at most two changes to make.
    settled, done = evolve(cell, Anchor(at, tuple(states)), at, seed, limit=4 * len(cell.devices))
    if not done:
        raise RuntimeError(f"{device}.{verb}: the cell does not come to rest at {at} ns")
    return settled


def moved(cell: Cell, anchor: Anchor, at: int) -> States:
    """All states at `at` (virtual ns), to which the anchor must have been evolved."""
    return tuple(_move(cell, anchor, at))


def encode(anchor: Anchor) -> str:
    """The states of an anchor as compact JSON, by position."""
    return json.dumps(anchor.states, separators=(",", ":"), allow_nan=False)


def decode(cell: Cell, at: int, body: str) -> Anchor:
    """The inverse of `encode`, for the spec that it was written with."""
    rows = json.loads(body)
    return Anchor(at, tuple(device.layout(*row) for device, row in zip(cell.devices, rows, strict=True)))


# -- boundaries ----------------------------------------------------------------------------------------------------


def _boundaries(cell: Cell, anchor: Anchor) -> Iterator[int]:
    for body in cell.bodies:
        due = _transition_due(cell, anchor, body)
        if due is not None:
            yield due
    for place, controller in cell.controllers:
        due = controller.due(anchor.states[place])
        if due is not None:
            yield due


def _cross(cell: Cell, anchor: Anchor, at: int, seed: str) -> Anchor:
    states = _move(cell, anchor, at)
    for body in cell.bodies:
        due = _transition_due(cell, anchor, body)
        if due is not None and due <= at:
            states[body.place] = _changed(cell, anchor.states, body, states[body.place])
    for place, controller in cell.controllers:
        due = controller.due(states[place])
        if due is not None and due <= at:
            _act(cell, states, place, controller, Look(cell, Anchor(at, tuple(states)), at, seed))
    return Anchor(at, tuple(states))


def _act(cell: Cell, states: list[State], place: int, controller: Controller, look: Look) -> None:
    states[place], orders = controller.act(states[place], look)
    due = controller.due(states[place])
    if due is not None and due <= look.at:
        raise RuntimeError(f"{controller.name}: kind {controller.kind!r} wants to act twice at one instant, {look.at} ns")
    for output, verb in orders.items():
        output_place = cell.places[output]
        states[output_place] = _apply(cell, states, output_place, verb, look.at, {})


def _apply(cell: Cell, states: list[State], place: int, verb: str, at: int, arguments: Mapping[str, Any]) -> State:
    device = cell.devices[place]
    state: State = device.verbs[verb].apply(device, states[place], at, **arguments)
    return state


# -- vessels between and at boundaries -----------------------------------------------------------------------------


def _body(place: int, vessel: Vessel, devices: tuple[Device, ...]) -> Body:
    sources = tuple((i, device) for i, device in enumerate(devices) if isinstance(device, HeatSource) and device.vessel == vessel.name)
    probes = tuple((i, device) for i, device in enumerate(devices) if isinstance(device, Immersed) and device.vessel == vessel.name)
    return Body(place, vessel, 1000.0 * vessel.wall + thermal.MALT * vessel.grain, sources, probes)


def _heat(body: Body, states: States) -> float:
    return sum(source.heat(states[place]) for place, source in body.sources)


def _course(cell: Cell, states: States, body: Body) -> thermal.Course:
    liquid = cast(Liquid, states[body.place])
    heat, loss, room = _heat(body, states), body.vessel.loss, cell.surroundings.ambient
    if liquid.boiling:
        return thermal.boil(liquid.temperature, heat, loss, room)
    if liquid.level < 0:  # dry: nothing holds it at the boiling point
        return thermal.course(liquid.temperature, body.dry, heat, loss, room)
    capacity = liquid.mass * thermal.WATER + body.dry
    return thermal.course(liquid.temperature, capacity, heat, loss, room, max(cell.surroundings.boiling_point, liquid.temperature))


def _transition_due(cell: Cell, anchor: Anchor, body: Body) -> int | None:
    """Virtual ns at which the vessel begins to boil, ceases to, or boils dry."""
    liquid = cast(Liquid, anchor.states[body.place])
    if liquid.level < 0:
        return None
    course = _course(cell, anchor.states, body)
    if liquid.boiling:
        if _surplus(cell, anchor.states, body, liquid) < 0:
            return anchor.at
        return _later(anchor.at, liquid.mass / course.steam if course.steam * thermal.FAR > liquid.mass else None)
    boiling_point = cell.surroundings.boiling_point
    if liquid.temperature < boiling_point:
        return _later(anchor.at, thermal.time_to(course, boiling_point))
    # Above the boiling point only by a spec that has lowered it since: the liquid is put there first.
    begins = liquid.temperature > boiling_point or _surplus(cell, anchor.states, body, liquid) >= 0
    return anchor.at if begins else None


def _surplus(cell: Cell, states: States, body: Body, liquid: Liquid) -> float:
    return thermal.surplus(liquid.temperature, _heat(body, states), body.vessel.loss, cell.surroundings.ambient)


def _changed(cell: Cell, before: States, body: Body, liquid: Any) -> Liquid:
    """The vessel after the transition that was due: to boiling, back from it, or to empty."""
    if not liquid.boiling:
        return Liquid(liquid.mass, cell.surroundings.boiling_point, 1, liquid.level)
    if _surplus(cell, before, body, liquid) < 0:
        return Liquid(liquid.mass, liquid.temperature, 0, liquid.level)
    return Liquid(0.0, liquid.temperature, 0, -1)


def _later(at: int, elapsed: float | None) -> int | None:
    return None if elapsed is None else at + nanoseconds(elapsed)


def _state_at(cell: Cell, anchor: Anchor, place: int, at: int) -> Any:
    """The state at `place`, moved to `at` (virtual ns) if it is one that moves between boundaries."""
    state = anchor.states[place]
    body = cell.body_of.get(place)
    if body is None or at == anchor.at:
        return state
    course = _course(cell, anchor.states, body)
    if place == body.place:
        return _liquid_at(state, course, seconds(at - anchor.at))
    return _probe_at(cell, anchor, place, course, at)


def _liquid_at(liquid: Any, course: thermal.Course, elapsed: float) -> Liquid:
    mass = max(liquid.mass - course.steam * elapsed, 0.0)
    return Liquid(mass, thermal.temperature_at(course, elapsed), liquid.boiling, liquid.level)


def _probe_at(cell: Cell, anchor: Anchor, place: int, course: thermal.Course, at: int) -> State:
    probe, state = cast(Immersed, cell.devices[place]), anchor.states[place]
    temperature = thermal.probe_at(course, state[0], probe.time_constant, seconds(at - anchor.at))
    moved: State = probe.layout(temperature, _held(probe, anchor, state, course, at), *state[2:])
    return moved


def _held(probe: Immersed, anchor: Anchor, state: State, course: thermal.Course, at: int) -> float | None:
    if not probe.sampling:
        return None
    period = nanoseconds(probe.sampling)
    sample = at - at % period
    if sample <= anchor.at:  # taken before the anchor, which has kept it
        held: float = state[1]
        return held
    return thermal.probe_at(course, state[0], probe.time_constant, seconds(sample - anchor.at))


def _move(cell: Cell, anchor: Anchor, at: int) -> list[State]:
    """All states at `at` (virtual ns), at which a new anchor is to be made."""
    return [_state_at(cell, anchor, place, at) for place in range(len(cell.devices))]
