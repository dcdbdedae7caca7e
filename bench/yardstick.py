"""The yardstick: scipy's DOP853 with rtol = atol = 1e-9 on the same laws, begun anew at each instant at which a heater is switched.

It is given these instants and does no control, no boil and no change of mode; the engine finds them and does all that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from scipy.integrate import solve_ivp

from bench.plants import Case
from mockbrew import plant
from mockbrew.clock import nanoseconds, seconds
from mockbrew.devices.heater import Heater
from mockbrew.devices.probe import Probe
from mockbrew.devices.vessel import Vessel
from mockbrew.plant import Anchor, Cell

TOLERANCE = 1e-9  # K, and relative
WATER, MALT = 4186.0, 1670.0  # J/kg K (docs/physics.md)

Vector = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


class Stretch(NamedTuple):
    """Between two boundaries, both s. heat: W into each vessel."""

    begin: float
    end: float
    heat: Vector


class Law:
    """dx/dt = A x + b of the temperatures of all vessels, then of their probes' elements, as long as masses stay."""

    def __init__(self, case: Case, cell: Cell) -> None:
        self.cell = cell
        self.vessels = [device for device in cell.devices if isinstance(device, Vessel)]
        self.probes = [device for device in cell.devices if isinstance(device, Probe)]
        self.heaters = [device for device in cell.devices if isinstance(device, Heater)]
        self.place = {vessel.name: i for i, vessel in enumerate(self.vessels)}
        self.capacity = np.array([WATER * vessel.volume + 1000 * vessel.wall + MALT * vessel.grain for vessel in self.vessels])
        self.matrix, self.constant = self._matrix(case), self._constant()

    def _matrix(self, case: Case) -> Vector:
        n = len(self.vessels)
        matrix = np.zeros((n + len(self.probes),) * 2)
        carried = case.ring / 60 * WATER  # W/K
        for i, vessel in enumerate(self.vessels):
            matrix[i, i] = -(vessel.loss + carried) / self.capacity[i]
            matrix[i, self._before(vessel.name)] += carried / self.capacity[i]
        for i, probe in enumerate(self.probes):
            matrix[n + i, n + i], matrix[n + i, self.place[probe.vessel]] = -1 / probe.lag, 1 / probe.lag
        return matrix

    def _before(self, name: str) -> int:
        return self.place[{"HotTank": "Ebu", "Mashtun": "HotTank", "Ebu": "Mashtun"}[name]]

    def _constant(self) -> Vector:
        room = self.cell.surroundings.ambient
        constant: Vector = np.array([vessel.loss * room for vessel in self.vessels]) / self.capacity
        return constant

    def heat(self, anchor: Anchor) -> Vector:
        """W into each vessel from the anchor on."""
        total = np.zeros(len(self.vessels))
        for heater in self.heaters:
            total[self.place[heater.vessel]] += heater.heat(anchor.states[self.cell.places[heater.name]])
        return total

    def at(self, anchor: Anchor, at: int) -> Vector:
        """What the plant says of the same temperatures at `at` (virtual ns)."""
        states = plant.moved(self.cell, anchor, at)
        temperatures: Vector = np.array([states[self.cell.places[device.name]].temperature for device in (*self.vessels, *self.probes)])
        return temperatures

    def followed(self, x: Vector, stretches: Sequence[Stretch]) -> Vector:
        """The temperatures at the end of all stretches."""
        for stretch in stretches:
            b = np.concatenate([self.constant + stretch.heat / self.capacity, np.zeros(len(self.probes))])
            if stretch.end > stretch.begin:
                x = solve_ivp(lambda t, x, b=b: self.matrix @ x + b, stretch[:2], x, method="DOP853", rtol=TOLERANCE, atol=TOLERANCE).y[
                    :, -1
                ]
        return x

    def stretches(self, anchor: Anchor, until: float) -> Iterator[Stretch]:
        """What lies between the boundaries that the plant finds from the anchor on, up to `until` (s)."""
        begin, end = anchor.at, nanoseconds(until)
        while (boundary := plant.next_boundary(self.cell, anchor)) is not None and boundary <= end:
            yield Stretch(seconds(begin), seconds(boundary), self.heat(anchor))
            anchor, begin = plant.evolve(self.cell, anchor, boundary, "", limit=1)[0], boundary
        yield Stretch(seconds(begin), until, self.heat(anchor))
