"""States as text: the same text whoever wrote it, and what has not changed is not written anew."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockbrew import plant
from mockbrew.clock import SECOND
from mockbrew.inscription import inscribed
from mockbrew.plant import Anchor
from tests.plant.cells import kettle, order, pid

KETTLE = kettle(*pid(setpoint=50), volume=15, loss=9)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
states = st.lists(st.lists(scalars, max_size=4).map(tuple), max_size=4).map(tuple)


def written(anchor: Anchor) -> str:
    """As somebody writes it who has never written anything of this cell."""
    return plant.encode(Anchor(anchor.at, anchor.states, anchor.since, anchor.faults))


@given(states)
def test_a_text_is_json_that_says_the_states(of: Any) -> None:
    read = json.loads(f"{inscribed(of, None).lines}0]")

    assert repr(read) == repr([[list(state) for state in of], 0])  # 1 is neither 1.0 nor true


@given(states)
def test_there_is_one_line_for_each_device(of: Any) -> None:
    assert len(inscribed(of, None).lines.split("\n")) == max(len(of), 1) + 2


@given(states, states)
def test_the_text_is_the_same_whatever_was_written_before(before: Any, of: Any) -> None:
    assert inscribed(of, inscribed(before, None)) == inscribed(of, None)


@given(states, states)
def test_equal_states_that_are_others_are_written_anew(before: Any, of: Any) -> None:
    others = tuple((*state, 1.0) for state in before)
    ints = tuple((*state, 1) for state in before)

    assert inscribed(ints, inscribed(others, None)).texts == inscribed(ints, None).texts


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_not_written(value: float) -> None:
    with pytest.raises(ValueError, match="Out of range float values are not JSON compliant"):
        inscribed(((1.0, value),), None)


def test_a_cell_after_each_of_many_commands_reads_as_one_that_is_written_at_once() -> None:
    anchor = plant.initial(KETTLE, 0)
    for second, verb in enumerate(["start", "stop", "start"] * 4):
        anchor = order(KETTLE, anchor, 7 * second, "C", verb)

        assert plant.encode(anchor) == written(anchor)
        assert plant.decode(KETTLE, anchor.at, plant.encode(anchor)) == anchor


BODY = plant.encode(plant.initial(KETTLE, 0))


@pytest.mark.parametrize("known", [None, plant.decode(KETTLE, 0, BODY)])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[0,0.0]", "[0,0.0,7,7]"),
        ("[0,0.0]", "7"),
        ("[0,0.0],\n", ""),
        ("[0,0.0],\n", "[0,0.0],[0,0.0],\n"),
        ("\n],", "],"),
        ("[[\n", "[[\n,\n"),
        ("[[\n", "[\n"),
    ],
)
def test_a_damaged_text_is_refused_whatever_is_known_of_the_cell(old: str, new: str, known: Anchor | None) -> None:
    damaged = new.join(BODY.rsplit(old, 1))

    assert damaged != BODY
    with pytest.raises((ValueError, TypeError)):
        plant.decode(KETTLE, 0, damaged, known)


@pytest.mark.parametrize("known", [None, plant.decode(KETTLE, 0, BODY)])
@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("15.0", "NaN", "a number is not finite"),
        ("15.0", "-Infinity", "a number is not finite"),
        ("15.0", "1e999", "a number is not finite"),
        (",[", ",[1,2,", "3 instants for 1 vessels"),
        ("[0,0.0],\n", "", "4 states for 5 devices"),
    ],
)
def test_a_text_of_what_no_cell_can_be_is_refused(old: str, new: str, message: str, known: Anchor | None) -> None:
    with pytest.raises(ValueError, match=message):
        plant.decode(KETTLE, 0, new.join(BODY.rsplit(old, 1)), known)


def test_a_cell_written_before_states_had_lines_of_their_own_is_read() -> None:
    anchor = order(KETTLE, plant.initial(KETTLE, 0), 5, "C", "start")
    body = json.dumps([anchor.states, anchor.since], separators=(",", ":"))

    assert plant.decode(KETTLE, 5 * SECOND, body) == anchor
