"""Lookahead: how it is known cheaply that a condition holds nowhere for a while, for whoever watches many of them over all that happens.

This is never more than a shortcut: what a lookahead says is so, and where it says nothing, somebody looks.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from mockbrew.clock import DAY, SECOND
from mockbrew.conditions import Condition
from mockbrew.conditions.intervals import Interval, Undecided
from mockbrew.conditions.names import Variable
from mockbrew.devices.declare import Value
from mockbrew.seeking.alone import shown_alone
from mockbrew.seeking.scene import Scene
from mockbrew.seeking.search import is_surely_false, is_surely_false_for_long

SHORTEST = 16 * SECOND  # ns; looking further ahead costs as much as some boundaries
PATIENCE = 64  # boundaries at most after a look ahead that said nothing, before the next one


class Lookahead:
    """What is known of one condition. until: virtual ns up to which, and then included, it holds nowhere."""

    def __init__(self, condition: Condition) -> None:
        self.condition = condition
        self.until = -1
        self._stride, self._pause, self._paused = SHORTEST, 0, 1
        self._alone: tuple[_Alone, ...] = ()  # as it was when the condition was asked last
        self._false = False  # what it said then

    def lasts(self, scene: Scene, last: int) -> bool:
        """Whether it surely holds nowhere from the scene's instant, to which it was evolved, to `last`, before the next boundary."""
        return self.until >= last or self._is_false(scene) or is_surely_false(scene, self.condition, last)

    def foresee(self, scene: Scene, ends: int) -> None:
        """Now and then look far ahead, across boundaries, but not beyond `ends` (virtual ns)."""
        self._pause -= 1
        if self._pause >= 0 or self.until >= scene.at:
            return
        end = min(scene.at + self._stride, ends)
        if end - scene.at >= SHORTEST and is_surely_false_for_long(scene, self.condition, end):
            self.until, self._stride, self._pause, self._paused = end, min(2 * self._stride, DAY), 0, 1
        else:
            self._stride = max(self._stride // 4, SHORTEST)
            self._pause, self._paused = self._paused, min(2 * self._paused, PATIENCE)

    def forget(self) -> None:
        """Something has happened from outside."""
        self.until, self._pause, self._paused = -1, 0, 1

    def _is_false(self, scene: Scene) -> bool:
        """Whether devices say so that look at nothing but their own state, which stands still. Asked again where one has another state."""
        alone = tuple([_alone(scene, variable) for variable in self.condition.variables])
        if not _same(alone, self._alone):
            self._alone = alone
            shown = dict(zip(self.condition.variables, alone, strict=True))
            self._false = self.condition.decide(lambda variable: shown[variable].value(variable.reading)) is False
        return self._false


class _Alone(NamedTuple):
    """A device and its state between two boundaries; None for what moves."""

    device: Any
    state: Any

    def value(self, reading: str) -> Value | Interval:
        """What it shows, whatever else there is. Raises Undecided."""
        if self.device is None:
            raise Undecided
        return shown_alone(self.device, self.state, reading)


def _alone(scene: Scene, variable: Variable) -> _Alone:
    flight = scene.flight(scene.home(variable))
    place = flight.cell.places[variable.device]
    return _Alone(None, None) if place in flight.cell.body_of else _Alone(flight.cell.devices[place], flight.states[place])


def _same(some: tuple[_Alone, ...], others: tuple[_Alone, ...]) -> bool:
    return len(some) == len(others) and all(one[0] is other[0] and one[1] is other[1] for one, other in zip(some, others, strict=True))
