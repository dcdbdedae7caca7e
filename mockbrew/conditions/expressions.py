"""What a condition is made of. An expression has a value once it is said what each variable in it is: a number, an interval, or null.

Null in arithmetic gives null; so does a division by zero. A comparison with null is false.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

from mockbrew.conditions.intervals import Interval, Undecided
from mockbrew.conditions.names import Variable
from mockbrew.devices.declare import Value

Valuation = Callable[[Variable], Value | Interval]
"""What each variable is; it may raise Undecided, where that is more than an interval can say."""

OPERATIONS: Mapping[str, Callable[[Any, Any], Any]] = MappingProxyType(
    {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
)
RELATIONS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {"<=": operator.le, ">=": operator.ge, "==": operator.eq, "!=": operator.ne, "<": operator.lt, ">": operator.gt}
)


class Expression(Protocol):
    """Something with a value: a number, an interval, a text, a truth value or null. `text`: as it is written."""

    @property
    def text(self) -> str: ...

    def value(self, of: Valuation) -> Any:
        """Raises Undecided."""
        ...

    def variables(self) -> Iterator[Variable]:
        """In their order, as often as they occur."""
        ...


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, true, false or null."""

    text: str
    constant: Value

    def value(self, of: Valuation) -> Any:
        return self.constant

    def variables(self) -> Iterator[Variable]:
        yield from ()


@dataclass(frozen=True, slots=True)
class Looked:
    """What a variable is."""

    text: str
    variable: Variable

    def value(self, of: Valuation) -> Any:
        return of(self.variable)

    def variables(self) -> Iterator[Variable]:
        yield self.variable


@dataclass(frozen=True, slots=True)
class Negated:
    """The negative of a number."""

    text: str
    operand: Expression

    def value(self, of: Valuation) -> Any:
        operand = self.operand.value(of)
        return None if operand is None else -operand

    def variables(self) -> Iterator[Variable]:
        yield from self.operand.variables()


@dataclass(frozen=True, slots=True)
class Chain:
    """Numbers added and subtracted, or multiplied and divided, from left to right."""

    text: str
    first: Expression
    rest: tuple[tuple[str, Expression], ...]

    def value(self, of: Valuation) -> Any:
        total = self.first.value(of)
        for sign, operand in self.rest:
            total = _operated(sign, total, operand.value(of))
        return total

    def variables(self) -> Iterator[Variable]:
        yield from _of_all((self.first, *(operand for _, operand in self.rest)))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two values and a relation of `RELATIONS`."""

    text: str
    left: Expression
    relation: str
    right: Expression

    def value(self, of: Valuation) -> bool:
        left, right = self.left.value(of), self.right.value(of)
        if left is None or right is None:
            return False
        return RELATIONS[self.relation](left, right)

    def variables(self) -> Iterator[Variable]:
        yield from _of_all((self.left, self.right))


@dataclass(frozen=True, slots=True)
class Nothing:
    """Whether a value is null; with `!=`, whether it is not."""

    text: str
    operand: Expression
    relation: str

    def value(self, of: Valuation) -> bool:
        return (self.operand.value(of) is None) == (self.relation == "==")

    def variables(self) -> Iterator[Variable]:
        yield from self.operand.variables()


@dataclass(frozen=True, slots=True)
class Not:
    """Whether it is not so: of null, which is not so, it is."""

    text: str
    operand: Expression

    def value(self, of: Valuation) -> bool:
        return not self.operand.value(of)

    def variables(self) -> Iterator[Variable]:
        yield from self.operand.variables()


@dataclass(frozen=True, slots=True)
class Junction:
    """All of them (`and`), or any of them (`or`). decisive: what one of them must be for the others not to matter."""

    text: str
    operands: tuple[Expression, ...]
    decisive: bool

    def value(self, of: Valuation) -> bool:
        undecided = False
        for operand in self.operands:
            found = decided(operand, of)
            if found is self.decisive:
                return found
            undecided = undecided or found is None
        if undecided:
            raise Undecided
        return not self.decisive

    def variables(self) -> Iterator[Variable]:
        yield from _of_all(self.operands)


def decided(expression: Expression, of: Valuation) -> bool | None:
    """Whether it is so; None where that depends on where in an interval."""
    try:
        return bool(expression.value(of))
    except Undecided:
        return None


def _of_all(expressions: Sequence[Expression]) -> Iterator[Variable]:
    for expression in expressions:
        yield from expression.variables()


def _operated(sign: str, left: Any, right: Any) -> Any:
    if left is None or right is None:
        return None
    try:
        return OPERATIONS[sign](left, right)
    except ZeroDivisionError:
        return None
