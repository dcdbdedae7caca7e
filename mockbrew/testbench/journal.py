"""The journal of a rig as its users have it: read in part, emptied, and told what to record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from mockbrew import journal
from mockbrew.conditions import parse
from mockbrew.drafts import Draft
from mockbrew.errors import BadCondition, BadRequest
from mockbrew.journal.matching import CONTROLS, Told, all_told, names, told
from mockbrew.messages import DIRECT, Asked
from mockbrew.rigs import Rigs
from mockbrew.stores.base import RigRow

PAGE = 5_000  # entries that are looked through at a time
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
    row, holds = rigs.row(rig), _chosen(rigs, wanted)
    if wanted.after is None:
        chosen, last = _latest(rigs, row, holds, wanted.limit), row.entries
    else:
        chosen = list(islice(filter(holds, all_told(rigs.store, row, wanted.after)), wanted.limit))
        last = chosen[-1].entry.number if len(chosen) == wanted.limit else max(row.entries, wanted.after)
    return {
        "rig": rig,
        "record": MODES[row.recording],
        "entries": [journal.shown(row, each.entry) for each in chosen],
        "next": last,
    }


def empty(rigs: Rigs, rig: str) -> None:
    """Forget all entries; numbers go on. Raises as `Rigs.change`."""

    def apply(draft: Draft) -> RigRow:
        journal.empty(draft.transaction, draft.row, draft.at)
        return draft.row

    journal.sweep(rigs.store, rigs.change(rig, (), apply))


def record(rigs: Rigs, rig: str, mode: str, asked: Asked = DIRECT) -> None:
    """Let every request go to the journal from now on, or commands only. Raises as `Rigs.change`."""

    def apply(draft: Draft) -> None:
        before, after = draft.row.recording, MODES.index(mode)
        draft.row = replace(draft.row, recording=after)
        draft.say({**asked._asdict(), "verb": "record", "arguments": {"record": mode}, "status": 200, "recorded": [before, after]})

    rigs.change(rig, (), apply)


def _latest(rigs: Rigs, row: RigRow, holds: Callable[[Told], bool], limit: int) -> list[Told]:
    """The last ones that were chosen; looked for from the end, since the journal may be long."""
    chosen: list[Told] = []
    end, size, first = row.entries, limit, journal.emptied(rigs.store, row).number
    while end > first and len(chosen) < limit:
        begin = max(end - size, first)
        found = [told(entry) for entry in rigs.store.journal(row, begin, end - begin)]
        chosen = [*filter(holds, found), *chosen]
        if len(found) < end - begin:
            break  # what was before is forgotten
        end, size = begin, PAGE
    return chosen[-limit:]


def _chosen(rigs: Rigs, wanted: Wanted) -> Callable[[Told], bool]:
    """Whether an entry is wanted, wherever it stands. Raises BadRequest."""
    try:
        where = parse(wanted.where, names(rigs.spec, CONTROLS)) if wanted.where is not None else None
    except BadCondition as error:
        raise BadRequest([("where", str(error))]) from error
    return lambda each: (
        wanted.run in (None, each.entry.run)
        and wanted.device in (None, each.said.get("device"))
        and (where is None or where.holds(each.value))
    )
