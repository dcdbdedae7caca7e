"""The plumbing of a cell: which of its pipes are open, what they ask for, and into which parts they join its vessels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockbrew.bodies import Body
from mockbrew.constants import WATER
from mockbrew.devices.base import Device, Gate, Mover, Surroundings
from mockbrew.devices.pipe import MAINS, MINUTE, OUT, Pipe
from mockbrew.flows import OUTSIDE, Duct
from mockbrew.parts import Part

REMEMBERED = 256  # combinations of open pipes

Demands = tuple[float, ...]  # kg/s, of each pipe


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of a cell while these demands last.

    parts: in the order of their first bodies. part_of, number_in_part: by number of the body. ducts: by place of the pipe, its part and its
    number there.
    """

    demands: Demands
    parts: tuple[Part, ...]
    part_of: tuple[Part, ...]
    number_in_part: tuple[int, ...]
    ducts: Mapping[int, tuple[Part, int]]


@dataclass(frozen=True, slots=True)
class Plumbing:
    """All pipes of a cell, with their places. gates, movers: by place of the pipe, the places of what it depends on.

    hanging: by place of a gate or mover, the numbers of the pipes that it may make ask for something else.
    """

    pipes: tuple[tuple[int, Pipe], ...]
    gates: Mapping[int, tuple[tuple[int, Gate], ...]]
    movers: Mapping[int, tuple[int, Mover]]
    hanging: Mapping[int, tuple[int, ...]]
    numbers: Mapping[str, int]
    bodies: tuple[Body, ...]
    surroundings: Surroundings
    layouts: dict[Demands, Layout] = field(default_factory=dict, compare=False, repr=False)

    def layout(self, states: Sequence[Any]) -> Layout:
        """What the gates and movers make of it."""
        numbers = range(len(self.pipes))
        asked = self._asked(numbers, states)
        return self._of(tuple([asked.get(number, 0.0) for number in numbers]))

    def after(self, before: Layout, places: Iterable[int], states: Sequence[Any]) -> Layout:
        """What becomes of a layout where nothing has changed but the gates and movers that stand at these places."""
        demands = list(before.demands)
        for place in places:
            numbers = self.hanging.get(place, ())
            asked = self._asked(numbers, states)
            for number in numbers:
                demands[number] = asked.get(number, 0.0)
        return self._of(tuple(demands))

    def _of(self, demands: Demands) -> Layout:
        layout = self.layouts.get(demands)
        if layout is None:
            if len(self.layouts) >= REMEMBERED:
                self.layouts.clear()
            layout = self.layouts[demands] = self._laid_out(demands)
        return layout

    def touched(self, before: Demands, after: Demands) -> set[int]:
        """The bodies at pipes that ask for something else than before, by number."""
        changed = [pipe for (_, pipe), old, new in zip(self.pipes, before, after, strict=True) if old != new]
        return {number for pipe in changed for number in self._ends(pipe)}

    def _asked(self, numbers: Sequence[int], states: Sequence[Any]) -> dict[int, float]:
        """kg/s that those of these pipes ask for which are open, by number; with one of a mover's pipes all others are among them."""
        asking = [number for number in numbers if self._open(self.pipes[number][0], states)]
        busy: dict[int, int] = {}  # open pipes, by place of their mover
        for number in asking:
            mover = self.movers.get(self.pipes[number][0])
            if mover is not None:
                busy[mover[0]] = busy.get(mover[0], 0) + 1
        return {number: self._asks(*self.pipes[number], states, busy) for number in asking}

    def _open(self, place: int, states: Sequence[Any]) -> bool:
        for gate_place, gate in self.gates[place]:  # noqa: SIM110 - to make a generator takes longer than to ask
            if not gate.passes(states[gate_place]):
                return False
        return True

    def _asks(self, place: int, pipe: Pipe, states: Sequence[Any], busy: Mapping[int, int]) -> float:
        """kg/s."""
        if place not in self.movers:
            return pipe.own_flow / MINUTE
        mover_place, mover = self.movers[place]
        return mover.moves(states[mover_place]) / MINUTE / busy[mover_place]

    def _ends(self, pipe: Pipe) -> list[int]:
        """The bodies that it touches, by number."""
        return [self.numbers[name] for name in (pipe.source, pipe.destination, pipe.coil) if name is not None and name in self.numbers]

    # -- parts -----------------------------------------------------------------------------------------------------

    def _laid_out(self, demands: Demands) -> Layout:
        flowing = [(place, pipe, demand) for (place, pipe), demand in zip(self.pipes, demands, strict=True) if demand]
        label = self._labels([self._ends(pipe) for _, pipe, _ in flowing])
        members: dict[int, list[int]] = {}
        leading: dict[int, list[tuple[int, Pipe, float]]] = {}
        for number, least in enumerate(label):
            members.setdefault(least, []).append(number)
        for each in flowing:
            leading.setdefault(label[self._ends(each[1])[0]], []).append(each)
        parts = {least: self._part(numbers, leading.get(least, ())) for least, numbers in members.items()}
        ducts = {duct.place: (part, i) for part in parts.values() for i, duct in enumerate(part.ducts)}
        number_in_part = {number: i for numbers in members.values() for i, number in enumerate(numbers)}
        places = tuple([number_in_part[number] for number in range(len(label))])
        return Layout(demands, tuple(parts.values()), tuple([parts[least] for least in label]), places, ducts)

    def _labels(self, joined: Iterable[Sequence[int]]) -> list[int]:
        """By number of the body, the least one that it is joined with."""
        label = list(range(len(self.bodies)))

        def least(number: int) -> int:
            while label[number] != number:
                label[number] = number = label[label[number]]
            return number

        for first, *others in joined:
            for other in others:
                low, high = sorted((least(first), least(other)))
                label[high] = low
        return [least(number) for number in range(len(label))]

    def _part(self, numbers: Sequence[int], flowing: Iterable[tuple[int, Pipe, float]]) -> Part:
        local = {self.bodies[number].vessel.name: i for i, number in enumerate(numbers)}
        ducts = [_duct(place, pipe, demand, local) for place, pipe, demand in flowing]
        plain = len(numbers) == 1 and all(duct.is_loop and duct.coil == OUTSIDE and duct.arrives == 1.0 for duct in ducts)
        return Part(tuple(numbers), tuple(self.bodies[number] for number in numbers), tuple(ducts), plain)


def make_plumbing(devices: Sequence[Device], bodies: tuple[Body, ...], surroundings: Surroundings) -> Plumbing:
    """Of a cell of these devices."""
    pipes = tuple((place, device) for place, device in enumerate(devices) if isinstance(device, Pipe))
    gates = {device.name: (place, device) for place, device in enumerate(devices) if isinstance(device, Gate)}
    movers = {device.name: (place, device) for place, device in enumerate(devices) if isinstance(device, Mover)}
    gated = {place: tuple(gates[name] for name in pipe.valves) for place, pipe in pipes}
    moved = {place: movers[pipe.pump] for place, pipe in pipes if pipe.pump is not None}
    numbers = {body.vessel.name: number for number, body in enumerate(bodies)}
    return Plumbing(pipes, gated, moved, _hanging(pipes, gated, moved), numbers, bodies, surroundings)


def _hanging(
    pipes: Sequence[tuple[int, Pipe]], gates: Mapping[int, Sequence[tuple[int, Gate]]], movers: Mapping[int, tuple[int, Mover]]
) -> Mapping[int, tuple[int, ...]]:
    """Of each gate or mover its pipes, and those with which they share a mover: they get more or less of it."""
    shared: dict[int, set[int]] = {}
    for number, (place, _) in enumerate(pipes):
        if place in movers:
            shared.setdefault(movers[place][0], set()).add(number)
    found: dict[int, set[int]] = {mover: set(numbers) for mover, numbers in shared.items()}
    for number, (place, _) in enumerate(pipes):
        others = shared[movers[place][0]] if place in movers else {number}
        for gate, _ in gates[place]:
            found.setdefault(gate, set()).update(others)
    return {place: tuple(sorted(numbers)) for place, numbers in found.items()}


def _duct(place: int, pipe: Pipe, demand: float, local: Mapping[str, int]) -> Duct:
    flow = demand * WATER  # W/K
    return Duct(
        place=place,
        source=OUTSIDE if pipe.source == MAINS else local[pipe.source],
        destination=OUTSIDE if pipe.destination == OUT else local[pipe.destination],
        demand=demand,
        coil=OUTSIDE if pipe.coil is None else local[pipe.coil],
        kept=1.0 if pipe.coil is None else math.exp(-pipe.transfer / flow),
        arrives=math.exp(-pipe.loss / flow),
        mains=pipe.mains,
    )
