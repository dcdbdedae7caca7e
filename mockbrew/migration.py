"""A rig that was written with one spec goes on with another.

In one transaction the old spec's cells are evolved to the switch, each device that remains (same name, same kind) takes its state with
it, as its kind says for options that have changed, and the new spec's cells are built; new devices start fresh. A cell that nothing has
moved is at its spec's initial state, before and after. A cell of a kind that is no longer installed, that keeps its state differently
now or that fails can't be evolved: its devices start fresh. The log says which.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from mockbrew import plant as plants
from mockbrew.budget import Budget, budget
from mockbrew.clock import DAY
from mockbrew.devices.base import Device, Kinds
from mockbrew.devices.declare import State
from mockbrew.errors import DamagedCell, MockbrewError, StillEvolving
from mockbrew.plant import Anchor, Cell, Plant
from mockbrew.record import Former, former, keep
from mockbrew.rigs import PATIENCE, UNDER_LOCK, Rigs, SpecChanged
from mockbrew.spec import Spec
from mockbrew.stores.base import CellRow, Event, RigRow, Store, Transaction
from mockbrew.timeline import gone_on, instant, seed_of

log = logging.getLogger(__name__)


def migrate(store: Store, rig: str, spec: Spec, kinds: Kinds, *, stopwatch: Callable[[], float] = time.monotonic) -> None:
    """Carry `rig` over to `spec`; nothing happens if it is there already. Raises StillEvolving (progress is kept), StoreError."""
    patience = budget(stopwatch, PATIENCE)
    while not patience.spent:
        with store.transaction() as transaction:
            row = transaction.rig(rig)
            if row is None or row.spec == spec.digest:
                return
            before = former(transaction, row, kinds)
            written = {name for name, cell in transaction.cells(row) if cell.resets == row.resets}
        anchors = _caught_up(Rigs(before.spec, store, stopwatch=stopwatch), row, written, patience) if before.spec else {}
        with store.transaction() as transaction:
            if _switched(transaction, store.wall(), row, Switch(before, anchors, spec), budget(stopwatch, UNDER_LOCK)):
                return
    raise StillEvolving(0.0)


# -- before the lock -----------------------------------------------------------------------------------------------


def _caught_up(rigs: Rigs, row: RigRow, written: Collection[str], patience: Budget) -> dict[str, Anchor]:
    """The cells that are not at their initial state, evolved to near now; but for those that can't be."""
    moving = [cell[0] for cell in rigs.spec.cells if cell[0] in written or _restless(rigs.plant, cell[0])]
    anchors = {name: _anchor(rigs, row, name, patience) for name in moving}
    return {name: anchor for name, anchor in anchors.items() if anchor is not None}


def _anchor(rigs: Rigs, row: RigRow, name: str, patience: Budget) -> Anchor | None:
    try:
        return rigs.anchor(row.name, name, patience)
    except DamagedCell as error:
        log.warning("rig %r: %s", row.name, error)
    except (MockbrewError, SpecChanged):
        raise
    except Exception:  # a bug of a kind, which may be why the spec was changed: it must not hold the other cells back
        log.exception("rig %r: cell %r can't be evolved under the spec before", row.name, name)
    return None


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


def _switched(transaction: Transaction, wall: int, seen: RigRow, switch: Switch, rest: Budget) -> bool:
    """False, and nothing done, if somebody wrote the rig meanwhile or the rest to evolve is not short."""
    row = transaction.rig(seen.name)
    if row is None or (row.run, row.events, row.spec) != (seen.run, seen.events, seen.spec):
        return False
    at = max([instant(row, wall), *(anchor.at for anchor in switch.anchors.values())])
    carried = _carried(switch, at, seed_of(row), rest)
    if carried is None:
        return False
    _write(transaction, replace(gone_on(row, at, wall), spec=switch.spec.digest), switch, carried, wall)
    _report(row.name, switch)
    return True


def _carried(switch: Switch, at: int, seed: str, rest: Budget) -> dict[str, State] | None:
    """The states at `at` of the devices of all cells that moved; None if a cell still has far to go."""
    if switch.before.spec is None:
        return {}
    plant = Plant(switch.before.spec)
    carried: dict[str, State] = {}
    for name, anchor in switch.anchors.items():
        cell = plant.cell(name)
        near, done = rest.evolve(cell, anchor, at, seed)
        if not done:
            return None
        carried.update(zip(cell.places, plants.moved(cell, near, at), strict=True))
    return carried


def _write(transaction: Transaction, row: RigRow, switch: Switch, carried: Mapping[str, State], wall: int) -> None:
    keep(transaction, switch.spec)
    transaction.drop_cells(row)
    plant = Plant(switch.spec)
    transaction.append(row, Event(row.events, "", row.last_at, wall, "", "migrate", "{}", "", switch.spec.digest))
    kept = dict.fromkeys(plant.home[device] for device in carried if device in plant.home)
    for name in (*kept, *(cell[0] for cell in switch.spec.cells if cell[0] not in kept and _restless(plant, cell[0]))):
        body = plants.encode(_built(plant.cell(name), row.last_at, switch, carried))
        transaction.put_cell(row, name, CellRow(row.events, row.resets, row.last_at, body))
        transaction.append(row, Event(row.events, name, row.last_at, wall, "", "migrate", "{}", body, switch.spec.digest))
    transaction.put_rig(row)


def _built(cell: Cell, at: int, switch: Switch, carried: Mapping[str, State]) -> Anchor:
    fresh = plants.initial(cell, at)
    states = (_adopted(device, state, at, switch, carried) for device, state in zip(cell.devices, fresh.states, strict=True))
    return plants.settled(cell, at, states)


def _adopted(device: Device, fresh: State, at: int, switch: Switch, carried: Mapping[str, State]) -> State:
    if device.name not in carried or switch.before.spec is None or not switch.remains(device.name, device.kind):
        return fresh
    return device.carried(carried[device.name], switch.before.spec.entries[device.name].device, at)


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
