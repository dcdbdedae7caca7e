"""The laws of heat and flow for well-stirred vessels, and their solution as power series in time (docs/physics.md).

For vessel i with mass m, temperature T, heat capacity C = C_dry + m c and the net heat flow W,

    W_i = P_i(t) - UA_i (T_i - T_room) + sum over what enters F c (T_in - T_i) + sum over coils G (T_j - T_i)
    C_i dT_i/dt = W_i,    dm_i/dt = F_in - F_out        while it is calm,
    T_i = T_b,            dm_i/dt = F_in - F_out - W_i/L  while it boils.

W is linear in the temperatures, and with constant flows C is linear in t. So the Taylor coefficients a_k of T_i follow one from another:

    (k + 1) C(0) a_(k+1) = W_k - k C'(0) a_k.

With constant masses this is the series of the matrix exponential, whatever its eigenvalues. `development` computes it.

One calm vessel to which nothing flows has a closed form, in which nothing divides by UA: with phi(x) = expm1(x)/x,

    T(t) = T_0 + T'(0) t phi(-t UA/C).

In all of this temperatures are counted from the room's, which no flow and no loss then moves, to the last bit: whatever has the
temperature of the room stays there.

Temperatures are in degC (above the room's: K), times in s, masses in kg, heat flows in W, capacities in J/K.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

REMEMBERED = 8192  # values of an exponential: controllers ask for the same few again and again


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


def surplus(start: Start, temperatures: Sequence[float]) -> float:
    """The net heat flow into a vessel among others of these temperatures (K above the room), W."""
    total = start.heat.term(0) + start.exchange.constant
    for vessel, rate in start.exchange.rates:
        total += rate * temperatures[vessel]
    return total


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
