"""A view with what the readings of a test look at, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mockbrew.devices.base import Device, Surroundings

ROOM = Surroundings(20.0, 100.0)


@dataclass(frozen=True, slots=True)
class Seen:
    """states, readings (by device and reading) and flows (kg/s, by pipe) as they are said to be."""

    states: Mapping[str, Any] = field(default_factory=dict)
    readings: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    flows: Mapping[str, float] = field(default_factory=dict)
    at: int = 0
    seed: str = ""
    surroundings: Surroundings = ROOM

    def state(self, name: str) -> Any:
        return self.states[name]

    def reading(self, name: str, reading: str) -> Any:
        return self.readings[name, reading]

    def commanded(self, name: str) -> Any:
        return self.readings[name, "state"]

    def flow(self, pipe: str) -> float:
        return self.flows[pipe]


def read(device: Device, reading: str, seen: Seen, state: Any = None) -> Any:
    """What a device shows; its state is its layout's own unless another is given."""
    return device.readings[reading].read(device, device.layout() if state is None else state, seen)
