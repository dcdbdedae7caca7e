"""Typed: expressions and their types; what may be joined, computed and compared, and what is said of the rest."""

from __future__ import annotations

from typing import NamedTuple

from mockbrew.checks.findings import unknown
from mockbrew.conditions.expressions import Comparison, Constant, Expression, Looked, Nothing
from mockbrew.conditions.names import CONTINUOUS, NUMBER, TEXT, TRUTH
from mockbrew.conditions.tokens import Token, Wrong

NULL = "null"  # the type of what has none


class Typed(NamedTuple):
    """An expression, its type, and where it begins."""

    expression: Expression
    type: str
    at: int

    @property
    def text(self) -> str:
        """As it is written."""
        return self.expression.text

    @property
    def is_number(self) -> bool:
        return self.type in (NUMBER, CONTINUOUS)

    def truth(self) -> Expression:
        """It, as something that is so or not. Raises Wrong."""
        if self.type == TRUTH:
            return self.expression
        if self.type == NULL:
            raise Wrong(self.at, "null is no truth value; write '== null' after a reading")
        sort, other = ("number", "another") if self.is_number else ("text", "another text")
        raise Wrong(self.at, f"{self.text} is a {sort}; compare it with {other}")

    def number(self) -> Expression:
        """It, as something to compute with. Raises Wrong."""
        if not self.is_number:
            sort = "null" if self.type == NULL else f"{self.text} is a {self.type}"
            raise Wrong(self.at, f"{sort}; only numbers are added, subtracted, multiplied and divided")
        return self.expression


def mixed(*operands: Typed) -> str:
    """The type of what is computed from numbers."""
    return CONTINUOUS if any(each.type == CONTINUOUS for each in operands) else NUMBER


# -- comparisons ---------------------------------------------------------------------------------------------------


def compared(text: str, left: Typed, relation: Token, right: Typed) -> Typed:
    """Both sides of a comparison, which is written like this. Raises Wrong."""
    equal = relation.text in ("==", "!=")
    if NULL in (left.type, right.type):
        _check(equal, relation, "null is compared with == and != only")
        operand = right if left.type == NULL else left
        return Typed(Nothing(text, operand.expression, relation.text), TRUTH, left.at)
    _fit(left, relation, right)
    if left.type == TEXT:
        _check(equal, relation, "texts are compared with == and != only")
        _check_word(left, right)
        _check_word(right, left)
    moving = next((each for each in (left, right) if each.type == CONTINUOUS), None)
    if moving is not None:
        name = moving.expression.variable.name if isinstance(moving.expression, Looked) else moving.text
        _check(not equal, relation, f"{name} hardly ever is exactly a number; write >= or <=")
    return Typed(Comparison(text, left.expression, relation.text, right.expression), TRUTH, left.at)


def _fit(left: Typed, relation: Token, right: Typed) -> None:
    """Two numbers, two texts, two truth values; or a truth value and 1 or 0."""
    types = {TRUTH if each.type == TRUTH else TEXT if each.type == TEXT else NUMBER for each in (left, right)}
    if types == {TRUTH, NUMBER}:
        number = left if left.is_number else right
        truth = right if number is left else left
        bit = isinstance(number.expression, Constant) and number.expression.constant in (0, 1)
        _check(bit, relation, f"{truth.text} is true or false; compare it with 1 or 0")
    elif len(types) > 1:
        word = next(each for each in (left, right) if each.type == TEXT)
        other = "a truth value" if TRUTH in types else "a number"
        raise Wrong(relation.at, f"{word.text} is a text; it can't be compared with {other}")


def _check_word(one: Typed, other: Typed) -> None:
    """What is compared with a text that it never is was misspelt."""
    if isinstance(one.expression, Looked) and one.expression.variable.words and isinstance(other.expression, Constant):
        word, words = str(other.expression.constant), one.expression.variable.words
        if word not in words:
            raise Wrong(other.at, unknown(one.expression.variable.name, word, words))


def _check(right: bool, token: Token, message: str) -> None:  # noqa: FBT001 - what is checked
    if not right:
        raise Wrong(token.at, message)
