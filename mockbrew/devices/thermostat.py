"""Thermostat: on below the band, off at the setpoint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from mockbrew.clock import nanoseconds
from mockbrew.devices.base import View
from mockbrew.devices.declare import number
from mockbrew.devices.loop import Loop, Process


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

    least_on: int = field(init=False, repr=False, compare=False)  # ns; computed once

    def __post_init__(self) -> None:
        Loop.__post_init__(self)
        object.__setattr__(self, "least_on", nanoseconds(self.minimum_on))

    def initial(self, view: View) -> Programme:
        """Off."""
        return Programme(0, self.setpoint, 0, None, 0, 0, 0)

    def started(self, at: int) -> dict[str, Any]:
        """Nothing is wanted before the first sample, which is the start itself."""
        return {**Loop.started(self, at), "heating": 0, "since": at}

    def due(self, state: Programme) -> int | None:
        """The next sample, or the end."""
        return self.next_sample(state) if state.on else state.release

    def let_go(self, state: Programme) -> Programme:
        """Nothing is wanted any more."""
        return state._replace(release=None, heating=0)

    def run(self, state: Programme, until: int, process: Process) -> Programme:
        """Look, decide, order; at each sample."""
        on, setpoint, began, release, taken, heating, since = state
        at = began + taken * self.period
        while at <= until and at < process.due:
            before, process.at = heating, at
            heating = self._wanted(setpoint, heating, at - since, process.sense())
            if heating and not before:
                since = at
            process.order(heating, 0)
            taken += 1
            at += self.period
        return Programme(on, setpoint, began, release, taken, heating, since)

    def _wanted(self, setpoint: float, heating: int, lasted: int, value: Any) -> int:
        if value is None:  # nothing measured: nothing heated
            return 0
        if value < setpoint - self.band:
            return 1
        warm = value >= setpoint and lasted >= self.least_on
        return 0 if warm else heating
