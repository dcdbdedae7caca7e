"""The switch of a rig from one spec to another: what is done under the store's lock, at one instant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mockbrew import journal
from mockbrew import plant as plants
from mockbrew.budget import Budget
from mockbrew.devices.base import Device
from mockbrew.devices.declare import State
from mockbrew.faults.devices import Fault
from mockbrew.faults.documents import AnyFault, encode
from mockbrew.judgement import leave, settle
from mockbrew.kept_specs import Former
from mockbrew.messages import DIRECT
from mockbrew.plant import Anchor, Cell, Failing, Plant
from mockbrew.replaying import MIGRATE
from mockbrew.spec import Spec
from mockbrew.stores.base import CellRow, Event, RigRow, Transaction
from mockbrew.timeline import gone_on, instant, seed_of


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
    """From which spec to which.

    staying: the cells that are the same in both, as they are written. anchors: the other cells of the old one that are not at their
    initial state, and former has them built. judged: of the old one, up to about now. plant: of the new one. heirs: its cells that are to
    be written anew, each with its devices as they were; None for one that starts fresh.
    """

    before: Former
    former: Plant | None
    staying: Mapping[str, CellRow]
    anchors: Mapping[str, Anchor]
    judged: Judged
    plant: Plant
    heirs: Mapping[str, Sequence[Device | None]]

    @property
    def spec(self) -> Spec:
        """The new one."""
        return self.plant.spec

    @property
    def reached(self) -> Iterable[int]:
        """How far its cells have got (virtual ns)."""
        return (each.at for cells in (self.anchors, self.staying) for each in cells.values())

    def remains(self, name: str, kind: str) -> bool:
        """Whether the device of that name is still what it was."""
        return self.before.kinds.get(name) == kind

    def fails(self, fault: Fault) -> bool:
        """Whether its device remains, and can fail like that."""
        entry = self.spec.entries.get(fault.device)
        return entry is not None and self.remains(fault.device, entry.device.kind) and fault.sort in entry.device.failures


@dataclass(frozen=True, slots=True)
class Carried:
    """What goes on of the cells that are not staying: states by device, and faults at work."""

    states: Mapping[str, State]
    failings: Sequence[Failing]

    def of(self, cell: Cell) -> tuple[Failing, ...]:
        """The faults of a cell."""
        return tuple(failing for failing in self.failings if failing.fault.device in cell.places)


def switched(transaction: Transaction, wall: int, seen: RigRow, switch: Switch, faults: Sequence[AnyFault], rest: Budget) -> RigRow | None:
    """The rig's new row. None, and nothing done, if somebody wrote the rig meanwhile or the rest to evolve is not short."""
    row = transaction.rig(seen.name)
    if row is None or (row.run, row.events, row.spec, row.faults) != (seen.run, seen.events, seen.spec, seen.faults):
        return None
    at = max([instant(row, wall), *switch.reached])
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
    transaction.drop_cells(row)
    transaction.append(row, Event(row.events, "", row.last_at, wall, "", MIGRATE, "{}", "", row.spec))
    for name, stored in switch.staying.items():
        _put(transaction, row, name, stored.at, stored.body, wall)
    for name, before in switch.heirs.items():
        _put(transaction, row, name, row.last_at, plants.encode(_built(switch.plant.cell(name), before, row.last_at, carried)), wall)
    transaction.put_rig(row)


def _put(transaction: Transaction, row: RigRow, name: str, at: int, body: str, wall: int) -> None:
    """A cell as of `at` (virtual ns). Its log goes on from there: whoever replays it evolves the base to the rig's own event."""
    transaction.put_cell(row, name, CellRow(row.events, row.resets, at, body))
    transaction.append(row, Event(row.events, name, at, wall, "", MIGRATE, "{}", body, row.spec))


def _built(cell: Cell, before: Sequence[Device | None], at: int, carried: Carried) -> Anchor:
    pairs = zip(cell.devices, before, strict=True)
    states = [None if old is None else device.carried(carried.states[device.name], old, at) for device, old in pairs]
    if None in states:
        fresh = plants.initial(cell, at).states
        states = [new if state is None else state for new, state in zip(fresh, states, strict=True)]
    return plants.settled(cell, at, states, carried.of(cell))
