"""Judgement: what a rig went through, held against the rules of its spec. What is found is kept with the rig.

Nobody watches while it happens. How far the past has been judged, with the cells as they were there, is a note of the rig for each group
of rules: any worker goes on from where another one left it, and a slice of work counts unless somebody was faster. What was not judged yet
is in the event log: before some of that goes, or another run or another spec begins, it has to be judged.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mockbrew.budget import Budget
from mockbrew.cases import Case
from mockbrew.clock import seconds
from mockbrew.errors import StillEvolving
from mockbrew.hazards import docket as dockets
from mockbrew.hazards.docket import Docket
from mockbrew.hazards.watch import Cause, Found, Group, groups
from mockbrew.plant import Plant
from mockbrew.replaying import RESTORE, Overtaken, Past, past
from mockbrew.skimming import skimmed
from mockbrew.spec import Rule
from mockbrew.stores.base import Loaded, RigRow, Store, Transaction
from mockbrew.timeline import KEPT, instant
from mockbrew.witness import Witness

HAZARD, JUDGED = "hazard", "judged"  # the sorts of notes: what was found, by its number; how far each group is
COUNT = ""  # the name of the note that says how many were found; no group is called so
MOST = 1_000  # hazards that a rig keeps: the newest
SLICE = 0.25  # s of judging between two notes of how far it is
OFTEN = 128  # events that may wait to be judged before a command sees to it
EACH, ASIDE = 2e-5, 0.5  # s that it may spend on that for each of them, twice what it takes if all had witnesses; and at most in all
WAITING = 16 * KEPT  # events that wait to be judged before the log is trimmed all the same

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """All hazards of a rig that are known at `at` (virtual ns), oldest first, as the control plane shows them. count: ever found."""

    row: RigRow
    at: int
    hazards: list[dict[str, Any]]
    count: int


def judge(plant: Plant, store: Store, row: RigRow, patience: Budget) -> Verdict:
    """Judge a rig up to now. Raises StillEvolving (progress is kept), Overtaken (somebody was faster, or the rig is another), StoreError.

    row: of a rig that is at the plant's spec. What is so at this very instant is told, but not kept: the next command may come at it.
    """
    notes = store.notes(row, JUDGED)  # once: of a large spec there are thousands
    cases = [_judged(plant, store, row, group, notes.get(group.key), patience) for group in groups(plant.spec)]
    at = max((case.watch.at for case in cases), default=instant(row, store.wall()))
    kept = dict(store.notes(row, HAZARD))
    count = int(kept.pop(COUNT, "0"))
    here = [dockets.told(found, case.rules[found.rule], case.row.run) for case in cases for found in case.present()]
    over = [json.loads(text) for text in kept.values()]  # by somebody who has come further, perhaps
    known = {_which(each) for each in over}
    listed = [*over, *(each for each in here if _which(each) not in known)]
    return Verdict(row, at, sorted(listed, key=_which), count + len(listed) - len(over))


def _which(told: Mapping[str, Any]) -> tuple[Any, ...]:
    """What tells it from all others; in the order of their beginnings."""
    after = told["after"]["event"] if told["after"] else 0
    return told["run"], told["begins"], after, told["rule"], str(told.get("blocked"))


def forget(transaction: Transaction, plant: Plant, row: RigRow, at: int, rest: Budget) -> bool:
    """Forget what was found and is over by `at` (virtual ns). What lasts still goes on being told.

    False, and nothing done, if it is not all judged but for a short rest: `judge` first. row: as it is stored.
    """
    cases = _short_of(transaction, plant, row, at, rest)
    if cases is None:
        return False
    for name in transaction.notes(row, HAZARD):
        transaction.put_note(row, HAZARD, name, None)
    for case in cases:
        case.watch.blocks = []
        transaction.put_note(row, JUDGED, case.group.key, case.docket().text())
    return True


def keep_up(witness: Witness, store: Store, row: RigRow, patience: Budget) -> None:
    """For whoever is about to write to the log: judge what waits for it, where that is much, the most first. Raises StoreError."""
    notes = store.notes(row, JUDGED) if witness.groups else {}
    waiting = [(events, group) for group in witness.groups if (events := _behind(notes, (group,), row)) >= OFTEN]
    waiting.sort(key=lambda each: each[0], reverse=True)
    rest = patience.within(min(EACH * waiting[0][0], ASIDE)) if waiting else patience
    try:
        for _, group in waiting:
            _kept_up(witness.plant, store, row, group, notes.get(group.key), rest)
            if rest.spent:  # the next one goes on from there, as below
                break
    except StillEvolving:  # this one has something else to do
        log.debug("rig %r: much of its past is still to be judged", row.name)


def may_trim(transaction: Transaction, waiting: Collection[Group], row: RigRow) -> bool:
    """Whether the oldest events of a log may go: all groups have judged them, or too many wait for it."""
    behind = _behind(transaction.notes(row, JUDGED), waiting, row) if waiting else 0
    if behind >= WAITING:
        log.warning("rig %r: %d events wait to be judged for hazards; the oldest go without", row.name, behind)
    return behind < KEPT or behind >= WAITING


def settle(transaction: Transaction, plant: Plant, row: RigRow, at: int, rest: Budget) -> bool:
    """For whoever ends a run at `at` (virtual ns), or what was begun under a spec: judge the short rest, close what lasts.

    False, and nothing done, if the rest is not short: `judge` first. row: as it is stored.
    """
    cases = _short_of(transaction, plant, row, at, rest)
    if cases is None:
        return False
    for case in cases:
        _keep(transaction, row, case.closed(at), case.rules)
        transaction.put_note(row, JUDGED, case.group.key, None)
    return True


def _short_of(transaction: Transaction, plant: Plant, row: RigRow, at: int, rest: Budget) -> list[Case] | None:
    """The cases of a rig, judged up to and with `at` (virtual ns), for nothing more happens at this instant; None if that takes long."""
    cases = [_left(transaction, plant, row, group) for group in groups(plant.spec)]
    sound = [case for case in cases if case is not None and case.pass_by(at, rest)]
    if len(sound) < len(cases):
        return None
    for case in sound:
        case.watch.step(at)  # what has begun at this very instant was so, if only for no time at all
    return sound


def lasting(transaction: Transaction, plant: Plant, row: RigRow, at: int, rest: Budget) -> dict[str, str] | None:
    """What is so at `at` (virtual ns), and since when, for whoever wants to `go_on` from there in another run; None as with `settle`."""
    cases = _short_of(transaction, plant, row, at, rest)
    return None if cases is None else {case.group.key: case.docket().text() for case in cases}


def go_on(transaction: Transaction, row: RigRow, at: int, texts: Mapping[str, str]) -> None:
    """Let what lasted at `at` (virtual ns) last in the run that has begun there, with the last event of this row."""
    for key, text in texts.items():
        docket = dockets.read(text)
        cells = {name: replace(each, number=row.events) for name, each in docket.cells.items()}
        cause = Cause(row.events, "", RESTORE, at)
        begun = replace(docket, run=row.run, events=row.events, opened=at, cells=cells, blocks=(), cause=cause)
        transaction.put_note(row, JUDGED, key, begun.text())


def leave(transaction: Transaction, plant: Plant, row: RigRow) -> None:
    """For whoever ends a run of which not all can be judged: what lasts where judging stands is over there, and the rest is not told."""
    for group in groups(plant.spec):
        text = transaction.note(row, JUDGED, group.key)
        docket = dockets.read(text) if text else None
        if docket is not None and (docket.run, docket.spec) == (row.run, row.spec):
            case = Case(plant, row, group, docket)
            _keep(transaction, row, case.closed(docket.at), case.rules)
        transaction.put_note(row, JUDGED, group.key, None)


# -- one group -----------------------------------------------------------------------------------------------------


def _judged(plant: Plant, store: Store, seen: RigRow, group: Group, text: str | None, patience: Budget) -> Case:
    """The case of a group, up to now, and kept so far. Raises Overtaken if somebody else was faster: go on from there.

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


def _kept_up(plant: Plant, store: Store, seen: RigRow, group: Group, text: str | None, patience: Budget) -> None:
    """Let a group be judged up to the last event, if that is told by witnesses; else as far as there is patience. As `_judged`."""
    loaded, _ = _asked(store, seen, group)
    case = skimmed(plant, store, loaded, group, dockets.read(text) if text else None, patience)
    if case is not None and (case.events == loaded.rig.events or patience.spent):
        _kept(store, case, (), text)
    else:
        _judged(plant, store, seen, group, text, patience)


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
            _keep(transaction, row, [*closed, *found], case.rules)
    return text


def _keep(transaction: Transaction, row: RigRow, found: Iterable[Found], rules: Mapping[str, Rule]) -> None:
    """The newest stay."""
    before = count = int(transaction.note(row, HAZARD, COUNT) or "0")
    for each in sorted(found, key=lambda each: each.begins):
        count += 1
        transaction.put_note(row, HAZARD, _name(count), json.dumps(dockets.told(each, rules[each.rule], row.run)))
        if count > MOST:
            transaction.put_note(row, HAZARD, _name(count - MOST), None)
    if count > before:
        transaction.put_note(row, HAZARD, COUNT, str(count))


def _name(number: int) -> str:
    return f"{number:012d}"


def _left(transaction: Transaction, plant: Plant, row: RigRow, group: Group) -> Case | None:
    """A case as it was left, if all events have been judged."""
    text = transaction.note(row, JUDGED, group.key)
    docket = dockets.read(text) if text else None
    if docket is None or (docket.run, docket.spec, docket.events) != (row.run, row.spec, row.events):
        return None
    return Case(plant, row, group, docket)


def _behind(notes: Mapping[str, str], waiting: Iterable[Group], row: RigRow) -> int:
    """How many events of a rig wait to be judged by the group that is behind most."""
    read = [dockets.read(notes[group.key]) if group.key in notes else None for group in waiting]
    return max(row.events - (each.events if each is not None and each.run == row.run else 0) for each in read)
