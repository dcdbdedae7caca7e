"""The search: the first instant at which a condition holds. There is no grid on which it is looked for.

Between two boundaries readings move by known laws, or stand still. So for any stretch of time each of them has bounds (`bounds`), and
a condition that is false wherever they allow is false all the time: the stretch is done. Else it is cut in two, and the earlier half
goes first, down to a single nanosecond. Where it is cut follows from the boundaries, so that who asks in slices finds the same instant.
Where loops run and the condition is far from holding, an `Outlook` across many boundaries says so. How
little is cut no further is said in `standstills`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mockbrew.clock import DAY, SECOND
from mockbrew.conditions import Condition
from mockbrew.conditions.names import Variable
from mockbrew.devices.declare import Value
from mockbrew.seeking.nearest import Nearest
from mockbrew.seeking.outlook import Outlook, foreseeable
from mockbrew.seeking.prospect import Prospect
from mockbrew.seeking.scene import Scene
from mockbrew.seeking.standstill import Values, unchanged

LONGEST = 2**46  # ns, 19 h: a stretch that has no boundary ahead is taken in pieces
SHORTEST = 16 * SECOND  # ns; an outlook costs as much as some boundaries
PATIENCE = 32  # segments at most after an outlook that said nothing, before the next one


class Sought(NamedTuple):
    """at: the first instant (virtual ns) at which the condition holds, or None. done: whether there is nothing left to ask for."""

    at: int | None
    done: bool


def seek(scene: Scene, condition: Condition, until: int, *, limit: int, nearest: Nearest | None = None) -> Sought:
    """Find the first instant from `scene.at` to `until` (virtual ns, both included) at which a condition holds, as a look would show it.

    The scene moves on: then it stands at that instant, or at `until` if there is none; where the limit was reached before (of about so
    many boundaries and looks), at an instant before which it does not hold: ask again. nearest: gets to know how near it came; then every
    segment is looked at.
    """
    return _Search(scene, condition, until, limit, nearest).run()


def is_surely_false(scene: Scene, condition: Condition, until: int) -> bool:
    """Whether bounds tell that a condition holds nowhere from `scene.at`, to which it was evolved, to `until`, before the next boundary."""
    return condition.decide(Prospect(scene, scene.at, until, _Values(scene))) is False


def is_surely_false_for_long(scene: Scene, condition: Condition, until: int) -> bool:
    """The same whatever boundaries there are, as far as an outlook tells."""
    if until > min(foreseeable(scene.flight(name)) for name in scene.anchors):
        return False
    return condition.decide(Prospect(scene, scene.at, until, _Values(scene), Outlook)) is False


class _Values(dict[Variable, Value]):
    """What the variables are at the instant of a scene, each looked up when it is first asked for."""

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self._scene = scene

    def __missing__(self, variable: Variable) -> Value:
        value = self[variable] = self._scene.value(variable)
        return value


class _Search:
    """One call of `seek`. left: of its limit. empty: the last instant that was looked at; the condition did not hold.

    stride: ns, of the next outlook. pause: segments before that; paused: how many there were the last time. leapt: whether the scene's
    instant is the end of an outlook.
    """

    def __init__(self, scene: Scene, condition: Condition, until: int, limit: int, nearest: Nearest | None) -> None:
        self.scene, self.condition, self.until, self.left, self.nearest = scene, condition, until, limit, nearest
        self.found = False
        self.empty = -1
        self.values: Mapping[Variable, Value] = {}  # at `empty`
        self.stride, self.pause, self.paused, self.leapt = SHORTEST, 0, 1, False

    def run(self) -> Sought:
        scene = self.scene
        while self._arrived():
            if self._leapt():
                continue
            low, high = self._segment()
            if self.found or not self._scan(low, high):
                break
            if high >= self.until:
                scene.at = self.until
                return Sought(None, done=True)
            scene.at = high + 1
        return Sought(scene.at, done=True) if self.found else Sought(None, done=False)

    def _arrived(self) -> bool:
        """Bring the anchors to the scene's instant, unless the limit is used up."""
        self.left -= 1
        if self.left < 0 or self.scene.evolve(limit=max(self.left, 1)):
            return False
        if self.leapt:  # back to where a segment began: what is cut from there on is the same for everybody
            self.scene.at, self.leapt = self.scene.began, False
        return True

    # -- across boundaries -----------------------------------------------------------------------------------------

    def _leapt(self) -> bool:
        """Whether an outlook has shown that there is nothing for a while; the scene's instant is the end of that then."""
        scene = self.scene
        end = min(scene.at + self.stride, self.until)
        self.pause -= 1
        if self.pause >= 0 or self.nearest is not None or scene.next_boundary() > end or end - scene.at < SHORTEST:
            return False
        self.left -= 1
        if end <= min(foreseeable(scene.flight(name)) for name in scene.anchors) and self._is_far(end):
            self.stride, self.pause, self.paused = min(2 * self.stride, DAY), 0, 1
            scene.at, self.leapt = end, True
            return True
        self.stride = max(self.stride // 4, SHORTEST)
        if self.stride == SHORTEST:
            self.pause, self.paused = self.paused, min(2 * self.paused, PATIENCE)
        return False

    def _is_far(self, end: int) -> bool:
        """Whether the condition surely holds nowhere up to `end`, whatever loops do."""
        if self._holds(self.scene.at):
            self.found = True
            return False
        return self.condition.decide(Prospect(self.scene, self.scene.at, end, self.values, Outlook)) is False

    # -- between two boundaries ------------------------------------------------------------------------------------

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
        prospect = Prospect(self.scene, low, high, self.values)
        if self.condition.decide(prospect) is False:
            return self._is_no_nearer(prospect)
        return unchanged(self.condition, prospect, self.values.__getitem__, lambda: self._later(high))

    def _is_no_nearer(self, prospect: Prospect) -> bool:
        """Whether no comparison comes nearer than it was before, or is at the end."""
        if self.nearest is None or not self.nearest.may_be_nearer(prospect):
            return True
        self.nearest.see(self._later(prospect.high), prospect.high)
        return not prospect.moving or bool(prospect.opaque) or not self.nearest.may_be_nearer(prospect)

    def _holds(self, at: int) -> bool:
        """Look at one instant."""
        values = {variable: self.scene.value_at(variable, at) for variable in self.condition.variables}
        if self.nearest is not None:
            self.nearest.see(values.__getitem__, at)
        if self.condition.holds(values.__getitem__):
            return True
        self.empty, self.values = at, values
        return False

    def _later(self, at: int) -> Values:
        """Look at a later instant."""
        return {variable: self.scene.value_at(variable, at) for variable in self.condition.variables}.__getitem__

    def _cut(self, low: int, high: int) -> int:
        """The first instant of the later half; where a sensor takes samples in between, that of a sample."""
        middle = (low + high) // 2 + 1
        for period in self.scene.periods():
            sample = middle - middle % period
            if low < sample or low < (sample := sample + period) <= high:
                return sample
        return middle
