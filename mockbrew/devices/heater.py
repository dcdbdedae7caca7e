"""Heater: an electric element or a burner."""

from __future__ import annotations

from dataclasses import dataclass

from mockbrew.devices.base import HeatSource
from mockbrew.devices.declare import Reading, number
from mockbrew.devices.switch import Position, Switch


@dataclass(frozen=True, slots=True, kw_only=True)
class Heater(HeatSource):
    """Turns power into heat in one vessel while it is on."""

    kind = "heater"
    layout = Position
    verbs = Switch.verbs
    readings = {
        **Switch.readings,
        "power": Reading(lambda heater, state, view: state.on * heater.power, {"type": "number"}, "what it consumes", "W"),
    }

    power: float = number("fuel or current that it consumes", unit="W", minimum=0, maximum=1e6)
    efficiency: float = number("share of the power that reaches the liquid", unit="1", default=1.0, minimum=0, maximum=1)

    def heat(self, state: Position) -> float:
        """W into the vessel."""
        return state.on * self.power * self.efficiency
