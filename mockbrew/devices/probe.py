"""Probe: a temperature sensor in a vessel."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import hypot
from statistics import NormalDist
from typing import Any

from mockbrew.clock import SECOND, nanoseconds
from mockbrew.devices.base import Immersed, Surroundings, Thermometer, View
from mockbrew.devices.declare import Number, Reading, Value, choice, condition, number
from mockbrew.devices.failures import Acting, Failure, Parameter
from mockbrew.devices.steps import stepped, too_fine

STANDARD_NORMAL = NormalDist()
HOUR = 3600 * SECOND  # ns
# -127: what the usual driver shows of a DS18B20 that does not answer; 85: what one holds that has not measured since it was switched on
OPEN: Mapping[str, Value] = {"null": None, "-127": -127.0, "85": 85.0, "error": None}

# -- failures ------------------------------------------------------------------------------------------------------


def _read(probe: Probe, state: Thermometer, view: View) -> Value:
    return probe.read(state, view)


def _opened(probe: Probe, acting: Acting) -> Probe:
    return replace(probe, shown=(OPEN[probe.open_circuit],))


def _frozen(probe: Probe, acting: Acting) -> Probe:
    return replace(probe, shown=(acting.caught,))


def _drifting(probe: Probe, acting: Acting) -> Probe:
    return replace(probe, drifts=(*probe.drifts, (acting.parameters["rate"], acting.began)))


def _shifted(probe: Probe, acting: Acting) -> Probe:
    return replace(probe, offset=probe.offset + acting.parameters["kelvin"])


def _noisy(probe: Probe, acting: Acting) -> Probe:
    return replace(probe, noise=hypot(probe.noise, acting.parameters["deviation"]))


def _slowed(probe: Probe, acting: Acting) -> Probe:
    return replace(probe, lag=acting.parameters["lag"])


def _takes(name: str, low: float, high: float, unit: str, doc: str) -> Mapping[str, Parameter]:
    return {name: Parameter(Number(low, high, unit), doc)}


FAILURES: Mapping[str, Failure] = {
    "open_circuit": Failure(_opened, "its wire is broken: it shows what its option `open_circuit` says", samples="period"),
    "frozen": Failure(_frozen, "it shows what it showed at the begin of the fault", catch=_read, samples="period"),
    "drift": Failure(
        _drifting,
        "it goes wrong steadily, from the begin of the fault on",
        _takes("rate", -10_000, 10_000, "K/h", "how fast its reading drifts away"),
        samples="period",
    ),
    "offset": Failure(
        _shifted, "it reads too much", _takes("kelvin", -1000, 1000, "K", "what it reads too much, beside its own offset"), samples="period"
    ),
    "noise": Failure(
        _noisy,
        "its readings are noisy",
        _takes("deviation", 0, 100, "K", "standard deviation of its noise, beside that of its own"),
        samples="period",
    ),
    "slow": Failure(_slowed, "it is slow", _takes("lag", 0, 3600, "s", "time constant of its sensing element then"), samples="period"),
}


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
    open_circuit: str = choice("what it shows if its wire is broken; with 'error' a client gets an error", *OPEN, default="null")

    # Set by failures. shown: what it shows whatever it measures. drifts: K/h, and since when (virtual ns).
    shown: tuple[Value] | None = condition()
    drifts: tuple[tuple[float, int], ...] = condition(())

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

    def read(self, state: Thermometer, view: View) -> Value:
        """What a client reads, degC; None if it can't be read."""
        if self.shown is not None:
            return self.shown[0]
        if state.held is None:
            return state.temperature + self.offset + (self._drifted(view.at) if self.drifts else 0.0)
        value = state.held + self.offset + self.noise * self._draw(view)
        if self.drifts:
            value += self._drifted(view.at - view.at % nanoseconds(self.period))
        return stepped(value, self.resolution)

    def refusal(self, reading: str, value: Value) -> str | None:
        """Where the spec wants an error."""
        return "its circuit is open" if value is None and self.open_circuit == "error" else None

    def _drifted(self, at: Any) -> Any:
        """K at `at` (virtual ns)."""
        return sum([rate * ((at - began) / HOUR) for rate, began in self.drifts])

    def _draw(self, view: View) -> float:
        """A standard normal number that depends on (seed, rig, probe, sample) and on nothing else: any two readers see the same noise."""
        if not self.noise:
            return 0.0
        sample = view.at // nanoseconds(self.period)
        digest = hashlib.blake2b(f"{view.seed}/{self.name}/{sample}".encode(), digest_size=8).digest()
        # 52 bits and a half: strictly between 0 and 1, where the inverse of the normal distribution is finite
        return STANDARD_NORMAL.inv_cdf(((int.from_bytes(digest, "big") >> 12) + 0.5) / 2**52)

    readings = {"temperature": Reading(read, {"type": ["number", "null"]}, "the temperature that it measures", "degC")}
    failures = FAILURES
