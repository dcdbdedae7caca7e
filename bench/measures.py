"""Measures: what was found, of each round, and what was wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound of the median."""

    sign: Literal[">=", "<="]
    bound: float

    def met(self, value: float) -> bool:
        """Whether a median keeps it."""
        return value >= self.bound if self.sign == ">=" else value <= self.bound

    def document(self, value: float) -> dict[str, Any]:
        """As JSON, with whether a median keeps it."""
        return {"sign": self.sign, "bound": self.bound, "met": self.met(value)}


def at_least(bound: float) -> Goal:
    """The more the better."""
    return Goal(">=", bound)


def at_most(bound: float) -> Goal:
    """The less the better."""
    return Goal("<=", bound)


@dataclass(frozen=True, slots=True)
class Measure:
    """A cell of a table: values of each round, in `unit`, which the title of table, row or column says too."""

    table: str
    row: str
    column: str
    unit: str
    values: Sequence[float]
    goal: Goal | None = None

    def document(self) -> dict[str, Any]:
        """As JSON."""
        place = {"table": self.table, "row": self.row, "column": self.column, "unit": self.unit}
        middle = median(self.values)
        spread = {"least": min(self.values), "median": middle, "most": max(self.values)}
        return {**place, "values": list(self.values), **spread, "goal": self.goal and self.goal.document(middle)}


@dataclass(frozen=True, slots=True)
class Skipped:
    """What was not measured, and why."""

    what: str
    reason: str

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {"what": self.what, "reason": self.reason}


Found: TypeAlias = "Iterator[Measure | Skipped]"
"""What a part of the bench gives, as it goes."""

RATIO, PER_SECOND, SECONDS, MS, US, MB = "ratio", "1/s", "s", "ms", "us", "MB"  # the units that there are
