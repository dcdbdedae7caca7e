"""Intervals: a number of which is known between which two others it lies. What a reading computes with them encloses all that it may be.

The operators are those of numbers. Rounding of floats is not accounted for: whoever makes an interval leaves room for it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NoReturn

Number = int | float


class Undecided(Exception):
    """Within an interval both may be: the answer depends on where in it."""


class Interval:
    """From `low` to `high`, both included. A comparison with it is true or false for all of it, or raises Undecided."""

    __slots__ = ("high", "low")

    def __init__(self, low: Number, high: Number) -> None:
        self.low, self.high = low, high

    def __repr__(self) -> str:
        return f"Interval({self.low!r}, {self.high!r})"

    def __bool__(self) -> bool:
        return self != 0

    # -- arithmetic ------------------------------------------------------------------------------------------------

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __pos__(self) -> Interval:
        return self

    def __abs__(self) -> Number | Interval:
        low, high = abs(self.low), abs(self.high)
        return enclosing(0 if self.low <= 0 <= self.high else min(low, high), max(low, high))

    def __add__(self, other: Number | Interval) -> Interval:
        low, high = ends(other)
        return Interval(self.low + low, self.high + high)

    __radd__ = __add__

    def __sub__(self, other: Number | Interval) -> Interval:
        low, high = ends(other)
        return Interval(self.low - high, self.high - low)

    def __rsub__(self, other: Number | Interval) -> Interval:
        return -self + other

    def __mul__(self, other: Number | Interval) -> Interval:
        return _hull(*[_times(mine, each) for mine in (self.low, self.high) for each in ends(other)])

    __rmul__ = __mul__

    def __truediv__(self, other: Number | Interval) -> Interval:
        low, high = _divisor(other)
        return _hull(*[mine / each for mine in (self.low, self.high) for each in (low, high)])

    def __rtruediv__(self, other: Number) -> Interval:
        return Interval(other, other) / self

    def __floordiv__(self, other: Number | Interval) -> Number:
        """One whole number, or Undecided: it counts something, such as samples."""
        low, high = _divisor(other)
        found = {mine // each for mine in (self.low, self.high) for each in (low, high)}
        if len(found) > 1:
            raise Undecided
        return found.pop()

    def __mod__(self, other: Number) -> Interval:
        return self - (self // other) * other

    def __pow__(self, power: Number) -> Number | Interval:
        """To a whole power of at least 0."""
        if not isinstance(power, int) or power < 0:
            return NotImplemented
        ends_to = self.low**power, self.high**power
        if power % 2 == 0 and self.low <= 0 <= self.high:
            return enclosing(0 if power else 1, max(ends_to))
        return enclosing(min(ends_to), max(ends_to))

    def __round__(self, digits: int | None = None) -> Number | Interval:
        return enclosing(round(self.low, digits), round(self.high, digits))

    def __floor__(self) -> Number | Interval:
        return enclosing(math.floor(self.low), math.floor(self.high))

    def __ceil__(self) -> Number | Interval:
        return enclosing(math.ceil(self.low), math.ceil(self.high))

    # -- comparisons -----------------------------------------------------------------------------------------------

    def __lt__(self, other: Number | Interval) -> bool:
        low, high = ends(other)
        return _sure(self.high < low, self.low >= high)

    def __le__(self, other: Number | Interval) -> bool:
        low, high = ends(other)
        return _sure(self.high <= low, self.low > high)

    def __gt__(self, other: Number | Interval) -> bool:
        return not self <= other

    def __ge__(self, other: Number | Interval) -> bool:
        return not self < other

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, int | float | Interval):
            return NotImplemented
        low, high = ends(other)
        return _sure(self.low == self.high == low == high, self.high < low or self.low > high)

    __hash__ = None  # type: ignore[assignment]  # equal to nothing that could be looked up

    # -- what would silently be one number of many -----------------------------------------------------------------

    def __float__(self) -> NoReturn:
        raise TypeError("an interval is no number")

    __int__ = __index__ = __trunc__ = __float__

    def __format__(self, how: str) -> NoReturn:
        raise TypeError("an interval is no text")

    def __iter__(self) -> Iterator[Number]:
        raise TypeError("an interval is no sequence")


def enclosing(low: Number, high: Number) -> Number | Interval:
    """The interval, or the number that it is."""
    return low if low == high else Interval(low, high)


def ends(value: Number | Interval) -> tuple[Number, Number]:
    """The least and the greatest that it may be."""
    return (value.low, value.high) if isinstance(value, Interval) else (value, value)


def _times(one: Number, other: Number) -> Number:
    return one * other if one and other else 0  # 0 times infinity too


def _hull(*values: Number) -> Interval:
    return Interval(min(values), max(values))


def _divisor(value: Number | Interval) -> tuple[Number, Number]:
    low, high = ends(value)
    if low == high == 0:
        raise ZeroDivisionError("division by zero")
    if low <= 0 <= high:
        raise Undecided
    return low, high


def _sure(yes: bool, no: bool) -> bool:  # noqa: FBT001 - the two halves of one answer
    if not yes and not no:
        raise Undecided
    return yes
