"""Samples: what the endpoints of a spec answer on a rig that nothing has happened to, at 0 s. Computed, without a store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mockbrew import plant as plants
from mockbrew.devices.base import Device
from mockbrew.devices.declare import NONE
from mockbrew.endpoints import Endpoint
from mockbrew.errors import BadArgument, Interlocked
from mockbrew.plant import Anchor, Cell, Look, Plant
from mockbrew.roster import DEFAULT
from mockbrew.spec import Spec
from mockbrew.timeline import first_seed

SEED = first_seed(DEFAULT)
MOST = 200_000_000  # for each command that is shown, the entries of its cell squared: where pipes join all of them, 10 ns each, so 2 s
SETTLING = 4  # boundaries of each device at 0 s, at most


class Refused(Exception):
    """The endpoint has no good reply to show at 0 s. Not an error: some devices begin like that."""


class Samples:
    """The replies of one spec, each of a rig of its own. Where cells are very large, not all commands have one."""

    __slots__ = ("_beginnings", "_left", "_plant", "_spec")

    def __init__(self, spec: Spec) -> None:
        self._spec, self._plant = spec, Plant(spec)
        self._beginnings: dict[str, tuple[Cell, Anchor]] = {}
        self._left = MOST

    def texts(self, endpoint: Endpoint) -> dict[str, str]:
        """A text for each argument."""
        device = self._device(endpoint)
        return {name: _argument(device, endpoint, name).example(device) for name in endpoint.arguments}

    def reply(self, endpoint: Endpoint) -> bytes:
        """The body of its 200. Raises Refused where it would answer with an error."""
        if endpoint.device is None:
            return endpoint.body(NONE.__getitem__)
        device = self._device(endpoint)
        look, arguments = self._look(device, endpoint)
        return endpoint.body(lambda name: _readable(device, name, look) if name in device.readings else arguments[name])

    def _look(self, device: Device, endpoint: Endpoint) -> tuple[Look, Mapping[str, Any]]:
        cell, anchor = self._beginning(self._plant.home[device.name])
        if endpoint.verb is None:
            return Look(cell, anchor, 0, SEED), NONE
        self._left -= len(cell.devices) ** 2
        if self._left < 0:
            raise Refused("the cells are too large to show every command")
        try:
            arguments = device.verbs[endpoint.verb].parse(device, self.texts(endpoint))
            after = plants.command(cell, anchor, 0, SEED, device.name, endpoint.verb, arguments)
        except (BadArgument, Interlocked) as error:
            raise Refused(str(error)) from error
        return Look(cell, after, 0, SEED), arguments

    def _beginning(self, name: str) -> tuple[Cell, Anchor]:
        if name not in self._beginnings:
            cell = self._plant.cell(name)
            anchor, _ = plants.evolve(cell, plants.initial(cell, 0), 0, SEED, limit=SETTLING * len(cell.devices))
            self._beginnings[name] = cell, anchor
        return self._beginnings[name]

    def _device(self, endpoint: Endpoint) -> Any:
        return endpoint.device and self._spec.entries[endpoint.device].device


def data(reply: bytes) -> Any:
    """A reply as data."""
    return json.loads(reply)


def _argument(device: Device, endpoint: Endpoint, name: str) -> Any:
    return device.verbs[endpoint.verb or ""].arguments[name]


def _readable(device: Device, name: str, look: Look) -> Any:
    value = look.reading(device.name, name)
    why = device.refusal(name, value)
    if why is not None:
        raise Refused(why)
    return value
