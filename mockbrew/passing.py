"""Empty vessels that boil while liquid runs through them: what they pass on changes with time, and with it the flows below them.

The outflow of such a vessel is x = inflow - W/L, that of a calm empty one x = inflow. Both are linear in the flows that enter, so the
coefficients of all x of one order follow from one small system of equations.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mockbrew.constants import LATENT, WATER
from mockbrew.flows import solve
from mockbrew.series import Series


@dataclass(frozen=True, slots=True)
class Entering:
    """A flow out of a starved vessel into another. share: of its outflow. arrives: of its temperature."""

    source: int
    destination: int
    share: float
    arrives: float


class Term(NamedTuple):
    """One coefficient of what varies at a vessel. heat: W. gain: kg/s."""

    heat: float
    gain: float


NOTHING = Term(0.0, 0.0)


class Passing:
    """The varying flows among vessels, order by order."""

    def __init__(
        self,
        outflows: Mapping[int, float],
        entering: Sequence[Entering],
        couples: Sequence[Sequence[float]],
        *,
        boiling: Collection[int],
        hot: Mapping[int, float],
    ) -> None:
        """outflows: kg/s at the start, of each starved vessel. couples: what a kg of one adds to the outflow of another (`flows.feed`).

        boiling: the starved vessels that do. hot: the boiling point (K above the room) of vessels in which all that enters turns to steam.
        """
        self.outflows = {vessel: [flow] for vessel, flow in outflows.items()}
        self.entering, self.boiling, self.hot = entering, boiling, hot
        self._matrix = [[(i == j) - share for j, share in enumerate(row)] for i, row in enumerate(couples)]

    def extend(self, surpluses: Sequence[float], temperatures: Sequence[Series]) -> None:
        """The next coefficient of each outflow. surpluses: W of each vessel, of this order, by all that does not vary."""
        for outflow in self.outflows.values():
            outflow.append(0.0)  # for now: what stands for it on the left side of the equations
        known = [-(surpluses[i] + self._heat(i, temperatures)) / LATENT if i in self.boiling else 0.0 for i in self.outflows]
        for outflow, term in zip(self.outflows.values(), solve(self._matrix, known), strict=True):
            outflow[-1] = term

    def into(self, vessel: int, temperatures: Sequence[Series]) -> Term:
        """The newest coefficient of what varies at a vessel."""
        gain = sum([each.share * self.outflows[each.source][-1] for each in self.entering if each.destination == vessel])
        out = self.outflows[vessel][-1] if vessel in self.outflows else 0.0
        return Term(self._heat(vessel, temperatures), (0.0 if vessel in self.hot else gain) - out)

    def _heat(self, vessel: int, temperatures: Sequence[Series]) -> float:
        return sum([self._carried(each, temperatures) for each in self.entering if each.destination == vessel])

    def _carried(self, each: Entering, temperatures: Sequence[Series]) -> float:
        """The newest coefficient of F c (T_in - T), by Cauchy's product; or of F (c (T_in - T_b) - L) where it turns to steam."""
        flows = self.outflows[each.source]
        k = len(flows) - 1
        source, own = temperatures[each.source], temperatures[each.destination]
        warmer = [each.arrives * term for term in source[: k + 1]]
        if each.destination in self.hot:
            warmer[0] -= self.hot[each.destination] + LATENT / WATER
        else:
            warmer = [term - mine for term, mine in zip(warmer, own, strict=False)]
        return each.share * WATER * sum([flow * term for flow, term in zip(flows, reversed(warmer), strict=True)])
