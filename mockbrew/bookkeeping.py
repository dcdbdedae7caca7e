"""Bookkeeping: the journal of a rig as its users have it: read in part, emptied, and told what to record."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from mockbrew import journal
from mockbrew.conditions import parse
from mockbrew.drafts import Draft
from mockbrew.errors import BadCondition, BadRequest
from mockbrew.messages import DIRECT, Asked
from mockbrew.rigs import Rigs
from mockbrew.sifting import Told, names, told

MODES = ("commands", "requests")  # by what a rig's row says of recording


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are wanted: with numbers above `after`, the first `limit` of them; or, with None, the last ones."""

    where: str | None = None
    after: int | None = None
    limit: int = 100
    run: int | None = None
    device: str | None = None


def listed(rigs: Rigs, rig: str, wanted: Wanted) -> dict[str, Any]:
    """These entries, oldest first; `next` is what to ask for after them. Raises BadRequest, NoSuchRig."""
    row = rigs.row(rig)
    found = _sifted(rigs, told(rigs.store, row, wanted.after or 0), wanted)
    chosen = list(deque(found, wanted.limit) if wanted.after is None else islice(found, wanted.limit))
    more = wanted.after is not None and len(chosen) == wanted.limit
    last = chosen[-1].entry.number if more else max(row.entries, wanted.after or 0)
    return {
        "rig": rig,
        "record": MODES[row.recording],
        "entries": [journal.shown(row, each.entry) for each in chosen],
        "next": last,
    }


def empty(rigs: Rigs, rig: str) -> None:
    """Forget all entries; numbers go on. Raises as `Rigs.change`."""
    rigs.change(rig, (), lambda draft: journal.empty(draft.transaction, draft.row, draft.at))


def record(rigs: Rigs, rig: str, mode: str, asked: Asked = DIRECT) -> None:
    """Let every request go to the journal from now on, or commands only. Raises as `Rigs.change`."""

    def apply(draft: Draft) -> None:
        before, after = draft.row.recording, MODES.index(mode)
        draft.row = replace(draft.row, recording=after)
        draft.say({**asked._asdict(), "verb": "record", "arguments": {"record": mode}, "recorded": [before, after]})

    rigs.change(rig, (), apply)


def _sifted(rigs: Rigs, entries: Iterable[Told], wanted: Wanted) -> Iterator[Told]:
    if wanted.run is not None:
        entries = (each for each in entries if each.entry.run == wanted.run)
    if wanted.device is not None:
        entries = (each for each in entries if each.said.get("device") == wanted.device)
    if wanted.where is None:
        return iter(entries)
    try:
        where = parse(wanted.where, names(rigs.spec))
    except BadCondition as error:
        raise BadRequest([("where", str(error))]) from error
    return (each for each in entries if where.holds(each.value))
