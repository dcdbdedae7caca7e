"""Calm vessels that go on together while the flows between them last: their development, many of them at once.

The law is that of `development`, to the same bit. Where nothing boils and no flow varies, masses are linear in time and all that is left is

    (k + 1) C a_(k+1) = sum of rates a_k - k C' a_k,

with a few rates for each vessel: those of a chain are two. So the coefficients are computed order by order, each for all vessels. In a
large part most vessels stand still while a controller switches a heater somewhere: only those that this reaches are computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mockbrew.constants import WATER
from mockbrew.development import ENOUGH, ORDER, TOLERANCE, Development, Path, reach
from mockbrew.series import Series, value
from mockbrew.webs import Row, Sums, Web, make_sums

FEW = 8  # vessels that are quicker computed than asked whether they move
# K/s; in 30 days 5e-9 K. Short of its balance a vessel stops where a step is less than half a unit in its last place: up to 64 degC and in
# steps of 5 s at 7e-16.
NEGLIGIBLE = 2e-15
LIGHTEST = 100.0  # J/K: no spec has a lighter vessel


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
    return _alone(calm, longest) if len(calm.warmth) == 1 else _together(calm, longest)


def _together(calm: Calm, longest: float) -> Development:
    web, cut = calm.web, _Cut(longest, max(map(abs, calm.web.gains)))
    surplus = web.sums.at(calm.warmth, calm.heats)
    first = [net / capacity for net, capacity in zip(surplus, calm.capacities, strict=True)]
    moving = _moving(calm, first, longest)
    if moving is None:
        rows = _rows(web.sums, web.gains, calm.capacities, first, cut)
        series: Sequence[Series] = [*zip(calm.temperatures, *rows, strict=True)]
    else:
        series = _in_part(calm, moving, first, cut)
    span = longest if cut.ends else min(longest, reach(cut.sizes))
    return _developed(calm, span, series, value(cut.sizes, span), moves=any(cut.sizes))


def _developed(calm: Calm, span: float, series: Sequence[Series], swing: float, *, moves: bool) -> Development:
    masses = [(mass, gain) if gain else (mass,) for mass, gain in zip(calm.masses, calm.web.gains, strict=True)]
    paths = [Path(each, mass, (), (net,), None) for each, mass, net in zip(series, masses, calm.web.nets, strict=True)]
    return Development(span, tuple(paths), not moves and not any(calm.web.gains), swing)


def _alone(calm: Calm, longest: float) -> Development:
    """Of a single vessel, as `_together`: an order costs less than to ask a `_Cut` after it."""
    ((_, rate),), (capacity,), (gain,) = calm.web.rates[0], calm.capacities, calm.web.gains
    term = (calm.heats[0] + rate * calm.warmth[0]) / capacity
    series, swells, scale = [calm.temperatures[0], term], WATER * gain, longest
    small = int(max(abs(term), abs(gain)) * longest <= TOLERANCE)
    for k in range(1, ORDER):
        term = (rate * term - swells * k * term) / ((k + 1) * capacity)
        series.append(term)
        small = small + 1 if abs(term) * scale * longest <= TOLERANCE else 0
        if small == ENOUGH:
            break
        scale *= longest
    span = longest if small == ENOUGH else min(longest, reach(series))
    swing = abs(value(series, span) - series[0])  # its temperature only rises, or only falls
    return _developed(calm, span, [series], swing, moves=any(series[1:]))


def _in_part(calm: Calm, moving: Sequence[int], first: Row, cut: _Cut) -> Sequence[Series]:
    """Where all but some vessels stand still."""
    web, number = calm.web, {vessel: i for i, vessel in enumerate(moving)}
    rates = [tuple([(number[other], rate) for other, rate in web.rates[vessel] if other in number]) for vessel in moving]
    rows = _rows(make_sums(rates), [web.gains[i] for i in moving], [calm.capacities[i] for i in moving], [first[i] for i in moving], cut)
    series: list[Series] = [(temperature,) for temperature in calm.temperatures]
    for vessel, terms in zip(moving, zip(*rows, strict=True), strict=True):
        series[vessel] = (calm.temperatures[vessel], *terms)
    return series


def _moving(calm: Calm, first: Row, longest: float) -> Sequence[int] | None:
    """Those of many vessels whose temperatures change by more than what is negligible; None where it is not worth while to ask.

    If T_j changes by less than d (t/L)^m, what is warmed by it with a rate r does by less than d r L/C/(m + 1) (t/L)^(m + 1).
    """
    if len(first) <= FEW:
        return None
    negligible = NEGLIGIBLE * longest
    nearest = {i: change for i, term in enumerate(first) if (change := abs(term) * longest) > negligible}
    moving, least = set(nearest), _least(calm, longest)
    for power in range(2, ORDER):
        if 3 * len(moving) > len(first):
            return None
        if not nearest:
            return sorted(moving)
        further: dict[int, float] = {}
        for vessel, change in nearest.items():
            for other, rate in calm.web.warms[vessel]:
                further[other] = further.get(other, 0.0) + change * rate * longest / (power * least[other])
        nearest = {i: change for i, change in further.items() if change > negligible}
        moving.update(nearest)
    return None


def _least(calm: Calm, longest: float) -> Row:
    """The least that each capacity comes to, J/K; none is empty before `longest`."""
    if not any(calm.web.gains):
        return calm.capacities
    growing = zip(calm.capacities, calm.web.gains, strict=True)
    return [max(capacity + min(WATER * gain * longest, 0.0), LIGHTEST) for capacity, gain in growing]


def _rows(sums: Sums, gains: Row, capacities: Row, first: Row, cut: _Cut) -> Sequence[Row]:
    """The coefficients of each order from the first on."""
    swelling = [WATER * gain for gain in gains] if any(gains) else None
    row, rows = first, [first]
    for k in range(1, ORDER):
        if cut.after(max(map(abs, row), default=0.0)):
            break
        surplus, order = sums.of(row), k + 1
        if swelling:
            surplus = [net - swells * k * term for net, swells, term in zip(surplus, swelling, row)]  # noqa: B905 - as below
        row = [net / (order * capacity) for net, capacity in zip(surplus, capacities)]  # noqa: B905 - as many, and what takes most time
        rows.append(row)
    else:
        cut.after(max(map(abs, row)))
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
        self.ends = self._small == ENOUGH
        return self.ends
