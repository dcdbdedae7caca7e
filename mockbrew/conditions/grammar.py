"""The grammar of conditions: from a text to an expression, every part of which has a type. No part of a text is ever executed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from math import isfinite
from types import MappingProxyType
from typing import NamedTuple

from mockbrew.checks.findings import shown, unknown
from mockbrew.conditions.expressions import RELATIONS, Chain, Comparison, Constant, Expression, Junction, Looked, Negated, Not, Nothing
from mockbrew.conditions.names import CONTINUOUS, NUMBER, TEXT, TRUTH, Names, Unknown
from mockbrew.errors import BadCondition

# condition  = all { "or" all }
# all        = one { "and" one }
# one        = "not" one | sum [ relation sum ]
# sum        = product { ("+" | "-") product }
# product    = factor { ("*" | "/") factor }
# factor     = "-" factor | "(" condition ")" | number | text | "true" | "false" | "null" | name

LONGEST = 1000  # characters
DEEPEST = 32  # parentheses, `not` and minus signs within each other
NULL = "null"  # the type of what has none
EXAMPLE = "such as 'Temp3 >= 65' or 'Mashtun.volume <= 0.5'"

_CONSTANTS = MappingProxyType({"true": (True, TRUTH), "false": (False, TRUTH), "null": (None, NULL)})
KEYWORDS = frozenset({"and", "or", "not", *_CONSTANTS})
_TOKEN = re.compile(
    r"(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<word>[A-Za-z][A-Za-z0-9_.-]*)"
    r"|(?P<quoted>'[^']*'|\"[^\"]*\")"
    r"|(?P<sign><=|>=|==|!=|<(?!>)|>|[-+*/()])"
    r"|(?P<space>[ \t\r\n]+)",
    re.ASCII,
)
# What other languages write; the longer ones first.
_SLIPS: Mapping[str, str] = MappingProxyType(
    {
        "=>": "write >=",
        "=<": "write <=",
        "<>": "write !=",
        "=": "write == to compare",
        "&": "write and",
        "|": "write or",
        "!": "write not",
        "'": "the text has no end; close its quotes",
        '"': "the text has no end; close its quotes",
        ".": "write a digit before the point, such as 0.5",
        ",": "write a point in numbers, such as 0.5",
    }
)


class Token(NamedTuple):
    """sort: a group of `_TOKEN`, or `end`. at: where it begins."""

    sort: str
    text: str
    at: int

    @property
    def end(self) -> int:
        return self.at + len(self.text)


class Typed(NamedTuple):
    """An expression, its type, and where it begins."""

    expression: Expression
    type: str
    at: int

    @property
    def is_number(self) -> bool:
        return self.type in (NUMBER, CONTINUOUS)


class Reader:
    """Reads one condition. Raises BadCondition, here and in all of its methods."""

    def __init__(self, text: str, names: Names) -> None:
        self.text, self.names = text, names
        if len(text) > LONGEST:
            raise BadCondition(text, LONGEST + 1, f"it is {len(text)} characters long; at most {LONGEST}")
        self.tokens = list(self._tokens())
        self.next = 0
        self.depth = 0

    def read(self) -> Expression:
        """All of it, a truth value."""
        if self._now.sort == "end":
            raise self._wrong(self._now.at, f"no condition; write one, {EXAMPLE}")
        found = self._condition()
        if self._now.sort != "end":
            raise self._unexpected(f"'and', 'or', or the end, after {self._written(found)}")
        return self._true(found)

    # -- tokens ----------------------------------------------------------------------------------------------------

    def _tokens(self) -> Iterator[Token]:
        at = 0
        while at < len(self.text):
            match = _TOKEN.match(self.text, at)
            if match is None or match.lastgroup is None:
                raise self._stray(at)
            if match.lastgroup != "space":
                yield Token(match.lastgroup, match.group(), at)
            at = match.end()
        yield Token("end", "", len(self.text))

    def _stray(self, at: int) -> BadCondition:
        rest = self.text[at:]
        slip = next((slip for slip in _SLIPS if rest.startswith(slip)), None)
        if slip is None:
            return self._wrong(at, f"{shown(rest[0])} means nothing here; write a condition, {EXAMPLE}")
        return self._wrong(at, f"{shown(slip)} means nothing here; {_SLIPS[slip]}")

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
        return Typed(Junction(self._since(first.at), tuple(map(self._true, operands)), decisive), TRUTH, first.at)

    def _one(self) -> Typed:
        word = self._took("not")
        if word is None:
            return self._comparison()
        operand = self._deeper(word, self._one)
        return Typed(Not(self._since(word.at), self._true(operand)), TRUTH, word.at)

    def _comparison(self) -> Typed:
        left = self._sum()
        relation = self._took(*RELATIONS)
        if relation is None:
            return left
        right = self._sum()
        again = self._took(*RELATIONS)
        if again:
            raise self._wrong(again.at, "a comparison has two sides; join two comparisons with and")
        return self._compared(left, relation, right)

    def _sum(self) -> Typed:
        return self._chain(("+", "-"), lambda: self._chain(("*", "/"), self._factor))

    def _chain(self, signs: tuple[str, ...], operand: Callable[[], Typed]) -> Typed:
        first = operand()
        rest: list[tuple[str, Typed]] = []
        while sign := self._took(*signs):
            rest.append((sign.text, operand()))
        if not rest:
            return first
        chain = Chain(self._since(first.at), self._number(first), tuple((sign, self._number(each)) for sign, each in rest))
        return Typed(chain, _mixed(first, *(each for _, each in rest)), first.at)

    def _factor(self) -> Typed:
        minus = self._took("-")
        if minus:
            operand = self._deeper(minus, self._factor)
            return Typed(Negated(self._since(minus.at), self._number(operand)), operand.type, minus.at)
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
            raise self._wrong(token.at, f"it is nested too deeply; at most {DEEPEST} parentheses, 'not' and '-' within each other")
        found = read()
        self.depth -= 1
        return found

    def _atom(self) -> Typed:
        if self._now.sort in ("end", "sign") or self._now.text in KEYWORDS - _CONSTANTS.keys():
            raise self._unexpected("a reading, a number or '('")
        token = self._take()
        if token.sort == "number":
            return Typed(Constant(token.text, self._finite(token)), NUMBER, token.at)
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
            raise self._wrong(token.at, str(error)) from None
        return Typed(Looked(token.text, variable), variable.type, token.at)

    def _finite(self, token: Token) -> float | int:
        number = float(token.text)
        if not isfinite(number):
            raise self._wrong(token.at, f"{token.text} is too large a number; at most 1e308")
        return int(number) if number.is_integer() and abs(number) < 2**53 else number

    # -- types -----------------------------------------------------------------------------------------------------

    def _true(self, typed: Typed) -> Expression:
        if typed.type == TRUTH:
            return typed.expression
        if typed.type == NULL:
            raise self._wrong(typed.at, "null is no truth value; write '== null' after a reading")
        sort, other = ("number", "another") if typed.is_number else ("text", "another text")
        raise self._wrong(typed.at, f"{self._written(typed)} is a {sort}; compare it with {other}")

    def _number(self, typed: Typed) -> Expression:
        if not typed.is_number:
            sort = "null" if typed.type == NULL else f"{self._written(typed)} is a {typed.type}"
            raise self._wrong(typed.at, f"{sort}; only numbers are added, subtracted, multiplied and divided")
        return typed.expression

    def _compared(self, left: Typed, relation: Token, right: Typed) -> Typed:
        text, equal = self._since(left.at), relation.text in ("==", "!=")
        if NULL in (left.type, right.type):
            self._check(equal, relation, "null is compared with == and != only")
            operand = right if left.type == NULL else left
            return Typed(Nothing(text, operand.expression, relation.text), TRUTH, left.at)
        self._fit(left, relation, right)
        if left.type == TEXT:
            self._check(equal, relation, "texts are compared with == and != only")
            self._check_word(left, right)
            self._check_word(right, left)
        moving = next((each for each in (left, right) if each.type == CONTINUOUS), None)
        if moving is not None:
            name = moving.expression.variable.name if isinstance(moving.expression, Looked) else self._written(moving)
            self._check(not equal, relation, f"{name} hardly ever is exactly a number; write >= or <=")
        return Typed(Comparison(text, left.expression, relation.text, right.expression), TRUTH, left.at)

    def _fit(self, left: Typed, relation: Token, right: Typed) -> None:
        """Two numbers, two texts, two truth values; or a truth value and 1 or 0."""
        types = {TRUTH if each.type == TRUTH else TEXT if each.type == TEXT else NUMBER for each in (left, right)}
        if types == {TRUTH, NUMBER}:
            number = left if left.is_number else right
            truth = right if number is left else left
            bit = isinstance(number.expression, Constant) and number.expression.constant in (0, 1)
            self._check(bit, relation, f"{self._written(truth)} is true or false; compare it with 1 or 0")
        elif len(types) > 1:
            word = next(each for each in (left, right) if each.type == TEXT)
            other = "a truth value" if TRUTH in types else "a number"
            raise self._wrong(relation.at, f"{self._written(word)} is a text; it can't be compared with {other}")

    def _check_word(self, one: Typed, other: Typed) -> None:
        """What is compared with a text that it never is was misspelt."""
        if isinstance(one.expression, Looked) and one.expression.variable.words and isinstance(other.expression, Constant):
            word, words = str(other.expression.constant), one.expression.variable.words
            if word not in words:
                raise self._wrong(other.at, unknown(one.expression.variable.name, word, words))

    def _check(self, right: bool, token: Token, message: str) -> None:  # noqa: FBT001 - what is checked
        if not right:
            raise self._wrong(token.at, message)

    # -- messages --------------------------------------------------------------------------------------------------

    def _written(self, typed: Typed) -> str:
        return typed.expression.text

    def _unexpected(self, wanted: str) -> BadCondition:
        token = self._now
        found = "it ends here" if token.sort == "end" else f"{shown(token.text)} is not expected here"
        return self._wrong(token.at, f"{found}; write {wanted}")

    def _wrong(self, at: int, message: str) -> BadCondition:
        return BadCondition(self.text, at + 1, message)


def _mixed(*operands: Typed) -> str:
    return CONTINUOUS if any(each.type == CONTINUOUS for each in operands) else NUMBER
