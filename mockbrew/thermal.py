"""The laws of heat and flow for well-stirred vessels, and their solution as power series in time (docs/physics.md).

For vessel i with mass m, temperature T, heat capacity C = C_dry + m c and the net heat flow W,

    W_i = P_i(t) - UA_i (T_i - T_room) + sum over what enters F c (T_in - T_i) + sum over coils G (T_j - T_i)
    C_i dT_i/dt = W_i,    dm_i/dt = F_in - F_out        while it is calm,
    T_i = T_b,            dm_i/dt = F_in - F_out - W_i/L  while it boils.

W is linear in the temperatures, and with constant flows C is linear in t. So the Taylor coefficients a_k of T_i follow one from another:

    (k + 1) C(0) a_(k+1) = W_k - k C'(0) a_k.

With constant masses this is the series of the matrix exponential, whatever its eigenvalues. The series is cut where its terms are below
`TOLERANCE`; how far it then reaches follows from its coefficients, never from who asks. Longer stretches are chained.

One calm vessel to which nothing flows has a closed form, in which nothing divides by UA: with phi(x) = expm1(x)/x,

    T(t) = T_0 + T'(0) t phi(-t UA/C).

In all of this temperatures are counted from the room's, which no flow and no loss then moves, to the last bit: whatever has the
temperature of the room stays there.

Temperatures are in degC (above the room's: K), times in s, masses in kg, heat flows in W, capacities in J/K.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from mockbrew.constants import LATENT, WATER
from mockbrew.passing import NOTHING, Passing
from mockbrew.series import Series

ORDER = 24  # terms of a series at most
REMEMBERED = 8192  # values of an exponential: controllers ask for the same few again and again
TOLERANCE = 1e-14  # K, or kg: what the terms that are left out come to


class Exchange(NamedTuple):
    """What a vessel gets from the others, the mains and the room. rates: (vessel, W for each K above the room). constant: W.

    gain: kg/s in less out, but for steam. inflow: kg/s.
    """

    rates: tuple[tuple[int, float], ...]
    constant: float
    gain: float
    inflow: float


class Heat(NamedTuple):
    """Of the heaters of one vessel. steady: W. fading: (W at the start, 1/s), of elements that have not come to rest."""

    steady: float
    fading: tuple[tuple[float, float], ...] = ()

    def term(self, order: int) -> float:
        """The Taylor coefficient of this order, W/s^order."""
        total = self.steady if order == 0 else 0.0
        for amplitude, rate in self.fading:
            total += amplitude * (-rate) ** order / math.factorial(order)
        return total

    def fades(self, order: int) -> float:
        """No less than what its fading parts have in that term. They may cancel each other there, and go on."""
        return sum([abs(amplitude) * rate**order for amplitude, rate in self.fading]) / math.factorial(order) if self.fading else 0.0


class Start(NamedTuple):
    """A vessel at the start of a course. temperature: K above the room. capacity: J/K. held: whether its temperature is, or its mass."""

    temperature: float
    mass: float
    capacity: float
    held_temperature: bool
    held_mass: bool
    heat: Heat
    exchange: Exchange


class Path(NamedTuple):
    """How one vessel goes on, as series. mass: kg. surplus: W, the net heat. net: kg/s in less out.

    temperature: K above the room as it is developed, degC in a course. outflow: kg/s out of an empty vessel if it
    varies, else None.
    """

    temperature: Series
    mass: Series
    surplus: Series
    net: Series
    outflow: Series | None


class Development(NamedTuple):
    """The paths of vessels that go on together, good for `span` s."""

    span: float
    paths: tuple[Path, ...]

    @property
    def rests(self) -> bool:
        """Whether nothing changes, not even a net flow of heat or an outflow."""
        return not any(any(series[1:]) for path in self.paths for series in (path.temperature, path.mass, path.surplus, path.outflow or ()))


def develop(starts: Sequence[Start], longest: float, passing: Passing | None = None) -> Development:
    """How vessels go on together for at most `longest` s. Rates of an exchange count vessels by their place in `starts`.

    passing: the flows that vary, which are then in no exchange.
    """
    tracks = [_Track(start) for start in starts]
    temperatures = [track.temperature for track in tracks]
    small, reach = 0, 1.0
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
        small = small + 1 if flows * reach <= TOLERANCE and following * reach * longest <= TOLERANCE else 0
        reach *= longest
        if small == 2:  # one could vanish by chance; two are the end, since each follows from those before
            return _developed(longest, tracks, passing)
    return _developed(min([longest, *map(_reach, _all_series(tracks, passing))]), tracks, passing)


def surplus(start: Start, temperatures: Sequence[float]) -> float:
    """The net heat flow into a vessel among others of these temperatures (K above the room), W."""
    return _surplus(start, [[temperature] for temperature in temperatures], 0)


def boiling_point(altitude: float) -> float:
    """degC at `altitude` (m): the standard atmosphere's pressure in Antoine's equation."""
    pressure = 101325.0 * (1.0 - 2.25577e-5 * altitude) ** 5.25588  # Pa; ISA
    return 1730.63 / (8.07131 - math.log10(pressure / 133.322)) - 233.426  # Antoine, in mmHg


# -- one calm vessel to which nothing flows ----------------------------------------------------------------------


@lru_cache(maxsize=REMEMBERED)
def relaxed(decay: float, elapsed: float) -> float:
    """(1 - exp(-decay t))/decay, s: how far an exponential has come after t = `elapsed` s, per K/s of slope at the start."""
    return elapsed * _phi(-decay * elapsed)


@lru_cache(maxsize=REMEMBERED)
def trailed(decay: float, rate: float, elapsed: float) -> tuple[float, float]:
    """What follows that exponential with `rate` (1/s): the share of its first difference that is left, and how far (s) it is behind.

    For d = s - T, d' = -rate d - T'; so d = d_0 exp(-rate t) - slope (exp(-decay t) - exp(-rate t))/(rate - decay), and with a the smaller
    and b the larger rate the fraction is exp(-a t) t phi(-(b - a) t): equal rates need no case.
    """
    slow, fast = (decay, rate) if decay < rate else (rate, decay)
    return math.exp(-rate * elapsed), math.exp(-slow * elapsed) * elapsed * _phi((slow - fast) * elapsed)


def time_to(target: float, start: float, slope: float, decay: float) -> float | None:
    """s until that exponential has risen from `start` to `target` (degC); None if it never does."""
    if slope <= 0.0:
        return None
    linear = (target - start) / slope
    share = decay * linear  # of the way to the balance
    if share >= 1.0:
        return None
    return linear if share == 0.0 else linear * (-math.log1p(-share) / share)


def _phi(x: float) -> float:
    return math.expm1(x) / x if x else 1.0


# -- series --------------------------------------------------------------------------------------------------------


def _surplus(start: Start, temperatures: Sequence[Series], k: int) -> float:
    total = start.heat.term(k) if k == 0 or start.heat.fading else 0.0
    if k == 0:
        total += start.exchange.constant
    for vessel, rate in start.exchange.rates:
        total += rate * temperatures[vessel][k]
    return total


def _reach(series: Series) -> float:
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
    return Development(span, tuple(paths))
