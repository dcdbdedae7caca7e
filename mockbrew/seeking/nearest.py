"""The nearest approaches: how near the comparisons of a condition came to being as it wants them, for whoever has waited in vain."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from mockbrew.conditions import Condition
from mockbrew.conditions.expressions import Comparison, Constant, Expression, Junction, Not, Valuation
from mockbrew.conditions.intervals import Interval, Undecided, ends
from mockbrew.conditions.names import TEXT, Variable
from mockbrew.devices.declare import Value

FINER = 1e-4  # of a gap, and of its unit: what is nearer by less than this is no nearer

_OPPOSITE: Mapping[str, str] = MappingProxyType({"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="})


class Approach:
    """A comparison of numbers. relation: what is wanted of it. value, wanted: its two sides when they were nearest, at `at` (virtual ns).

    gap: how much was missing then; 0 or less: nothing. Until it has been seen, `at` is None.
    """

    __slots__ = ("at", "comparison", "gap", "relation", "value", "wanted")

    def __init__(self, comparison: Comparison, relation: str) -> None:
        self.comparison, self.relation = comparison, relation
        self.gap = float("inf")
        self.value: Value = None
        self.wanted: Value = None
        self.at: int | None = None

    @property
    def text(self) -> str:
        """Such as `Temp3 came as near as 64.5 to 65`."""
        name = self.comparison.left.text
        if self.at is None:
            return f"{name} never showed anything"
        return f"{name} came as near as {_rounded(self.value)} to {_rounded(self.wanted)}"

    def see(self, of: Valuation, at: int) -> None:
        """What it is at one instant."""
        left, right = self.comparison.left.value(of), self.comparison.right.value(of)
        if left is None or right is None:
            return
        gap = _gap(self.relation, left, right)
        if gap < self.gap:
            self.gap, self.value, self.wanted, self.at = gap, left, right, at

    def may_be_nearer(self, of: Valuation) -> bool:
        """Whether it may come nearer, by what can be seen, while the variables are these."""
        if self.gap <= 0:
            return False
        try:
            left, right = self.comparison.left.value(of), self.comparison.right.value(of)
            if left is None or right is None:
                return False
            low, _ = ends(_gap(self.relation, left, right))
        except Undecided:
            return True
        return bool(low < self.gap - FINER * (1.0 + abs(self.gap)))


class Nearest:
    """The approaches of a condition, in their order: of its comparisons of numbers."""

    __slots__ = ("approaches",)

    def __init__(self, condition: Condition) -> None:
        self.approaches = tuple(_approaches(condition.expression, wanted=True))

    @property
    def text(self) -> str:
        """Of all."""
        return ", ".join(approach.text for approach in self.approaches)

    def see(self, of: Callable[[Variable], Value], at: int) -> None:
        """What the variables are at `at` (virtual ns)."""
        for approach in self.approaches:
            approach.see(of, at)

    def may_be_nearer(self, of: Valuation) -> bool:
        """Whether any comparison may come nearer while the variables are these."""
        return any(approach.may_be_nearer(of) for approach in self.approaches)


def _approaches(expression: Expression, *, wanted: bool) -> Iterator[Approach]:
    if isinstance(expression, Junction):
        for operand in expression.operands:
            yield from _approaches(operand, wanted=wanted)
    elif isinstance(expression, Not):
        yield from _approaches(expression.operand, wanted=not wanted)
    elif isinstance(expression, Comparison) and _of_numbers(expression):
        relation = expression.relation if wanted else _OPPOSITE[expression.relation]
        if relation != "!=":
            yield Approach(expression, relation)


def _of_numbers(comparison: Comparison) -> bool:
    """Whether it is a matter of more or less, and something in it may change."""
    sides = comparison.left, comparison.right
    texts = any(isinstance(side, Constant) and isinstance(side.constant, str) for side in sides)
    return not texts and any(variable.type != TEXT for variable in comparison.variables())


def _gap(relation: str, left: Any, right: Any) -> Any:
    if relation == "==":
        return abs(left - right)
    return right - left if relation in (">", ">=") else left - right


def _rounded(value: Value | Interval) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
