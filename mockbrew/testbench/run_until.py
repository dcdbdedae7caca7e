"""Run until: the clock of a rig jumps to the first instant at which a condition holds.

That instant is sought from copies, outside of any lock, and nothing of it is kept. Then the clock jumps there, in one step, unless somebody
has written the rig meanwhile: then it is sought again. A clock that goes on by itself may have passed it by then, and is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockbrew.budget import Budget
from mockbrew.clock import Clock, seconds
from mockbrew.conditions import Condition, parse
from mockbrew.conditions.names import readings_of
from mockbrew.errors import NoSuchRig, NotReached, StillEvolving, StillSeeking
from mockbrew.messages import DIRECT, Asked
from mockbrew.plant import Anchor
from mockbrew.rigs import Rigs, Together
from mockbrew.seeking.nearest import Nearest
from mockbrew.seeking.scene import Scene
from mockbrew.seeking.search import Sought, seek
from mockbrew.stores.base import RigRow
from mockbrew.testbench.clock import Shown, Timekeeper
from mockbrew.timeline import horizon, instant, seed_of

STRIDE = 64  # boundaries and looks between two looks at the stopwatch: a few ms


@dataclass(frozen=True, slots=True)
class Reached:
    """at, began: virtual ns at which the condition held first, and from which on it was sought. clock: as it was left, of that instant."""

    at: int
    began: int
    clock: Shown


def run_until(keeper: Timekeeper, rig: str, text: str, limit: int, *, asked: Asked = DIRECT) -> Reached:
    """Jump to the first instant from now on at which a condition holds, within `limit` (virtual ns) and the horizon.

    Raises BadCondition; NotReached, with the clock at the limit; StillSeeking, with the clock as far as it was sought; as `Rigs.change`.
    """
    rigs = keeper.rigs
    devices = {name: entry.device for name, entry in rigs.spec.entries.items()}
    awaiting = _Awaiting(keeper, rig, parse(text, readings_of(devices)), limit, asked)
    _make(rigs, rig)
    patience, first = rigs.patience(), None
    while True:
        now = rigs.together(rig, awaiting.cells, patience)
        first = first if first is not None and first.row.run == now.row.run else now
        reached = awaiting.attempt(first.at, now, patience)
        if reached is not None:
            return reached
        if patience.spent:
            raise StillEvolving(0.0)


def _make(rigs: Rigs, rig: str) -> None:
    try:
        rigs.row(rig)
    except NoSuchRig:
        rigs.change(rig, (), lambda draft: None)


@dataclass(frozen=True, slots=True)
class _Awaiting:
    keeper: Timekeeper
    rig: str
    condition: Condition
    limit: int
    asked: Asked

    @property
    def cells(self) -> tuple[str, ...]:
        """All that the condition looks at."""
        home = self.keeper.rigs.plant.home
        return tuple(dict.fromkeys(home[variable.device] for variable in self.condition.variables))

    def attempt(self, began: int, now: Together, patience: Budget) -> Reached | None:
        """Seek from `now` on, and jump; None if somebody has written the rig meanwhile."""
        until, scene = max(min(began + self.limit, horizon(now.row)), now.at), self._scene(now)
        sought = self._sought(scene, until, patience)
        row = self._jumped(now, scene.at, {"waited": seconds(scene.at - began), "status": _status(sought)})
        if row is None:
            return None
        self._keep(now, row, scene.anchors)
        if sought.at is not None:
            return Reached(sought.at, began, Shown(sought.at, row.clock.rate, horizon(row), sought.at >= horizon(row)))
        if not sought.done:
            raise StillSeeking(self.condition.text, seconds(scene.at), seconds(until - scene.at))
        raise NotReached(
            self.condition.text, seconds(began), seconds(until), self._nearest(now, until, patience), still=until == horizon(row)
        )

    def _scene(self, now: Together) -> Scene:
        return Scene(self.keeper.rigs.plant, now.anchors, now.at, seed_of(now.row))

    def _nearest(self, now: Together, until: int, patience: Budget) -> str:
        """Which readings came nearest to being enough: sought only where nothing was, because it takes ten times as long."""
        nearest = Nearest(self.condition)
        done = self._sought(self._scene(now), until, patience, nearest).done
        return nearest.text if done else "what came nearest takes too long to say"

    def _sought(self, scene: Scene, until: int, patience: Budget, nearest: Nearest | None = None) -> Sought:
        sought = seek(scene, self.condition, until, limit=STRIDE, nearest=nearest)
        while not sought.done and not patience.spent:
            sought = seek(scene, self.condition, until, limit=STRIDE, nearest=nearest)
        return sought

    def _jumped(self, now: Together, goal: int, said: Mapping[str, Any]) -> RigRow | None:
        """The rig's row, with its clock at `goal` (virtual ns) or beyond; None if somebody has written it since."""
        stamp = _stamp(now.row)

        def shift(row: RigRow, wall: int) -> Clock | None:
            if _stamp(row) != stamp:
                raise _Overtaken
            return Clock(goal, wall, row.clock.rate) if goal > instant(row, wall) else None

        arguments = {"condition": self.condition.text, "limit": seconds(self.limit)}
        asked = {**self.asked._asdict(), "verb": "run-until", "arguments": arguments}
        try:
            return self.keeper.shifted(self.rig, shift, {**asked, **said})
        except _Overtaken:
            return None

    def _keep(self, now: Together, row: RigRow, anchors: Mapping[str, Anchor]) -> None:
        """What was evolved on the way is of use to others, now that the clock is there."""
        rigs = self.keeper.rigs
        for name, anchor in anchors.items():
            loaded = rigs.roster.loaded(self.rig, name, rigs.store.wall()) if anchor is not now.anchors[name] else None
            if loaded is not None and _stamp(loaded.rig) == _stamp(row):
                rigs.anchors.keep(loaded, name, anchor)


class _Overtaken(Exception):
    """Somebody has written the rig meanwhile."""


def _status(sought: Sought) -> int:
    """Of the reply."""
    if sought.at is not None:
        return 200
    return NotReached.status if sought.done else StillSeeking.status


def _stamp(row: RigRow) -> tuple[object, ...]:
    return row.run, row.events, row.clock, row.spec
