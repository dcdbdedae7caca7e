"""Prospects: what the variables of a condition may be for a while, as intervals."""

from __future__ import annotations

from collections.abc import Mapping

from mockbrew.conditions.intervals import Interval, Undecided, ends
from mockbrew.conditions.names import Variable
from mockbrew.devices.declare import Value
from mockbrew.seeking.bounds import Bounds
from mockbrew.seeking.scene import Scene

PLATEAU = 1e-9  # of the unit of a reading: what moves by less stands still
NO_NUMBERS = (TypeError, ValueError, AttributeError, ArithmeticError)  # what computing with an interval as with a number may raise


class Prospect:
    """From `low` to `high` (virtual ns), as stretches of some sort see it: the valuation of a condition.

    values: at `low`. Of what was asked for, moving: what does not stand still; opaque: what can't be computed with intervals.
    """

    __slots__ = ("high", "low", "moving", "opaque", "scene", "shown", "sort", "values")

    def __init__(self, scene: Scene, low: int, high: int, values: Mapping[Variable, Value], sort: type[Bounds] = Bounds) -> None:
        self.scene, self.low, self.high, self.values, self.sort = scene, low, high, values, sort
        self.shown: dict[Variable, Value | Interval] = {}
        self.moving: set[Variable] = set()
        self.opaque: set[Variable] = set()

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
            sound = encloses(shown, self.values[variable])
        except Undecided:
            self._note(variable, stretch)
            raise
        except NO_NUMBERS:
            sound = False
        if not sound:
            self.opaque.add(variable)
            self.moving.add(variable)
            raise Undecided
        if isinstance(shown, Interval) and shown.high - shown.low > PLATEAU:
            self._note(variable, stretch)
        return shown

    def _note(self, variable: Variable, stretch: Bounds) -> None:
        """It moves; unless all that was seen stands still: a reading that jumps does so between two floats that are neighbours."""
        if stretch.timed or stretch.widest > PLATEAU:
            self.moving.add(variable)


def encloses(shown: Value | Interval, value: Value) -> bool:
    """Whether bounds can be right: they are of what it is at the beginning too."""
    if isinstance(shown, Interval):
        low, high = ends(shown)
        return isinstance(value, int | float) and low <= value <= high
    return shown == value
