"""What conditions come to where readings are intervals, or not known at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockbrew.conditions import parse
from mockbrew.conditions.intervals import Interval, Undecided
from mockbrew.conditions.names import Variable
from tests.conditions.words import RIG, values


@pytest.mark.parametrize(
    ("text", "decided"),
    [
        ("T >= 59", True),
        ("T >= 65", None),
        ("T > 71", False),
        ("not (T > 71)", True),
        ("not (T > 65)", None),
        ("T > 71 and T > 65", False),
        ("T > 65 and T > 71", False),
        ("T > 65 or T > 59", True),
        ("T > 65 or T > 71", None),
        ("T > 65 and H", False),
        ("1 / (T - 65) > 5", None),
        ("T == null", False),
        ("2 * T - 20 > 99", True),
    ],
)
def test_what_does_not_depend_on_where_in_an_interval_is_decided(text: str, decided: bool | None) -> None:  # noqa: FBT001 - a row of a table
    assert parse(text, RIG).decide(values(T_temperature=Interval(60, 70), H_state=0)) is decided


def test_what_is_unknown_of_one_reading_may_not_matter() -> None:
    def known(variable: Variable) -> float:
        if variable.device == "H":
            raise Undecided
        return 50.0

    assert parse("T > 60 and H", RIG).decide(known) is False
    assert parse("H or T < 60", RIG).decide(known) is True
    assert parse("H and T < 60", RIG).decide(known) is None


@given(st.floats(-100, 100), st.floats(0, 50), st.floats(0, 1), st.sampled_from(["<", "<=", ">", ">="]), st.floats(-200, 200).map(str))
def test_what_is_decided_of_an_interval_is_so_for_all_in_it(low: float, width: float, share: float, relation: str, number: str) -> None:
    condition = parse(f"T * 2 - T / 4 + 1 {relation} {number}", RIG)
    inside = min(low + share * width, low + width)

    decided = condition.decide(values(T_temperature=Interval(low, low + width)))

    assert decided in (None, condition.holds(values(T_temperature=inside)))
