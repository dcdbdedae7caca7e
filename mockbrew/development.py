"""Developments: how vessels go on together, as power series by the laws of `thermal`.

A series is cut where its terms are below `TOLERANCE`; how far it then reaches follows from its coefficients, never from who asks. Longer
stretches are chained. Most parts are calm, and their flows last: `calm` does the same for these, many vessels at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mockbrew.constants import LATENT, WATER
from mockbrew.passing import NOTHING, Passing
from mockbrew.series import Series
from mockbrew.thermal import Start

ORDER = 24  # terms of a series at most
TOLERANCE = 1e-14  # K, or kg: what the terms that are left out come to
ENOUGH = 2  # orders with nothing but small terms: one could vanish by chance; two are the end, since each follows from those before


class Path(NamedTuple):
    """How one vessel goes on, as series. mass: kg. surplus: W, the net heat. net: kg/s in less out.

    temperature: K above the room as it is developed, degC in a course. surplus: empty for a calm vessel among others whose flows last.
    outflow: kg/s out of an empty vessel if it varies, else None.
    """

    temperature: Series
    mass: Series
    surplus: Series
    net: Series
    outflow: Series | None


class Development(NamedTuple):
    """The paths of vessels that go on together, good for `span` s.

    rests: whether nothing changes, not even a net flow of heat or an outflow. swing: K that none of their temperatures leaves its start by.
    """

    span: float
    paths: tuple[Path, ...]
    rests: bool
    swing: float = math.inf


def develop(starts: Sequence[Start], longest: float, passing: Passing | None = None) -> Development:
    """How vessels go on together for at most `longest` s. Rates of an exchange count vessels by their place in `starts`.

    passing: the flows that vary, which are then in no exchange.
    """
    tracks = [_Track(start) for start in starts]
    temperatures = [track.temperature for track in tracks]
    small, scale = 0, 1.0
    for k in range(ORDER):
        if passing and k:
            passing.extend([_surplus(track.start, temperatures, k) for track in tracks], temperatures)
        for i, track in enumerate(tracks):
            varying = passing.into(i, temperatures) if passing else NOTHING
            track.surplus.append(_surplus(track.start, temperatures, k) + varying.heat)
            track.net.append((track.start.exchange.gain if k == 0 else 0.0) + varying.gain)
        flows = max([abs(track.extend()) for track in tracks])
        if passing:
            flows = max(flows, *[abs(outflow[k]) for outflow in passing.outflows.values()])
        following = max([track.following(k) for track in tracks])
        small = small + 1 if flows * scale <= TOLERANCE and following * scale * longest <= TOLERANCE else 0
        scale *= longest
        if small == ENOUGH:
            return _developed(longest, tracks, passing)
    return _developed(min([longest, *map(reach, _all_series(tracks, passing))]), tracks, passing)


def _surplus(start: Start, temperatures: Sequence[Series], k: int) -> float:
    total = start.heat.term(k) if k == 0 or start.heat.fading else 0.0
    if k == 0:
        total += start.exchange.constant
    for vessel, rate in start.exchange.rates:
        total += rate * temperatures[vessel][k]
    return total


def reach(series: Series) -> float:
    """How far the last two terms of a full series stay below the tolerance, s."""
    last = [(abs(series[k]), k) for k in (len(series) - 2, len(series) - 1)]
    return min(((TOLERANCE / size) ** (1.0 / k) for size, k in last if size), default=math.inf)


def _all_series(tracks: Sequence[_Track], passing: Passing | None) -> Iterator[Series]:
    """All that a development has to be good for: where it boils, the steam says when that ends."""
    for track in tracks:
        yield track.temperature
        yield track.mass
        if track.start.held_temperature:
            yield [surplus / LATENT for surplus in track.surplus]
    if passing:
        yield from passing.outflows.values()


class _Track:
    """The series of one vessel, term by term."""

    __slots__ = ("mass", "net", "start", "surplus", "temperature", "varies")

    def __init__(self, start: Start) -> None:
        self.start = start
        self.temperature, self.mass = [start.temperature], [start.mass]
        self.surplus: list[float] = []
        self.net: list[float] = []
        self.varies = False  # the mass, and with it the capacity

    def extend(self) -> float:
        """Append the coefficients that follow from the last net flows of heat and mass; the last one of the steam, kg/s."""
        start, k = self.start, len(self.net) - 1
        steam = 0.0
        if start.held_temperature:
            steam = self.surplus[k] / LATENT
            self.net[k] -= steam
            rise = 0.0
        else:
            rise = (self.surplus[k] - (self._grown(k) if self.varies else 0.0)) / ((k + 1) * start.capacity)
        gain = 0.0 if start.held_mass else self.net[k] / (k + 1)
        self.varies = self.varies or gain != 0.0
        self.temperature.append(rise)
        self.mass.append(gain)
        return steam

    def following(self, k: int) -> float:
        """The size of the next terms, and of what is in them that others may hide."""
        start = self.start
        hidden = start.heat.fades(k) / (start.capacity if not start.held_temperature else LATENT)
        return max(abs(self.temperature[-1]), abs(self.mass[-1]), hidden)

    def _grown(self, k: int) -> float:
        """Of (C T')_k the terms with C' and higher: C_j (k + 1 - j) a_(k+1-j)."""
        return sum([WATER * self.mass[j] * (k + 1 - j) * self.temperature[k + 1 - j] for j in range(1, k + 1) if self.mass[j]])


def _developed(span: float, tracks: Sequence[_Track], passing: Passing | None) -> Development:
    paths = [
        Path(track.temperature, track.mass, track.surplus, track.net, passing.outflows.get(i) if passing else None)
        for i, track in enumerate(tracks)
    ]
    rests = not any(any(series[1:]) for path in paths for series in (path.temperature, path.mass, path.surplus, path.outflow or ()))
    return Development(span, tuple(paths), rests)
