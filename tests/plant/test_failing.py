"""Actuators that fail: what really is, what is shown, when a fault begins and when it is over."""

from __future__ import annotations

import pytest

from mockbrew import plant
from mockbrew.clock import SECOND
from mockbrew.devices.heater import Heater
from mockbrew.devices.pid import Pid
from mockbrew.devices.pipe import Pipe
from mockbrew.devices.pump import Pump
from mockbrew.faults.devices import draw
from tests.plant.cells import look
from tests.plant.stories import RIG, Story, rig

# -- positions -----------------------------------------------------------------------------------------------------


def test_a_stuck_valve_stays_where_it_is_until_the_fault_is_over_and_then_goes_where_it_was_told() -> None:
    story = Story(rig())
    story.fails(0, "A", "stuck", begins=10, ends=60)
    story.says(5, "A", "turn_on")
    story.says(20, "A", "turn_off")

    assert story.shows(21, "A", "state", "on") == [0, 1]
    assert story.shows(59.999999999, "W", "flow") == 6.0
    assert story.shows(60, "A", "state", "on") == [0, 0]
    assert story.shows(60, "V", "volume") == pytest.approx(20 + 55 * 0.1, abs=1e-9)


@pytest.mark.parametrize(("sort", "really"), [("stuck_on", 1), ("stuck_off", 0)])
def test_a_relay_stuck_in_a_position_is_there_whatever_it_is_told(sort: str, really: int) -> None:
    story = Story(rig())
    story.fails(0, "H", sort)

    assert story.shows(1, "H", "state", "on", "power") == [0, really, 5000 * really]

    story.says(2, "H", "turn_on")

    assert story.shows(3, "H", "state", "on", "power") == [1, really, 5000 * really]


def test_with_feedback_the_state_shows_where_it_really_is() -> None:
    story = Story(rig(heater=Heater(name="H", vessel="V", power=5000, feedback=True)))
    story.fails(0, "H", "stuck_off")
    story.says(1, "H", "turn_on")

    assert story.shows(2, "H", "state", "on", "power") == [0, 0, 0]
    assert look(story.cell, story.anchor, 2).commanded("H") == 1


def test_a_slow_valve_follows_each_command_later() -> None:
    story = Story(rig())
    story.fails(0, "A", "slow", seconds=10.0)
    story.says(5, "A", "turn_on")

    assert story.shows(14.999999999, "A", "state", "on") == [1, 0]
    assert story.shows(15, "A", "state", "on") == [1, 1]


def test_a_command_back_before_a_slow_valve_has_moved_cancels_the_movement() -> None:
    story = Story(rig())
    story.fails(0, "A", "slow", seconds=10.0)
    story.says(5, "A", "turn_on")
    story.says(8, "A", "turn_off")

    assert plant.next_boundary(story.cell, story.anchor) is None
    assert [story.shows(at, "A", "on") for at in (8, 15, 18, 30)] == [0, 0, 0, 0]


def test_a_command_that_is_repeated_does_not_keep_a_slow_valve_waiting_for_longer() -> None:
    story = Story(rig())
    story.fails(0, "A", "slow", seconds=10.0)
    story.says(5, "A", "turn_on")
    story.says(14, "A", "turn_on")

    assert [story.shows(at, "A", "on") for at in (14, 15)] == [0, 1]


def test_a_slow_valve_is_where_it_was_told_to_be_when_the_fault_ends() -> None:
    story = Story(rig())
    story.fails(0, "A", "slow", seconds=10.0)
    story.says(5, "A", "turn_on")
    story.mended(7)

    assert story.shows(7, "A", "state", "on") == [1, 1]


def test_every_third_command_is_ignored_and_it_stays_so_until_one_gets_through() -> None:
    story = Story(rig())
    story.fails(0, "A", "ignores", every=3)
    really = []
    for at, verb in enumerate(["turn_on", "turn_off", "turn_on", "turn_off", "turn_on", "turn_off", "turn_on"]):
        story.says(at, "A", verb)
        really.append(story.shows(at, "A", "on"))

    assert really == [1, 0, 0, 0, 1, 1, 1]


def test_what_was_ignored_stays_ignored_when_the_fault_is_deleted_until_the_next_command() -> None:
    story = Story(rig())
    story.fails(0, "A", "ignores", every=1)
    story.says(1, "A", "turn_on")
    story.mended(2)

    assert plant.faults_of(story.cell, story.anchor, 2 * SECOND) == ()
    assert story.shows(10, "A", "state", "on") == [1, 0]

    story.says(11, "A", "turn_on")

    assert story.shows(11, "A", "state", "on") == [1, 1]
    assert story.anchor.faults == ()


def test_what_was_ignored_stays_ignored_when_the_fault_ends() -> None:
    story = Story(rig())
    story.fails(0, "A", "ignores", every=1, ends=5)
    story.says(1, "A", "turn_on")

    assert story.shows(10, "A", "state", "on") == [1, 0]
    assert story.fault(10).over


def test_a_pump_that_is_stuck_on_moves_what_it_moves() -> None:
    around = Pipe(name="R", source="V", destination="V", pump="P")
    story = Story(rig(Pump(name="P", flow=8), around))
    story.fails(0, "P", "stuck_on", begins=10)

    assert [story.shows(at, "R", "flow") for at in (9, 10)] == [0.0, 8.0]


def test_of_two_faults_that_hold_a_position_the_later_one_wins() -> None:
    story = Story(rig())
    story.fails(0, "A", "stuck_on", name="f1")
    story.fails(1, "A", "stuck_off", name="f2")

    assert story.shows(1, "A", "on") == 0

    story.mended(2, "f2")

    assert story.shows(2, "A", "on") == 1


# -- chance and counts ---------------------------------------------------------------------------------------------


def test_with_a_count_a_fault_acts_that_often_and_is_over() -> None:
    story = Story(rig())
    story.fails(0, "A", "stuck", count=2)
    really = []
    for at, verb in enumerate(["turn_on", "turn_on", "turn_on"]):
        story.says(at, "A", verb)
        really.append(story.shows(at, "A", "on"))

    assert really == [0, 0, 1]
    assert (story.fault(3).matched, story.fault(3).hits, story.fault(3).spent, story.fault(3).acts) == (2, 2, True, False)


def test_each_command_is_an_occasion_and_its_draw_follows_from_seed_name_and_number() -> None:
    story = Story(rig())
    story.fails(0, "A", "stuck", probability=0.5, name="half")
    verbs = ["turn_on", "turn_off"] * 10
    moved = []
    for at, verb in enumerate(verbs):
        before = story.shows(at, "A", "on")
        story.says(at, "A", verb)
        moved.append(story.shows(at, "A", "on") == (verb == "turn_on") or before == (verb == "turn_on"))
    hits = [draw(RIG, "half", number) < 0.5 for number in range(20)]

    assert (story.fault(20).matched, story.fault(20).hits) == (20, sum(hits))
    assert 0 < sum(hits) < 20
    assert all(moved[number] for number, hit in enumerate(hits) if not hit)


def test_a_seed_of_its_own_replaces_the_rigs_and_its_name() -> None:
    story = Story(rig())
    story.fails(0, "A", "stuck", probability=0.5, seed=7)

    assert story.fault(0).seed == "7"


def test_commands_before_its_begin_and_after_its_end_are_no_occasions() -> None:
    story = Story(rig())
    story.fails(0, "A", "stuck", begins=10, ends=20, count=5)
    for at in (5, 10, 19.999999999, 20):
        story.says(at, "A", "turn_on")

    assert (story.fault(21).matched, story.fault(21).over) == (2, True)


def test_a_controller_gives_an_occasion_only_where_it_changes_an_order() -> None:
    story = Story(rig(Pid(name="C", probe="T", heaters=("H",), setpoint=90)))
    story.fails(0, "H", "stuck_on", count=1_000)
    story.says(1, "C", "start")

    assert story.fault(120).matched == 1  # it asks for full power at each of its samples, and has switched once


def test_a_reset_keeps_a_fault_with_its_draws_and_hits_but_not_what_an_occasion_had_set_off() -> None:
    story = Story(rig())
    story.fails(0, "A", "stuck", count=5, name="f1")
    story.fails(0, "H", "stuck_on", name="f2")
    story.says(1, "A", "turn_on")
    faults = plant.faults_of(story.cell, story.anchor, SECOND)

    story.anchor = plant.initial(story.cell, 2 * SECOND, faults)

    assert (story.fault(3).matched, story.fault(3).hits, story.fault(3).acts) == (1, 1, False)
    assert story.shows(3, "H", "state", "on") == [0, 1]


def test_a_fault_begins_no_earlier_than_it_is_made() -> None:
    story = Story(rig())
    story.fails(10, "A", "stuck", begins=3)

    assert story.fault(10).fault.begins == 10 * SECOND


# -- what is kept --------------------------------------------------------------------------------------------------


def test_a_cell_without_faults_is_written_as_ever_and_one_with_faults_is_read_again() -> None:
    story = Story(rig(Pump(name="P")))
    bare = plant.encode(story.anchor)
    story.fails(0, "A", "slow", seconds=10.0, probability=0.5)
    story.says(1, "A", "turn_on")

    assert bare == "[[\n[20.0,20.0,0,0],\n[0],\n[],\n[0,0.0],\n[20.0,null],\n[0]\n],[0]]"
    assert plant.decode(story.cell, SECOND, plant.encode(story.anchor)) == story.anchor


def test_a_body_with_a_fault_that_no_device_can_have_is_refused() -> None:
    story = Story(rig())
    story.fails(0, "A", "stuck")
    body = plant.encode(story.anchor).replace('"stuck"', '"rusty"')

    with pytest.raises(ValueError, match="no device 'A' fails like 'rusty'"):
        plant.decode(story.cell, 0, body)
