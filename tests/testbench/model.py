"""What a test bench is, in plain Python: rigs as a dozen of fields each, with exact virtual time, to compare the control plane with.

It knows of devices what somebody commanded or broke, and nothing of physics. Times are in ns, of the wall or virtual.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

SECOND = 10**9
AHEAD = 5_000_000  # ns between a change of a clock and the instant from which it holds
MONTH = 30 * 86_400 * SECOND  # how far a rig goes on by itself
VOLUME, TARGET = 40, 60  # of a fresh rig: L, degC
STUCK = {"stuck_on": 1, "stuck_off": 0}
RUN_UNTIL = "/__admin/clock/run-until"


@dataclass(frozen=True)
class Fault:
    """document: as it is listed, but for `state`, `matched` and `hits`. sort "status" is one of transport, the others are of valve A."""

    document: dict[str, Any]
    begins: int
    ends: int | None
    matched: int = 0
    hits: int = 0

    def stage(self, at: int) -> str:
        if at < self.begins:
            return "waiting"
        over = self.ends is not None and at >= self.ends
        return "over" if over or self.hits == self.document.get("count") else "acting"

    def shown(self, at: int) -> dict[str, Any]:
        return {**self.document, "state": self.stage(at), "matched": self.matched, "hits": self.hits}


@dataclass
class Kept:
    """What goes back with a snapshot."""

    base: int
    wall_base: int
    rate: Fraction = Fraction(1)
    last: int = 0  # of the last event
    switches: dict[str, int] = field(default_factory=lambda: {"A": 0, "H": 0, "C": 0})
    target: float = TARGET
    volume: float = VOLUME
    faults: dict[str, Fault] = field(default_factory=dict)


@dataclass
class Rig:
    """runs: how many it has been in. journal: (number, run, virtual ns, what was asked, status) of each entry. entries: so far."""

    name: str
    now: Kept
    life: int = 0
    runs: int = 1
    snapshots: dict[str, tuple[int, Kept]] = field(default_factory=dict)
    journal: list[tuple[int, int, int, str, int]] = field(default_factory=list)
    entries: int = 0
    recording: bool = False

    # -- time ----------------------------------------------------------------------------------------------------

    def clock(self, wall: int) -> int:
        passed = max(wall - self.now.wall_base, 0)
        return self.now.base + passed * self.now.rate.numerator // self.now.rate.denominator

    def at(self, wall: int) -> int:
        return min(max(self.clock(wall), self.now.last), self.now.last + MONTH)

    def still(self, wall: int) -> bool:
        return self.clock(wall) >= self.now.last + MONTH

    def happened(self, wall: int) -> int:
        at = self.at(wall)
        if self.still(wall):
            self.now.base, self.now.wall_base = at, wall
        self.now.last = at
        return at

    def soon(self, wall: int) -> int:
        """The wall from which a changed clock holds: at once, if nobody can have seen it before."""
        fresh = (self.now.base, self.now.wall_base, self.now.rate, self.entries) == (0, wall, Fraction(1), 0)
        return wall if fresh else wall + AHEAD

    def jump(self, wall: int, goal: int, rate: Fraction | None = None) -> None:
        """`goal`: virtual ns at `soon`."""
        soon = self.soon(wall)
        self.now.base, self.now.wall_base = min(goal, self.now.last + MONTH), soon
        self.now.rate = self.now.rate if rate is None else rate

    # -- what is written -----------------------------------------------------------------------------------------

    def say(self, at: int, asked: str, status: int) -> None:
        self.entries += 1
        self.journal.append((self.entries, self.runs, at, asked, status))

    # -- valve A -------------------------------------------------------------------------------------------------

    def really(self, at: int) -> int:
        """Where valve A is: the fault that was made last holds it."""
        acting = [fault for fault in self.now.faults.values() if fault.document["fault"] in STUCK and fault.stage(at) == "acting"]
        return STUCK[acting[-1].document["fault"]] if acting else self.now.switches["A"]

    def first(self, really: int, began: int, until: int) -> int | None:
        """When it is there first."""
        edges = (edge for fault in self.now.faults.values() for edge in (fault.begins, fault.ends) if edge is not None)
        looks = [began, *sorted(edge for edge in edges if began < edge <= until)]
        return next((at for at in looks if self.really(at) == really), None)

    def struck(self, at: int, path: str) -> Fault | None:
        """The fault of transport that answers a request to this endpoint of A. All that act count it; the first answers."""
        hit = None
        for name, fault in self.now.faults.items():
            if fault.document["fault"] == "status" and fault.document.get("endpoint", path) == path and fault.stage(at) == "acting":
                hits = hit is None and fault.document["probability"] == 1.0
                hit = fault if hits else hit
                self.now.faults[name] = replace(fault, matched=fault.matched + 1, hits=fault.hits + hits)
        return hit

    # -- snapshots -----------------------------------------------------------------------------------------------

    def take(self, name: str, wall: int) -> None:
        self.snapshots[name] = (self.at(wall), copy.deepcopy(self.now))

    def restore(self, name: str, wall: int) -> None:
        at, kept = self.snapshots[name]
        self.now = copy.deepcopy(kept)
        self.now.base, self.now.wall_base = at, wall
        self.runs += 1

    def reset(self, wall: int) -> None:
        self.happened(wall)
        fresh = Kept(0, 0)
        self.now.switches, self.now.target, self.now.volume = fresh.switches, fresh.target, fresh.volume
