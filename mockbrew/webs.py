"""Webs: what calm vessels give each other while the flows between them last, as it is computed fastest for many of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

Row = Sequence[float]  # one number for each vessel
Rates = tuple[tuple[int, float], ...]  # of one vessel: another one or itself, and W for each K of that one above the room


class Sums(NamedTuple):
    """Sums of rates times temperatures, as they are computed fastest.

    pairs: of each vessel two of its rates: a vessel, its rate, another one, its rate. more: (vessel, other, rate), as few have.
    """

    pairs: tuple[tuple[int, float, int, float], ...]
    more: tuple[tuple[int, int, float], ...]

    def at(self, warmth: Row, heats: Row) -> list[float]:
        """W, at these temperatures; of heaters and the mains these."""
        pairs = zip(heats, self.pairs, strict=True)
        return self._with_more(warmth, [heat + rate * warmth[i] + another * warmth[j] for heat, (i, rate, j, another) in pairs])

    def of(self, row: Row) -> list[float]:
        """W, of the terms of one order."""
        return self._with_more(row, [rate * row[i] + another * row[j] for i, rate, j, another in self.pairs])

    def _with_more(self, row: Row, totals: list[float]) -> list[float]:
        for vessel, other, rate in self.more:
            totals[vessel] += rate * row[other]
        return totals


def make_sums(rates: Sequence[Rates]) -> Sums:
    """Of vessels with these rates; each has one at least, its own."""
    pairs = [(*each[0], *(each[1] if len(each) > 1 else (i, 0.0))) for i, each in enumerate(rates)]
    return Sums(tuple(pairs), tuple([(i, *rate) for i, each in enumerate(rates) for rate in each[2:]]))


class Web(NamedTuple):
    """What calm vessels give each other while the flows last.

    sums: of `rates`. warms: by vessel, what its temperature gives to others, as in `rates`. nets: kg/s in less out. gains: kg/s by which
    their masses grow; 0 of those that stay empty or full.
    """

    rates: tuple[Rates, ...]
    sums: Sums
    warms: tuple[Rates, ...]
    nets: tuple[float, ...]
    gains: tuple[float, ...]


def make_web(rates: Sequence[Rates], nets: Sequence[float], gains: Sequence[float]) -> Web:
    """Of vessels with these rates and flows."""
    warms: list[list[tuple[int, float]]] = [[] for _ in rates]
    for to, each in enumerate(rates):
        for vessel, rate in each:
            if vessel != to:
                warms[vessel].append((to, rate))
    return Web(tuple(rates), make_sums(rates), tuple(map(tuple, warms)), tuple(nets), tuple(gains))
