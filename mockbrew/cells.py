"""A cell: devices and vessels that the spec couples, and what follows from how they are coupled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, count
from operator import is_not
from typing import Any, NamedTuple

from mockbrew.bodies import Body, make_body
from mockbrew.devices.base import Controller, Device, Gate, Mover, Surroundings, View, refers
from mockbrew.devices.pipe import Pipe
from mockbrew.devices.vessel import Vessel
from mockbrew.plumbing import Plumbing, make_plumbing

States = tuple[Any, ...]  # one for each device of a cell, of its kind's layout


class Interlock(NamedTuple):
    """A rule that nothing may break which somebody or some controller orders: the order is refused. broken: whether it is, in a view."""

    name: str
    broken: Callable[[View], bool]


@dataclass(frozen=True, slots=True)
class Cell:
    """Devices and vessels that the spec couples. `places` says where each stands in `devices` and in a cell's states.

    body_of: the number of the body, by place of what moves with it. moving: by number of the body, these places. heated: the number of
    the body, by place of heat sources. valved: places of gates and movers. controller_at: the number of the controller, by place.
    attached: by number of the controller, the numbers of the bodies that it looks at or heats. interlocks: the rules that orders must keep.
    broken: the same cell with other devices in the places of those that fail, by these (`faults.active` fills it).
    """

    devices: tuple[Device, ...]
    places: Mapping[str, int]
    surroundings: Surroundings
    bodies: tuple[Body, ...]
    body_of: Mapping[int, int]
    moving: tuple[tuple[int, ...], ...]
    heated: Mapping[int, int]
    valved: frozenset[int]
    plumbing: Plumbing
    controllers: tuple[tuple[int, Controller], ...]
    controller_at: Mapping[int, int]
    attached: tuple[frozenset[int], ...]
    interlocks: tuple[Interlock, ...] = ()
    broken: dict[tuple[tuple[int, Device], ...], Cell] = field(default_factory=dict, compare=False, repr=False)


def build(devices: tuple[Device, ...], surroundings: Surroundings, interlocks: tuple[Interlock, ...] = ()) -> Cell:
    """The cell of these devices, in their order."""
    bodies = tuple(make_body(place, device, devices, surroundings) for place, device in enumerate(devices) if isinstance(device, Vessel))
    controllers = tuple((place, device) for place, device in enumerate(devices) if isinstance(device, Controller))
    moving = tuple((body.place, *body.immersed, *body.lagging) for body in bodies)
    return Cell(
        devices=devices,
        places={device.name: place for place, device in enumerate(devices)},
        surroundings=surroundings,
        bodies=bodies,
        body_of={place: number for number, places in enumerate(moving) for place in places},
        moving=moving,
        heated={place: number for number, body in enumerate(bodies) for place, _ in body.sources},
        valved=frozenset(place for place, device in enumerate(devices) if isinstance(device, Gate | Mover)),
        plumbing=make_plumbing(devices, bodies, surroundings),
        controllers=controllers,
        controller_at={place: number for number, (place, _) in enumerate(controllers)},
        attached=tuple(_attached(controller, devices, bodies) for _, controller in controllers),
        interlocks=interlocks,
    )


def _attached(controller: Controller, devices: tuple[Device, ...], bodies: tuple[Body, ...]) -> frozenset[int]:
    named = {device.name: device for device in devices}
    reached, rest = {controller.name}, [controller.name]
    while rest:
        device = named[rest.pop()]
        near = () if isinstance(device, Pipe) else {other for _, other, _ in refers(device)} - reached
        reached.update(near)
        rest.extend(near)
    return frozenset(number for number, body in enumerate(bodies) if body.vessel.name in reached)


def changed(before: Sequence[Any], after: Sequence[Any]) -> Sequence[int]:
    """The places at which states are other objects: of many, mostly a few."""
    return list(compress(count(), map(is_not, before, after)))
