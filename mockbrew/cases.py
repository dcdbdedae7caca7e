"""A case: the rules of one group held against what their cells went through, from where judging was left on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mockbrew import plant as plants
from mockbrew.budget import Budget
from mockbrew.hazards.docket import Docket, Reached
from mockbrew.hazards.precedents import precedents_of
from mockbrew.hazards.watch import Cause, Found, Group, Watch, counts
from mockbrew.plant import Anchor, Plant
from mockbrew.replaying import Past, Stretch
from mockbrew.stores.base import Event, RigRow
from mockbrew.timeline import seed_of
from mockbrew.witness import broken

SHORT = 1_024  # characters of the arguments of an event that are told with a hazard


class Case:
    """The rules of one group before the judge. numbers: of the last event that each cell has seen. opened, events: as in a docket."""

    def __init__(self, plant: Plant, row: RigRow, group: Group, docket: Docket | None) -> None:
        lasting, blocks = (docket.lasting, docket.blocks) if docket else ((), ())
        self.plant, self.row, self.group = plant, row, group
        self.rules = {rule.name: rule for rule in group.rules}
        self.watch = Watch(plant, group, seed_of(row), lasting, blocks)
        self.numbers: dict[str, int] = {}
        self.opened = self.events = 0
        if docket:
            self.events = docket.events
            anchors = {name: plants.decode(plant.cell(name), each.at, each.body) for name, each in docket.cells.items()}
            self.watch.enter(docket.at, anchors, docket.cause)
            self.numbers, self.opened = {name: each.number for name, each in docket.cells.items()}, docket.opened
        self._left = dict(self.numbers)

    def begin(self, pasts: Mapping[str, Past], now: int) -> None:
        """With the earliest that is known of all its cells."""
        at = max(each.earliest for each in pasts.values())
        self._enter({name: each.opening(at, now) for name, each in pasts.items()}, at)

    def go(self, pasts: Mapping[str, Past], now: int, patience: Budget) -> bool:
        """Judge up to `now` (virtual ns), and say if that is done. Raises StillEvolving, at a place from which it can be gone on."""
        while True:
            found = {name: each.upcoming(self.numbers[name]) for name, each in pasts.items()}
            upcoming = [(*event, name) for name, event in found.items() if event is not None]
            if not upcoming:
                return self._rest(now, patience)
            number, at, _ = min(upcoming)
            if not self.pass_by(at, patience):
                return False
            if self.opened == at:
                self.watch.step(at)
            self._enter({name: self._following(pasts[name], name, now) for other, _, name in upcoming if other == number}, at)
            if patience.spent:  # many may have come at one instant
                return False

    def skim(self, events: Sequence[Event], last: Anchor, patience: Budget) -> None:
        """Go on to these events of the only cell, by what their witnesses say. last: the cell after the last one.

        Where one says what the cell was like, that is gone through; if the patience ends there, it stays there.
        """
        (name,), precedents = self.group.cells, precedents_of(self.plant, self.group.cells[0], self.group.rules)
        before, held = None, None
        for event in events:
            if event.testimony != before:  # else nothing turns
                held = broken(event.testimony or "", precedents)
                if held is not None:
                    self.watch.hold(held)
                elif not self._pass_from(name, event, patience):
                    return
            self.numbers[name], self.opened, self.events = event.number, event.at, event.number
            self.watch.arrive(event.at, _cause(event))
            before = None if held is None else event.testimony
        self.watch.enter(self.opened, {name: last}, self.watch.cause)

    def _pass_from(self, name: str, event: Event, patience: Budget) -> bool:
        """Judge up to an event what has gone on by itself since the one before, which left the cell as the witness says.

        Where that one opened a run, this is of an earlier instant; but then the docket has the cell.
        """
        if self.numbers[name] != self._left[name]:
            anchor = plants.decode(self.plant.cell(name), self.opened, event.testimony or "")
            self.watch.enter(self.opened, {name: anchor}, self.watch.cause)
        done = self.pass_by(event.at, patience)
        if done and self.opened == event.at:
            self.watch.step(event.at)
        return done

    def pass_by(self, until: int, patience: Budget) -> bool:
        """Judge what goes on by itself, up to `until` (virtual ns), at which something may happen; a step of it at least."""
        while self.watch.at < until:
            if not self.watch.step(until) and patience.spent:
                return False
        return True

    def _rest(self, now: int, patience: Budget) -> bool:
        done = self.pass_by(now, patience)
        if done:
            self.events = self.row.events
        return done

    def present(self) -> list[Found]:
        """What is so where it stands, and what has been blocked of late."""
        lasting, over = self.watch.now()
        at = self.watch.at
        return [each for each in (*lasting, *over) if counts(self.rules[each.rule], each.begins, at)] + self.watch.blocks

    def closed(self, at: int) -> list[Found]:
        """All that was found since the docket, with nothing left open."""
        ended = [each._replace(ends=at) for each in self.watch.lasting.values() if counts(self.rules[each.rule], each.begins, at)]
        return [*self.watch.found, *ended, *self.watch.blocks]

    def docket(self) -> Docket:
        """How far it is."""
        watch = self.watch
        cells = {name: Reached(number, watch.anchors[name].at, plants.encode(watch.anchors[name])) for name, number in self.numbers.items()}
        lasting, blocks = tuple(watch.lasting.values()), tuple(watch.blocks)
        return Docket(self.row.run, self.row.spec, watch.at, self.opened, self.events, cells, lasting, blocks, watch.cause)

    def _following(self, each: Past, name: str, now: int) -> Stretch:
        stretch = each.following(self.numbers[name], self.watch.anchors[name], now)
        if stretch is None:
            raise RuntimeError(f"the log of cell {name!r} ends before {now} ns")
        return stretch

    def _enter(self, stretches: Mapping[str, Stretch], at: int) -> None:
        self.numbers.update({name: stretch.number for name, stretch in stretches.items()})
        self.opened, self.events = at, max(self.events, *self.numbers.values())
        last = max(stretches.values(), key=lambda stretch: stretch.number).event
        cause = _cause(last) if last else None
        blocked = [order for stretch in stretches.values() for order in stretch.blocked]
        self.watch.enter(at, {name: stretch.anchor for name, stretch in stretches.items()}, cause, blocked)


def _cause(event: Event) -> Cause:
    """What is long, such as a patch of many devices, is looked up in the journal."""
    return Cause(event.number, event.device, event.verb, event.at, event.arguments if len(event.arguments) <= SHORT else "{}")
