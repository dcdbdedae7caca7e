"""Courses: how the vessels of a part go on from one boundary to the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mockbrew import thermal
from mockbrew.bodies import Change
from mockbrew.clock import NEVER, SECOND, nanoseconds
from mockbrew.development import Development
from mockbrew.flows import OUTSIDE, Flows
from mockbrew.series import Series, lagged, value

FAR = 1e9  # s; what comes later than this (30 years) never comes


class Course(NamedTuple):
    """How vessels go on together, as series, from `began` to `due` (virtual ns; NEVER: they are at rest).

    changes: the vessels whose mode is over at `due`, by number in the part.
    """

    began: int
    due: int
    changes: Mapping[int, Change]
    flows: Flows
    development: Development

    def temperature(self, i: int, elapsed: float) -> float:
        """degC of vessel `i` after `elapsed` s."""
        return value(self.development.paths[i].temperature, elapsed)

    def mass(self, i: int, elapsed: float) -> float:
        """kg in it."""
        return value(self.development.paths[i].mass, elapsed)

    def constant(self, i: int) -> bool:
        """Whether nothing changes in it."""
        path = self.development.paths[i]
        return len(path.temperature) == 1 == len(path.mass)

    def lagged(self, i: int, start: float, lag: float, elapsed: float) -> float:
        """What follows its temperature from `start` with time constant `lag` (s, above 0)."""
        return lagged(self.development.paths[i].temperature, start, lag, elapsed)

    def flow(self, duct: int, source: int, at: int) -> float:
        """kg/s through a duct of the part, which comes from vessel `source`, at `at` (virtual ns)."""
        flow, varying = self.flows.through[duct], self.varying(duct, source)
        return flow if varying is None else flow / varying[0] * value(varying, (at - self.began) / SECOND)

    def varying(self, duct: int, source: int) -> Series | None:
        """What that is a constant share of, kg/s, if it is not always the same: the outflow of a starved vessel."""
        return None if source == OUTSIDE or not self.flows.through[duct] else self.development.paths[source].outflow


class Relaxation(NamedTuple):
    """How one calm vessel goes on if nothing flows: exponentially. It does so until it begins to boil, and often for ever.

    kilograms: in it. start: degC. slope: K/s at the start. decay: 1/s.
    """

    began: int
    due: int
    changes: Mapping[int, Change]
    flows: Flows
    kilograms: float
    start: float
    slope: float
    decay: float

    def temperature(self, i: int, elapsed: float) -> float:
        """As `Course.temperature`."""
        return self.start + self.slope * thermal.relaxed(self.decay, elapsed)

    def mass(self, i: int, elapsed: float) -> float:
        """As `Course.mass`."""
        return self.kilograms

    def constant(self, i: int) -> bool:
        """As `Course.constant`, which is there for large parts; this is one vessel."""
        return False

    def lagged(self, i: int, start: float, lag: float, elapsed: float) -> float:
        """As `Course.lagged`."""
        left, behind = thermal.trailed(self.decay, 1.0 / lag, elapsed)
        return self.start + self.slope * (thermal.relaxed(self.decay, elapsed) - behind) + (start - self.start) * left

    def flow(self, duct: int, source: int, at: int) -> float:
        """As `Course.flow`: a loop may move what is in it."""
        return self.flows.through[duct]

    def varying(self, duct: int, source: int) -> Series | None:
        """As `Course.varying`."""
        return None


def due_after(began: int, elapsed: float | None) -> int:
    """Virtual ns of what comes `elapsed` s after `began`, later than that in any case."""
    return NEVER if elapsed is None or elapsed > FAR else began + (nanoseconds(elapsed) or 1)


class Still(NamedTuple):
    """What stays as it is while a vessel relaxes. capacity: J/K. loss: W/K. room, boiling_point: degC. boils: what changes there."""

    capacity: float
    loss: float
    room: float
    boiling_point: float
    boils: Mapping[int, Change]
    flows: Flows
    kilograms: float

    def relaxation(self, began: int, temperature: float, heat: float) -> Relaxation:
        """From `began` (virtual ns) and `temperature` (degC), heated with `heat` W."""
        capacity, loss, room, boiling_point, boils, flows, kilograms = self
        slope, decay = (heat - loss * (temperature - room)) / capacity, loss / capacity
        due = NEVER if slope <= 0.0 else due_after(began, thermal.time_to(boiling_point, temperature, slope, decay))
        return Relaxation(began, due, boils, flows, kilograms, temperature, slope, decay)
