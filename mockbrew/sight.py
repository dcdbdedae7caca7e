"""A sight: what the kinds see of the cell that they stand in, at one instant."""

from __future__ import annotations

from typing import Any

from mockbrew.devices.declare import Value
from mockbrew.segment import Segment


class Sight:
    """A cell as it is at one instant (the `View` of the kinds)."""

    __slots__ = ("at", "flight", "seed", "surroundings")

    def __init__(self, flight: Segment, at: int, seed: str) -> None:
        self.flight, self.at, self.seed = flight, at, seed
        self.surroundings = flight.cell.surroundings

    def state(self, name: str) -> Any:
        """The state of a device or vessel of the cell."""
        return self.flight.state_at(self.flight.cell.places[name], self.at)

    def reading(self, name: str, reading: str) -> Value:
        """What a client would read of it."""
        flight = self.flight
        place = flight.cell.places[name]
        device = flight.cell.devices[place]
        return device.readings[reading].read(device, flight.state_at(place, self.at), self)

    def commanded(self, name: str) -> Value:
        """What an actuator was told last, whatever it shows."""
        cell = self.flight.cell
        return cell.devices[cell.places[name]].commanded(self.state(name), self)

    def flow(self, pipe: str) -> float:
        """What flows through a pipe, kg/s."""
        return self.flight.flow(self.flight.cell.places[pipe], self.at)
