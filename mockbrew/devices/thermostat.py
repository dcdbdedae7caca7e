"""Thermostat: on below the band, off at the setpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from mockbrew.clock import nanoseconds
from mockbrew.devices.base import View
from mockbrew.devices.declare import number
from mockbrew.devices.loop import Loop, Orders


class Programme(NamedTuple):
    """on, setpoint, began, release, taken: as `Loop` says. heating: 1 while it wants heat; since: virtual ns from which it does."""

    on: int
    setpoint: float
    began: int
    release: int | None
    taken: int
    heating: int
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Thermostat(Loop):
    """Switches on at a sample below setpoint - band, off at one at or above the setpoint."""

    kind = "thermostat"
    layout: ClassVar[type[Any]] = Programme

    band: float = number("how far the temperature falls before it heats again", unit="K", default=0.5, minimum=0, maximum=50)
    # 3 s: what a gas valve tolerates
    minimum_on: float = number("least time that it heats", unit="s", default=0.0, minimum=0, maximum=3600)

    def initial(self, view: View) -> Programme:
        """Off."""
        return Programme(0, self.setpoint, 0, None, 0, 0, 0)

    def started(self, at: int) -> dict[str, Any]:
        """Nothing is wanted before the first sample, which is the start itself."""
        return {**Loop.started(self, at), "heating": 0, "since": at}

    def due(self, state: Programme) -> int | None:
        """The next sample, or the end."""
        return self.next_sample(state) if state.on else state.release

    def act(self, state: Programme, view: View) -> tuple[Programme, Orders]:
        """Look, decide, order."""
        if not state.on:
            return state._replace(release=None, heating=0), self.heat_orders[0]
        on, setpoint, began, release, taken, before, since = state
        heating = self._wanted(state, view.reading(self.probe, "temperature"), view.at)
        if heating and not before:
            since = view.at
        return Programme(on, setpoint, began, release, taken + 1, heating, since), self.heat_orders[heating]

    def _wanted(self, state: Programme, value: Any, at: int) -> int:
        if value is None:  # nothing measured: nothing heated
            return 0
        if value < state.setpoint - self.band:
            return 1
        warm = value >= state.setpoint and at - state.since >= nanoseconds(self.minimum_on)
        return 0 if warm else state.heating
