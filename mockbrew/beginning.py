"""The beginning of a rig: its cells at 0 s, when nothing has happened to it, and what one command makes of them. No store is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockbrew import plant as plants
from mockbrew.devices.base import Device
from mockbrew.endpoints import Endpoint
from mockbrew.errors import BadArgument, Interlocked, Unreadable
from mockbrew.placeholders import values
from mockbrew.plant import Anchor, Cell, Look, Plant
from mockbrew.presets import Wanted, preset
from mockbrew.roster import DEFAULT
from mockbrew.spec import Spec
from mockbrew.timeline import first_seed

SEED = first_seed(DEFAULT)
SETTLING = 4  # boundaries of each device at 0 s, at most


class Refused(Exception):
    """There is no good reply at 0 s. Not an error: some devices begin like that."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A cell at 0 s."""

    cell: Cell
    anchor: Anchor

    def preset(self, wanted: Wanted) -> Moment:
        """With readings set to other values."""
        return Moment(self.cell, preset(self.cell, self.anchor, 0, SEED, wanted)) if wanted else self

    def commanded(self, device: Device, verb: str, arguments: Mapping[str, Any]) -> Moment:
        """After a command. Raises Refused where a rule of the rig refuses it, or the device by its state."""
        try:
            return Moment(self.cell, plants.command(self.cell, self.anchor, 0, SEED, device.name, verb, arguments))
        except (BadArgument, Interlocked) as error:
            raise Refused(str(error)) from error

    def body(self, endpoint: Endpoint, device: Device, arguments: Mapping[str, Any]) -> bytes:
        """The reply of an endpoint of this device. Raises Refused where it would be an error."""
        try:
            return endpoint.body(values(device, Look(self.cell, self.anchor, 0, SEED), arguments))
        except Unreadable as error:
            raise Refused(str(error)) from error


class Beginning:
    """Of one spec. Each cell is brought to rest once, when it is asked for."""

    __slots__ = ("_moments", "_plant")

    def __init__(self, spec: Spec) -> None:
        self._plant = Plant(spec)
        self._moments: dict[str, Moment] = {}

    def of(self, device: Device) -> Moment:
        """The cell of a device."""
        name = self._plant.home[device.name]
        return self._moments.get(name) or self._moments.setdefault(name, self._moment(name))

    def _moment(self, name: str) -> Moment:
        cell = self._plant.cell(name)
        anchor, _ = plants.evolve(cell, plants.initial(cell, 0), 0, SEED, limit=SETTLING * len(cell.devices))
        return Moment(cell, anchor)
