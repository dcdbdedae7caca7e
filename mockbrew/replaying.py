"""The past of a cell, replayed from the event log: what it was like between any two events, to the last bit.

A command is applied again; where a base stands in the log, it is taken; a reset begins the cell anew. What goes on by itself between two
events follows from the anchor of the earlier one. A migration begins the past anew, since the states before it are another spec's. The
log is trimmed from the oldest on (docs/adr/0010); what is older than what remains is gone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from mockbrew import plant as plants
from mockbrew.budget import Budget
from mockbrew.clock import NEVER, seconds
from mockbrew.errors import DamagedCell, HistoryGone, StillEvolving
from mockbrew.plant import Anchor, Blocked, Cell, Plant
from mockbrew.stores.base import Event, RigRow, Store
from mockbrew.timeline import KEPT, seed_of

RESET, MIGRATE, RESTORE = "reset", "migrate", "restore"  # the verbs of the rig's own events that begin cells anew
ANEW = (MIGRATE, RESTORE)  # those that begin their past anew


@dataclass(frozen=True, slots=True)
class Stretch:
    """A cell between two events. What it is like at `ends` (virtual ns) is the next stretch's to say, if there is one.

    anchor: evolved to `begins` (virtual ns). event: the one that opened it, if one did. blocked: the orders of controllers that
    interlocks blocked as it opened. One without a length is a state that the next command changed at the same instant.
    """

    cell: Cell
    anchor: Anchor
    begins: int
    ends: int
    event: Event | None = None
    blocked: Sequence[Blocked] = ()

    @property
    def number(self) -> int:
        """Of the event that opened it; 0 where none did."""
        return self.event.number if self.event else 0


@dataclass(frozen=True, slots=True)
class _Step:
    """What happened to the cell at `at` (virtual ns). event: None where its past begins. origin: virtual ns of its reset, if it begins anew."""

    at: int
    event: Event | None = None
    origin: int | None = None

    @property
    def number(self) -> int:
        return self.event.number if self.event else 0

    @property
    def anew(self) -> bool:
        """Whether what it leads to needs nothing of what was before."""
        return self.event is None or self.origin is not None or self.event.base is not None


@dataclass(frozen=True, slots=True)
class Past:
    """A cell from `earliest` (virtual ns) on. steps: all that happened to it, oldest first; never none."""

    url: str
    row: RigRow
    name: str
    cell: Cell
    steps: Sequence[_Step]
    patience: Budget

    @property
    def earliest(self) -> int:
        """Virtual ns."""
        return self.steps[0].at

    def stretches(self, begins: int, ends: int) -> Iterator[Stretch]:
        """The cell from one instant to another (virtual ns), in order. Raises HistoryGone, StillEvolving, DamagedCell.

        It takes what a replay from the last base before `begins` takes.
        """
        if begins < self.earliest:
            raise HistoryGone(self.row.name, seconds(begins), seconds(self.earliest))
        before = [place for place, step in enumerate(self.steps) if step.anew and step.at < begins]
        return self._walked(None, self.steps[before[-1] if before else 0 :], begins, ends)

    def resumes(self, number: int) -> bool:
        """Whether all that came after the event of that number is still known."""
        return number >= self.steps[0].number

    def resumed(self, anchor: Anchor, number: int, begins: int, ends: int) -> Iterator[Stretch]:
        """From `begins` (virtual ns), to which the anchor was evolved after the event of that number. Raises as above."""
        later = [step for step in self.steps if step.number > number]
        return self._walked(anchor, [_Step(begins), *later], begins, ends)

    def _walked(self, anchor: Anchor | None, steps: Sequence[_Step], begins: int, ends: int) -> Iterator[Stretch]:
        """anchor: as after the first step, if it is known."""
        nexts = [*(step.at for step in steps[1:]), NEVER]
        for step, until in takewhile(lambda pair: pair[0].at <= ends, zip(steps, nexts, strict=True)):
            blocked: list[Blocked] = []
            anchor = anchor if anchor is not None and step is steps[0] else self._after(step, anchor, blocked)
            if until > begins or step.at >= begins:
                begin = max(step.at, begins)
                anchor = self._evolved(anchor, begin)
                yield Stretch(self.cell, anchor, begin, min(until, ends), step.event, blocked)
            anchor = self._evolved(anchor, until) if until <= ends else anchor

    def _after(self, step: _Step, before: Anchor | None, blocked: list[Blocked]) -> Anchor:
        """The cell as this step left it. before: evolved up to it."""
        event = step.event
        if event is None or step.origin is not None:
            return self._evolved(plants.initial(self.cell, step.at if step.origin is None else step.origin), step.at)
        if event.base is not None and not (before is not None and self._tells_more(event)):
            return self._decoded(event, event.base)
        if before is None:
            raise DamagedCell(f"{self.url}: the log of cell {self.name!r} has no base before event {step.number}; reset the rig")
        arguments = json.loads(event.arguments)
        return plants.command(self.cell, before, step.at, seed_of(self.row), event.device, event.verb, arguments, blocked=blocked)

    def _tells_more(self, event: Event) -> bool:
        """Whether an event that has a base is a command, at which interlocks may have blocked something."""
        place = self.cell.places.get(event.device) if self.cell.interlocks else None
        return place is not None and event.verb in self.cell.devices[place].verbs

    def _evolved(self, anchor: Anchor, until: int) -> Anchor:
        anchor, done = self.patience.evolve(self.cell, anchor, until, seed_of(self.row))
        if not done:
            raise StillEvolving(seconds(until - anchor.at))
        return anchor

    def _decoded(self, event: Event, base: str) -> Anchor:
        try:
            return plants.decode(self.cell, event.at, base)
        except (TypeError, ValueError) as error:
            raise DamagedCell(f"{self.url}: event {event.number} of cell {self.name!r} is damaged ({error}); reset the rig") from error


def past(store: Store, plant: Plant, row: RigRow, name: str, patience: Budget) -> Past:
    """The past of the cell of that name, as of a row of a rig that is at the plant's spec. Raises StillEvolving, StoreError."""
    own = [event for event in store.events(row, "") if event.number <= row.events]
    log = [event for event in store.events(row, name) if event.number <= row.events]
    now = store.load(row.name, "")
    if now is None or (now.rig.run, now.rig.spec) != (row.run, row.spec):
        raise StillEvolving(0.0)  # its events may be gone already
    return Past(store.url, row, name, plant.cell(name), _steps(own, log, row), patience)


def _steps(own: list[Event], log: list[Event], row: RigRow) -> list[_Step]:
    """All that happened to a cell, oldest first; never none."""
    first = log[0].number if len(log) >= KEPT else 0  # it may have been trimmed: what was before is not known then
    origin = _first_origin(own, row)
    steps = [] if first or origin is None else [_Step(0, None, origin)]
    for event in sorted([*own, *log], key=lambda event: (event.number, event.cell)):
        if event.cell == "":
            origin = _origin(event, origin)
        _happen(steps, event, origin if event.number >= first else None)
    return steps


def _happen(steps: list[_Step], event: Event, origin: int | None) -> None:
    """One more event. origin: when the cell was last reset, where that is known and of use."""
    if event.cell:
        if steps and steps[-1].number == event.number:
            steps.pop()  # the rig's own event, of which this one says more
        if steps or event.base is not None:
            steps.append(_Step(event.at, event))
    elif event.verb in (RESET, *ANEW):
        if event.verb in ANEW:
            steps.clear()
        if origin is not None:
            steps.append(_Step(event.at, event, origin))


def _first_origin(own: list[Event], row: RigRow) -> int | None:
    """When what stood there as the run began was last reset, virtual ns; None if nothing tells."""
    resets = sum(event.verb == RESET for event in own)
    if resets == row.resets:
        return 0
    return None if resets else row.reset_at


def _origin(event: Event, before: int | None) -> int | None:
    """When a cell that has no base was last reset, as of one of the rig's own events."""
    if event.verb == RESET:
        return event.at
    said = json.loads(event.arguments).get("reset_at", before) if event.verb == RESTORE else before
    return int(said) if said is not None else None
