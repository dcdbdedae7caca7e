"""Words to try the oracle with: a vessel, a heater in it, and what is seen of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mockbrew.clock import SECOND, nanoseconds
from mockbrew.devices.base import Device, Surroundings
from mockbrew.devices.heater import Heater
from mockbrew.devices.vessel import Vessel
from tests.plant.oracle import Command, Oracle, Sight

ROOM = Surroundings(ambient=20.0, boiling_point=100.0)
HEAT: tuple[Command, ...] = ((0, "H", "turn_on", {}),)


def vessel(name: str = "V", **options: Any) -> Vessel:
    return Vessel(**{"name": name, "capacity": 60, "volume": 0, "loss": 0, **options})


def heated(power: float = 5500, **options: Any) -> list[Device]:
    return [vessel(**options), Heater(name="H", vessel="V", power=power)]


def sight(devices: Sequence[Device], seconds: float, history: Sequence[Command] = HEAT) -> Sight:
    switchable = {device.name for device in devices}
    return Oracle(devices, ROOM, [order for order in history if order[1] in switchable]).sights([nanoseconds(seconds)])[0]


def wait_for(devices: Sequence[Device], seconds: float, history: Sequence[Command] = HEAT) -> list[float]:
    """The instants (s) at which the laws have ended by themselves."""
    oracle = Oracle(devices, ROOM, history)
    oracle.sights([nanoseconds(seconds)])
    return [at / SECOND for at in oracle.boundaries]
