"""A rig that was written with one spec goes on with another.

In one transaction the old spec's cells are evolved to the switch, each device that remains (same name, same kind) takes its state with
it, as its kind says for options that have changed, and the new spec's cells are built; new devices start fresh. A cell that nothing has
moved is at its spec's initial state, before and after. A cell of a kind that is no longer installed, that keeps its state differently
now or that fails can't be evolved: its devices start fresh. Faults go on, but for those of devices that start fresh or can't fail like
that any more, and those about endpoints that are gone. The log says which.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from mockbrew import journal
from mockbrew import plant as plants
from mockbrew.budget import Budget, budget
from mockbrew.devices.base import Device, Kinds
from mockbrew.devices.declare import State
from mockbrew.errors import DamagedCell, MockbrewError, StillEvolving
from mockbrew.faults.devices import Fault
from mockbrew.faults.documents import AnyFault, decode, encode, of_transport
from mockbrew.judgement import judge, leave, settle
from mockbrew.kept_specs import Former, kept_record, read, record_of
from mockbrew.messages import DIRECT
from mockbrew.plant import Anchor, Cell, Failing, Plant
from mockbrew.replaying import MIGRATE, Overtaken
from mockbrew.restless import restless
from mockbrew.rigs import PATIENCE, UNDER_LOCK, Rigs, SpecChanged
from mockbrew.routes import addresses
from mockbrew.spec import Spec
from mockbrew.stores.base import CellRow, Event, RigRow, Store, Transaction
from mockbrew.timeline import gone_on, instant, seed_of

log = logging.getLogger(__name__)


def migrate(
    store: Store, rig: str, spec: Spec, kinds: Kinds, *, record: str | None = None, stopwatch: Callable[[], float] = time.monotonic
) -> None:
    """Carry `rig` over to `spec`; nothing happens if it is there already. Raises StillEvolving (progress is kept), StoreError.

    record: what the store keeps of `spec`, if it is made already.
    """
    patience = budget(stopwatch, PATIENCE)
    while not patience.spent:
        with store.transaction() as transaction:
            row = transaction.rig(rig)
            if row is None or row.spec == spec.digest:
                return
            kept = kept_record(transaction, row)
            written = {name for name, cell in transaction.cells(row) if cell.resets == row.resets}
        before = read(kept, row, kinds, written)
        judged = _judged(before, store, row, patience.within(PATIENCE / 2))
        rigs = Rigs(before.spec, store, stopwatch=stopwatch, record=kept) if before.spec else None
        anchors = _caught_up(rigs, row, written, patience) if rigs else {}
        switch = Switch(before, rigs.plant if rigs else None, anchors, judged, *_prepared(spec, before, anchors), record or record_of(spec))
        faults = _surviving(row.faults, switch)
        with store.transaction() as transaction:
            after = _switched(transaction, store.wall(), row, switch, faults, budget(stopwatch, UNDER_LOCK))
        if after is not None:
            _report(row.name, switch)
            _report_faults(row, after)
            return
    raise StillEvolving(0.0)


# -- before the lock -----------------------------------------------------------------------------------------------


def _caught_up(rigs: Rigs, row: RigRow, written: Collection[str], patience: Budget) -> dict[str, Anchor]:
    """The cells that are not at their initial state, evolved to near now; but for those that can't be."""
    itself = set(restless(rigs.spec))
    moving = [cell[0] for cell in rigs.spec.cells if cell[0] in written or cell[0] in itself]
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


def _judged(before: Former, store: Store, row: RigRow, patience: Budget) -> Judged:
    """Hold what the rig went through against the rules of the old spec, as far as that goes: no wire request waits for more of it."""
    if before.spec is None or not before.spec.hazards:
        return Judged(None)
    plant = Plant(before.spec)
    try:
        judge(plant, store, row, patience)
    except Overtaken:  # then it is not what it was under the lock either
        return Judged(plant)
    except StillEvolving as error:
        log.warning("rig %r: not all that it went through is judged for hazards before its spec is changed: %s", row.name, error)
        return Judged(plant, left=True)
    except DamagedCell as error:
        log.warning("rig %r is not judged for hazards up to the change of its spec: %s", row.name, error)
    except (MockbrewError, SpecChanged):
        raise
    except Exception:  # as above
        log.exception("rig %r can't be judged for hazards under the spec before", row.name)
    else:
        return Judged(plant)
    return Judged(None, left=True)


def _prepared(spec: Spec, before: Former, anchors: Mapping[str, Anchor]) -> tuple[Plant, tuple[str, ...]]:
    """The plant of the new spec, with the cells that will be written; and those of them that move by themselves."""
    plant, itself = Plant(spec), tuple(restless(spec))
    moved = {member for cell in (before.spec.cells if before.spec else ()) if cell[0] in anchors for member in cell}
    kept = dict.fromkeys(plant.home[device] for device in moved if device in plant.home)
    for name in (*kept, *itself):
        plant.cell(name)
    return plant, itself


def _surviving(text: str, switch: Switch) -> list[AnyFault]:
    """The faults that go on under the new spec."""
    endpoints = [address.endpoint for address in addresses(switch.spec)] if of_transport(decode(text)) else []
    devices, urls = {None, *(each.device for each in endpoints)}, {None, *(each.url for each in endpoints)}
    at_work = {failing.fault.name for anchor in switch.anchors.values() for failing in anchor.faults}
    return [
        each
        for each in decode(text)
        if (each.name in at_work and switch.fails(each) if isinstance(each, Fault) else each.device in devices and each.endpoint in urls)
    ]


# -- under the lock ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judged:
    """How far a rig is held against the rules of its old spec. plant: of that, if it can be. left: whether some of it stays unjudged."""

    plant: Plant | None
    left: bool = False

    def settled(self, transaction: Transaction, row: RigRow, at: int, rest: Budget) -> bool:
        """End it at `at` (virtual ns); False, and nothing done, if the rest is not short."""
        if self.plant is None:
            return True
        if self.left:
            leave(transaction, self.plant, row)
            return True
        return settle(transaction, self.plant, row, at, rest)


@dataclass(frozen=True, slots=True)
class Switch:
    """From which spec to which. anchors: the cells of the old one that are not at their initial state, and former has them built.

    judged: of the old one, up to about now. plant, restless, record: of the new one, and its cells that move by themselves.
    """

    before: Former
    former: Plant | None
    anchors: Mapping[str, Anchor]
    judged: Judged
    plant: Plant
    restless: Sequence[str]
    record: str

    @property
    def spec(self) -> Spec:
        """The new one."""
        return self.plant.spec

    def remains(self, name: str, kind: str) -> bool:
        """Whether the device of that name is still what it was."""
        return self.before.kinds.get(name) == kind

    def fails(self, fault: Fault) -> bool:
        """Whether its device remains, and can fail like that."""
        entry = self.spec.entries.get(fault.device)
        return entry is not None and self.remains(fault.device, entry.device.kind) and fault.sort in entry.device.failures


@dataclass(frozen=True, slots=True)
class Carried:
    """What goes on: states by device, and faults at work."""

    states: Mapping[str, State]
    failings: Sequence[Failing]

    def of(self, cell: Cell) -> tuple[Failing, ...]:
        """The faults of a cell."""
        return tuple(failing for failing in self.failings if failing.fault.device in cell.places)


def _switched(transaction: Transaction, wall: int, seen: RigRow, switch: Switch, faults: Sequence[AnyFault], rest: Budget) -> RigRow | None:
    """The rig's new row. None, and nothing done, if somebody wrote the rig meanwhile or the rest to evolve is not short."""
    row = transaction.rig(seen.name)
    if row is None or (row.run, row.events, row.spec, row.faults) != (seen.run, seen.events, seen.spec, seen.faults):
        return None
    at = max([instant(row, wall), *(anchor.at for anchor in switch.anchors.values())])
    carried = _carried(switch, at, seed_of(row), rest)
    if carried is None or not switch.judged.settled(transaction, row, at, rest):
        return None
    after = replace(gone_on(row, at, wall), spec=switch.spec.digest, faults=encode(faults))
    if switch.judged.left:
        after = journal.write(transaction, after, at, wall, {"event": after.events, **DIRECT._asdict(), "verb": MIGRATE, "unjudged": True})
    _write(transaction, after, switch, carried, wall)
    return after


def _carried(switch: Switch, at: int, seed: str, rest: Budget) -> Carried | None:
    """The states at `at` of the devices of all cells that moved, and their faults; None if a cell still has far to go."""
    if switch.former is None:
        return Carried({}, ())
    carried: dict[str, State] = {}
    failings: list[Failing] = []
    for name, anchor in switch.anchors.items():
        cell = switch.former.cell(name)
        near, done = rest.evolve(cell, anchor, at, seed)
        if not done:
            return None
        carried.update(zip(cell.places, plants.moved(cell, near, at), strict=True))
        failings += (failing for failing in near.faults if switch.fails(failing.fault))
    return Carried(carried, failings)


def _write(transaction: Transaction, row: RigRow, switch: Switch, carried: Carried, wall: int) -> None:
    transaction.put_spec(switch.spec.digest, switch.record)
    transaction.drop_cells(row)
    plant = switch.plant
    transaction.append(row, Event(row.events, "", row.last_at, wall, "", MIGRATE, "{}", "", switch.spec.digest))
    kept = dict.fromkeys(plant.home[device] for device in carried.states if device in plant.home)
    for name in dict.fromkeys((*kept, *switch.restless)):
        body = plants.encode(_built(plant.cell(name), row.last_at, switch, carried))
        transaction.put_cell(row, name, CellRow(row.events, row.resets, row.last_at, body))
        transaction.append(row, Event(row.events, name, row.last_at, wall, "", MIGRATE, "{}", body, switch.spec.digest))
    transaction.put_rig(row)


def _built(cell: Cell, at: int, switch: Switch, carried: Carried) -> Anchor:
    fresh = plants.initial(cell, at)
    states = (_adopted(device, state, at, switch, carried.states) for device, state in zip(cell.devices, fresh.states, strict=True))
    return plants.settled(cell, at, states, carried.of(cell))


def _adopted(device: Device, fresh: State, at: int, switch: Switch, carried: Mapping[str, State]) -> State:
    if device.name not in carried or switch.before.spec is None or not switch.remains(device.name, device.kind):
        return fresh
    return device.carried(carried[device.name], switch.before.spec.entries[device.name].device, at)


def _report(rig: str, switch: Switch) -> None:
    before, kinds = switch.before, {name: entry.device.kind for name, entry in switch.spec.entries.items()}
    same = {name for name, kind in kinds.items() if name in before.sound and switch.remains(name, kind)}
    fresh = [name for name in kinds if name not in same]
    gone = [name for name, kind in before.kinds.items() if kinds.get(name) != kind]
    log.warning(
        "rig %r goes on with a changed spec: %d devices keep their state; fresh: %s; gone: %s", rig, len(same), _some(fresh), _some(gone)
    )
    if before.why:
        log.warning("rig %r: nothing keeps its state, since the spec before can't be read any more: %s", rig, before.why)


def _report_faults(before: RigRow, after: RigRow) -> None:
    left = {each.name for each in decode(after.faults)}
    gone = [each.name for each in decode(before.faults) if each.name not in left]
    if gone:
        log.warning("rig %r: faults are dropped, since what they were about has changed: %s", before.name, _some(gone))


def _some(names: list[str], most: int = 20) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return (", ".join(names[:most]) or "none") + more
