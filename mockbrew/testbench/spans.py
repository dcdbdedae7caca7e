"""Spans: from when to when a condition held in the past of a rig, exactly, replayed from its log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from mockbrew.budget import Budget
from mockbrew.clock import seconds
from mockbrew.conditions import Condition
from mockbrew.conditions.expressions import Not
from mockbrew.errors import StillEvolving
from mockbrew.plant import Anchor
from mockbrew.replaying import Stretch, past
from mockbrew.rigs import Rigs
from mockbrew.seeking.scene import Scene
from mockbrew.seeking.search import seek
from mockbrew.stores.base import RigRow
from mockbrew.timeline import seed_of

STRIDE = 64  # boundaries and looks between two looks at the stopwatch: a few ms

Span = tuple[int, int]
"""From the first instant (virtual ns) at which it holds to the first at which it no longer does, or to the end."""


def spans(rigs: Rigs, row: RigRow, condition: Condition, begins: int, ends: int, patience: Budget) -> list[Span]:
    """When a condition on readings held from one instant to another (virtual ns). Raises HistoryGone, StillEvolving, StoreError."""
    cells = dict.fromkeys(rigs.plant.home[variable.device] for variable in condition.variables)
    pasts = {name: past(rigs.store, rigs.plant, row, name, patience) for name in cells}
    lived = {name: list(one.stretches(begins, ends)) for name, one in pasts.items()}
    found: list[Span] = []
    since: int | None = None
    for scene, last in _scenes(rigs, row, lived, begins, ends):
        for at in _turns(scene, condition, last, patience, held=since is not None):
            if since is None:
                since = at
            else:
                found.append((since, at))
                since = None
    return found if since is None else [*found, (since, ends)]


def _scenes(rigs: Rigs, row: RigRow, lived: Mapping[str, Sequence[Stretch]], begins: int, ends: int) -> Iterator[tuple[Scene, int]]:
    """The cells together, from what happened to one of them to what happened to one of them next; with the last instant of that."""
    opened: dict[int, dict[str, Anchor]] = defaultdict(dict, {begins: {}})
    for name, stretches in lived.items():
        for stretch in stretches:  # of several at one instant, the last
            opened[stretch.begins][name] = stretch.anchor
    anchors: dict[str, Anchor] = {}
    for at, until in pairwise([*sorted(opened), ends + 1]):
        scene = Scene(rigs.plant, {**anchors, **opened[at]}, at, seed_of(row))
        yield scene, until - 1
        anchors = scene.anchors


def _turns(scene: Scene, condition: Condition, last: int, patience: Budget, *, held: bool) -> Iterator[int]:
    """The instants up to `last` (virtual ns) at which it begins to hold or ceases to."""
    ceased = Condition(condition.text, Not(condition.text, condition.expression), condition.variables)
    while True:
        sought = seek(scene, ceased if held else condition, last, limit=STRIDE)
        if sought.at is not None:
            held = not held
            yield sought.at
        elif sought.done:
            return
        if patience.spent:
            raise StillEvolving(seconds(last - scene.at))
