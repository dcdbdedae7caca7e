"""Measures: what was found, of each round, and what was wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal, TypeAlias

ENOUGH = 3  # rounds: the median of fewer is one of the extremes, or between two values that may be far apart


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound of the median."""

    sign: Literal[">=", "<="]
    bound: float

    def met(self, value: float) -> bool:
        """Whether a median keeps it."""
        return value >= self.bound if self.sign == ">=" else value <= self.bound


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

    @property
    def met(self) -> bool | None:
        """Whether the median keeps the goal; None without a goal, and where there are too few rounds to judge."""
        return None if self.goal is None or len(self.values) < ENOUGH else self.goal.met(median(self.values))

    def document(self) -> dict[str, Any]:
        """As JSON."""
        place = {"table": self.table, "row": self.row, "column": self.column, "unit": self.unit}
        spread = {"least": min(self.values), "median": median(self.values), "most": max(self.values)}
        goal = self.goal and {"sign": self.goal.sign, "bound": self.goal.bound, "met": self.met}
        return {**place, "values": list(self.values), **spread, "goal": goal}


@dataclass(frozen=True, slots=True)
class Skipped:
    """What was not measured, and why."""

    what: str
    reason: str

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {"what": self.what, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Begun:
    """What is measured next. lasts: s, about."""

    what: str
    lasts: float


Found: TypeAlias = "Iterator[Measure | Skipped | Begun]"
"""What a part of the bench gives, as it goes."""

RATIO, PER_SECOND, SECONDS, MS, US, MB = "ratio", "1/s", "s", "ms", "us", "MB"  # the units that there are
