"""Faults: those of a rig set, listed, deleted and drawn.

Which faults a rig has stands in its row. Faults of devices are at work in the cells, whose logs they enter with a base; of a fault of
transport a note keeps how many requests it has matched and hit, counted in one transaction with the draw.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mockbrew import plant as plants
from mockbrew.drafts import Draft
from mockbrew.endpoints import Endpoint
from mockbrew.errors import BadRequest, NoSuchFault, NoSuchRig, StillEvolving, TooManyFaults
from mockbrew.faults import devices, strikes
from mockbrew.faults.devices import Fault
from mockbrew.faults.documents import (
    MOST,
    AnyFault,
    Document,
    about,
    cells,
    decode,
    encode,
    made,
    mistakes,
    of_devices,
    of_transport,
    shown,
)
from mockbrew.faults.sorts import SORTS
from mockbrew.faults.strikes import Counted, Strike, stage
from mockbrew.faults.transport import TransportFault
from mockbrew.messages import DIRECT, Asked
from mockbrew.plant import Anchor, Failing
from mockbrew.rigs import Rigs
from mockbrew.stores.base import RigRow, Store
from mockbrew.timeline import instant, readable, seed_of

NOTES = "fault"  # the sort of the notes that keep counters

Shown = dict[str, Any]
Mistakes = list[tuple[str, str]]


def set_faults(
    rigs: Rigs, endpoints: Collection[Endpoint], rig: str, documents: Mapping[str, Document], asked: Asked = DIRECT
) -> list[Shown]:
    """Make the faults that documents ask for, each by what its fields begin with in messages; all or none. What was made.

    Raises BadRequest, FaultExists, TooManyFaults, and as `Rigs.change`.
    """
    asked_for = list(documents.values())
    if len(asked_for) > MOST:  # first: looking at each takes milliseconds
        raise TooManyFaults(MOST)
    _refuse(documents, mistakes(rigs.spec, endpoints, asked_for, _now(rigs, rig)))

    def apply(draft: Draft) -> list[Shown]:
        _refuse(documents, [list(devices.times(document, draft.at)) for document in asked_for])
        held = decode(draft.row.faults)
        new = made(held, asked_for, draft.at)
        for cell, ours in _by_cell(rigs, of_devices(new)).items():
            _put(rigs, draft, cell, "fault", ours)
        for each in new:  # one of that name may have been before, and have left its counters where a migration dropped it
            draft.transaction.put_note(draft.row, NOTES, each.name, None)
        draft.row = replace(draft.row, faults=encode([*held, *new]))
        failings = _failings(rigs, {cell: anchor for cell, (_, anchor) in draft.changed.items()}, draft.at)
        told = [_shown(each, draft.at, failings, {}) for each in new]
        draft.say({**asked._asdict(), "verb": "fault", "arguments": {"faults": told}, "status": 201})
        return told

    return rigs.change(rig, _cells(rigs, asked_for), apply)


def listed(rigs: Rigs, rig: str) -> list[Shown]:
    """All faults in the order of their making, each with how far it has got. Raises NoSuchRig, StillEvolving, StoreError."""
    text = rigs.row(rig).faults
    together = rigs.together(rig, cells(text, rigs.plant.home))
    if together.row.faults != text:  # somebody set or deleted some between the two looks
        return listed(rigs, rig)
    failings, counters = _failings(rigs, together.anchors, together.at), _counters(rigs.store, together.row)
    return [_shown(each, together.at, failings, counters) for each in decode(together.row.faults)]


def delete(rigs: Rigs, rig: str, name: str | None = None, asked: Asked = DIRECT) -> list[str]:
    """End and forget the fault of that name, or all; the names of those that are gone. Raises NoSuchFault, and as `Rigs.change`."""
    doomed = _named(decode(rigs.row(rig).faults), name)
    if not doomed:
        return []

    def apply(draft: Draft) -> list[str]:
        held = decode(draft.row.faults)
        ended = _named(held, name)
        for cell, ours in _by_cell(rigs, of_devices(ended)).items():
            _put(rigs, draft, cell, "mend", ours)
        for each in of_transport(ended):
            draft.transaction.put_note(draft.row, NOTES, each.name, None)
        draft.row = replace(draft.row, faults=encode(each for each in held if each not in ended))
        names = [each.name for each in ended]
        draft.say({**asked._asdict(), "verb": "mend", "arguments": {"faults": names}, "status": 200})
        return names

    return rigs.change(rig, list(_by_cell(rigs, of_devices(doomed))), apply)


def strike(store: Store, rig: str, endpoint: Endpoint) -> Strike:
    """What the faults of transport do to one more request to this endpoint, which is counted. Raises StoreError."""
    with store.transaction() as transaction:
        found, wall = transaction.rig(rig), store.wall()
        matching = about(found.faults, endpoint.device, endpoint.url) if found else ()
        if found is None or not matching:
            return Strike()
        row = readable(found, wall)
        notes = {fault.name: transaction.note(row, NOTES, fault.name) for fault in matching}
        counters = {name: _counted(text) for name, text in notes.items() if text}
        struck = strikes.strike(matching, counters, instant(row, wall), lambda fault: _seed(row, fault))
        for name, counted in struck.counted.items():
            transaction.put_note(row, NOTES, name, json.dumps(counted))
        if row != found:
            transaction.put_rig(row)
        return struck._replace(born=row.born)


# -- at work -------------------------------------------------------------------------------------------------------


def _now(rigs: Rigs, rig: str) -> int:
    """Virtual ns of the rig, of which its faults are judged before they are made; a rig that is still to be made begins at 0."""
    try:
        return rigs.now(rig)[1]
    except NoSuchRig:
        return 0


def _cells(rigs: Rigs, documents: Iterable[Document]) -> list[str]:
    return list(dict.fromkeys(rigs.plant.home[each["device"]] for each in documents if each["fault"] not in SORTS))


def _put(rigs: Rigs, draft: Draft, cell: str, verb: str, ours: Sequence[Fault]) -> None:
    """One event, for all faults of a cell that begin or end."""
    if cell not in draft.anchors:  # somebody set it between the look and the lock
        raise StillEvolving(0.0)
    seed, anchor = seed_of(draft.row), draft.anchors[cell]
    if verb == "fault":
        anchor = plants.fail(rigs.plant.cell(cell), anchor, draft.at, seed, *ours)
    else:
        anchor = plants.mend(rigs.plant.cell(cell), anchor, draft.at, seed, *(fault.name for fault in ours))
    draft.put(cell, anchor, verb, {"faults": [fault.name for fault in ours]})


def _by_cell(rigs: Rigs, ours: Iterable[Fault]) -> dict[str, list[Fault]]:
    cells: dict[str, list[Fault]] = {}
    for fault in ours:
        cells.setdefault(rigs.plant.home[fault.device], []).append(fault)
    return cells


def _failings(rigs: Rigs, anchors: Mapping[str, Anchor], at: int) -> dict[str, Failing]:
    each = (failing for cell, anchor in anchors.items() for failing in plants.faults_of(rigs.plant.cell(cell), anchor, at))
    return {failing.fault.name: failing for failing in each}


def _refuse(places: Iterable[str], wrong: Iterable[Mistakes]) -> None:
    """Raises BadRequest, if anything is wrong."""
    found = [
        (".".join(filter(None, (place, field))), message) for place, each in zip(places, wrong, strict=True) for field, message in each
    ]
    if found:
        raise BadRequest(found)


def _named(held: Sequence[AnyFault], name: str | None) -> list[AnyFault]:
    """The one of that name, or all. Raises NoSuchFault."""
    if name is None:
        return list(held)
    found = [each for each in held if each.name == name]
    if not found:
        raise NoSuchFault(name, [each.name for each in held])
    return found


def _shown(fault: AnyFault, at: int, failings: Mapping[str, Failing], counters: Mapping[str, Counted]) -> Shown:
    if isinstance(fault, TransportFault):
        counted = counters.get(fault.name, Counted())
        return shown(fault, stage(fault, counted, at), counted)
    failing = failings[fault.name]
    return shown(fault, failing.stage(at), Counted(failing.matched, failing.hits))


def _counters(store: Store, row: RigRow) -> dict[str, Counted]:
    return {name: _counted(text) for name, text in store.notes(row, NOTES).items()}


def _counted(text: str) -> Counted:
    return Counted(*json.loads(text))


def _seed(row: RigRow, fault: TransportFault) -> str:
    return seed_of(row) if fault.seed is None else str(fault.seed)
