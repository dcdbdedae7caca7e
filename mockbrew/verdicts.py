"""Verdicts: the hazards that a rig is known to have gone through. The newest of those that are over are kept as notes of the rig."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mockbrew.hazards import docket as dockets
from mockbrew.hazards.watch import Found
from mockbrew.spec import Rule
from mockbrew.stores.base import RigRow, Transaction

HAZARD = "hazard"  # the sort of the notes: each is called by its number
COUNT = ""  # the name of the note that says how many were found
MOST = 1_000  # hazards that a rig keeps: the newest


@dataclass(frozen=True, slots=True)
class Verdict:
    """All hazards of a rig that are known at `at` (virtual ns), oldest first, as the control plane shows them. count: ever found."""

    row: RigRow
    at: int
    hazards: list[dict[str, Any]]
    count: int


def verdict(row: RigRow, at: int, kept: Mapping[str, str], here: Iterable[dict[str, Any]]) -> Verdict:
    """kept: the notes of a rig. here: what is so at `at` (virtual ns) or has been found since, as the control plane shows it."""
    over = [json.loads(text) for name, text in kept.items() if name != COUNT]  # by somebody who has come further, perhaps
    known = {_which(each) for each in over}
    listed = [*over, *(each for each in here if _which(each) not in known)]
    return Verdict(row, at, sorted(listed, key=_which), int(kept.get(COUNT, "0")) + len(listed) - len(over))


def _which(told: Mapping[str, Any]) -> tuple[Any, ...]:
    """What tells it from all others; in the order of their beginnings."""
    after = told["after"]["event"] if told["after"] else 0
    return told["run"], told["begins"], after, told["rule"], str(told.get("blocked"))


def keep(transaction: Transaction, row: RigRow, found: Iterable[Found], rules: Mapping[str, Rule]) -> None:
    """Keep what is over with the rig. The newest stay."""
    before = count = int(transaction.note(row, HAZARD, COUNT) or "0")
    for each in sorted(found, key=lambda each: each.begins):
        count += 1
        transaction.put_note(row, HAZARD, _name(count), json.dumps(dockets.told(each, rules[each.rule], row.run)))
        if count > MOST:
            transaction.put_note(row, HAZARD, _name(count - MOST), None)
    if count > before:
        transaction.put_note(row, HAZARD, COUNT, str(count))


def forget(transaction: Transaction, row: RigRow) -> None:
    """Keep nothing of a rig any more."""
    for name in transaction.notes(row, HAZARD):
        transaction.put_note(row, HAZARD, name, None)


def _name(number: int) -> str:
    return f"{number:012d}"
