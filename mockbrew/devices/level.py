"""Level: a sensor for how much liquid a vessel holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mockbrew.devices.base import Device, Empty, Surroundings, View
from mockbrew.devices.declare import Reading, Reference, number, reference
from mockbrew.devices.steps import stepped, too_fine


@dataclass(frozen=True, slots=True, kw_only=True)
class Level(Device):
    """Measures how much liquid a vessel holds: offset, then resolution, in this order."""

    kind = "level"

    vessel: str = reference("the vessel in which it measures", Reference("a vessel", kind="vessel"))
    offset: float = number("what it reads too much", unit="L", default=0.0, minimum=-1000, maximum=1000)
    resolution: float = number("step of its readings; 0 for none", unit="L", default=0.0, minimum=0, maximum=1000)

    def check(self, surroundings: Surroundings) -> Iterator[tuple[str, str]]:
        """A step is one that can be seen."""
        yield from too_fine(self.resolution, "L")

    def read(self, state: Empty, view: View) -> float:
        """L; a litre of water is a kilogram."""
        return stepped(view.state(self.vessel).mass + self.offset, self.resolution)

    readings = {"level": Reading(read, {"type": "number"}, "the liquid that it measures", "L")}
