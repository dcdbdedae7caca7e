"""Pace: how time goes by while an effect is waited for. At real hardware it passes; a mock is told to jump ahead."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from mockbrew.conformance.results import REAL, VIRTUAL
from mockbrew.conformance.server.plane import Plane


class Pace(Protocol):
    """name: of `results`. step: s between two looks while something heats."""

    @property
    def name(self) -> str: ...

    @property
    def step(self) -> float: ...

    def wait(self, seconds: float) -> None:
        """Let as much time go by, of the rig. Raises PlaneLost."""
        ...

    def now(self) -> float:
        """s since something that does not matter. Raises PlaneLost."""
        ...


@dataclass(frozen=True, slots=True)
class Real:
    """The time that there is."""

    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    name: str = REAL
    step: float = 1.0

    def wait(self, seconds: float) -> None:
        if seconds > 0:
            self.sleep(seconds)

    def now(self) -> float:
        return self.clock()


@dataclass(frozen=True, slots=True)
class Virtual:
    """The clock of a rig that is a mockbrew's."""

    plane: Plane
    name: str = VIRTUAL
    step: float = 10.0

    def wait(self, seconds: float) -> None:
        if seconds > 0:
            self.plane.advance(seconds)

    def now(self) -> float:
        return self.plane.time()
