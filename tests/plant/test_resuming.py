"""A cell that another process takes up goes on as if it had been read for the first time, whatever that process knew of it."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockbrew import plant
from mockbrew.clock import SECOND
from mockbrew.devices import BUILT_IN
from mockbrew.plant import Anchor, Cell, Plant
from mockbrew.settings import REFERENCE
from mockbrew.spec import parse
from tests.plant.breaking import FailingDrive, broken
from tests.plant.cells import order
from tests.plant.driving import Drive
from tests.plant.histories import Case
from tests.plant.scenarios import cases

EXAMPLES = int(os.environ.get("HISTORIES", "60"))
SLOW = [HealthCheck.too_slow]
PLANT = Plant(parse(REFERENCE.read_text("utf-8"), "spec.toml", BUILT_IN))
CELL = PLANT.cell(PLANT.home["A"])
parts = st.lists(st.floats(0, 1), max_size=12).map(sorted)


def computed(cell: Cell, anchor: Anchor) -> Any:
    """All that is computed of an anchor."""
    flight = anchor.flight(cell)
    courses = [flight.course(number) for number in range(len(cell.bodies))]
    return courses, flight.dues, flight.layout.demands, flight.next_boundary(), flight.at, flight.since, flight.states


def taken_up(cell: Cell, anchor: Anchor, like: Anchor | None) -> Anchor:
    """By a process that knows `like`."""
    return plant.decode(cell, anchor.at, plant.encode(anchor), like)


@settings(max_examples=EXAMPLES, suppress_health_check=SLOW)
@given(case=cases, when=parts)
def test_what_is_taken_up_from_a_state_not_far_from_it_is_as_if_it_were_read_anew(case: Case, when: list[float]) -> None:
    compare(Drive(case), case, when)


@settings(max_examples=EXAMPLES, suppress_health_check=SLOW)
@given(case=broken(cases), when=parts)
def test_so_it_is_where_devices_fail(case: Case, when: list[float]) -> None:
    compare(FailingDrive(case), case, when)


def compare(drive: Drive, case: Case, when: list[float]) -> None:
    """At parts of the time of a case, with what was known the last time."""
    known = None
    for part in when:
        drive.to(round(part * case.until * SECOND))
        anew, known = taken_up(drive.cell, drive.anchor, None), taken_up(drive.cell, drive.anchor, known)

        assert repr(known) == repr(anew) == repr(drive.anchor)
        assert computed(drive.cell, known) == computed(drive.cell, anew)


def test_what_both_know_is_neither_read_nor_computed_again() -> None:
    known = order(CELL, plant.initial(CELL, 0), 0, "PID2", "start")
    known = taken_up(CELL, order(CELL, known, 100, "B1", "turn_on"), None)
    plant.next_boundary(CELL, known)

    taken = taken_up(CELL, order(CELL, known, 101, "A", "turn_on"), known)

    tank, tun, kettle = (CELL.plumbing.numbers[name] for name in ("HotTank", "Mashtun", "Ebu"))
    courses, before = taken.flight(CELL).courses, known.flight(CELL).courses
    assert courses[tank] is None
    assert [courses[tun], courses[kettle]] == [before[tun], before[kettle]] != [None, None]
    assert taken.states[CELL.places["Ebu"]] is known.states[CELL.places["Ebu"]]


def test_what_happened_at_the_very_instant_of_what_is_known_is_computed() -> None:
    known = taken_up(CELL, order(CELL, plant.initial(CELL, 0), 5, "B1", "turn_on"), None)
    plant.next_boundary(CELL, known)

    later = order(CELL, known, 5, "B1", "turn_off")

    assert later.since == known.since
    assert computed(CELL, taken_up(CELL, later, known)) == computed(CELL, taken_up(CELL, later, None))


def test_a_vessel_in_balance_goes_on_from_its_last_boundary_though_nothing_of_it_has_changed() -> None:
    known = taken_up(CELL, order(CELL, plant.initial(CELL, 0), 5, "A", "turn_on"), None)
    plant.next_boundary(CELL, known)

    later = order(CELL, known, 6, "PID2", "set_setpoint", setpoint=0.0)
    later = order(CELL, order(CELL, later, 7, "PID2", "start"), 8, "PID2", "stop")

    assert [known.since[2], later.since[2]] == [0, 8 * SECOND]
    assert later.states[CELL.places["Ebu"]] == known.states[CELL.places["Ebu"]]
    assert computed(CELL, taken_up(CELL, later, known)) == computed(CELL, taken_up(CELL, later, None))


def test_what_is_known_stays_as_it_is() -> None:
    known = taken_up(CELL, order(CELL, plant.initial(CELL, 0), 5, "B1", "turn_on"), None)
    before = repr(known), computed(CELL, known)

    taken_up(CELL, order(CELL, known, 6, "PID1", "start"), known)

    assert (repr(known), computed(CELL, known)) == before
