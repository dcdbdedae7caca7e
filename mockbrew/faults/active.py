"""The active faults: all of the devices of a cell together: the cell of changed devices that they make of it, and how they go on.

A fault that acts puts another device in the place of its own. Several of one device act on it in the order of their making.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import partial
from typing import Any

from mockbrew.cells import Cell, build
from mockbrew.devices.base import Device, View
from mockbrew.devices.declare import Value
from mockbrew.devices.failures import Acting
from mockbrew.faults import failing
from mockbrew.faults.failing import Failing, Failings

REMEMBERED = 64  # combinations of changed devices


def broken(cell: Cell, faults: Failings) -> Cell:
    """The cell while these act in it."""
    altered = tuple(_altered(cell, faults))
    if not altered:
        return cell
    found = cell.broken.get(altered)
    if found is None:
        if len(cell.broken) >= REMEMBERED:
            cell.broken.clear()
        others = dict(altered)
        devices = tuple(others.get(place, device) for place, device in enumerate(cell.devices))
        found = cell.broken[altered] = build(devices, cell.surroundings, cell.interlocks)
    return found


def _altered(cell: Cell, faults: Failings) -> Iterator[tuple[int, Device]]:
    for place in sorted({cell.places[each.fault.device] for each in faults if each.acts}):
        device = _changed(cell.devices[place], faults)
        if device != cell.devices[place]:
            yield place, device


def _changed(device: Device, faults: Iterable[Failing]) -> Device:
    for each in faults:
        if each.acts and each.fault.device == device.name:
            fault = each.fault
            device = device.failures[fault.sort].change(device, Acting(dict(fault.parameters), fault.begins, each.caught))
    return device


def device_of(cell: Cell, each: Failing) -> Device:
    """The device that it is of, as the spec says."""
    return cell.devices[cell.places[each.fault.device]]


# -- how they go on ------------------------------------------------------------------------------------------------


def edges(cell: Cell, faults: Failings, at: int) -> tuple[int, ...]:
    """When each of them changes next by itself, virtual ns; not before `at`, however old what is known of it is."""
    return tuple([max(failing.edge(each, device_of(cell, each)), at) for each in faults])


def crossed(cell: Cell, faults: Failings, view: View) -> Failings:
    """These after their edges up to the instant of a view; each finds what those before it have done."""
    now = list(faults)
    for number, each in enumerate(faults):
        device = device_of(cell, each)
        while failing.edge(now[number], device) <= view.at:
            now[number] = failing.crossed(now[number], device, view.at, partial(_caught, device, now, each.fault.sort, view))
    return tuple(now)


def commanded(cell: Cell, faults: Failings, device: Device, states: tuple[Any, Any], view: View) -> Failings:
    """These after a command that takes a device (as the spec says it) from one of two states to the other."""
    return tuple(_commanded(cell, faults, device, states, view))


def _commanded(cell: Cell, faults: Failings, device: Device, states: tuple[Any, Any], view: View) -> Iterator[Failing]:
    for each in faults:
        if each.fault.device != device.name:
            yield each
            continue
        after = failing.commanded(each, device, view.at, states, partial(_caught, device, faults, each.fault.sort, view))
        if after.acts or not after.gone:
            yield after


def _caught(device: Device, faults: Iterable[Failing], sort: str, view: View) -> Value:
    """What a fault finds that begins to act, of the device as all the others have it."""
    return device.failures[sort].catch(_changed(device, faults), view.state(device.name), view)


def seen(cell: Cell, faults: Failings, at: int) -> Failings:
    """Those that have not been deleted, as they are at `at` (virtual ns), up to which they have no edge."""
    return tuple(failing.seen(each, device_of(cell, each), at) for each in faults if not each.gone)


def mind_commands(cell: Cell, faults: Failings) -> bool:
    """Whether a command to any device may change anything about any of them."""
    return any(failing.minds_commands(each, device_of(cell, each)) for each in faults)


# -- when one is deleted, and at a reset ---------------------------------------------------------------------------


def without(cell: Cell, faults: Failings, names: Collection[str]) -> Failings:
    """These without those of these names, and with what they leave behind."""
    after = (failing.left(each, device_of(cell, each)) if each.fault.name in names and not each.gone else each for each in faults)
    return tuple(each for each in after if each is not None)


def kept(cell: Cell, faults: Failings) -> Failings:
    """These after a reset."""
    return tuple(failing.kept(each, device_of(cell, each)) for each in faults if not each.gone)
