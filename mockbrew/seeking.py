"""Seeking: the first instant at which a condition holds. There is no grid on which it is looked for.

Between two boundaries readings move by known laws, or stand still. So for any stretch of time each of them has bounds (`bounds`), and
a condition that is false wherever they allow is false all the time: the stretch is done. Else it is cut in two, and the earlier half
goes first, down to a single nanosecond. Where it is cut follows from the boundaries, so that who asks in slices finds the same instant.

- A stretch in which nothing that the condition looks at moves by more than `PLATEAU` is taken for what it is at its two ends.
- A reading that can't be computed with intervals, of a kind from elsewhere, is looked at once in `COARSE` at least; between two looks at
  which the condition is false it is taken to be false.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mockbrew.approaches import Nearest
from mockbrew.bounds import Stretch
from mockbrew.clock import SECOND
from mockbrew.conditions import Condition
from mockbrew.devices.declare import Value
from mockbrew.intervals import Interval, Undecided, ends
from mockbrew.names import Variable
from mockbrew.scenes import Scene

PLATEAU = 1e-9  # of the unit of a reading
COARSE = SECOND  # ns
LONGEST = 2**46  # ns, 19 h: a stretch that has no boundary ahead is taken in pieces
NO_NUMBERS = (TypeError, ValueError, AttributeError, ArithmeticError)  # what computing with an interval as with a number may raise


class Sought(NamedTuple):
    """at: the first instant (virtual ns) at which the condition holds, or None. done: whether there is nothing left to ask for."""

    at: int | None
    done: bool


def seek(scene: Scene, condition: Condition, until: int, *, limit: int, nearest: Nearest | None = None) -> Sought:
    """Find the first instant from `scene.at` to `until` (virtual ns, both included) at which a condition holds, as a look would show it.

    The scene moves on: then it stands at that instant, or at `until` if there is none; where the limit was reached before (of about so
    many boundaries and looks), at an instant before which it does not hold: ask again. nearest: gets to know how near it came.
    """
    return _Search(scene, condition, until, limit, nearest).run()


def is_surely_false(scene: Scene, condition: Condition, until: int) -> bool:
    """Whether bounds tell that a condition holds nowhere from `scene.at`, to which it was evolved, to `until`, before the next boundary."""
    return condition.decide(_Over(scene, scene.at, until, _Values(scene))) is False


class _Values(dict[Variable, Value]):
    """What the variables are at the instant of a scene, each looked up when it is first asked for."""

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self._scene = scene

    def __missing__(self, variable: Variable) -> Value:
        value = self[variable] = self._scene.value(variable)
        return value


class _Search:
    """One call of `seek`. left: of its limit. empty: the last instant that was looked at; the condition did not hold."""

    def __init__(self, scene: Scene, condition: Condition, until: int, limit: int, nearest: Nearest | None) -> None:
        self.scene, self.condition, self.until, self.left, self.nearest = scene, condition, until, limit, nearest
        self.found = False
        self.empty = -1
        self.values: Mapping[Variable, Value] = {}  # at `empty`

    def run(self) -> Sought:
        scene = self.scene
        while self._arrived():
            low, high = self._segment()
            if not self._scan(low, high):
                break
            if high >= self.until:
                scene.at = self.until
                return Sought(None, done=True)
            scene.at = high + 1
        return Sought(scene.at, done=True) if self.found else Sought(None, done=False)

    def _arrived(self) -> bool:
        """Bring the anchors to the scene's instant, unless the limit is used up."""
        self.left -= 1
        return self.left >= 0 and not self.scene.evolve(limit=max(self.left, 1))

    def _segment(self) -> tuple[int, int]:
        """The first and the last instant of the law that rules now; where that lasts very long, of a piece that follows from it."""
        scene = self.scene
        began = scene.began
        began += (scene.at - began) // LONGEST * LONGEST
        return began, min(scene.next_boundary(), began + LONGEST) - 1

    def _scan(self, low: int, high: int) -> bool:
        """Go through a segment from the scene's instant on. Whether all of it, up to `until`, has been found empty."""
        scene, pieces = self.scene, [(low, high)]
        while pieces:
            low, high = pieces.pop()
            if high < scene.at or low > self.until:
                continue
            if low >= scene.at and self._is_empty(low, min(high, self.until)):
                scene.at = min(high, self.until) + 1
                if self.left <= 0 and scene.at <= self.until:
                    return not pieces
            elif self.found:
                scene.at = low
                return False
            else:
                middle = self._cut(low, high)
                pieces += [(middle, high), (low, middle - 1)]
        return True

    def _is_empty(self, low: int, high: int) -> bool:
        """Whether the condition surely holds nowhere from `low` to `high`, and no comparison comes nearer; `found` if at `low` it does."""
        self.left -= 1
        if self.empty != low and self._holds(low):
            self.found = True
            return False
        if low == high:
            return True
        over = _Over(self.scene, low, high, self.values)
        false = self.condition.decide(over) is False
        if false and (self.nearest is None or not self.nearest.may_be_nearer(over)):
            return True
        if not over.is_point and (high - low >= COARSE or not over.is_opaque):
            return False
        before = self.empty, self.values
        if self._holds(high):
            self.empty, self.values = before
            return False
        return True

    def _holds(self, at: int) -> bool:
        """Look at one instant."""
        values = {variable: self.scene.value_at(variable, at) for variable in self.condition.variables}
        if self.nearest is not None:
            self.nearest.see(values.__getitem__, at)
        if self.condition.holds(values.__getitem__):
            return True
        self.empty, self.values = at, values
        return False

    def _cut(self, low: int, high: int) -> int:
        """The first instant of the later half; where a sensor takes samples in between, that of a sample."""
        middle = (low + high) // 2 + 1
        for period in self.scene.periods:
            sample = middle - middle % period
            if low < sample or low < (sample := sample + period) <= high:
                return sample
        return middle


class _Over:
    """What the variables may be from `low` to `high` (virtual ns): the valuation of a condition.

    values: at `low`. is_opaque: whether something was asked for that can't be computed with intervals. is_point: whether nothing that was
    asked for moves.
    """

    __slots__ = ("high", "is_opaque", "is_point", "low", "scene", "shown", "values")

    def __init__(self, scene: Scene, low: int, high: int, values: Mapping[Variable, Value]) -> None:
        self.scene, self.low, self.high, self.values = scene, low, high, values
        self.shown: dict[Variable, Value | Interval] = {}
        self.is_opaque, self.is_point = False, True

    def __call__(self, variable: Variable) -> Value | Interval:
        if variable not in self.shown:
            self.shown[variable] = self._bounded(variable)
        return self.shown[variable]

    def _bounded(self, variable: Variable) -> Value | Interval:
        """Raises Undecided."""
        stretch = self._stretch(variable)
        shown: Value | Interval
        try:
            shown = stretch.reading(variable.device, variable.reading)
            sound = _encloses(shown, self.values[variable])
        except Undecided:
            self.is_point = self.is_point and self._stands(stretch)
            raise
        except NO_NUMBERS:
            sound = False
        if not sound:
            self.is_opaque, self.is_point = True, False
            raise Undecided
        if isinstance(shown, Interval) and shown.high - shown.low > PLATEAU:
            self.is_point = self.is_point and self._stands(stretch)
        return shown

    def _stretch(self, variable: Variable) -> Stretch:
        """Of its own: what it shows is not what other variables see."""
        scene, name = self.scene, self.scene.plant.home[variable.device]
        return Stretch(scene.anchors[name].flight(scene.cell(name)), self.low, self.high, scene.seed)

    @staticmethod
    def _stands(stretch: Stretch) -> bool:
        """Whether all that was seen stands still, so that a reading that jumps does so between two floats that are neighbours."""
        return stretch.widest <= PLATEAU and not stretch.timed


def _encloses(shown: Value | Interval, value: Value) -> bool:
    """Whether bounds can be right: they are of what it is at the beginning too."""
    if isinstance(shown, Interval):
        low, high = ends(shown)
        return isinstance(value, int | float) and low <= value <= high
    return shown == value
