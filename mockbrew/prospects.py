"""Prospects: what the variables of a condition may be for a while, as intervals."""

from __future__ import annotations

from collections.abc import Mapping

from mockbrew.bounds import Stretch
from mockbrew.devices.declare import Value
from mockbrew.intervals import Interval, Undecided, ends
from mockbrew.names import Variable
from mockbrew.scenes import Scene

PLATEAU = 1e-9  # of the unit of a reading: what moves by less stands still
NO_NUMBERS = (TypeError, ValueError, AttributeError, ArithmeticError)  # what computing with an interval as with a number may raise


class Prospect:
    """From `low` to `high` (virtual ns), as stretches of some sort see it: the valuation of a condition.

    values: at `low`. is_opaque: whether something was asked for that can't be computed with intervals. stands: whether nothing that was
    asked for moves.
    """

    __slots__ = ("high", "is_opaque", "low", "scene", "shown", "sort", "stands", "values")

    def __init__(self, scene: Scene, low: int, high: int, values: Mapping[Variable, Value], sort: type[Stretch] = Stretch) -> None:
        self.scene, self.low, self.high, self.values, self.sort = scene, low, high, values, sort
        self.shown: dict[Variable, Value | Interval] = {}
        self.is_opaque, self.stands = False, True

    def __call__(self, variable: Variable) -> Value | Interval:
        """Raises Undecided."""
        if variable not in self.shown:
            self.shown[variable] = self._bounded(variable)
        return self.shown[variable]

    def _bounded(self, variable: Variable) -> Value | Interval:
        stretch = self.sort(self.scene.flight(self.scene.home(variable)), self.low, self.high, self.scene.seed)
        shown: Value | Interval
        try:
            shown = stretch.reading(variable.device, variable.reading)
            sound = _encloses(shown, self.values[variable])
        except Undecided:
            self.stands = self.stands and _stood(stretch)
            raise
        except NO_NUMBERS:
            sound = False
        if not sound:
            self.is_opaque, self.stands = True, False
            raise Undecided
        if isinstance(shown, Interval) and shown.high - shown.low > PLATEAU:
            self.stands = self.stands and _stood(stretch)
        return shown


def _stood(stretch: Stretch) -> bool:
    """Whether all that was seen stands still: a reading that jumps does so between two floats that are neighbours."""
    return stretch.widest <= PLATEAU and not stretch.timed


def _encloses(shown: Value | Interval, value: Value) -> bool:
    """Whether bounds can be right: they are of what it is at the beginning too."""
    if isinstance(shown, Interval):
        low, high = ends(shown)
        return isinstance(value, int | float) and low <= value <= high
    return shown == value
