"""Standstills: stretches that are taken for what they are at their two ends, however little is decided about them.

- What moves by no more than `PLATEAU` stands still: a boil, or a temperature that has come to rest at the very number that it is
  compared with.
- Readings that are compared with each other and stay equal, such as those of two probes in one vessel: however short a stretch is, their
  bounds overlap. If they are equal at both ends of a short one, they are so in it.
- What can't be computed with intervals is looked at at the ends of short stretches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mockbrew.clock import SECOND
from mockbrew.conditions import Condition
from mockbrew.conditions.expressions import Comparison, Expression, Junction, Not, decided
from mockbrew.conditions.names import Variable
from mockbrew.devices.declare import Value
from mockbrew.seeking.prospect import PLATEAU, Prospect

COARSE = SECOND  # ns; shorter stretches are short

Values = Callable[[Variable], Value]


def unchanged(condition: Condition, prospect: Prospect, first: Values, last: Callable[[], Values]) -> bool:
    """Whether a condition is the same in all of a prospect as at its ends. first, last: what the variables are there."""
    open_ones = [leaf for leaf in leaves(condition.expression) if decided(leaf, prospect) is None]
    if not all(_is_still(leaf, prospect) or prospect.high - prospect.low < COARSE for leaf in open_ones):
        return False
    end = last()
    return all(
        bool(leaf.value(first)) is bool(leaf.value(end))
        and (_is_still(leaf, prospect) or _is_opaque(leaf, prospect) or (_is_tie(leaf, first) and _is_tie(leaf, end)))
        for leaf in open_ones
    )


def leaves(expression: Expression) -> Iterator[Expression]:
    """The truth values and comparisons that it is made of."""
    if isinstance(expression, Junction):
        for operand in expression.operands:
            yield from leaves(operand)
    elif isinstance(expression, Not):
        yield from leaves(expression.operand)
    else:
        yield expression


def _is_still(leaf: Expression, prospect: Prospect) -> bool:
    return prospect.moving.isdisjoint(leaf.variables())


def _is_opaque(leaf: Expression, prospect: Prospect) -> bool:
    return not prospect.opaque.isdisjoint(leaf.variables())


def _is_tie(leaf: Expression, of: Values) -> bool:
    if not isinstance(leaf, Comparison) or len(list(leaf.variables())) < 2:
        return False
    left, right = leaf.left.value(of), leaf.right.value(of)
    return all(isinstance(side, int | float) and not isinstance(side, bool) for side in (left, right)) and abs(left - right) <= PLATEAU
