"""Power: a meter for what heaters consume."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from mockbrew.devices.base import Device, Empty, HeatSource, Surroundings, View
from mockbrew.devices.declare import Reading, Reference, references


@dataclass(frozen=True, slots=True, kw_only=True)
class Power(Device):
    """Measures what some heaters consume together, be it current or gas."""

    kind = "power"

    # The role keeps it from reading other meters, or itself.
    heaters: tuple[str, ...] = references("what stands behind it", Reference("a heater", base=HeatSource, reading="power"))

    def check(self, surroundings: Surroundings) -> Iterator[tuple[str, str]]:
        """Without heaters it would read 0 for ever."""
        if not self.heaters:
            yield "heaters", "nothing stands behind it, so it would always read 0; list the heaters that it measures"

    def read(self, state: Empty, view: View) -> float:
        """W."""
        return sum((cast(float, view.reading(heater, "power")) for heater in self.heaters), 0.0)

    readings = {"power": Reading(read, {"type": "number"}, "what they consume together", "W")}
