"""The past of a cell, replayed from the event log: what it was like between any two events, to the last bit.

A command is applied again; where a base stands in the log, it is taken; a reset begins the cell anew. What goes on by itself between two
events follows from the anchor of the earlier one. A migration begins the past anew, since the states before it are another spec's. The
log is trimmed from the oldest on (docs/adr/0010); what is older than what remains is gone.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

from mockbrew import plant as plants
from mockbrew.budget import STRIDE, Budget
from mockbrew.clock import seconds
from mockbrew.errors import DamagedCell, HistoryGone, StillEvolving
from mockbrew.plant import Anchor, Blocked, Cell, Plant
from mockbrew.stores.base import Event, RigRow, Store
from mockbrew.timeline import KEPT, seed_of

RESET, MIGRATE, RESTORE = "reset", "migrate", "restore"  # the verbs of the rig's own events that begin cells anew
ANEW = (MIGRATE, RESTORE)  # those that begin their past anew

Result = TypeVar("Result")


class Overtaken(StillEvolving):
    """Somebody wrote the rig meanwhile, so that what was looked at is no more. Who has patience left looks again."""

    def __init__(self, rig: str) -> None:
        super().__init__(0.0)
        self.rig = rig
        self.args = (f"rig {rig!r} was changed by others again and again while its past was looked at; ask again",)


def again(rig: str, look: Callable[[], Result], patience: Budget) -> Result:
    """What `look` finds, which begins anew when somebody overtakes it. Raises Overtaken once the patience is spent, and as `look`."""
    while True:
        with suppress(Overtaken):
            return look()
        if patience.spent:
            raise Overtaken(rig)


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
    """What the cell met at `at` (virtual ns). event: None where its past begins. origin: of its reset (virtual ns), if it begins anew."""

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
        stretch: Stretch | None = self.opening(begins, ends)
        while stretch is not None:
            yield stretch
            stretch = self.following(stretch.number, stretch.anchor, ends)

    def opening(self, begins: int, ends: int) -> Stretch:
        """The first of them."""
        if begins < self.earliest:
            raise HistoryGone(self.row.name, seconds(begins), seconds(self.earliest))
        before = [place for place, step in enumerate(self.steps) if step.anew and step.at < begins]
        stretch = self._opened(before[-1] if before else 0, None, ends)
        while stretch.begins < begins and stretch.ends <= begins and (later := self.following(stretch.number, stretch.anchor, ends)):
            stretch = later
        begin = max(stretch.begins, begins)
        return replace(stretch, begins=begin, anchor=self._evolved(stretch.anchor, begin))

    def following(self, number: int, anchor: Anchor, ends: int) -> Stretch | None:
        """The one that the next event after that number opens, if there is one up to `ends`. anchor: of some instant in between."""
        place = self._after_number(number)
        return self._opened(place, anchor, ends) if place < len(self.steps) and self.steps[place].at <= ends else None

    def upcoming(self, number: int) -> tuple[int, int] | None:
        """The number and the instant (virtual ns) of the next event after that number, if there is one."""
        place = self._after_number(number)
        return (self.steps[place].number, self.steps[place].at) if place < len(self.steps) else None

    def resumes(self, number: int) -> bool:
        """Whether all that came after the event of that number is still known."""
        return number >= self.steps[0].number

    def _after_number(self, number: int) -> int:
        return bisect_right(self.steps, number, key=lambda step: step.number)

    def _opened(self, place: int, before: Anchor | None, ends: int) -> Stretch:
        step, blocked = self.steps[place], list[Blocked]()
        until = self.steps[place + 1].at if place + 1 < len(self.steps) else ends
        anchor = self._after(step, before, blocked)
        return Stretch(self.cell, anchor, step.at, min(until, ends), step.event, blocked)

    def _after(self, step: _Step, before: Anchor | None, blocked: list[Blocked]) -> Anchor:
        """The cell as this step left it."""
        event = step.event
        if before is not None and (not step.anew or self.cell.interlocks):
            before = self._arrived(self._evolved(before, step.at - 1), step.at, blocked)
        if event is None or step.origin is not None:
            return self._evolved(plants.initial(self.cell, step.at if step.origin is None else step.origin), step.at)
        if event.base is not None and not (before is not None and self._tells_more(event)):
            return self._evolved(self._decoded(event, event.base), step.at)
        if before is None:
            raise DamagedCell(f"{self.url}: the log of cell {self.name!r} has no base before event {step.number}; reset the rig")
        arguments = json.loads(event.arguments)
        return plants.command(self.cell, before, step.at, seed_of(self.row), event.device, event.verb, arguments, blocked=blocked)

    def _tells_more(self, event: Event) -> bool:
        """Whether an event that has a base is a command, at which interlocks may have blocked something."""
        place = self.cell.places.get(event.device) if self.cell.interlocks else None
        return place is not None and event.verb in self.cell.devices[place].verbs

    def _arrived(self, anchor: Anchor, at: int, blocked: list[Blocked]) -> Anchor:
        """After all that acts at this one instant, up to which the anchor was evolved."""
        done = False
        while not done:
            anchor, done = plants.evolve(self.cell, anchor, at, seed_of(self.row), limit=STRIDE, blocked=blocked)
        return anchor

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
    """The past of the cell of that name, as of a row of a rig that is at the plant's spec. Raises Overtaken, StoreError."""
    own, log = list(store.events(row, "")), list(store.events(row, name))
    known = max(_first_kept(own), _first_kept(log))
    now = store.load(row.name, "")
    if now is None or (now.rig.run, now.rig.spec) != (row.run, row.spec):
        raise Overtaken(row.name)  # its events may be gone already
    steps = _steps(own, log, row, known)
    if not steps:
        raise Overtaken(row.name)  # all that this row speaks of is gone
    return Past(store.url, row, name, plant.cell(name), steps, patience)


def _first_kept(log: Sequence[Event]) -> int:
    """The number of the first event of a log that may have been trimmed, behind which nothing is missing; 0 if all of it is there."""
    return log[0].number if len(log) >= KEPT else 0


def _steps(own: Sequence[Event], log: Sequence[Event], row: RigRow, known: int) -> list[_Step]:
    """All that happened to a cell from event `known` on, oldest first; none only if all up to this row is gone.

    What happened before may have left a hole: the rig's own log and that of a cell are trimmed each by itself.
    """
    own = [event for event in own if event.number <= row.events]
    origin = _first_origin(own, row)
    steps = [] if known or origin is None else [_Step(0, None, origin)]
    for event in sorted([*own, *log], key=lambda event: (event.number, event.cell)):
        if event.cell == "":
            origin = _origin(event, origin)
        if known <= event.number <= row.events:
            _happen(steps, event, origin)
    return steps


def _happen(steps: list[_Step], event: Event, origin: int | None) -> None:
    """One more event. origin: when the cell was last reset, where that is known and of use."""
    if event.cell:
        at = event.at
        if steps and steps[-1].number == event.number:
            at = steps.pop().at  # the rig's own event, of which this one says more; its base may be older
        if steps or event.base is not None:
            steps.append(_Step(at, event))
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
