"""Faults of devices at work: how far each has got, its edges, and the cell of changed devices that follows.

A fault that acts puts another device in the place of its own. What it finds when it begins to act, how many occasions it has had and how
often it hit stand in the anchor; all its edges follow from that.
"""

from __future__ import annotations

from dataclasses import dataclass

from mockbrew.devices.declare import Value
from mockbrew.faults import Fault


@dataclass(frozen=True, slots=True)
class Failing:
    """A fault and how far it has got.

    seed: what it draws from. matched, hits: occasions that it has had, and at how many of them it acted. acts: whether it does now.
    caught: what it found when it began to. due: virtual ns at which it ceases to by itself, or None. over: it has ended, or acted as
    often as it should. gone: it was deleted, and only what it has left is there.
    """

    fault: Fault
    seed: str
    matched: int = 0
    hits: int = 0
    acts: bool = False
    caught: Value = None
    due: int | None = None
    over: bool = False
    gone: bool = False
