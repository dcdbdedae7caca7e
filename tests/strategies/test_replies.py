"""What a reading can be, of any JSON Schema that a kind may give it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import find, given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from jsonschema import Draft202012Validator

from mockbrew.strategies.replies import values


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "number"},
        {"type": "number", "minimum": 2_000_000},
        {"type": "integer", "maximum": -2_000_000},
        {"type": "number", "minimum": 0.2, "maximum": 0.8},
        {"type": "integer", "minimum": 0.5, "maximum": 1.5},
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        {"type": ["integer", "null"], "minimum": 3, "maximum": 3},
        {"type": "string", "minLength": 3},
        {"type": "string", "pattern": "^[a-z]{2}$"},
        {"const": 7},
    ],
    ids=str,
)
@given(data=st.data())
def test_all_that_is_drawn_is_of_the_schema(schema: dict[str, Any], data: st.DataObject) -> None:
    assert Draft202012Validator(schema).is_valid(data.draw(values(schema)))


def test_what_has_one_bound_lies_on_its_right_side_as_far_as_elsewhere() -> None:
    above: SearchStrategy[Any] = values({"type": "number", "minimum": 2_000_000})
    below: SearchStrategy[Any] = values({"type": "number", "maximum": -2_000_000})

    assert find(above, lambda value: value > 2_500_000) < 3_000_001  # raises NoSuchExample
    assert find(below, lambda value: value < -2_500_000) > -3_000_001
