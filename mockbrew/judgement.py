"""Judgement: what a rig went through, held against the rules of its spec. What is found is kept with the rig.

Nobody watches while it happens. How far the past has been judged, with the cells as they were there, is a note of the rig for each group
of rules (`hearings`). What was not judged yet is in the event log: before some of that goes, or another run or another spec begins, it has
to be judged.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import replace

from mockbrew import verdicts
from mockbrew.budget import Budget
from mockbrew.cases import Case
from mockbrew.errors import StillEvolving
from mockbrew.hazards import docket as dockets
from mockbrew.hazards.watch import Cause, Group, groups
from mockbrew.hearings import JUDGED, behind, catch_up, heard, left
from mockbrew.plant import Plant
from mockbrew.replaying import RESTORE
from mockbrew.stores.base import RigRow, Store, Transaction
from mockbrew.timeline import KEPT, instant
from mockbrew.verdicts import HAZARD, Verdict, keep, verdict
from mockbrew.witness import Witness

OFTEN = 128  # events that may wait to be judged before a command sees to it
EACH, ASIDE = 2e-5, 0.5  # s that it may spend on that for each of them, twice what it takes if all had witnesses; and at most in all
WAITING = 16 * KEPT  # events that wait to be judged before the log is trimmed all the same
FEW = 16  # groups that are asked for one by one; of more, all notes at once are cheaper

log = logging.getLogger(__name__)


def judge(plant: Plant, store: Store, row: RigRow, patience: Budget) -> Verdict:
    """Judge a rig up to now. Raises StillEvolving (progress is kept), Overtaken (somebody was faster, or the rig is another), StoreError.

    row: of a rig that is at the plant's spec. What is so at this very instant is told, but not kept: the next command may come at it.
    """
    notes = store.notes(row, JUDGED)  # once: of a large spec there are thousands
    cases = [heard(plant, store, row, group, notes.get(group.key), patience) for group in groups(plant.spec)]
    at = max((case.watch.at for case in cases), default=instant(row, store.wall()))
    here = [dockets.told(found, case.rules[found.rule], case.row.run) for case in cases for found in case.present()]
    return verdict(row, at, store.notes(row, HAZARD), here)


def keep_up(witness: Witness, store: Store, row: RigRow, patience: Budget) -> None:
    """For whoever is about to write to the log: judge what waits for it, where that is much, the most first. Raises StoreError."""
    notes = store.notes(row, JUDGED) if witness.groups else {}
    waiting = [(events, group) for group in witness.groups if (events := behind(notes, (group,), row)) >= OFTEN]
    waiting.sort(key=lambda each: each[0], reverse=True)
    rest = patience.within(min(EACH * waiting[0][0], ASIDE)) if waiting else patience
    try:
        for _, group in waiting:
            catch_up(witness.plant, store, row, group, notes.get(group.key), rest)
            if rest.spent:  # the next one goes on from there, as below
                break
    except StillEvolving:  # this one has something else to do
        log.debug("rig %r: much of its past is still to be judged", row.name)


def may_trim(transaction: Transaction, waiting: Collection[Group], row: RigRow) -> bool:
    """Whether the oldest events of a log may go: the groups that look at it have judged them, or too many wait for it."""
    if row.events < KEPT:  # so many can't wait
        return True
    late = behind(_noted(transaction, row, waiting), waiting, row) if waiting else 0
    if late >= WAITING:
        log.warning("rig %r: %d events wait to be judged for hazards; the oldest go without", row.name, late)
    return late < KEPT or late >= WAITING


def _noted(transaction: Transaction, row: RigRow, groups: Collection[Group]) -> Mapping[str, str]:
    """At least what is kept of these groups. A cell has a few of thousands."""
    if len(groups) > FEW:
        return transaction.notes(row, JUDGED)
    return {group.key: text for group in groups if (text := transaction.note(row, JUDGED, group.key)) is not None}


def forget(transaction: Transaction, plant: Plant, row: RigRow, at: int, rest: Budget) -> bool:
    """Forget what was found and is over by `at` (virtual ns). What lasts still goes on being told.

    False, and nothing done, if it is not all judged but for a short rest: `judge` first. row: as it is stored.
    """
    cases = _short_of(transaction, plant, row, at, rest)
    if cases is None:
        return False
    verdicts.forget(transaction, row)
    for case in cases:
        case.watch.blocks = []
        transaction.put_note(row, JUDGED, case.group.key, case.docket().text())
    return True


# -- where a run ends ----------------------------------------------------------------------------------------------


def settle(transaction: Transaction, plant: Plant, row: RigRow, at: int, rest: Budget) -> bool:
    """For whoever ends a run at `at` (virtual ns), or what was begun under a spec: judge the short rest, close what lasts.

    False, and nothing done, if the rest is not short: `judge` first. row: as it is stored.
    """
    cases = _short_of(transaction, plant, row, at, rest)
    if cases is None:
        return False
    for case in cases:
        keep(transaction, row, case.closed(at), case.rules)
        transaction.put_note(row, JUDGED, case.group.key, None)
    return True


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
            keep(transaction, row, case.closed(docket.at), case.rules)
        transaction.put_note(row, JUDGED, group.key, None)


def _short_of(transaction: Transaction, plant: Plant, row: RigRow, at: int, rest: Budget) -> list[Case] | None:
    """The cases of a rig, judged up to and with `at` (virtual ns), for nothing more happens at this instant; None if that takes long."""
    cases = [left(transaction, plant, row, group) for group in groups(plant.spec)]
    sound = [case for case in cases if case is not None and case.pass_by(at, rest)]
    if len(sound) < len(cases):
        return None
    for case in sound:
        case.watch.step(at)  # what has begun at this very instant was so, if only for no time at all
    return sound
