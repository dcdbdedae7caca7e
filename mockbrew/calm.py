"""Calm vessels that go on together while the flows between them last: their development, many of them at once.

The law is that of `development`, to the same bit. Where nothing boils and no flow varies, masses are linear in time and all that is left is

    (k + 1) C a_(k+1) = sum of rates a_k - k C' a_k,

with a few rates for each vessel: those of a chain are two. So the coefficients are computed order by order, each for all vessels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mockbrew.constants import WATER
from mockbrew.development import ORDER, TOLERANCE, Development, Path, reach
from mockbrew.series import value

Row = Sequence[float]  # one number for each vessel
Rates = tuple[tuple[int, float], ...]  # of one vessel: another one or itself, and W for each K of that one above the room


class Web(NamedTuple):
    """What calm vessels give each other while the flows last.

    nets: kg/s in less out. gains: kg/s by which their masses grow; 0 of those that stay empty or full.
    """

    rates: tuple[Rates, ...]
    nets: tuple[float, ...]
    gains: tuple[float, ...]


class Calm(NamedTuple):
    """Calm vessels at the start. warmth: K above the room. temperatures: degC. capacities: J/K. heats: W, of heaters and of the mains."""

    web: Web
    warmth: Row
    temperatures: Row
    masses: Row
    capacities: Row
    heats: Row


def develop_calm(calm: Calm, longest: float) -> Development:
    """How they go on for at most `longest` s; temperatures in degC."""
    cut = _Cut(longest, max(map(abs, calm.web.gains)))
    rows = _alone(calm, cut) if len(calm.warmth) == 1 else _together(calm, cut)
    span = longest if cut.ends else min(longest, reach(cut.sizes))
    temperatures = zip(calm.temperatures, *rows, strict=True)
    masses = [(mass, gain) if gain else (mass,) for mass, gain in zip(calm.masses, calm.web.gains, strict=True)]
    paths = [Path(each, mass, (), (net,), None) for each, mass, net in zip(temperatures, masses, calm.web.nets, strict=True)]
    return Development(span, tuple(paths), value(cut.sizes, span))


def _together(calm: Calm, cut: _Cut) -> Sequence[Row]:
    """The coefficients from the first order on."""
    rates, capacities, swelling = calm.web.rates, calm.capacities, [WATER * gain for gain in calm.web.gains]
    steady, nothing = not any(swelling), [0.0] * len(calm.heats)
    surplus, row, rows = _surplus(calm.heats, rates, calm.warmth), calm.warmth, []
    for k in range(ORDER):
        if k:
            surplus = _surplus(nothing, rates, row)
            if not steady:
                surplus = [net - swells * k * term for net, swells, term in zip(surplus, swelling, row)]  # noqa: B905 - as below
        order = k + 1
        row = [net / (order * capacity) for net, capacity in zip(surplus, capacities)]  # noqa: B905 - as many, and what takes most time
        rows.append(row)
        if cut.after(max(map(abs, row))):
            break
    return rows


def _surplus(heats: Row, rates: Sequence[Rates], row: Row) -> list[float]:
    """W, of one order."""
    totals = []
    for heat, each in zip(heats, rates):  # noqa: B905 - as above
        total = heat
        for vessel, rate in each:
            total += rate * row[vessel]
        totals.append(total)
    return totals


def _alone(calm: Calm, cut: _Cut) -> Sequence[Row]:
    """Of a single vessel, as `_together`."""
    ((_, rate),), (capacity,), swells = calm.web.rates[0], calm.capacities, WATER * calm.web.gains[0]
    total, term, rows = calm.heats[0] + rate * calm.warmth[0], calm.warmth[0], []
    for k in range(ORDER):
        if k:
            total = rate * term - swells * k * term
        term = total / ((k + 1) * capacity)
        rows.append((term,))
        if cut.after(abs(term)):
            break
    return rows


class _Cut:
    """Says after which order a series good for `longest` s may be cut. ends: whether it has been. sizes: of the terms, the greatest."""

    __slots__ = ("_growth", "_longest", "_scale", "_small", "ends", "sizes")

    def __init__(self, longest: float, growth: float) -> None:
        """growth: of the first terms of the masses, the greatest."""
        self._longest, self._growth, self._scale, self._small = longest, growth, 1.0, 0
        self.ends, self.sizes = False, [0.0]

    def after(self, size: float) -> bool:
        """Whether nothing need follow the terms of the next order, the greatest of which has this size."""
        self.sizes.append(size)
        self._small = self._small + 1 if max(size, self._growth) * self._scale * self._longest <= TOLERANCE else 0
        self._scale *= self._longest
        self._growth = 0.0
        self.ends = self._small == 2  # one could vanish by chance; two are the end, since each follows from those before
        return self.ends
