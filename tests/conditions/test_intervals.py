from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockbrew.conditions.intervals import Interval, Undecided, ends

numbers = st.floats(-1e6, 1e6) | st.integers(-1000, 1000)
shares = st.floats(0, 1)


def within(low: float, width: float, share: float) -> float:
    return min(max(low + share * width, low), low + width)


@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul, operator.truediv])
@given(one=numbers, wide=st.floats(0, 100), other=numbers, wider=st.floats(0, 100), share=shares, part=shares)
def test_what_is_computed_with_intervals_encloses_what_is_computed_in_them(
    operation: Callable[[Any, Any], Any], one: float, wide: float, other: float, wider: float, share: float, part: float
) -> None:
    left, right = within(one, wide, share), within(other, wider, part)
    try:
        found = operation(Interval(one, one + wide), Interval(other, other + wider))
    except (Undecided, ZeroDivisionError):
        assert operation is operator.truediv
        assert other <= 0 <= other + wider
        return
    low, high = ends(found)
    exact, room = operation(left, right), 1e-9 * (1 + abs(low) + abs(high))

    assert low - room <= exact <= high + room


OPERATIONS: list[tuple[Any, float, float]] = [
    (5 - Interval(1, 2), 3, 4),
    (12 / Interval(2, 3), 4, 6),
    (-Interval(1, 2), -2, -1),
    (+Interval(1, 2), 1, 2),
    (abs(Interval(-3, 2)), 0, 3),
    (abs(Interval(-3, -2)), 2, 3),
    (Interval(-3, 2) ** 2, 0, 9),
    (Interval(-3, 2) ** 3, -27, 8),
    (round(Interval(1.2, 3.7)), 1, 4),
    (round(Interval(1.23, 1.29), 1), 1.2, 1.3),
    (math.floor(Interval(1.2, 3.7)), 1, 3),
    (math.ceil(Interval(1.2, 3.7)), 2, 4),
    (sum([Interval(1, 2), 3, Interval(0, 1)]), 4, 6),
    (Interval(0, 1) * float("inf"), 0, float("inf")),
    (Interval(7, 8) % 5, 2, 3),
]


@pytest.mark.parametrize(("found", "low", "high"), OPERATIONS)
def test_operators_are_those_of_numbers(found: Any, low: float, high: float) -> None:
    assert ends(found) == pytest.approx((low, high))


def test_what_is_one_number_is_one() -> None:
    assert round(Interval(1.2, 1.3)) == 1
    assert isinstance(round(Interval(1.2, 1.3)), int)
    assert Interval(11, 14) // 5 == 2


@pytest.mark.parametrize(
    "question",
    [
        lambda: Interval(1, 3) < 2,
        lambda: Interval(1, 3) <= 1,
        lambda: Interval(1, 3) > 2,
        lambda: Interval(1, 3) >= 3,
        lambda: Interval(1, 3) == 3,
        lambda: Interval(1, 3) != Interval(3, 4),
        lambda: bool(Interval(0, 1)),
        lambda: max(Interval(1, 3), Interval(2, 4)),
        lambda: Interval(4, 6) // 5,
        lambda: 1 / Interval(-1, 1),
    ],
)
def test_what_depends_on_where_in_it_is_undecided(question: Callable[[], Any]) -> None:
    with pytest.raises(Undecided):
        question()


def test_what_does_not_is_decided() -> None:
    wide = Interval(1, 3)

    assert (wide < 4, wide <= 3, wide > 0, wide >= 1, wide == 5, wide != 5, bool(wide)) == (True, True, True, True, False, True, True)
    assert (wide <= 3.5, wide > 3, wide == wide + 9, Interval(2, 2) == 2, bool(Interval(0, 0))) == (True, False, False, True, False)


@pytest.mark.parametrize("use", [math.exp, float, int, "{}".format, hash, list, lambda wide: [0, 1][wide], lambda wide: 2**wide])
def test_what_would_take_one_number_of_it_is_refused(use: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError):
        use(Interval(0, 1))
