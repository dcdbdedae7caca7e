"""The clock of a rig, told and set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mockbrew.client.answers import Instant

__tracebackhide__ = True  # pytest shows where a test asked, and none of the lines here


@dataclass(frozen=True, slots=True)
class Clock:
    """The virtual time of a rig, in seconds since it was made."""

    ask: Callable[..., Any] = field(repr=False)  # as `Rig.ask`

    @property
    def now(self) -> Instant:
        """Time, rate and horizon, all at one instant."""
        return Instant.of(self.ask("GET", "clock"))

    @property
    def time(self) -> float:
        """s."""
        return self.now.time

    @property
    def rate(self) -> float:
        """Virtual seconds per second; 0 if it is frozen."""
        return self.now.rate

    def freeze(self) -> Instant:
        """Let it stand. A rig that this makes is at 0 s exactly."""
        return self.run(0)

    def run(self, rate: float = 1) -> Instant:
        """Let it go on, `rate` (0 to 100,000) times as fast as real time."""
        return Instant.of(self.ask("PUT", "clock", body={"rate": rate}))

    def advance(self, seconds: float) -> Instant:
        """Jump ahead; what happens on the way happens."""
        return Instant.of(self.ask("POST", "clock/advance", body={"seconds": seconds}))

    def jump(self, time: float) -> Instant:
        """Jump to an instant (s). Refused with 409 if that is in the past."""
        return Instant.of(self.ask("PUT", "clock", body={"time": time}))
