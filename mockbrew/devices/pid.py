"""PID: a duty in [0, 1] from the error, its integral and the slope, given out in windows.

    u_k = clamp(Kp (r - y_k) + I_k - Kp Td (y_k - y_(k-1))/h, 0, 1)
    I_(k+1) = I_k + Kp h/Ti (r - y_k), unless u_k is clamped and this would push it further out

with I_0 = 0 and no derivative at k = 0, which is the start itself; h the sample time. Derivative on measurement and conditional
integration are what CraftBeerPi and Brewblox do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from mockbrew.clock import nanoseconds
from mockbrew.devices.base import Surroundings, View
from mockbrew.devices.declare import Reading, number, references
from mockbrew.devices.loop import ACTUATOR, Loop, Process


class Programme(NamedTuple):
    """on, setpoint, began, release, taken: as `Loop` says.

    integral, duty: shares of full power. last: the previous process value, degC. windows: how many have begun. heating: 1 in the
    on-time of a window, which ends at `until` (virtual ns). pumping: 1 while it wants the pumps. manual: the heaters, as bits, that
    somebody has switched since the last sample.
    """

    on: int
    setpoint: float
    began: int
    release: int | None
    taken: int
    integral: float
    duty: float
    last: float | None
    windows: int
    heating: int
    until: int
    pumping: int
    manual: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pid(Loop):
    """Time-proportioning PID controller in standard form."""

    kind = "pid"
    layout: ClassVar[type[Any]] = Programme
    readings = {
        **Loop.readings,
        "duty": Reading(lambda pid, state, view: state.duty, {"type": "number", "minimum": 0, "maximum": 1}, "share of full power", "1"),
    }

    # Gains: simulated on the reference rig; sample and window: what CraftBeerPi and Brewblox use (docs/physics.md)
    kp: float = number("proportional gain", unit="1/K", default=0.5, minimum=0, maximum=1e3)
    ti: float = number("integral time", unit="s", default=900.0, minimum=0.001, maximum=1e6)
    td: float = number("derivative time", unit="s", default=20.0, minimum=0, maximum=1e5)
    window: float = number("period of the heaters", unit="s", default=10.0, minimum=0.1, maximum=3600)
    minimum_on: float = number("least on-time in a window", unit="s", default=0.0, minimum=0, maximum=3600)
    minimum_off: float = number("least off-time in a window", unit="s", default=0.0, minimum=0, maximum=3600)
    pumps: tuple[str, ...] = references("what runs while it asks for heat", ACTUATOR)
    pump_band: float = number("how far below the setpoint the pumps start", unit="K", default=0.2, minimum=0, maximum=50)

    # As in `Loop`.
    frame: int = field(init=False, repr=False, compare=False)  # ns of a window
    least: tuple[int, int] = field(init=False, repr=False, compare=False)  # ns of on-time and off-time in it
    gains: tuple[float, float] = field(init=False, repr=False, compare=False)  # 1/K of a sample's error to the integral; s/K of the slope

    def __post_init__(self) -> None:
        Loop.__post_init__(self)
        object.__setattr__(self, "frame", nanoseconds(self.window))
        object.__setattr__(self, "least", (nanoseconds(self.minimum_on), nanoseconds(self.minimum_off)))
        object.__setattr__(self, "gains", (self.kp * self.sample / self.ti, self.kp * self.td))

    @property
    def stirrers(self) -> tuple[str, ...]:
        """Its pumps."""
        return self.pumps

    @property
    def pace(self) -> int:
        """ns."""
        return min(self.period, self.frame // 2)

    def check(self, surroundings: Surroundings) -> Iterator[tuple[str, str]]:
        """A window has room for its least on-time and off-time."""
        yield from Loop.check(self, surroundings)
        for name, least in (("minimum_on", self.minimum_on), ("minimum_off", self.minimum_off)):
            if least > self.window:
                yield name, f"{least} s is longer than the window; at most {self.window} s"
        if max(self.minimum_on, self.minimum_off) <= self.window < self.minimum_on + self.minimum_off:
            yield "minimum_off", f"with minimum_on it is longer than the window; at most {self.window - self.minimum_on:g} s"

    def initial(self, view: View) -> Programme:
        """Off."""
        return Programme(0, self.setpoint, 0, None, 0, 0.0, 0.0, None, 0, 0, 0, 0)

    def started(self, at: int) -> dict[str, Any]:
        """As if it had never run."""
        fresh = {"integral": 0.0, "duty": 0.0, "last": None, "windows": 0, "heating": 0, "until": at, "pumping": 0, "manual": 0}
        return {**Loop.started(self, at), **fresh}

    def rephased(self, at: int) -> dict[str, Any]:
        """The integral stays; the next sample has no derivative, and begins a window."""
        return {**Loop.rephased(self, at), "last": None, "windows": 0, "heating": 0, "until": at, "manual": 0}

    def due(self, state: Programme) -> int | None:
        """The next sample, window start or end of an on-time; or the end of all."""
        if not state.on:
            return state.release
        sample, window = state.began + state.taken * self.period, state.began + state.windows * self.frame
        due = sample if sample < window else window
        return state.until if state.heating and state.until < due else due

    def let_go(self, state: Programme) -> Programme:
        """No duty any more."""
        return state._replace(release=None, duty=0.0, heating=0, pumping=0)

    def run(self, state: Programme, until: int, process: Process) -> Programme:  # noqa: C901 - one loop: a call more costs a tenth of it
        """At each boundary: sample, then begin a window or end an on-time, whichever are due."""
        on, setpoint, began, release, taken, integral, duty, last, windows, heating, end, pumping, manual = state
        sample, window = began + taken * self.period, began + windows * self.frame
        while True:
            at = sample if sample < window else window
            if heating and end < at:
                at = end
            if at > until or at >= process.due:
                return Programme(on, setpoint, began, release, taken, integral, duty, last, windows, heating, end, pumping, manual)
            before, sampled, process.at = heating, at == sample, at
            if sampled:
                value = process.sense()
                integral, duty, pumping = self._sampled(setpoint, integral, last, pumping, value)
                last, manual, taken, sample = value, 0, taken + 1, sample + self.period
            if at == window:
                end = window + self._on_time(duty)
                heating, windows, window = int(end > at), windows + 1, window + self.frame
            elif heating and at == end:
                heating = 0
            if sampled:
                process.order(heating, pumping)
            elif heating != before:
                manual = process.switch(heating, manual)

    def _sampled(self, setpoint: float, integral: float, last: Any, pumping: int, value: Any) -> tuple[float, float, int]:
        """integral, duty and pumping after a sample."""
        if value is None:  # no measurement: no power, the integral and the pumps as they are
            return integral, 0.0, pumping
        too_cold, (of_error, of_slope) = setpoint - value, self.gains
        slope = 0.0 if last is None else (value - last) / self.sample
        wanted = self.kp * too_cold + integral - of_slope * slope
        outward = (wanted > 1.0 and too_cold > 0) or (wanted < 0.0 and too_cold < 0)
        if not outward:
            integral += of_error * too_cold
        pumping = 1 if too_cold > self.pump_band else 0 if too_cold <= 0 else pumping
        return integral, 0.0 if wanted < 0.0 else 1.0 if wanted > 1.0 else wanted, pumping

    def _on_time(self, duty: float) -> int:
        """ns of heat in one window: the duty to a thousandth, then nothing or the least where it is nearer to them than that."""
        window = self.frame
        on = round(duty * 1000) * window // 1000
        least_on, least_off = self.least
        if on < least_on:
            on = least_on if 2 * on >= least_on else 0
        if window - on < least_off:
            on = window - least_off if 2 * (window - on) >= least_off else window
        return on
