"""Restoring: a rig taken back to a snapshot.

Its rows are put into a new run, whose time begins at that of the snapshot: the same commands at the same virtual times lead to the same
bytes again, however often it is restored (docs/adr/0024). What the run before went through is judged first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

from mockbrew.clock import Clock, seconds
from mockbrew.drafts import Draft
from mockbrew.errors import BadSnapshot
from mockbrew.judgement import go_on, leave
from mockbrew.messages import DIRECT, Asked
from mockbrew.replaying import RESTORE
from mockbrew.rigs import Rigs
from mockbrew.roster import sweep
from mockbrew.stores.base import CellRow, Event
from mockbrew.testbench.clock import number
from mockbrew.testbench.judging import judge, judged_first, said, settled
from mockbrew.testbench.snapshots import CELLS, GOES_BACK, Snapshot, found


def restore(rigs: Rigs, rig: str, name: str, asked: Asked = DIRECT) -> dict[str, Any]:
    """Take the rig back to what it was then; what is answered of the new run.

    Raises NoSuchSnapshot, BadSnapshot, NoSuchRig, and as `Rigs.change`.
    """
    restored = judged_first(rigs, rig, partial(_back, rigs, name, asked), judge)
    sweep(rigs.store)
    return restored


def _back(rigs: Rigs, name: str, asked: Asked, attempts: int, draft: Draft) -> dict[str, Any] | None:
    """None, and nothing done, if not all has been judged and there are attempts left."""
    snapshot = found(draft, name)
    if snapshot.spec != draft.row.spec:
        why = "it was taken with another spec than the rig has now; take the spec back, or delete the snapshot"
        raise BadSnapshot(draft.row.name, name, why)
    judged = settled(rigs, draft)
    if not judged and attempts:
        return None
    if not judged:
        leave(draft.transaction, rigs.plant, draft.row)
    rest = json.loads(draft.transaction.note(draft.row, CELLS, name) or "{}")
    _restore_notes(draft, rest["notes"])
    _begin_run(draft, snapshot)
    _restore_cells(draft, snapshot, rest["cells"])
    go_on(draft.transaction, draft.row, snapshot.at, rest["judged"])
    draft.say({**asked._asdict(), "verb": RESTORE, "arguments": {"name": name}, "status": 200, **said(judged)})
    return {"restored": name, "run": draft.row.run, "time": seconds(draft.at), "rate": number(draft.row.clock.rate)}


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
