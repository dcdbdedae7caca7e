"""A rig that was written with one spec goes on with another.

In one transaction the old spec's cells are evolved to the switch, each device that remains (same name, same kind) takes its state with
it, and the new spec's cells are built; new devices start fresh. A cell that nothing has moved is at its spec's initial state, before and
after, and needs no row. A cell of a kind that is no longer installed, or that keeps its state differently now, can't be evolved: its
devices start fresh. The log says which.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mockbrew import plant as plants
from mockbrew.clock import DAY
from mockbrew.devices.base import Kinds
from mockbrew.devices.declare import State
from mockbrew.errors import SpecError, StillEvolving, StoreError
from mockbrew.plant import Anchor, Plant
from mockbrew.rigs import PATIENCE, UNDER_LOCK, Rigs, gone_on, instant, keep, seed_of
from mockbrew.spec import Spec, from_document
from mockbrew.stores.base import CellRow, Event, RigRow, Store, Transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Former:
    """The spec that a rig was last written with, as the store kept it.

    kinds: of each device. rigs: the rigs of that spec, of the cells that can still be evolved, or None. why: the reason for None.
    """

    kinds: Mapping[str, str]
    rigs: Rigs | None
    why: str = ""


def migrate(store: Store, rig: str, spec: Spec, kinds: Kinds) -> None:
    """Carry `rig` over to `spec`; nothing happens if it is there already. Raises StillEvolving (progress is kept), StoreError."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        with store.transaction() as transaction:
            row = transaction.rig(rig)
            if row is None or row.spec == spec.digest:
                return
            former = _former(transaction, row, store, kinds)
            written = [name for name, cell in transaction.cells(row) if cell.resets == row.resets]
        anchors = _caught_up(former, row, written)
        with store.transaction() as transaction:
            if _switched(transaction, store.wall(), row, former, anchors, spec):
                return
    raise StillEvolving(0.0)


# -- before the lock -----------------------------------------------------------------------------------------------


def _former(transaction: Transaction, row: RigRow, store: Store, kinds: Kinds) -> Former:
    text = transaction.spec(row.spec)
    if text is None:
        raise StoreError(
            f"rig {row.name!r}: {store.url} does not hold its spec {row.spec[:12]}; restore the store, or delete it to start anew"
        )
    record = json.loads(text)
    sound = {name for cell in record["cells"] if _sound(cell, record, kinds) for name in cell}
    try:
        # The digest says which spec the rows are written in, and these are rows of the whole one.
        spec = replace(from_document(_only(record["document"], sound), "the spec before", kinds), digest=row.spec)
    except SpecError as error:
        return Former(record["kinds"], None, str(error))
    return Former(record["kinds"], Rigs(spec, store))


def _sound(cell: Iterable[str], record: Mapping[str, Any], kinds: Kinds) -> bool:
    used = {record["kinds"][name] for name in cell}
    return all(kind in kinds and list(kinds[kind].layout._fields) == record["layouts"][kind] for kind in used)


def _only(document: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    """The document with these vessels and devices only. Cells are closed under references, so nothing dangles."""
    tables = {table: document.get(table, {}) for table in ("vessels", "devices", "overrides")}
    return {**document, **{table: {name: entry for name, entry in rows.items() if name in names} for table, rows in tables.items() if rows}}


def _caught_up(former: Former, row: RigRow, written: Iterable[str]) -> dict[str, Anchor]:
    """The cells that are not at their initial state, evolved to near now."""
    rigs = former.rigs
    if rigs is None:
        return {}
    names = [cell[0] for cell in rigs.spec.cells]
    moving = [name for name in names if name in set(written) or _restless(rigs.plant, name)]
    return {name: rigs.anchor(row.name, name) for name in moving}


def _restless(plant: Plant, name: str) -> bool:
    """Whether a cell leaves its initial state without any command, as a hot vessel does."""
    cell = plant.cell(name)
    anchor = plants.initial(cell, 0)
    return plants.next_boundary(cell, anchor) is not None or plants.moved(cell, anchor, DAY) != anchor.states


# -- under the lock ------------------------------------------------------------------------------------------------


def _switched(transaction: Transaction, wall: int, seen: RigRow, former: Former, anchors: Mapping[str, Anchor], spec: Spec) -> bool:
    """False, and nothing done, if somebody wrote the rig meanwhile or the rest to evolve is not short."""
    row = transaction.rig(seen.name)
    if row is None or (row.run, row.events, row.spec) != (seen.run, seen.events, seen.spec):
        return False
    at = max([instant(row, wall), *(anchor.at for anchor in anchors.values())])
    carried = _carried(former, anchors, at, seed_of(row))
    if carried is None:
        return False
    after = replace(gone_on(row, at, wall), spec=spec.digest)
    _write(transaction, after, spec, former, carried, wall)
    _report(row.name, former, spec)
    return True


def _carried(former: Former, anchors: Mapping[str, Anchor], at: int, seed: str) -> dict[str, State] | None:
    """The states at `at` of the devices of all cells that moved; None if a cell still has far to go."""
    carried: dict[str, State] = {}
    for name, anchor in anchors.items():
        assert former.rigs is not None  # noqa: S101  # there are anchors only where there are rigs: says so to the type checker
        cell = former.rigs.plant.cell(name)
        anchor, done = plants.evolve(cell, anchor, at, seed, limit=UNDER_LOCK)  # noqa: PLW2901  # the same anchor, later
        if not done:
            return None
        carried.update(zip(cell.places, plants.moved(cell, anchor, at), strict=True))
    return carried


def _write(transaction: Transaction, row: RigRow, spec: Spec, former: Former, carried: Mapping[str, State], wall: int) -> None:
    keep(transaction, spec)
    transaction.drop_cells(row)
    plant = Plant(spec)
    for name in dict.fromkeys(plant.home[device] for device in carried if device in plant.home):
        cell = plant.cell(name)
        fresh = plants.initial(cell, row.last_at)
        kept = {device.name: carried[device.name] for device in cell.devices if _remains(device.name, device.kind, former, carried)}
        states = tuple(kept.get(device, state) for device, state in zip(cell.places, fresh.states, strict=True))
        body = plants.encode(Anchor(row.last_at, states))
        transaction.put_cell(row, name, CellRow(row.events, row.resets, row.last_at, body))
        transaction.append(row, Event(row.events, name, row.last_at, wall, "", "migrate", "{}", body, spec.digest))
    transaction.put_rig(row)


def _remains(name: str, kind: str, former: Former, carried: Mapping[str, State]) -> bool:
    return name in carried and former.kinds[name] == kind


def _report(rig: str, former: Former, spec: Spec) -> None:
    kinds = {name: entry.device.kind for name, entry in spec.entries.items()}
    held = former.rigs.plant.home if former.rigs else {}
    same = [name for name, kind in kinds.items() if former.kinds.get(name) == kind and name in held]
    fresh = [name for name in kinds if name not in same]
    gone = [name for name, kind in former.kinds.items() if kinds.get(name) != kind]
    log.warning(
        "rig %r goes on with a changed spec: %d devices keep their state; fresh: %s; gone: %s", rig, len(same), _some(fresh), _some(gone)
    )
    if former.why:
        log.warning("rig %r: nothing keeps its state, since the spec before can't be read any more: %s", rig, former.why)


def _some(names: list[str], most: int = 20) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return (", ".join(names[:most]) or "none") + more
