"""The laws of heat for one well-stirred vessel and the probes in it in closed form (docs/physics.md).

Between two boundaries the heat flow is constant, so with C the heat capacity, P the heat and UA the loss

    C dT/dt = P - UA (T - T_room)    =>    T(t) = T_0 + slope * (1 - exp(-decay t))/decay,    slope = T'(0),  decay = UA/C

and with phi(x) = expm1(x)/x the fraction is t phi(-decay t): nothing divides by UA, and UA -> 0 is the linear ramp. A probe with rate
kappa = 1/tau_s follows s' = kappa (T - s); for d = s - T this is d' = -kappa d - T', so

    s(t) = T(t) + (s_0 - T_0) exp(-kappa t) - slope * (exp(-decay t) - exp(-kappa t))/(kappa - decay),

whose last fraction is exp(-a t) t phi(-(b - a) t) with a the smaller and b the larger rate: equal time constants need no case.

Temperatures are in degC, times in s, masses in kg, heat flows in W, capacities in J/K.
"""

from __future__ import annotations

import math
from typing import NamedTuple

WATER = 4186.0  # J/(kg K), specific heat of water (textbook)
MALT = 1670.0  # J/(kg K), specific heat of malt (Murphy & Son; Lewis & Young)
LATENT = 2.257e6  # J/kg, heat of vaporisation of water at 100 degC (textbook)
FAR = 1e11  # s; whatever happens later than this (3,000 years) is taken never to happen


class Course(NamedTuple):
    """How one vessel goes on until the next boundary.

    temperature: degC at the start. surplus: W, heat less losses at the start. slope: K/s at the start. decay: 1/s. steam: kg/s that boil
    away. ceiling: degC that it does not pass.
    """

    temperature: float
    surplus: float
    slope: float
    decay: float
    steam: float
    ceiling: float


def course(temperature: float, capacity: float, heat: float, loss: float, room: float, ceiling: float = math.inf) -> Course:
    """Towards the balance of heat and loss. capacity: J/K, above 0; heat: W; loss: W/K."""
    surplus = heat - loss * (temperature - room)
    return Course(temperature, surplus, surplus / capacity, loss / capacity, 0.0, ceiling)


def boil(temperature: float, heat: float, loss: float, room: float) -> Course:
    """At the boiling point the surplus of heat makes steam. Where there is a deficit the boil is over: no steam."""
    surplus = heat - loss * (temperature - room)
    return Course(temperature, surplus, 0.0, 0.0, max(surplus, 0.0) / LATENT, temperature)


def temperature_at(course: Course, elapsed: float) -> float:
    """degC after `elapsed` s."""
    return min(_free(course, elapsed), course.ceiling)


def probe_at(course: Course, start: float, lag: float, elapsed: float) -> float:
    """degC of a probe that was at `start`, with time constant `lag` (s; 0 reads the vessel), after `elapsed` s."""
    if lag == 0.0:
        return temperature_at(course, elapsed)
    rate = 1.0 / lag
    slow, fast = (course.decay, rate) if course.decay < rate else (rate, course.decay)
    behind = math.exp(-slow * elapsed) * elapsed * _phi((slow - fast) * elapsed)
    return _free(course, elapsed) + (start - course.temperature) * math.exp(-rate * elapsed) - course.slope * behind


def time_to(course: Course, target: float) -> float | None:
    """s until the vessel has warmed to `target`, above its temperature now; None if it never does."""
    if course.slope <= 0.0:
        return None
    linear = (target - course.temperature) / course.slope
    share = course.decay * linear  # of the way to the balance
    if share >= 1.0:
        return None
    elapsed = linear if share == 0.0 else linear * (-math.log1p(-share) / share)
    return elapsed if elapsed < FAR else None


def boiling_point(altitude: float) -> float:
    """degC at `altitude` (m): the standard atmosphere's pressure in Antoine's equation."""
    pressure = 101325.0 * (1.0 - 2.25577e-5 * altitude) ** 5.25588  # Pa; ISA
    return 1730.63 / (8.07131 - math.log10(pressure / 133.322)) - 233.426  # Antoine, in mmHg


def _free(course: Course, elapsed: float) -> float:
    return course.temperature + course.slope * elapsed * _phi(-course.decay * elapsed)


def _phi(x: float) -> float:
    return math.expm1(x) / x if x else 1.0
