"""Probe: a temperature sensor in a vessel."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

from mockbrew.clock import nanoseconds
from mockbrew.devices.base import Immersed, Surroundings, Thermometer, View
from mockbrew.devices.declare import Reading, number
from mockbrew.devices.steps import stepped, too_fine

STANDARD_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe(Immersed):
    """First-order lag, then offset, noise and resolution, in this order.

    A reading with noise or steps holds between the probe's own samples; a smooth one is of the instant.
    """

    kind = "probe"

    lag: float = number("time constant of its sensing element; 0 follows at once", unit="s", default=10.0, minimum=0, maximum=3600)
    offset: float = number("what it reads too much", unit="K", default=0.0, minimum=-100, maximum=100)
    noise: float = number("standard deviation of its noise", unit="K", default=0.0, minimum=0, maximum=100)
    resolution: float = number("step of its readings; 0 for none", unit="K", default=0.0, minimum=0, maximum=100)
    # 0.75 s: conversion time of a DS18B20 at 12 bits (data sheet)
    period: float = number("time between its samples, if it has noise or resolution", unit="s", default=0.75, minimum=0.01, maximum=3600)

    @property
    def time_constant(self) -> float:
        """s."""
        return self.lag

    @property
    def sampling(self) -> float:
        """s between samples; 0 for a smooth probe."""
        return self.period if self.noise or self.resolution else 0.0

    def check(self, surroundings: Surroundings) -> Iterator[tuple[str, str]]:
        """A step is one that can be seen."""
        yield from too_fine(self.resolution, "K")

    def initial(self, view: View) -> Thermometer:
        """At its vessel's temperature."""
        temperature = view.state(self.vessel).temperature
        return Thermometer(temperature, temperature if self.sampling else None)

    def read(self, state: Thermometer, view: View) -> float:
        """What a client reads, degC."""
        if state.held is None:
            return state.temperature + self.offset
        value = state.held + self.offset + self.noise * self._draw(view)
        return stepped(value, self.resolution)

    def _draw(self, view: View) -> float:
        """A standard normal number that depends on (seed, rig, probe, sample) and on nothing else: any two readers see the same noise."""
        if not self.noise:
            return 0.0
        sample = view.at // nanoseconds(self.period)
        digest = hashlib.blake2b(f"{view.seed}/{self.name}/{sample}".encode(), digest_size=8).digest()
        # 52 bits and a half: strictly between 0 and 1, where the inverse of the normal distribution is finite
        return STANDARD_NORMAL.inv_cdf(((int.from_bytes(digest, "big") >> 12) + 0.5) / 2**52)

    readings = {"temperature": Reading(read, {"type": "number"}, "the temperature that it measures", "degC")}
