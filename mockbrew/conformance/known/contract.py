"""The contract: the endpoints of a spec as a client sees them, what their replies show, and which commands can be given. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from mockbrew.devices.base import Device
from mockbrew.devices.declare import Value
from mockbrew.endpoints import Address, Endpoint, line
from mockbrew.reply_schemas import reply_schema
from mockbrew.router import Router
from mockbrew.routes import addresses
from mockbrew.spec import Spec

OPEN, SHUT = "\ue000", "\ue001"  # private use: around the name of a placeholder, in a mould
SLOT = re.compile(f"{OPEN}([^{SHUT}]*){SHUT}")


class Point:
    """An endpoint, where it is and what it answers.

    mould: the body as data, with a mark for each placeholder. schema: JSON Schema of the body. device: None for the rig.
    """

    def __init__(self, address: Address, spec: Spec) -> None:
        self.address, self.endpoint = address, address.endpoint
        self.schema = reply_schema(spec, address.endpoint)
        self.mould = json.loads(address.endpoint.body(lambda name: f"{OPEN}{name}{SHUT}"))
        self.device = spec.entries[address.endpoint.device].device if address.endpoint.device is not None else None

    @property
    def of(self) -> str:
        """The name of its device; empty for the rig."""
        return self.endpoint.device or ""

    def path(self, texts: Sequence[str] = ()) -> str:
        """What is asked for these arguments."""
        return line(self.address.path(texts))

    def shown(self, data: Any) -> dict[str, Value]:
        """What a body shows, by name of the placeholder; what does not fit is left out."""
        return {name: value for name, value in _poured(self.mould, data) if isinstance(value, int | float | str | None)}

    @property
    def readings(self) -> tuple[str, ...]:
        """The readings that it shows."""
        return tuple(name for name in self.endpoint.reply.names if self.device is not None and name in self.device.readings)

    @property
    def nullable(self) -> tuple[str, ...]:
        """Those of them that may be null: a device that fails shows it."""
        schemas = {name: self.device.readings[name].schema for name in self.readings} if self.device is not None else {}
        return tuple(name for name, schema in schemas.items() if "null" in schema.get("type", ()))


@dataclass(frozen=True, slots=True)
class Command:
    """An order that can be given: an endpoint with a verb, with its arguments as they are written and as they are meant."""

    point: Point
    texts: tuple[str, ...]
    arguments: Mapping[str, Any]

    @property
    def endpoint(self) -> Endpoint:
        """Its endpoint."""
        return self.point.endpoint

    @property
    def path(self) -> str:
        """What is asked."""
        return self.point.path(self.texts)

    @property
    def verb(self) -> str:
        """What it does."""
        return self.endpoint.verb or ""


class Contract:
    """All endpoints of a spec, in its order."""

    def __init__(self, spec: Spec) -> None:
        self.spec, self.router = spec, Router(spec)
        self.points = tuple(Point(address, spec) for address in addresses(spec))

    @cached_property
    def reading_points(self) -> tuple[Point, ...]:
        """Those that change nothing."""
        return tuple(point for point in self.points if not point.endpoint.commands)

    @cached_property
    def reset_points(self) -> tuple[Point, ...]:
        """Those that reset the rig."""
        return tuple(point for point in self.points if point.endpoint.verb == "reset" and point.device is None)

    def showing(self, device: str) -> tuple[Point, ...]:
        """What reads a device."""
        return self._by_device.get(device, ((), ()))[0]

    def commanding(self, device: str) -> tuple[Point, ...]:
        """What commands it."""
        return self._by_device.get(device, ((), ()))[1]

    def visible(self, device: str) -> frozenset[str]:
        """The readings of a device that some endpoint shows."""
        return frozenset(chain.from_iterable(point.readings for point in self.showing(device)))

    @cached_property
    def devices(self) -> tuple[Device, ...]:
        """Those with endpoints, in the order of the spec."""
        return tuple(self.spec.entries[name].device for name in self._by_device)

    @cached_property
    def _by_device(self) -> Mapping[str, tuple[tuple[Point, ...], tuple[Point, ...]]]:
        found: dict[str, tuple[list[Point], list[Point]]] = {}
        for point in self.points:
            if point.of:
                found.setdefault(point.of, ([], []))[point.endpoint.commands].append(point)
        return {name: (tuple(reading), tuple(commanding)) for name, (reading, commanding) in found.items()}


# -- what a body shows ---------------------------------------------------------------------------------------------


def _poured(mould: Any, data: Any) -> Iterator[tuple[str, Any]]:
    """(placeholder, value) for all that is where it should be."""
    if isinstance(mould, str):
        yield from _read(mould, data)
    for inner, value in _within(mould, data):
        yield from _poured(inner, value)


def _within(mould: Any, data: Any) -> Iterable[tuple[Any, Any]]:
    """The pieces of a table or a list, each with what stands in its place."""
    if isinstance(mould, dict) and isinstance(data, dict):
        return [(mould[key], data[key]) for key in mould.keys() & data.keys()]
    if isinstance(mould, list) and isinstance(data, list):
        return zip(mould, data, strict=False)
    return ()


def _read(mould: str, data: Any) -> Iterator[tuple[str, Any]]:
    whole = SLOT.fullmatch(mould)
    if whole:
        yield whole[1], data
    elif OPEN in mould and isinstance(data, str):
        names = SLOT.findall(mould)
        found = re.fullmatch("(.*)".join(map(re.escape, SLOT.split(mould)[::2])), data, re.DOTALL)
        yield from zip(names, map(_meant, found.groups()), strict=True) if found else ()


def _meant(text: str) -> Value:
    """A number where a text is one: in a longer text all values are written as JSON, but for texts."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, int | float | str | None) else text
