"""Conditions: what must be so of the readings of a rig, `Temp3 >= 65 and not P3.on`; or of what was recorded, `status >= 400`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mockbrew.conditions.expressions import Expression, Not, Valuation, decided
from mockbrew.conditions.grammar import read
from mockbrew.conditions.names import Names, Variable
from mockbrew.devices.declare import Value


@dataclass(frozen=True, slots=True)
class Condition:
    """A text, what it says, and each variable in it once, in their order."""

    text: str
    expression: Expression
    variables: tuple[Variable, ...]

    def holds(self, value: Callable[[Variable], Value]) -> bool:
        """Whether it is so where the variables are this. A comparison with null is false."""
        return bool(self.expression.value(value))

    def decide(self, value: Valuation) -> bool | None:
        """The same where some are intervals; None where it depends on where in them."""
        return decided(self.expression, value)

    @property
    def negated(self) -> Condition:
        """What holds where this does not."""
        text = f"not ({self.text})"
        return Condition(text, Not(text, self.expression), self.variables)


def parse(text: str, names: Names) -> Condition:
    """The condition that a text writes; `names` is made by `names.readings_of` or `names.fields`. Raises BadCondition."""
    expression = read(text, names)
    return Condition(text, expression, tuple(dict.fromkeys(expression.variables())))
