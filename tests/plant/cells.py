"""Small plants for the tests, and the words to drive them with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mockbrew import plant
from mockbrew.clock import nanoseconds
from mockbrew.devices.base import Device, Surroundings
from mockbrew.devices.heater import Heater
from mockbrew.devices.pid import Pid
from mockbrew.devices.probe import Probe
from mockbrew.devices.pump import Pump
from mockbrew.devices.thermostat import Thermostat
from mockbrew.devices.vessel import Vessel
from mockbrew.plant import Anchor, Cell, Look

ROOM = Surroundings(ambient=20.0, boiling_point=100.0)
ENDLESS = 10_000_000  # boundaries


def kettle(
    *others: Device, volume: float, loss: float, power: float = 5500.0, wall: float = 4.0, start: float | None = None, **options: Any
) -> Cell:
    """A vessel V of 50 L with a heater H, a probe T of 10 s lag, and whatever else is given."""
    vessel = Vessel(name="V", capacity=50, volume=volume, loss=loss, wall=wall, temperature=start, **options)
    return plant.build((vessel, Heater(name="H", vessel="V", power=power), Probe(name="T", vessel="V"), *others), ROOM)


def pid(**options: Any) -> tuple[Device, Device]:
    """A pump P and a PID C that heats with H by T."""
    return Pump(name="P"), Pid(name="C", probe="T", heaters=("H",), pumps=("P",), **options)


def thermostat(**options: Any) -> Device:
    """A thermostat C that heats with H by T."""
    return Thermostat(name="C", probe="T", heaters=("H",), **options)


def evolve(cell: Cell, anchor: Anchor, seconds: float, seed: str = "") -> Anchor:
    """To `seconds` of virtual time, however many boundaries that takes."""
    evolved, done = plant.evolve(cell, anchor, nanoseconds(seconds), seed, limit=ENDLESS)

    assert done
    return evolved


def order(cell: Cell, anchor: Anchor, seconds: float, device: str, verb: str, seed: str = "", **arguments: Any) -> Anchor:
    """Evolve to `seconds` and command."""
    return plant.command(cell, evolve(cell, anchor, seconds, seed), nanoseconds(seconds), seed, device, verb, arguments)


def look(cell: Cell, anchor: Anchor, seconds: float, seed: str = "") -> Look:
    """What there is to see at `seconds`."""
    return Look(cell, evolve(cell, anchor, seconds, seed), nanoseconds(seconds), seed)


def started(cell: Cell, device: str, verb: str, seed: str = "") -> Anchor:
    """The initial state with one command given at 0."""
    return order(cell, plant.initial(cell, 0), 0, device, verb, seed)


def readings(cell: Cell, anchor: Anchor, seconds: Iterable[float], device: str, reading: str) -> list[Any]:
    """A reading at several instants, in their order."""
    values = []
    for at in seconds:
        anchor = evolve(cell, anchor, at)
        values.append(Look(cell, anchor, nanoseconds(at), "").reading(device, reading))
    return values
