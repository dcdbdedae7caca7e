"""The grammar of conditions: from a text to an expression, every part of which has a type. No part of a text is ever executed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import isfinite
from types import MappingProxyType

from mockbrew.checks.findings import shown
from mockbrew.conditions.expressions import RELATIONS, Chain, Constant, Expression, Junction, Looked, Negated, Not
from mockbrew.conditions.names import NUMBER, TEXT, TRUTH, Names, Unknown
from mockbrew.conditions.tokens import EXAMPLE, Token, Wrong, tokens
from mockbrew.conditions.typed import NULL, Typed, compared, mixed
from mockbrew.errors import BadCondition

# condition  = all { "or" all }
# all        = one { "and" one }
# one        = "not" one | sum [ relation sum ]
# sum        = product { ("+" | "-") product }
# product    = factor { ("*" | "/") factor }
# factor     = "-" factor | "(" condition ")" | number | text | "true" | "false" | "null" | name

DEEPEST = 32  # parentheses, `not` and minus signs within each other

_CONSTANTS = MappingProxyType({"true": (True, TRUTH), "false": (False, TRUTH), "null": (None, NULL)})
KEYWORDS = frozenset({"and", "or", "not", *_CONSTANTS})


def read(text: str, names: Names) -> Expression:
    """What a text says is so. Raises BadCondition."""
    with _told_of(text):
        return _Reader(text, names).read()


def words(text: str) -> list[str]:
    """The words of a text that may name something, whether it is a condition or not. Raises BadCondition."""
    with _told_of(text):
        return [token.text for token in tokens(text) if token.sort == "word" and token.text not in KEYWORDS]


@contextmanager
def _told_of(text: str) -> Iterator[None]:
    """What is wrong in it is told with the whole."""
    try:
        yield
    except Wrong as wrong:
        raise BadCondition(text, wrong.at + 1, str(wrong)) from None


class _Reader:
    """Reads one condition. Raises Wrong, here and in all of its methods."""

    def __init__(self, text: str, names: Names) -> None:
        self.text, self.names = text, names
        self.tokens = tokens(text)
        self.next = 0
        self.depth = 0

    def read(self) -> Expression:
        """All of it, a truth value."""
        if self._now.sort == "end":
            raise Wrong(self._now.at, f"no condition; write one, {EXAMPLE}")
        found = self._condition()
        if self._now.sort != "end":
            raise self._unexpected(f"'and', 'or', or the end, after {found.text}")
        return found.truth()

    # -- tokens ----------------------------------------------------------------------------------------------------

    @property
    def _now(self) -> Token:
        return self.tokens[self.next]

    def _take(self) -> Token:
        token = self._now
        self.next += 1
        return token

    def _took(self, *texts: str) -> Token | None:
        """The next token, if it is one of these."""
        token = self._now
        return self._take() if token.sort in ("sign", "word") and token.text in texts else None

    def _since(self, at: int) -> str:
        """What is written from there to the last token taken."""
        return self.text[at : self.tokens[self.next - 1].end]

    def _unexpected(self, wanted: str) -> Wrong:
        token = self._now
        found = "it ends here" if token.sort == "end" else f"{shown(token.text)} is not expected here"
        return Wrong(token.at, f"{found}; write {wanted}")

    # -- grammar ---------------------------------------------------------------------------------------------------

    def _condition(self) -> Typed:
        return self._junction("or", lambda: self._junction("and", self._one, decisive=False), decisive=True)

    def _junction(self, word: str, operand: Callable[[], Typed], *, decisive: bool) -> Typed:
        first = operand()
        operands = [first]
        while self._took(word):
            operands.append(operand())
        if len(operands) == 1:
            return first
        return Typed(Junction(self._since(first.at), tuple(each.truth() for each in operands), decisive), TRUTH, first.at)

    def _one(self) -> Typed:
        word = self._took("not")
        if word is None:
            return self._comparison()
        operand = self._deeper(word, self._one)
        return Typed(Not(self._since(word.at), operand.truth()), TRUTH, word.at)

    def _comparison(self) -> Typed:
        left = self._sum()
        relation = self._took(*RELATIONS)
        if relation is None:
            return left
        right = self._sum()
        again = self._took(*RELATIONS)
        if again:
            raise Wrong(again.at, "a comparison has two sides; join two comparisons with and")
        return compared(self._since(left.at), left, relation, right)

    def _sum(self) -> Typed:
        return self._chain(("+", "-"), lambda: self._chain(("*", "/"), self._factor))

    def _chain(self, signs: tuple[str, ...], operand: Callable[[], Typed]) -> Typed:
        first = operand()
        rest: list[tuple[str, Typed]] = []
        while sign := self._took(*signs):
            rest.append((sign.text, operand()))
        if not rest:
            return first
        chain = Chain(self._since(first.at), first.number(), tuple((sign, each.number()) for sign, each in rest))
        return Typed(chain, mixed(first, *(each for _, each in rest)), first.at)

    def _factor(self) -> Typed:
        minus = self._took("-")
        if minus:
            operand = self._deeper(minus, self._factor)
            return Typed(Negated(self._since(minus.at), operand.number()), operand.type, minus.at)
        bracket = self._took("(")
        if bracket:
            inner = self._deeper(bracket, self._condition)
            if not self._took(")"):
                raise self._unexpected("')'")
            return inner._replace(at=bracket.at)
        return self._atom()

    def _deeper(self, token: Token, read: Callable[[], Typed]) -> Typed:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Wrong(token.at, f"it is nested too deeply; at most {DEEPEST} parentheses, 'not' and '-' within each other")
        found = read()
        self.depth -= 1
        return found

    def _atom(self) -> Typed:
        if self._now.sort in ("end", "sign") or self._now.text in KEYWORDS - _CONSTANTS.keys():
            raise self._unexpected("a reading, a number or '('")
        token = self._take()
        if token.sort == "number":
            return Typed(Constant(token.text, _finite(token)), NUMBER, token.at)
        if token.sort == "quoted":
            return Typed(Constant(token.text, token.text[1:-1]), TEXT, token.at)
        if token.text in _CONSTANTS:
            constant, kind = _CONSTANTS[token.text]
            return Typed(Constant(token.text, constant), kind, token.at)
        return self._looked(token)

    def _looked(self, token: Token) -> Typed:
        try:
            variable = self.names.resolve(token.text)
        except Unknown as error:
            raise Wrong(token.at, str(error)) from None
        return Typed(Looked(token.text, variable), variable.type, token.at)


def _finite(token: Token) -> float | int:
    number = float(token.text)
    if not isfinite(number):
        raise Wrong(token.at, f"{token.text} is too large a number; at most 1e308")
    return int(number) if number.is_integer() and abs(number) < 2**53 else number
