"""The laws of docs/physics.md as one right-hand side, for as long as actuators and modes hold. Nothing here is taken from the engine."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mockbrew.devices.base import Device, Surroundings
from mockbrew.devices.heater import Heater
from mockbrew.devices.pipe import Pipe
from mockbrew.devices.probe import Probe
from mockbrew.devices.pump import Pump
from mockbrew.devices.vessel import Vessel

WATER = 4186.0  # J/kg K
AT_REST = 1e-60  # W, of an element
LATENT = 2.257e6  # J/kg
GRAIN = 1670.0  # J/kg K, of malt
KILO, MINUTE = 1000.0, 60.0

EMPTY, PARTLY, FULL = -1, 0, 1
CALM, BOILING, HOT = 0, 1, 2  # hot: dry and above the boiling point, what enters flashes
UNCHANGED = 1e-15  # relative; of the flows between empty vessels from one round to the next
ROUNDS = 100_000

State = NDArray[np.float64]


class Mode(NamedTuple):
    """level: EMPTY, PARTLY or FULL. boil: CALM, BOILING or HOT."""

    level: int
    boil: int


class Stream(NamedTuple):
    """An open pipe. Vessels by their position; None is the mains, the outside, or a coil that exchanges nothing."""

    source: int | None
    destination: int | None
    demand: float  # kg/s
    mains: float  # degC
    coil: int | None
    past_coil: float  # the share of a difference in temperature that is left behind it
    past_room: float

    @property
    def loop(self) -> bool:
        return self.source is not None and self.source == self.destination


class Tally(NamedTuple):
    """By vessel: heat (W, its right side of the general law), inflow and outflow (kg/s), what steams off (kg/s)."""

    heat: list[float]
    inflow: list[float]
    outflow: list[float]
    steam: list[float]


class Plumbing:
    """What never changes: the devices by sort, and where each stands in the vector of states."""

    def __init__(self, devices: Sequence[Device], surroundings: Surroundings) -> None:
        self.room, self.boiling_point = surroundings.ambient, surroundings.boiling_point
        self.vessels = [device for device in devices if isinstance(device, Vessel)]
        self.pipes = [device for device in devices if isinstance(device, Pipe)]
        self.pumps = {device.name: device for device in devices if isinstance(device, Pump)}
        self.heaters = [device for device in devices if isinstance(device, Heater)]
        self.probes = [device for device in devices if isinstance(device, Probe)]
        self.index = {vessel.name: i for i, vessel in enumerate(self.vessels)}
        self.dry = [vessel.wall * KILO + vessel.grain * GRAIN for vessel in self.vessels]
        after = 2 * len(self.vessels)
        self.lagging = {probe.name: after + i for i, probe in enumerate(probe for probe in self.probes if probe.lag)}
        after += len(self.lagging)
        self.elements = {heater.name: after + i for i, heater in enumerate(heater for heater in self.heaters if heater.lag)}

    def initial(self) -> State:
        masses = [float(vessel.volume) for vessel in self.vessels]
        temperatures = [self.room if vessel.temperature is None else float(vessel.temperature) for vessel in self.vessels]
        lagging = [temperatures[self.index[probe.vessel]] for probe in self.probes if probe.lag]
        return np.array([*masses, *temperatures, *lagging, *(0.0 for _ in self.elements)])

    def modes(self) -> list[Mode]:
        return [Mode(PARTLY if vessel.volume else EMPTY, CALM) for vessel in self.vessels]

    def streams(self, on: Mapping[str, int], modes: Sequence[Mode]) -> list[Stream]:
        """Of the open pipes, as things are."""
        pipes = [pipe for pipe in self.pipes if all(on[name] for name in pipe.valves) and (pipe.pump is None or on[pipe.pump])]
        return [self._stream(pipe, pipes, modes) for pipe in pipes]

    def _stream(self, pipe: Pipe, open_pipes: Sequence[Pipe], modes: Sequence[Mode]) -> Stream:
        demand = pipe.own_flow / MINUTE
        if pipe.pump is not None:
            demand = self.pumps[pipe.pump].flow / sum(other.pump == pipe.pump for other in open_pipes) / MINUTE
        source, coil = self.index.get(pipe.source), None if pipe.coil is None else self.index[pipe.coil]
        wet = all(modes[i].level != EMPTY for i in (source, coil) if i is not None)
        left = [math.exp(-conductance / (demand * WATER)) for conductance in (pipe.transfer, pipe.loss)]
        return Stream(source, self.index.get(pipe.destination), demand, pipe.mains, coil if wet else None, *left)


class Law:
    """d(state)/dt, and what it is made of, while the actuators `on` and the modes stay as they are."""

    def __init__(self, plumbing: Plumbing, on: Mapping[str, int], modes: Sequence[Mode]) -> None:
        self.plumbing, self.modes = plumbing, list(modes)
        self.streams = plumbing.streams(on, modes)
        self.heated = [
            (plumbing.index[h.vessel], plumbing.elements.get(h.name), on[h.name] * h.power * h.efficiency) for h in plumbing.heaters
        ]
        self.probed = [(plumbing.lagging[p.name], plumbing.index[p.vessel], p.lag) for p in plumbing.probes if p.lag]
        self.lagged = [(plumbing.elements[h.name], on[h.name] * h.power * h.efficiency, h.lag) for h in plumbing.heaters if h.lag]
        self.demand = [
            sum(stream.demand for stream in self.streams if stream.source == i and not stream.loop) for i in range(len(plumbing.vessels))
        ]
        # Only what steams off in an empty vessel makes flows depend on the state; otherwise they are constant.
        fickle = any(mode == (EMPTY, BOILING) and demand for mode, demand in zip(modes, self.demand, strict=True))
        self.constant = None if fickle else self._flows(plumbing.initial())

    def tally(self, x: State) -> Tally:
        """With the flows of now."""
        return self._tally(x, self.flows(x))

    def flows(self, x: State) -> list[float]:
        """kg/s, by stream."""
        return self._flows(x) if self.constant is None else self.constant

    def _flows(self, x: State) -> list[float]:
        """The least flows that fit: found from nothing upwards, so that empty vessels feed each other nothing of their own."""
        flows = [0.0 if self._dry(stream) else stream.demand for stream in self.streams]
        for _ in range(ROUNDS):
            before, tally = flows, self._tally(x, flows)
            flows = [self._passed(stream, tally) if self._dry(stream) else flow for stream, flow in zip(self.streams, before, strict=True)]
            if all(abs(new - old) <= UNCHANGED * new for new, old in zip(flows, before, strict=True)):
                return flows
        raise ArithmeticError("the flows between empty vessels do not settle")

    def _dry(self, stream: Stream) -> bool:
        return stream.source is not None and self.modes[stream.source].level == EMPTY

    def _passed(self, stream: Stream, tally: Tally) -> float:
        i = stream.source
        if i is None or stream.loop or self.modes[i].boil == HOT:
            return 0.0
        return stream.demand * min(1.0, max(0.0, tally.inflow[i] - tally.steam[i]) / self.demand[i])

    def _tally(self, x: State, flows: Sequence[float]) -> Tally:
        plumbing, n = self.plumbing, len(self.modes)
        values: list[float] = x.tolist()
        temperature, room = values[n : 2 * n], plumbing.room
        against = [t if mode.boil == CALM else plumbing.boiling_point for t, mode in zip(temperature, self.modes, strict=True)]
        heat = [-vessel.loss * (t - room) for vessel, t in zip(plumbing.vessels, temperature, strict=True)]
        inflow, outflow = [0.0] * n, [0.0] * n
        for i, element, power in self.heated:
            heat[i] += power if element is None else values[element]
        for stream, flow in zip(self.streams, flows, strict=True):
            source, destination, _, t, coil, past_coil, past_room = stream
            t = t if source is None else temperature[source]
            if coil is not None:
                entering, t = t, temperature[coil] + (t - temperature[coil]) * past_coil
                heat[coil] += flow * WATER * (entering - t)
            t = room + (t - room) * past_room
            if destination is not None:
                heat[destination] += flow * WATER * (t - against[destination])
            if source == destination:
                continue
            if destination is not None:
                inflow[destination] += flow
            if source is not None:
                outflow[source] += flow
        return Tally(heat, inflow, outflow, [self._steam(*vessel) for vessel in zip(self.modes, heat, inflow, strict=True)])

    def _steam(self, mode: Mode, heat: float, inflow: float) -> float:
        return heat / LATENT if mode.boil == BOILING else inflow if mode.boil == HOT else 0.0

    def slopes(self, t: float, x: State) -> State:
        """kg/s of the vessels, K/s of the vessels and probes, W/s of the elements."""
        n, tally, result = len(self.modes), self.tally(x), np.zeros_like(x)
        for i, mode in enumerate(self.modes):
            if mode.level == PARTLY:
                result[i] = tally.inflow[i] - tally.outflow[i] - tally.steam[i]
            if mode.boil != BOILING:
                flash = LATENT * tally.inflow[i] if mode.boil == HOT else 0.0
                result[n + i] = (tally.heat[i] - flash) / (x[i] * WATER + self.plumbing.dry[i])
        for at, i, lag in self.probed:
            result[at] = (x[n + i] - x[at]) / lag
        for at, goal, lag in self.lagged:
            rest = goal - x[at]  # W; the squares of what is much smaller vanish in scipy's error norm, which then is 0/0
            result[at] = rest / lag if abs(rest) > AT_REST else 0.0
        return result
