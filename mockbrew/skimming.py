"""Skimming: a case brought forward by what the witnesses of events have said, where the past of its cell need not be replayed.

It stops only at an event after which the cell is known as it was: one with a base in the log, or the last one, which the cell's row has.
Nobody is witness of the first event of a cell after a reset, nor of one that begins a run: so it passes none.
"""

from __future__ import annotations

from collections.abc import Sequence

from mockbrew import plant as plants
from mockbrew.budget import Budget
from mockbrew.cases import Case
from mockbrew.hazards.docket import Docket
from mockbrew.hazards.watch import Group
from mockbrew.plant import Anchor, Cell, Plant
from mockbrew.stores.base import Event, Loaded, Store


def skimmed(plant: Plant, store: Store, loaded: Loaded, group: Group, docket: Docket | None, patience: Budget) -> Case | None:
    """The case of a group as far as that goes; None if somebody has to replay. loaded: the group's cell. Raises StoreError."""
    rig, name = loaded.rig, group.cells[0]
    if len(group.cells) > 1 or loaded.row is None or docket is None or (docket.run, docket.spec) != (rig.run, rig.spec):
        return None
    number = docket.cells[name].number
    log = [event for event in store.events(rig, name, number) if event.number <= loaded.row.revision]
    if not log or (log[0].number, log[-1].number) != (number, loaded.row.revision):
        return None
    case, events = Case(plant, rig, group, docket), _witnessed(log[1:])
    if events:
        last = _decoded(plant.cell(name), events[-1], loaded.row.body if events[-1] is log[-1] else events[-1].base or "")
        if last is None:
            return None
        case.skim(events, last, patience)
    if case.numbers[name] == loaded.row.revision:
        case.events = rig.events
    return case


def _decoded(cell: Cell, event: Event, body: str) -> Anchor | None:
    """The cell after an event; None if that is damaged, which is for who replays to say."""
    try:
        return plants.decode(cell, event.at, body)
    except (TypeError, ValueError):
        return None


def _witnessed(events: Sequence[Event]) -> Sequence[Event]:
    """The first of these events, of all of which somebody was witness."""
    silent = next((place for place, event in enumerate(events) if event.testimony is None), len(events))
    if silent == len(events):
        return events
    bases = [place for place, event in enumerate(events[:silent]) if event.base is not None]
    return events[: bases[-1] + 1] if bases else ()
