"""Valve: lets liquid through, or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from mockbrew.devices.base import Gate
from mockbrew.devices.declare import condition, flag
from mockbrew.devices.switch import FEEDBACK, Position, Switch, told


@dataclass(frozen=True, slots=True, kw_only=True)
class Valve(Gate):
    """A two-way valve: 1 is open, 0 is shut."""

    kind = "valve"
    layout: ClassVar[type[Any]] = Position
    readings = Switch.readings
    verbs = Switch.verbs
    presets = Switch.presets
    failures = Switch.failures

    feedback: bool = flag(FEEDBACK)
    held: int | None = condition()

    commanded = told

    def passes(self, state: Position) -> bool:
        """While it is open."""
        return (state.on if self.held is None else self.held) == 1
