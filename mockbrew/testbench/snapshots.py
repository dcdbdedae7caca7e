"""Snapshots: a rig as of one instant, kept by name, and the rig taken back to it.

A snapshot is rows as they are stored, and taking one changes nothing. A restore puts them into a new run, whose time begins at that of the
snapshot: the same commands at the same virtual times lead to the same bytes again, however often it is restored (docs/adr/0024).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from functools import partial
from types import MappingProxyType
from typing import Any, TypeVar

from mockbrew.budget import Budget
from mockbrew.clock import Clock, seconds
from mockbrew.drafts import Draft
from mockbrew.errors import BadRequest, BadSnapshot, DamagedCell, NoSuchRig, NoSuchSnapshot, StillEvolving
from mockbrew.journal import wall_text
from mockbrew.judgement import go_on, lasting, leave, settle
from mockbrew.messages import DIRECT, Asked
from mockbrew.replaying import RESTORE
from mockbrew.rigs import UNDER_LOCK, Rigs
from mockbrew.roster import NAME, sweep
from mockbrew.stores.base import CellRow, Event, RigRow, Transaction
from mockbrew.testbench.clock import number
from mockbrew.testbench.faults import NOTES as COUNTERS

MOST = 100  # of one rig
LARGEST = 32 * 2**20  # characters of its cells: what is written back in one transaction
HEAD, CELLS = "snapshot", "snapshot-cells"  # sorts of notes: what is listed of a snapshot, and the rest of it
GOES_BACK = (COUNTERS,)  # sorts of notes that are part of a rig's state: they go back with it
ATTEMPTS = 10  # to restore a rig that others command meanwhile with all that they did judged
UNJUDGED: Mapping[str, Any] = MappingProxyType({"unjudged": True})  # said of what was done before everything was

log = logging.getLogger(__name__)

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a snapshot is of, apart from its cells.

    at: virtual ns of `run`. last_at: of its last event, from which the horizon counts. wall: ns, when it was taken. rate: of the clock, as
    a fraction. The rest as in a rig's row. size: characters of the cells and the notes.
    """

    name: str
    run: int
    at: int
    last_at: int
    wall: int
    spec: str
    rate: str
    seed: int
    resets: int
    reset_at: int
    faults: str
    size: int

    def shown(self) -> dict[str, Any]:
        """As the control plane lists it."""
        return {
            "name": self.name,
            "run": self.run,
            "time": seconds(self.at),
            "taken": wall_text(self.wall),
            "rate": number(Fraction(self.rate)),
            "size": self.size,
        }


def take(rigs: Rigs, rig: str, name: str, asked: Asked = DIRECT) -> Snapshot:
    """Keep the rig as it is now. Raises BadRequest, BadSnapshot, and as `Rigs.change`."""
    if not NAME.fullmatch(name):
        raise BadRequest(
            [("name", f"{name[:64]!r} can't be a name; one begins with a-z or 0-9, goes on with those, '.', '_' or '-', up to 64 in all")]
        )

    def apply(attempts: int, draft: Draft) -> Snapshot | None:
        _refuse_more(draft, name)
        judged = _lasting(rigs, draft)
        if judged is None and attempts:
            return None
        rest = _rest(draft.transaction, draft.row, judged or {})
        snapshot = _snapshot(draft, name, len(rest))
        if snapshot.size > LARGEST:
            raise BadSnapshot(rig, name, f"it would have {snapshot.size} characters; at most {LARGEST}")
        draft.transaction.put_note(draft.row, HEAD, name, json.dumps(asdict(snapshot)))
        draft.transaction.put_note(draft.row, CELLS, name, rest)
        draft.say({**asked._asdict(), "verb": "snapshot", "arguments": {"name": name}, "status": 201, **_said(judged)})
        return snapshot

    return _judged(rigs, rig, apply, partial(_judge_what_is_there, rigs, rig))


def restore(rigs: Rigs, rig: str, name: str, asked: Asked = DIRECT) -> dict[str, Any]:
    """Take the rig back to what it was then; what is answered of the new run. What the run before went through is judged first.

    Raises NoSuchSnapshot, BadSnapshot, NoSuchRig, and as `Rigs.change`.
    """
    restored = _judged(rigs, rig, partial(_back, rigs, name, asked), partial(_judge, rigs, rig))
    sweep(rigs.store)
    return restored


def delete(rigs: Rigs, rig: str, name: str, asked: Asked = DIRECT) -> None:
    """Forget a snapshot. Raises NoSuchSnapshot, and as `Rigs.change`."""

    def apply(draft: Draft) -> None:
        _found(draft, name)
        for sort in (HEAD, CELLS):
            draft.transaction.put_note(draft.row, sort, name, None)
        draft.say({**asked._asdict(), "verb": "delete-snapshot", "arguments": {"name": name}, "status": 200})

    rigs.change(rig, (), apply)


def listed(rigs: Rigs, rig: str) -> list[Snapshot]:
    """All of a rig, by name. Raises NoSuchRig, SpecChanged, StoreError."""
    return [Snapshot(**json.loads(text)) for text in rigs.store.notes(rigs.row(rig), HEAD).values()]


# -- judging first -----------------------------------------------------------------------------------------------------


def _judged(rigs: Rigs, rig: str, apply: Callable[[int, Draft], Result | None], judge: Callable[[Budget], bool]) -> Result:
    """Change a rig when all that it went through has been judged for hazards, or when that takes longer than one request may.

    apply: None, and nothing done, if not all has been judged and there are attempts left.
    """
    result, attempts, patience = None, ATTEMPTS, rigs.patience()
    while result is None:
        attempts = attempts - 1 if judge(patience) else 0
        result = rigs.change(rig, (), partial(apply, attempts))
    return result


def _judge(rigs: Rigs, rig: str, patience: Budget) -> bool:
    """Whether it could be done."""
    try:
        rigs.judged(rig, patience)
    except (DamagedCell, StillEvolving) as error:  # what can't be computed any more, or not soon, can still be kept and taken back
        log.warning("rig %r: not all that it went through is judged for hazards before its snapshot is taken or restored: %s", rig, error)
        return False
    return True


def _judge_what_is_there(rigs: Rigs, rig: str, patience: Budget) -> bool:
    try:
        return _judge(rigs, rig, patience)
    except NoSuchRig:  # it is about to be made
        return True


def _said(judged: object) -> Mapping[str, Any]:
    """What the journal says of it."""
    return UNJUDGED if judged is None else {}


# -- taking --------------------------------------------------------------------------------------------------------


def _refuse_more(draft: Draft, name: str) -> None:
    names = draft.transaction.notes(draft.row, HEAD)
    if name in names:
        raise BadSnapshot(draft.row.name, name, "there is one of that name; delete it, or take another name")
    if len(names) >= MOST:
        raise BadSnapshot(draft.row.name, name, f"the rig has {MOST} snapshots, which is the most it may have; delete one")


def _snapshot(draft: Draft, name: str, size: int) -> Snapshot:
    row = draft.row
    return Snapshot(
        name=name,
        run=row.run,
        at=draft.at,
        last_at=draft.row.last_at,
        wall=draft.wall,
        spec=row.spec,
        rate=str(row.clock.rate),
        seed=row.seed,
        resets=row.resets,
        reset_at=row.reset_at,
        faults=row.faults,
        size=size,
    )


def _rest(transaction: Transaction, row: RigRow, judged: Mapping[str, str]) -> str:
    """The cells that have a row which holds, the notes that go back, and which rules are being broken since when."""
    cells = {cell: [each.at, each.body] for cell, each in transaction.cells(row) if each.resets == row.resets}
    notes = {sort: dict(transaction.notes(row, sort)) for sort in GOES_BACK}
    return json.dumps({"cells": cells, "notes": notes, "judged": judged}, separators=(",", ":"))


# -- restoring -----------------------------------------------------------------------------------------------------


def _back(rigs: Rigs, name: str, asked: Asked, attempts: int, draft: Draft) -> dict[str, Any] | None:
    """None, and nothing done, if not all has been judged and there are attempts left."""
    snapshot = _found(draft, name)
    if snapshot.spec != draft.row.spec:
        why = "it was taken with another spec than the rig has now; take the spec back, or delete the snapshot"
        raise BadSnapshot(draft.row.name, name, why)
    settled = _settled(rigs, draft)
    if not settled and attempts:
        return None
    if not settled:
        leave(draft.transaction, rigs.plant, draft.row)
    rest = json.loads(draft.transaction.note(draft.row, CELLS, name) or "{}")
    _restore_notes(draft, rest["notes"])
    _begin_run(draft, snapshot)
    _restore_cells(draft, snapshot, rest["cells"])
    go_on(draft.transaction, draft.row, snapshot.at, rest["judged"])
    draft.say({**asked._asdict(), "verb": RESTORE, "arguments": {"name": name}, "status": 200, **_said(settled or None)})
    return {"restored": name, "run": draft.row.run, "time": seconds(draft.at), "rate": number(draft.row.clock.rate)}


def _settled(rigs: Rigs, draft: Draft) -> bool:
    """Whether all that happened has been judged; not if somebody commanded the rig just now, or what is there is damaged."""
    try:
        return settle(draft.transaction, rigs.plant, draft.row, draft.at, rigs.anchors.budget(UNDER_LOCK))
    except DamagedCell:
        return False


def _lasting(rigs: Rigs, draft: Draft) -> dict[str, str] | None:
    """What goes with a snapshot of what has been judged; None as above."""
    try:
        return lasting(draft.transaction, rigs.plant, draft.row, draft.at, rigs.anchors.budget(UNDER_LOCK))
    except DamagedCell:
        return None


def _found(draft: Draft, name: str) -> Snapshot:
    names = draft.transaction.notes(draft.row, HEAD)
    if name not in names:
        raise NoSuchSnapshot(draft.row.name, name, list(names))
    return Snapshot(**json.loads(names[name]))


def _restore_notes(draft: Draft, notes: Mapping[str, Mapping[str, str]]) -> None:
    for sort in GOES_BACK:
        texts: dict[str, str | None] = dict.fromkeys(draft.transaction.notes(draft.row, sort))
        texts.update(notes.get(sort, {}))
        for name, text in texts.items():
            draft.transaction.put_note(draft.row, sort, name, text)


def _begin_run(draft: Draft, snapshot: Snapshot) -> None:
    """The rig is as it was then, but for its cells; time goes on from now."""
    clock = Clock(snapshot.at, draft.wall, Fraction(snapshot.rate))
    draft.at = snapshot.at
    draft.row = replace(
        draft.row,
        run=draft.transaction.new_run(),
        clock=clock,
        seed=snapshot.seed,
        resets=snapshot.resets,
        reset_at=snapshot.reset_at,
        last_at=snapshot.last_at,
        events=1,
        faults=snapshot.faults,
    )


def _restore_cells(draft: Draft, snapshot: Snapshot, cells: Mapping[str, tuple[int, str]]) -> None:
    """Each goes on from its last boundary before the snapshot, as it did then. The log of each begins with that."""
    transaction, row = draft.transaction, draft.row
    for event in _events(draft, snapshot, cells):
        transaction.append(row, event)
    for cell, (at, body) in cells.items():
        transaction.put_cell(row, cell, CellRow(row.events, row.resets, at, body))


def _events(draft: Draft, snapshot: Snapshot, cells: Mapping[str, tuple[int, str]]) -> Iterator[Event]:
    number, wall, spec = draft.row.events, draft.wall, snapshot.spec
    said = json.dumps({"snapshot": snapshot.name, "reset_at": snapshot.reset_at}, separators=(",", ":"))
    yield Event(number, "", snapshot.at, wall, "", RESTORE, said, "", spec)
    for cell, (at, body) in cells.items():
        yield Event(number, cell, at, wall, "", RESTORE, "{}", body, spec)
