"""What flows through open pipes: as much as each asks for, unless it comes from an empty vessel, which passes on what it receives.

An empty vessel has outflow = min(demand, inflow - steam), shared in proportion to what its outlets ask for. Empty vessels feed each other
nothing of their own: only what enters from elsewhere counts, so of all solutions it is the least one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ROUNDS = 1000  # of an iteration that ends after some more than there are vessels
DOUBLINGS = 60
ROUNDING = 1e-12  # of a flow

OUTSIDE = -1  # in the place of a vessel: the mains, or out


@dataclass(frozen=True, slots=True)
class Duct:
    """An open pipe of a cell. place: of the pipe in the cell. source, destination: numbers of vessels, or OUTSIDE.

    demand: kg/s that its pump, or the pipe itself, asks for. coil: the vessel that it passes in a coil, or OUTSIDE. kept: share of the
    difference to that vessel's temperature that is left after the coil. arrives: share of the difference to the room that is left at the
    end of the pipe. mains: degC of what comes from outside.
    """

    place: int
    source: int
    destination: int
    demand: float
    coil: int
    kept: float
    arrives: float
    mains: float

    @property
    def is_loop(self) -> bool:
        """Whether it ends where it begins: it changes no mass."""
        return self.source == self.destination != OUTSIDE


@dataclass(frozen=True, slots=True)
class Dry:
    """A vessel without liquid.

    closed: nothing leaves it, since whatever enters turns to steam. steam: kg/s that it boils away if nothing enters. passed: by duct, how
    much of what enters is left to flow on, per kg; 1 where nothing boils.
    """

    closed: bool = False
    steam: float = 0.0
    passed: Mapping[int, float] | None = None

    def left(self, place: int) -> float:
        """Of each kg that enters by the duct of that place."""
        return 1.0 if self.passed is None else self.passed[place]


@dataclass(frozen=True, slots=True)
class Flows:
    """through: kg/s, of each duct. starved: kg/s that flow out of the vessels that give less than is asked for, by number."""

    through: tuple[float, ...]
    starved: Mapping[int, float]


def distribute(ducts: Sequence[Duct], dry: Mapping[int, Dry]) -> Flows:
    """The flows through `ducts`; `dry` has the vessels without liquid. A loop on one of these moves nothing."""
    outflows = _Circuit(ducts, dry).least() if dry else {}
    asked = {vessel: asked_of(vessel, ducts) for vessel in dry}
    starved = {vessel: out for vessel, out in outflows.items() if out < asked[vessel] and not dry[vessel].closed}
    return Flows(tuple(_through(duct, dry, outflows, asked) for duct in ducts), starved)


def asked_of(vessel: int, ducts: Sequence[Duct]) -> float:
    """What its outlets ask for together, kg/s."""
    return sum([duct.demand for duct in ducts if duct.source == vessel and not duct.is_loop])


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The x with matrix x = right, by elimination with pivots. Raises ZeroDivisionError where there is none."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for k in range(len(rows)):
        pivot = max(range(k, len(rows)), key=lambda i: abs(rows[i][k]))
        rows[k], rows[pivot] = rows[pivot], rows[k]
        for i in range(len(rows)):
            if i != k:
                factor = rows[i][k] / rows[k][k]
                rows[i] = [value - factor * above for value, above in zip(rows[i], rows[k], strict=True)]
    return [row[-1] / row[k] for k, row in enumerate(rows)]


def feed(vessels: Sequence[int], ducts: Sequence[Duct], dry: Mapping[int, Dry], asked: Mapping[int, float]) -> list[list[float]]:
    """Of each kg that leaves starved vessel j (column), what it adds to the outflow of i (row)."""
    number = {vessel: i for i, vessel in enumerate(vessels)}
    matrix = [[0.0] * len(vessels) for _ in vessels]
    for duct in ducts:
        if duct.source in number and duct.destination in number and not duct.is_loop:
            share = duct.demand / asked[duct.source]
            matrix[number[duct.destination]][number[duct.source]] += share * dry[duct.destination].left(duct.place)
    return matrix


def _through(duct: Duct, dry: Mapping[int, Dry], given: Mapping[int, float], asked: Mapping[int, float]) -> float:
    if duct.source not in dry:
        return duct.demand
    return 0.0 if duct.is_loop or not asked[duct.source] else given[duct.source] * (duct.demand / asked[duct.source])


class _Circuit:
    """Empty vessels that feed each other: x = what is between 0 and what is asked for of `base` + `links` x, and the least such x.

    Found from below, round by round; where nobody's share in it changes any more, by solving for those in between. Cold water saves steam
    in a vessel that boils, so a kilogram that comes round may come back as more than one: then there is no solution in between, and
    rounds go on, more and more of them at a time, until somebody gives all that is asked for.
    """

    def __init__(self, ducts: Sequence[Duct], dry: Mapping[int, Dry]) -> None:
        self.vessels = list(dry)
        place = {vessel: i for i, vessel in enumerate(self.vessels)}
        asked = {vessel: asked_of(vessel, ducts) for vessel in dry}
        self.most = [0.0 if dry[vessel].closed else asked[vessel] for vessel in self.vessels]
        self.base = [-dry[vessel].steam for vessel in self.vessels]
        self.links: list[tuple[int, int, float]] = []  # to, from, kg for each kg
        for duct in ducts:
            if duct.destination not in dry or duct.is_loop:
                continue
            to, left = place[duct.destination], dry[duct.destination].left(duct.place)
            if duct.source in dry:
                self.links.append((to, place[duct.source], left * duct.demand / asked[duct.source]))
            else:
                self.base[to] += left * duct.demand

    def least(self) -> dict[int, float]:
        """The outflows by vessel, kg/s."""
        now: list[float] = [0.0] * len(self.vessels)
        shares: list[int] = []
        for _ in range(ROUNDS):
            gets = self._gets(now)
            following = [min(max(get, 0.0), most) for get, most in zip(gets, self.most, strict=True)]
            if following == now:
                break
            before, shares = shares, [(2 if get >= most else 1) if get > 0.0 else 0 for get, most in zip(gets, self.most, strict=True)]
            if shares == before:
                between = [i for i, share in enumerate(shares) if share == 1]
                solution = self._solution(following, between)
                if solution is not None:
                    now = solution
                    break
                following = self._hurried(following, between)
            now = following
        return dict(zip(self.vessels, now, strict=True))

    def _gets(self, now: Sequence[float]) -> list[float]:
        gets = list(self.base)
        for to, source, each in self.links:
            gets[to] += each * now[source]
        return gets

    def _solution(self, now: list[float], between: list[int]) -> list[float] | None:
        """With those in between at rest; None if they can't be, or if somebody else would change."""
        matrix, right = self._system(now, between)
        try:
            solved = solve([[(i == j) - each for j, each in enumerate(row)] for i, row in enumerate(matrix)], right)
        except ZeroDivisionError:
            return None
        found = list(now)
        for i, out in zip(between, solved, strict=True):
            found[i] = out
        return found if self._holds(found, now) else None

    def _holds(self, found: list[float], now: list[float]) -> bool:
        """Whether everybody's share in it is the same as at `now`, which is below it."""
        pairs = zip(self._gets(found), found, now, self.most, strict=True)
        return all(
            not most or (get >= most if least >= most else get <= 0.0 if not least else least * (1.0 - ROUNDING) <= out <= most)
            for get, out, least, most in pairs
        )

    def _hurried(self, now: list[float], between: list[int]) -> list[float]:
        """After as many rounds, doubled again and again, as leave everybody's share as it is."""
        matrix, right = self._system(now, between)
        size = range(len(between))
        for _ in range(DOUBLINGS):
            further = list(now)
            for i, row, add in zip(between, matrix, right, strict=True):
                further[i] = add + sum([each * now[j] for each, j in zip(row, between, strict=True)])
            if further == now or not self._holds(further, now):
                break
            now = further
            right = [right[i] + sum([matrix[i][j] * right[j] for j in size]) for i in size]
            matrix = [[sum([matrix[i][k] * matrix[k][j] for k in size]) for j in size] for i in size]
        return now

    def _system(self, now: list[float], between: list[int]) -> tuple[list[list[float]], list[float]]:
        """What those in between get of each other, per kg, and of all else."""
        place = {vessel: i for i, vessel in enumerate(between)}
        right = self._gets([0.0 if i in place else out for i, out in enumerate(now)])
        matrix = [[0.0] * len(between) for _ in between]
        for to, source, each in self.links:
            if to in place and source in place:
                matrix[place[to]][place[source]] += each
        return matrix, [right[i] for i in between]
