"""Flow: a sensor for what runs through a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mockbrew.devices.base import Device, Empty, Surroundings, View
from mockbrew.devices.declare import Reading, Reference, number, reference
from mockbrew.devices.pipe import MINUTE
from mockbrew.devices.steps import stepped, too_fine


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow(Device):
    """Measures what runs through a pipe: gain, then resolution, in this order."""

    kind = "flow"

    pipe: str = reference("the pipe in which it measures", Reference("a pipe", kind="pipe"))
    # A wheel in the stream counts its turns: when it is wrong it is so by a share, and reads 0 where nothing flows.
    gain: float = number("what it reads of each litre that flows", unit="1", default=1.0, minimum=0, maximum=10)
    resolution: float = number("step of its readings; 0 for none", unit="L/min", default=0.0, minimum=0, maximum=100)

    def check(self, surroundings: Surroundings) -> Iterator[tuple[str, str]]:
        """A step is one that can be seen."""
        yield from too_fine(self.resolution, "L/min")

    def read(self, state: Empty, view: View) -> float:
        """L/min."""
        return stepped(view.flow(self.pipe) * MINUTE * self.gain, self.resolution)

    readings = {"flow": Reading(read, {"type": "number"}, "the flow that it measures", "L/min")}
