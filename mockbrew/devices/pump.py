"""Pump: moves liquid, or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from mockbrew.devices.base import Mover
from mockbrew.devices.declare import condition, flag, number
from mockbrew.devices.switch import FEEDBACK, Position, Switch, told


@dataclass(frozen=True, slots=True, kw_only=True)
class Pump(Mover):
    """A pump with one speed: 1 is running, 0 stands."""

    kind = "pump"
    layout: ClassVar[type[Any]] = Position
    readings = Switch.readings
    verbs = Switch.verbs
    presets = Switch.presets
    failures = Switch.failures

    # 10 L/min: what beerbot's pumps move; BrewPi's move 8
    flow: float = number("what it moves through all its open pipes together", unit="L/min", default=10.0, minimum=0.001, maximum=1000)
    feedback: bool = flag(FEEDBACK)
    held: int | None = condition()

    commanded = told

    def moves(self, state: Position) -> float:
        """L/min."""
        return (state.on if self.held is None else self.held) * self.flow
