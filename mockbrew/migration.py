"""A rig that was written with one spec goes on with another.

In one transaction the old spec's cells are evolved to the switch, each device that remains (same name, same kind) takes its state with
it, as its kind says for options that have changed, and the new spec's cells are built; new devices start fresh. A cell that nothing has
moved is at its spec's initial state, before and after. A cell of which both specs say the same goes on as it is written: nobody evolves it,
or looks whether it can be, as if only the others had got another spec. One that has to be evolved and can't be, since its kind is no longer
installed, keeps its state differently now or fails, has its devices start fresh. Faults go on, but for those of devices that start fresh
or can't fail like that any more, and those about endpoints that are gone. The log says which.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence

from mockbrew.budget import Budget, budget
from mockbrew.collecting import not_collecting
from mockbrew.devices.base import Device, Kinds
from mockbrew.errors import DamagedCell, MockbrewError, NoSuchRig, StillEvolving
from mockbrew.faults.devices import Fault
from mockbrew.faults.documents import AnyFault, decode, of_devices, of_transport
from mockbrew.judgement import judge
from mockbrew.kept_specs import Former, Kept, kept_record, read, record_of, unpacked
from mockbrew.plant import Anchor, Plant
from mockbrew.replaying import Overtaken
from mockbrew.restless import restless
from mockbrew.rigs import PATIENCE, UNDER_LOCK, Rigs, SpecChanged
from mockbrew.routes import addresses
from mockbrew.spec import Spec
from mockbrew.staying import staying
from mockbrew.stores.base import CellRow, RigRow, Store
from mockbrew.switching import Judged, Switch, switched

log = logging.getLogger(__name__)


def migrate(
    store: Store, rig: str, spec: Spec, kinds: Kinds, *, record: str | None = None, stopwatch: Callable[[], float] = time.monotonic
) -> None:
    """Carry `rig` over to `spec`; nothing happens if it is there already. Raises StillEvolving (progress is kept), StoreError.

    record: what the store keeps of `spec`, if it is made already.
    """
    record, patience = record or record_of(spec), budget(stopwatch, PATIENCE)
    while not patience.spent:
        with store.transaction() as transaction:
            row = transaction.rig(rig)
            if row is None or row.spec == spec.digest:
                return
            text = kept_record(transaction, row)
            transaction.put_spec(spec.digest, record)  # here, since a large one takes its time where nobody has it yet
        try:
            switch = _prepared(store, row, unpacked(text, row.spec, kinds), spec, patience)
        except (SpecChanged, NoSuchRig):  # somebody else was quicker
            continue
        faults = _surviving(row.faults, switch)
        with not_collecting(), store.transaction() as transaction:  # else a third of the time goes into that, with many cells
            after = switched(transaction, store.wall(), row, switch, faults, budget(stopwatch, UNDER_LOCK))
        if after is not None:
            _report(row.name, switch)
            _report_faults(row, after)
            return
    raise StillEvolving(0.0)


# -- before the lock -----------------------------------------------------------------------------------------------


def _prepared(store: Store, row: RigRow, kept: Kept, spec: Spec, patience: Budget) -> Switch:
    """All that the switch from a kept spec to this one needs."""
    written = {name for name, _ in store.cells(row)}
    same = staying(kept, spec, apart={fault.device for fault in of_devices(decode(row.faults))})
    before = read(kept, written, staying=same, watched=_watched(spec))
    judged = _judged(before, store, row, patience.within(PATIENCE / 2))
    plant = Plant(spec)
    if before.spec is None:
        return Switch(before, None, _rows(store, row, sorted(same & written)), {}, judged, plant, _heirs(plant, before, (), same))
    rigs = Rigs(before.spec, store, stopwatch=patience.stopwatch, record=kept.record)
    reached = _caught_up(rigs, row, written, patience)
    rows = _rows(store, row, sorted(same & (written | reached.keys())))
    anchors = {name: anchor for name, anchor in reached.items() if name not in same}
    return Switch(before, rigs.plant, rows, anchors, judged, plant, _heirs(plant, before, anchors, same))


def _watched(spec: Spec) -> set[str]:
    """The devices that rules are about."""
    return {variable.device for rule in spec.hazards.values() for variable in rule.when.variables}


def _rows(store: Store, row: RigRow, names: Iterable[str]) -> dict[str, CellRow]:
    """The rows of these cells, each as far as it has got."""
    loaded = {name: store.load(row.name, name) for name in names}
    furthest = {name: each.ahead or each.row for name, each in loaded.items() if each is not None}
    return {name: each for name, each in furthest.items() if each is not None}


def _caught_up(rigs: Rigs, row: RigRow, written: Collection[str], patience: Budget) -> dict[str, Anchor]:
    """The cells that are not at their initial state, evolved to near now; but for those that can't be.

    Those that stay are among them only where a rule is about them: who judges it begins at the switch, and should not have far to go.
    """
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


def _heirs(plant: Plant, before: Former, anchors: Collection[str], same: Container[str]) -> dict[str, Sequence[Device | None]]:
    """The cells of the new plant that take over from those anchored, or move by themselves. same: those that are staying."""
    old = before.spec
    known = {name: old.entries[name].device for cell in old.cells if cell[0] in anchors for name in cell} if old else {}
    homes = (plant.home[name] for name in known if name in plant.home)
    return {name: [_former(device, known) for device in plant.cell(name).devices] for name in (*homes, *restless(plant.spec, but=same))}


def _former(device: Device, known: Mapping[str, Device]) -> Device | None:
    """What a device was, if it is still of the same kind."""
    before = known.get(device.name)
    return before if before is not None and before.kind == device.kind else None


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


# -- what is told of it --------------------------------------------------------------------------------------------


def _report(rig: str, switch: Switch) -> None:
    before, kinds = switch.before, {name: entry.device.kind for name, entry in switch.spec.entries.items()}
    same = {name for name, kind in kinds.items() if name in before.sound and switch.remains(name, kind)}
    fresh = [name for name in kinds if name not in same]
    gone = [name for name, kind in before.kinds.items() if kinds.get(name) != kind]
    log.warning(
        "rig %r goes on with a changed spec: %d devices keep their state; fresh: %s; gone: %s", rig, len(same), _some(fresh), _some(gone)
    )
    if before.why:
        log.warning("rig %r: nothing else keeps its state, since the spec before can't be read any more: %s", rig, before.why)


def _report_faults(before: RigRow, after: RigRow) -> None:
    left = {each.name for each in decode(after.faults)}
    gone = [each.name for each in decode(before.faults) if each.name not in left]
    if gone:
        log.warning("rig %r: faults are dropped, since what they were about has changed: %s", before.name, _some(gone))


def _some(names: list[str], most: int = 20) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return (", ".join(names[:most]) or "none") + more
