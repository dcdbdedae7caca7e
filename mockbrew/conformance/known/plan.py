"""The plan: what has to be looked at, and in which order devices are commanded. Pure.

First what moves or switches nothing hot, then settings of controllers, what heats, controllers, and the reset last, which leaves a rig as
its spec says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mockbrew.conformance.known.contract import Command, Contract, Point
from mockbrew.conformance.known.prediction import Prediction, outputs
from mockbrew.conformance.known.trials import trials
from mockbrew.devices.base import Device, HeatSource
from mockbrew.devices.declare import Value
from mockbrew.devices.loop import Loop

REPLY = ("status", "content-type", "json", "schema", "layout")
"""Checks of one reply."""


@dataclass(frozen=True, slots=True)
class Due:
    """A check that has to be made: its name, and what of, as `results.Check` has it."""

    name: str
    device: str | None
    endpoint: str | None
    url: str

    @property
    def key(self) -> tuple[str, str | None, str | None]:
        """What identifies it."""
        return self.name, self.device, self.endpoint


def of_point(name: str, point: Point) -> Due:
    """A check of an endpoint."""
    return Due(name, point.endpoint.device, point.endpoint.name, point.endpoint.url)


def of_device(name: str, device: str | None) -> Due:
    """A check of a device, or of the rig."""
    return Due(name, device, None, "")


def due(contract: Contract, known: Mapping[str, Prediction]) -> Iterator[Due]:
    """All that there is to look at."""
    for point in contract.points:
        yield from (of_point(name, point) for name in _names(point, known.get(point.of)))
    yield of_device("unknown-path", None)
    for device in contract.devices:
        yield from (of_device(name, device.name) for name in _names_of(contract, device))


def _names(point: Point, known: Prediction | None) -> Iterator[str]:
    yield from REPLY
    if point.nullable:
        yield "value"
    yield from ("head", "methods")
    if not point.endpoint.commands:
        return
    yield "post"
    if point.endpoint.arguments:
        yield "bad-argument"
    if known is None:
        yield "reset"
        return
    yield from ("effect", "prompt")
    if shows_itself(point, known):
        yield "own-reply"
    yield from ("repeat", "others")


def _names_of(contract: Contract, device: Device) -> Iterator[str]:
    if not contract.commanding(device.name):
        return
    yield "holds"
    if isinstance(device, HeatSource):
        yield from ("warms", "cools")
    if isinstance(device, Loop):
        yield from ("heats", "rests", "releases")


def shows_itself(point: Point, known: Prediction) -> bool:
    """Whether the reply to a command shows what it changes."""
    return any(name in known.changing for name in point.endpoint.reply.names)


# -- in which order ------------------------------------------------------------------------------------------------


def plain(contract: Contract, known: Mapping[str, Prediction]) -> list[Device]:
    """What can be commanded and makes nothing hot."""
    return [device for device in _commanded(contract) if not isinstance(device, HeatSource) and not drives_heat(device, known)]


def sources(contract: Contract) -> list[HeatSource]:
    """What heats, and can be commanded."""
    return [device for device in _commanded(contract) if isinstance(device, HeatSource)]


def controllers(contract: Contract, known: Mapping[str, Prediction]) -> list[Device]:
    """What commands what heats, and can be commanded."""
    return [device for device in _commanded(contract) if drives_heat(device, known)]


def drives_heat(device: Device, known: Mapping[str, Prediction]) -> bool:
    """Whether some output of it heats, or drives what does. A loop heats with whatever it has: a valve may let hot water in."""
    return isinstance(device, Loop) or any(_heats(name, known, {device.name}) for name in outputs(device))


def _heats(name: str, known: Mapping[str, Prediction], above: set[str]) -> bool:
    """above: what drives it, so that no ring is gone round twice."""
    below = set(outputs(known[name].device)) - above
    return known[name].heats or isinstance(known[name].device, Loop) or any(_heats(each, known, {*above, name}) for each in below)


def orders(contract: Contract, device: str) -> list[Command]:
    """The commands that a device is given, in the order of the spec."""
    return [command for point in contract.commanding(device) for command in trials(point)]


def from_here(given: list[Command], known: Prediction, shown: Mapping[str, Value]) -> list[Command]:
    """The same in an order whose first one changes something, if one does."""
    changes = [
        command for command in given if any(shown.get(name) != value for name, value in known.after(command).items() if name in shown)
    ]
    if not changes:
        return given
    start = given.index(changes[0])
    return [*given[start:], *given[:start]]


def _commanded(contract: Contract) -> Iterator[Device]:
    return (device for device in contract.devices if contract.commanding(device.name))
