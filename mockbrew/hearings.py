"""Hearings: the rules of one group judged up to now, by what witnesses said or by a replay, and how far they are kept as a note of the rig.

Any worker goes on from where another one left it, and a slice of work counts unless somebody was faster.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

from mockbrew.budget import Budget
from mockbrew.cases import Case
from mockbrew.clock import seconds
from mockbrew.errors import StillEvolving
from mockbrew.hazards import docket as dockets
from mockbrew.hazards.docket import Docket
from mockbrew.hazards.watch import Found, Group
from mockbrew.plant import Plant
from mockbrew.replaying import Overtaken, Past, past
from mockbrew.skimming import skimmed
from mockbrew.stores.base import Loaded, RigRow, Store, Transaction
from mockbrew.timeline import instant
from mockbrew.verdicts import keep

JUDGED = "judged"  # the sort of the notes: how far each group is, by its key
SLICE = 0.25  # s of judging between two notes of how far it is

log = logging.getLogger(__name__)


def heard(plant: Plant, store: Store, seen: RigRow, group: Group, text: str | None, patience: Budget) -> Case:
    """The case of a group, up to now, and kept so far. Raises StillEvolving, and Overtaken if somebody was faster: go on from there.

    text: how far it is, as a note of the rig had it not long ago.
    """
    loaded, now = _asked(store, seen, group)
    docket, closed, pasts = dockets.read(text) if text else None, list[Found](), dict[str, Past]()
    case = skimmed(plant, store, loaded, group, docket, patience)
    if case is None or case.events < loaded.rig.events:
        pasts = {name: past(store, plant, loaded.rig, name, patience) for name in group.cells}
        if case is None or not _resumes(pasts, case.numbers):
            case, closed = _opened(plant, loaded.rig, group, pasts, docket, now)
    while True:
        done = _slice(case, pasts, now, patience)
        text = _kept(store, case, closed, text)
        if done:
            return case
        if patience.spent:
            raise StillEvolving(seconds(now - case.watch.at))
        closed = []


def catch_up(plant: Plant, store: Store, seen: RigRow, group: Group, text: str | None, patience: Budget) -> None:
    """Let a group be judged up to the last event, if that is told by witnesses; else as far as there is patience. As `heard`."""
    loaded, _ = _asked(store, seen, group)
    case = skimmed(plant, store, loaded, group, dockets.read(text) if text else None, patience)
    if case is not None and (case.events == loaded.rig.events or patience.spent):
        _kept(store, case, (), text)
    else:
        heard(plant, store, seen, group, text, patience)


def left(transaction: Transaction, plant: Plant, row: RigRow, group: Group) -> Case | None:
    """A case as it was left, if all events have been judged."""
    text = transaction.note(row, JUDGED, group.key)
    docket = dockets.read(text) if text else None
    if docket is None or (docket.run, docket.spec, docket.events) != (row.run, row.spec, row.events):
        return None
    return Case(plant, row, group, docket)


def behind(notes: Mapping[str, str], waiting: Iterable[Group], row: RigRow) -> int:
    """How many events of a rig wait to be judged by the group that is behind most."""
    reached = [dockets.progress(text) if (text := notes.get(group.key)) else (row.run, 0) for group in waiting]
    return max(row.events - (events if run == row.run else 0) for run, events in reached)


def _asked(store: Store, seen: RigRow, group: Group) -> tuple[Loaded, int]:
    """The rig now with the first cell, and the virtual instant up to which it can be judged."""
    wall, loaded = store.wall(), store.load(seen.name, group.cells[0])
    if loaded is None or (loaded.rig.born, loaded.rig.spec) != (seen.born, seen.spec):
        raise Overtaken(seen.name)
    return loaded, instant(loaded.rig, wall)


def _opened(
    plant: Plant, row: RigRow, group: Group, pasts: Mapping[str, Past], docket: Docket | None, now: int
) -> tuple[Case, list[Found]]:
    """A case as it was left, or a new one; and what lasted where an old one was left that can't be gone on with."""
    if docket and (docket.run, docket.spec) == (row.run, row.spec):
        if _resumes(pasts, {name: each.number for name, each in docket.cells.items()}):
            return Case(plant, row, group, docket), []
        log.warning("rig %r: its log was trimmed before all of it was judged for hazards", row.name)
    case = Case(plant, row, group, None)
    case.begin(pasts, now)
    return case, [each._replace(ends=docket.at) for each in docket.lasting if each.rule in case.rules] if docket else []


def _resumes(pasts: Mapping[str, Past], numbers: Mapping[str, int]) -> bool:
    """Whether all is still known that came after the events of these numbers."""
    return all(pasts[name].resumes(number) for name, number in numbers.items())


def _slice(case: Case, pasts: Mapping[str, Past], now: int, patience: Budget) -> bool:
    try:
        return case.go(pasts, now, patience.within(SLICE))
    except StillEvolving:
        return False


def _kept(store: Store, case: Case, closed: Iterable[Found], before: str | None) -> str:
    """Keep how far a case is and what it has found. Raises Overtaken, and keeps nothing, if somebody else has done so since `before`."""
    text = case.docket().text()
    found, case.watch.found = case.watch.found, []
    with store.transaction() as transaction:
        row = transaction.rig(case.row.name)
        same = row is not None and (row.born, row.run, row.spec) == (case.row.born, case.row.run, case.row.spec)
        if row is None or not same or transaction.note(row, JUDGED, case.group.key) != before:
            raise Overtaken(case.row.name)
        if text != before:
            transaction.put_note(row, JUDGED, case.group.key, text)
            keep(transaction, row, [*closed, *found], case.rules)
    return text
