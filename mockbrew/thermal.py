"""The laws of heat and flow for well-stirred vessels, and their solution as power series in time (docs/physics.md).

For vessel i with mass m, temperature T, heat capacity C = C_dry + m c and the net heat flow W,

    W_i = P_i(t) - UA_i (T_i - T_room) + sum over what enters F c (T_in - T_i) + sum over coils G (T_j - T_i)
    C_i dT_i/dt = W_i,    dm_i/dt = F_in - F_out        while it is calm,
    T_i = T_b,            dm_i/dt = F_in - F_out - W_i/L  while it boils.

W is linear in the temperatures, and with constant flows C is linear in t. So the Taylor coefficients a_k of T_i follow one from another:

    (k + 1) C(0) a_(k+1) = W_k - k C'(0) a_k.

With constant masses this is the series of the matrix exponential, whatever its eigenvalues. The series is cut where its terms are below
`TOLERANCE`; how far it then reaches follows from its coefficients, never from who asks. Longer stretches are chained.

Temperatures are in degC, times in s, masses in kg, heat flows in W, capacities in J/K.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from mockbrew.series import Series

WATER = 4186.0  # J/(kg K), specific heat of water (textbook)
MALT = 1670.0  # J/(kg K), specific heat of malt (Murphy & Son; Lewis & Young)
LATENT = 2.257e6  # J/kg, heat of vaporisation of water at 100 degC (textbook)

ORDER = 24  # terms of a series at most
TOLERANCE = 1e-14  # K, or kg: what the terms that are left out come to


class Exchange(NamedTuple):
    """What a vessel gets from the others, the mains and the room. rates: (vessel, W/K). constant: W. gain: kg/s in less out, but for steam.

    inflow: kg/s.
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


class Start(NamedTuple):
    """A vessel at the start of a course. capacity: J/K. held: whether its temperature is (it boils), or its mass (it is empty or full)."""

    temperature: float
    mass: float
    capacity: float
    held_temperature: bool
    held_mass: bool
    heat: Heat
    exchange: Exchange


class Development(NamedTuple):
    """Series of each vessel's temperature, mass and net heat flow W, good for `span` s."""

    span: float
    temperatures: tuple[Series, ...]
    masses: tuple[Series, ...]
    surpluses: tuple[Series, ...]


def develop(starts: Sequence[Start], longest: float) -> Development:
    """How vessels go on together for at most `longest` s. Rates of an exchange count vessels by their place in `starts`."""
    temperatures = [[start.temperature] for start in starts]
    masses = [[start.mass] for start in starts]
    surpluses: list[list[float]] = [[] for _ in starts]
    small, reach = 0, 1.0
    for k in range(ORDER):
        for start, surplus in zip(starts, surpluses, strict=True):
            surplus.append(_surplus(start, temperatures, k))
        reach *= longest
        largest = max(map(_next_term, starts, temperatures, masses, surpluses))
        small = small + 1 if largest * reach <= TOLERANCE else 0
        if small == 2:  # one could vanish by chance; two are the end, since each follows from those before
            return _developed(longest, temperatures, masses, surpluses)
    return _developed(min(longest, _reach(temperatures), _reach(masses)), temperatures, masses, surpluses)


def surplus(start: Start, temperatures: Sequence[float]) -> float:
    """The net heat flow into a vessel among others of these temperatures, W."""
    return _surplus(start, [[temperature] for temperature in temperatures], 0)


def boiling_point(altitude: float) -> float:
    """degC at `altitude` (m): the standard atmosphere's pressure in Antoine's equation."""
    pressure = 101325.0 * (1.0 - 2.25577e-5 * altitude) ** 5.25588  # Pa; ISA
    return 1730.63 / (8.07131 - math.log10(pressure / 133.322)) - 233.426  # Antoine, in mmHg


def _surplus(start: Start, temperatures: Sequence[Series], k: int) -> float:
    total = start.heat.term(k) if k == 0 or start.heat.fading else 0.0
    if k == 0:
        total += start.exchange.constant
    for vessel, rate in start.exchange.rates:
        total += rate * temperatures[vessel][k]
    return total


def _next_term(start: Start, temperatures: list[float], masses: list[float], surpluses: list[float]) -> float:
    """Append the next coefficients; the larger one's size."""
    k, surplus = len(temperatures) - 1, surpluses[-1]
    gain = start.exchange.gain if k == 0 else 0.0
    growth = 0.0 if start.held_mass else start.exchange.gain * WATER  # W/K: of its capacity
    if start.held_temperature:
        gain -= surplus / LATENT
        rise = 0.0
    else:
        rise = (surplus - k * growth * temperatures[k]) / ((k + 1) * start.capacity)
    gain = 0.0 if start.held_mass else gain / (k + 1)
    temperatures.append(rise)
    masses.append(gain)
    return max(abs(rise), abs(gain))


def _reach(series: Sequence[Sequence[float]]) -> float:
    """How far the last two terms stay below the tolerance, s."""
    return min(
        ((TOLERANCE / abs(each[k])) ** (1.0 / k) for each in series for k in (ORDER - 1, ORDER) if each[k]),
        default=math.inf,
    )


def _developed(span: float, *series: list[list[float]]) -> Development:
    temperatures, masses, surpluses = (tuple(map(tuple, each)) for each in series)
    return Development(span, temperatures, masses, surpluses)
