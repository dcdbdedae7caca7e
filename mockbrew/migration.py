"""A rig that was written with one spec goes on with another.

In one transaction the old spec's cells are evolved to the switch, each device that remains (same name, same kind) takes its state with
it, and the new spec's cells are built; new devices start fresh. A cell that nothing has moved is at its spec's initial state, before and
after, and needs no row. A cell of a kind that is no longer installed, or that keeps its state differently now, can't be evolved: its
devices start fresh. The log says which.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from mockbrew import plant as plants
from mockbrew.clock import DAY
from mockbrew.devices.base import Kinds
from mockbrew.devices.declare import State
from mockbrew.errors import StillEvolving
from mockbrew.plant import Anchor, Cell, Plant
from mockbrew.record import Former, former, keep
from mockbrew.rigs import PATIENCE, UNDER_LOCK, Rigs
from mockbrew.spec import Spec
from mockbrew.stores.base import CellRow, Event, RigRow, Store, Transaction
from mockbrew.timeline import gone_on, instant, seed_of

log = logging.getLogger(__name__)


def migrate(store: Store, rig: str, spec: Spec, kinds: Kinds) -> None:
    """Carry `rig` over to `spec`; nothing happens if it is there already. Raises StillEvolving (progress is kept), StoreError."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        with store.transaction() as transaction:
            row = transaction.rig(rig)
            if row is None or row.spec == spec.digest:
                return
            before = former(transaction, row, kinds)
            written = {name for name, cell in transaction.cells(row) if cell.resets == row.resets}
        anchors = _caught_up(store, row, before, written)
        with store.transaction() as transaction:
            if _switched(transaction, store.wall(), row, Switch(before, anchors, spec)):
                return
    raise StillEvolving(0.0)


# -- before the lock -----------------------------------------------------------------------------------------------


def _caught_up(store: Store, row: RigRow, before: Former, written: Collection[str]) -> dict[str, Anchor]:
    """The cells that are not at their initial state, evolved to near now."""
    if before.spec is None:
        return {}
    rigs = Rigs(before.spec, store)
    moving = [cell[0] for cell in before.spec.cells if cell[0] in written or _restless(rigs.plant, cell[0])]
    return {name: rigs.anchor(row.name, name) for name in moving}


def _restless(plant: Plant, name: str) -> bool:
    """Whether a cell leaves its initial state without any command, as a hot vessel does."""
    cell = plant.cell(name)
    anchor = plants.initial(cell, 0)
    return plants.next_boundary(cell, anchor) is not None or plants.moved(cell, anchor, DAY) != anchor.states


# -- under the lock ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Switch:
    """From which spec to which. anchors: the cells of the old one that are not at their initial state."""

    before: Former
    anchors: Mapping[str, Anchor]
    spec: Spec

    def remains(self, name: str, kind: str) -> bool:
        """Whether the device of that name is still what it was."""
        return self.before.kinds.get(name) == kind


def _switched(transaction: Transaction, wall: int, seen: RigRow, switch: Switch) -> bool:
    """False, and nothing done, if somebody wrote the rig meanwhile or the rest to evolve is not short."""
    row = transaction.rig(seen.name)
    if row is None or (row.run, row.events, row.spec) != (seen.run, seen.events, seen.spec):
        return False
    at = max([instant(row, wall), *(anchor.at for anchor in switch.anchors.values())])
    carried = _carried(switch, at, seed_of(row))
    if carried is None:
        return False
    _write(transaction, replace(gone_on(row, at, wall), spec=switch.spec.digest), switch, carried, wall)
    _report(row.name, switch)
    return True


def _carried(switch: Switch, at: int, seed: str) -> dict[str, State] | None:
    """The states at `at` of the devices of all cells that moved; None if a cell still has far to go."""
    if switch.before.spec is None:
        return {}
    plant = Plant(switch.before.spec)
    carried: dict[str, State] = {}
    for name, anchor in switch.anchors.items():
        cell = plant.cell(name)
        near, done = plants.evolve(cell, anchor, at, seed, limit=UNDER_LOCK)
        if not done:
            return None
        carried.update(zip(cell.places, plants.moved(cell, near, at), strict=True))
    return carried


def _write(transaction: Transaction, row: RigRow, switch: Switch, carried: Mapping[str, State], wall: int) -> None:
    keep(transaction, switch.spec)
    transaction.drop_cells(row)
    plant = Plant(switch.spec)
    for name in dict.fromkeys(plant.home[device] for device in carried if device in plant.home):
        body = plants.encode(_built(plant.cell(name), row.last_at, switch, carried))
        transaction.put_cell(row, name, CellRow(row.events, row.resets, row.last_at, body))
        transaction.append(row, Event(row.events, name, row.last_at, wall, "", "migrate", "{}", body, switch.spec.digest))
    transaction.put_rig(row)


def _built(cell: Cell, at: int, switch: Switch, carried: Mapping[str, State]) -> Anchor:
    fresh = plants.initial(cell, at)
    kept = {
        device.name: carried[device.name] for device in cell.devices if device.name in carried and switch.remains(device.name, device.kind)
    }
    return Anchor(at, tuple(kept.get(name, state) for name, state in zip(cell.places, fresh.states, strict=True)))


def _report(rig: str, switch: Switch) -> None:
    before, kinds = switch.before, {name: entry.device.kind for name, entry in switch.spec.entries.items()}
    held = before.spec.entries if before.spec else {}
    same = [name for name, kind in kinds.items() if name in held and switch.remains(name, kind)]
    fresh = [name for name in kinds if name not in set(same)]
    gone = [name for name, kind in before.kinds.items() if kinds.get(name) != kind]
    log.warning(
        "rig %r goes on with a changed spec: %d devices keep their state; fresh: %s; gone: %s", rig, len(same), _some(fresh), _some(gone)
    )
    if before.why:
        log.warning("rig %r: nothing keeps its state, since the spec before can't be read any more: %s", rig, before.why)


def _some(names: list[str], most: int = 20) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return (", ".join(names[:most]) or "none") + more
