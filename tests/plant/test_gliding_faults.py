"""Loops glide past devices that fail for good or at known instants, and end where whoever walks does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockbrew import gliding, plant
from mockbrew.clock import SECOND
from mockbrew.faults.devices import Fault
from tests.plant.cells import ROOM
from tests.plant.test_gliding import a_loop, gliding_to, stepwise

HOUR = 3600 * SECOND


def failing(*faults: Fault) -> tuple[plant.Cell, plant.Anchor]:
    """A loop that is on, with these faults from the start."""
    cell = plant.build(a_loop(), ROOM)
    anchor = plant.initial(cell, 0)
    for fault in faults:
        anchor = plant.fail(cell, anchor, 0, "0/a", fault)
    return cell, plant.command(cell, anchor, 0, "0/a", "C", "start", {})


def fault(sort: str, device: str, *parameters: tuple[str, float], **more: Any) -> Fault:
    return Fault(sort, sort, device, parameters, **more)


FOR_GOOD = [
    fault("weak", "H", ("share", 0.9), ends=1000 * SECOND),
    fault("stuck_on", "H", begins=700 * SECOND + 1),
    fault("stuck_off", "P"),
    fault("drift", "T", ("rate", 3.0), begins=50 * SECOND),
    fault("noise", "T", ("deviation", 0.5), begins=300 * SECOND, ends=2000 * SECOND),
    fault("slow", "T", ("lag", 40.0), begins=300 * SECOND),
    fault("offset", "T", ("kelvin", 5.0), count=40, begins=600 * SECOND),
    fault("frozen", "T", begins=500 * SECOND, ends=505 * SECOND),
    fault("open_circuit", "T", begins=500 * SECOND, ends=525 * SECOND),
]


@settings(deadline=None, max_examples=40)
@given(faults=st.lists(st.sampled_from(FOR_GOOD), min_size=1, max_size=3, unique_by=lambda each: each.sort), limit=st.integers(1, 40))
def test_gliding_past_faults_ends_where_walking_does(faults: list[Fault], limit: int) -> None:
    cell, anchor = failing(*faults)

    walked, glided = stepwise(cell, anchor, HOUR), gliding_to(cell, anchor, HOUR, limit)

    assert plant.encode(glided) == plant.encode(walked)
    assert glided.at == walked.at


def test_a_cell_with_rules_that_controllers_must_keep_does_not_glide() -> None:
    cool = plant.Interlock("cool", lambda view: view.reading("H", "on") == 1 and view.state("V").temperature > 30)
    cell = plant.build(a_loop(), ROOM, (cool,))
    anchor = plant.command(cell, plant.initial(cell, 0), 0, "", "C", "start", {})

    blocked: list[plant.Blocked] = []

    walked, glided = stepwise(cell, anchor, 2 * HOUR), gliding_to(cell, anchor, 2 * HOUR)
    plant.evolve(cell, anchor, 2 * HOUR, "", limit=100_000, blocked=blocked)

    assert plant.encode(glided) == plant.encode(walked)
    assert {each.rule for each in blocked} == {"cool"}


@pytest.mark.parametrize(
    ("what", "glides"),
    [
        (fault("stuck_off", "P"), True),
        (fault("weak", "H", ("share", 0.5)), True),
        (fault("offset", "T", ("kelvin", 1.0), begins=HOUR), True),
        (fault("offset", "T", ("kelvin", 1.0), begins=10 * SECOND), False),  # it is too near
        (fault("slow", "H", ("seconds", 2.0)), False),
        (fault("ignores", "P", ("every", 1000)), False),
        (fault("stuck", "G", probability=0.5), False),
        (fault("stuck", "G", probability=0.5, begins=1, ends=2), True),  # it is over
    ],
)
def test_a_loop_glides_past_what_no_command_changes(what: Fault, *, glides: bool) -> None:
    cell, anchor = failing(what)
    anchor = stepwise(cell, anchor, SECOND)
    flight = anchor.flight(cell).copy()
    near = min([HOUR, *[edge - 1 for edge in flight.edges]])

    assert (gliding.glide(flight, flight.next_boundary(), near, "", 10) is not None) is glides
