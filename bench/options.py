"""Options: how long the bench measures, and how large what it measures is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """folder: for files that are gone afterwards. seconds: that each load lasts, in whole ones."""

    folder: Path
    rounds: int = 5
    seconds: int = 2
    warm_up: int = 1  # s of load before the first round
    java: int = 10  # the same for a Java machine, which compiles meanwhile
    devices: Sequence[int] = (30, 1_000, 10_000, 100_000)
    endpoints: int = 10_000
    rigs: Sequence[int] = (1, 100, 10_000)
    vessels: int = 100

    def loads(self, servers: int) -> float:
        """s that it takes to measure so many servers by turns, once warm."""
        return servers * (self.warm_up + self.rounds * self.seconds)

    def within(self, most: int) -> Options:
        """Nothing larger than that."""
        devices, rigs = ([size for size in sizes if size <= most] for sizes in (self.devices, self.rigs))
        return replace(self, devices=devices, rigs=rigs, endpoints=min(self.endpoints, most), vessels=min(self.vessels, most))
