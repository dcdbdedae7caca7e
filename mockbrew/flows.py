"""What flows through open pipes: as much as each asks for, unless it comes from an empty vessel, which passes on what it receives.

An empty vessel has outflow = min(demand, inflow - steam), shared in proportion to what its outlets ask for. Empty vessels feed each other
nothing of their own: only what enters from elsewhere counts, so of all solutions it is the least one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    asked = {vessel: asked_of(vessel, ducts) for vessel in dry}
    fed = _fed(ducts, dry)
    given = {vessel: asked[vessel] if vessel in fed and not dry[vessel].closed else 0.0 for vessel in dry}
    # From above: who can't give what is asked for is starved, and stays so. Each round finds one more or is the last.
    starved: dict[int, float] = {}
    while True:
        more = {vessel for vessel in fed if not dry[vessel].closed and _gets(vessel, ducts, dry, given, asked) < given[vessel]} - set(
            starved
        )
        if not more:
            return Flows(tuple(_through(duct, dry, given, asked) for duct in ducts), starved)
        starved |= dict.fromkeys(more, 0.0)
        starved = _balanced(sorted(starved), ducts, dry, given, asked)
        given |= starved


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


def _fed(ducts: Sequence[Duct], dry: Mapping[int, Dry]) -> set[int]:
    """The dry vessels that anything can reach."""
    fed: set[int] = set()
    while True:
        giving = [duct for duct in ducts if duct.source not in dry or (duct.source in fed and not dry[duct.source].closed)]
        more = {duct.destination for duct in giving if duct.destination in dry and not duct.is_loop} - fed
        if not more:
            return fed
        fed |= more


def _through(duct: Duct, dry: Mapping[int, Dry], given: Mapping[int, float], asked: Mapping[int, float]) -> float:
    if duct.source not in dry:
        return duct.demand
    return 0.0 if duct.is_loop or not asked[duct.source] else given[duct.source] * (duct.demand / asked[duct.source])


def _gets(vessel: int, ducts: Sequence[Duct], dry: Mapping[int, Dry], given: Mapping[int, float], asked: Mapping[int, float]) -> float:
    """kg/s that enter it and do not turn to steam."""
    enters = [_through(duct, dry, given, asked) * dry[vessel].left(duct.place) for duct in ducts if duct.destination == vessel]
    return sum(enters) - dry[vessel].steam


def _balanced(
    starved: list[int], ducts: Sequence[Duct], dry: Mapping[int, Dry], given: Mapping[int, float], asked: Mapping[int, float]
) -> dict[int, float]:
    """What flows out of the starved ones, who pass on what they get; from the others flows what is given."""
    silent = {**given, **dict.fromkeys(starved, 0.0)}
    right = [_gets(vessel, ducts, dry, silent, asked) for vessel in starved]
    couples = feed(starved, ducts, dry, asked)
    matrix = [[(i == j) - share for j, share in enumerate(row)] for i, row in enumerate(couples)]
    return {vessel: max(out, 0.0) for vessel, out in zip(starved, solve(matrix, right), strict=True)}
