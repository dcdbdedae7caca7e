"""Snapshots: a rig as of one instant, kept by name: rows as they are stored. Taking one changes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from mockbrew.clock import seconds
from mockbrew.drafts import Draft
from mockbrew.errors import BadRequest, BadSnapshot, NoSuchSnapshot
from mockbrew.journal import wall_text
from mockbrew.messages import DIRECT, Asked
from mockbrew.rigs import Rigs
from mockbrew.roster import NAME
from mockbrew.stores.base import RigRow, Transaction
from mockbrew.testbench.clock import number
from mockbrew.testbench.faults import NOTES as COUNTERS
from mockbrew.testbench.judging import judge_if_there, judged_first, lasting_in, said

MOST = 100  # of one rig
LARGEST = 32 * 2**20  # characters of its cells: what is written back in one transaction
HEAD, CELLS = "snapshot", "snapshot-cells"  # sorts of notes: what is listed of a snapshot, and the rest of it
GOES_BACK = (COUNTERS,)  # sorts of notes that are part of a rig's state: they go back with it


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
        judged = lasting_in(rigs, draft)
        if judged is None and attempts:
            return None
        rest = _rest(draft.transaction, draft.row, judged or {})
        snapshot = _snapshot(draft, name, len(rest))
        if snapshot.size > LARGEST:
            raise BadSnapshot(rig, name, f"it would have {snapshot.size} characters; at most {LARGEST}")
        draft.transaction.put_note(draft.row, HEAD, name, json.dumps(asdict(snapshot)))
        draft.transaction.put_note(draft.row, CELLS, name, rest)
        draft.say({**asked._asdict(), "verb": "snapshot", "arguments": {"name": name}, "status": 201, **said(judged is not None)})
        return snapshot

    return judged_first(rigs, rig, apply, judge_if_there)


def delete(rigs: Rigs, rig: str, name: str, asked: Asked = DIRECT) -> None:
    """Forget a snapshot. Raises NoSuchSnapshot, and as `Rigs.change`."""

    def apply(draft: Draft) -> None:
        found(draft, name)
        for sort in (HEAD, CELLS):
            draft.transaction.put_note(draft.row, sort, name, None)
        draft.say({**asked._asdict(), "verb": "delete-snapshot", "arguments": {"name": name}, "status": 200})

    rigs.change(rig, (), apply)


def listed(rigs: Rigs, rig: str) -> list[Snapshot]:
    """All of a rig, by name. Raises NoSuchRig, SpecChanged, StoreError."""
    return [Snapshot(**json.loads(text)) for text in rigs.store.notes(rigs.row(rig), HEAD).values()]


def found(draft: Draft, name: str) -> Snapshot:
    """The one of that name. Raises NoSuchSnapshot."""
    names = draft.transaction.notes(draft.row, HEAD)
    if name not in names:
        raise NoSuchSnapshot(draft.row.name, name, list(names))
    return Snapshot(**json.loads(names[name]))


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
