"""What failures of heaters and probes are like, and what controllers make of them."""

from __future__ import annotations

from typing import Any

import pytest

from mockbrew import plant
from mockbrew.clock import SECOND
from mockbrew.devices.heater import Heater
from mockbrew.devices.pid import Pid
from mockbrew.devices.probe import Probe
from mockbrew.faults.devices import draw
from tests.plant.cells import evolve, look
from tests.plant.stories import RIG, Story, rig

# -- heaters -------------------------------------------------------------------------------------------------------


def heated(story: Story, at: float) -> float:
    """K/s of the vessel."""
    return float(story.shows(at + 0.001, "V", "temperature") - story.shows(at, "V", "temperature")) / 0.001


@pytest.mark.parametrize(("sort", "options", "share"), [("weak", {"share": 0.25}, 0.25), ("no_ignition", {}, 0.0)])
def test_a_weak_heater_consumes_as_ever_and_heats_less(sort: str, options: dict[str, float], share: float) -> None:
    sound, failing = Story(rig()), Story(rig())
    failing.fails(0, "H", sort, **options)
    for story in (sound, failing):
        story.says(0, "H", "turn_on")

    assert failing.shows(0, "H", "state", "on", "power") == [1, 1, 5000]
    assert heated(failing, 0) == pytest.approx(share * heated(sound, 0), abs=1e-9)


def test_a_burner_that_sometimes_does_not_ignite_is_tried_at_each_switching_on() -> None:
    story = Story(rig())
    story.fails(0, "H", "no_ignition", count=1)
    story.says(1, "H", "turn_on")
    failed = heated(story, 1)
    story.says(2, "H", "turn_on")  # it is on: nothing new
    still = heated(story, 2)
    story.says(3, "H", "turn_off")
    story.says(4, "H", "turn_on")

    assert (failed, still) == (0.0, 0.0)
    assert heated(story, 4) > 0.05
    assert (story.fault(5).matched, story.fault(5).hits) == (1, 1)


def test_an_element_with_a_lag_gives_on_what_it_has_when_its_relay_is_held_off() -> None:
    story = Story(rig(heater=Heater(name="H", vessel="V", power=5000, lag=30)))
    story.says(0, "H", "turn_on")
    story.fails(60, "H", "stuck_off")
    given = look(story.cell, story.anchor, 60).state("H").heat

    assert given == pytest.approx(5000 * (1 - 0.1353352832366127))
    assert look(story.cell, story.anchor, 90).state("H").heat == pytest.approx(given * 0.36787944117144233)


def test_a_heater_without_a_lag_keeps_nothing_of_a_fault() -> None:
    story = Story(rig())
    story.fails(0, "H", "stuck_on")
    story.mended(10)

    assert look(story.cell, story.anchor, 10).state("H") == story.cell.devices[story.cell.places["H"]].layout()


# -- probes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("option", "shown"), [("null", None), ("-127", -127.0), ("85", 85.0), ("error", None)])
def test_an_open_circuit_shows_what_the_spec_says(option: str, shown: float | None) -> None:
    story = Story(rig(probe=Probe(name="T", vessel="V", open_circuit=option)))
    story.fails(0, "T", "open_circuit", begins=5, ends=10)

    assert [story.shows(at, "T", "temperature") for at in (4, 5, 9, 10)] == [20.0, shown, shown, 20.0]


def test_only_where_the_spec_wants_an_error_a_probe_has_a_reason_for_one() -> None:
    said = [Probe(name="T", vessel="V", open_circuit=option).refusal("temperature", None) for option in ("null", "error")]

    assert said == [None, "its circuit is open"]
    assert Probe(name="T", vessel="V", open_circuit="error").refusal("temperature", 20.0) is None


def test_a_frozen_probe_shows_what_it_showed_with_what_was_wrong_then() -> None:
    story = Story(rig())
    story.says(0, "H", "turn_on")
    story.fails(50, "T", "offset", kelvin=3.0, name="f1")
    shown = story.shows(100, "T", "temperature")
    story.fails(100, "T", "frozen", name="f2")
    story.mended(110, "f1")

    assert [story.shows(at, "T", "temperature") for at in (110, 200)] == [shown, shown]


def test_a_drifting_probe_goes_wrong_by_so_many_kelvins_an_hour() -> None:
    story = Story(rig())
    story.fails(0, "T", "drift", begins=600, rate=-2.0)

    assert story.shows(600, "T", "temperature") == 20.0
    assert story.shows(4200, "T", "temperature") == pytest.approx(18.0, abs=1e-12)


def test_a_probe_that_holds_its_samples_holds_them_while_it_drifts() -> None:
    story = Story(rig(probe=Probe(name="T", vessel="V", resolution=0.001, period=10)))
    story.fails(0, "T", "drift", rate=3600.0)

    assert [story.shows(at, "T", "temperature") for at in (10, 19.9, 20)] == [30.0, 30.0, 40.0]


def test_the_noise_of_a_fault_adds_to_that_of_the_probe_and_a_smooth_one_samples_meanwhile() -> None:
    noisy, smooth = Story(rig(probe=Probe(name="T", vessel="V", noise=3.0))), Story(rig())
    for story in (noisy, smooth):
        story.fails(0, "T", "noise", deviation=4.0, ends=60)

    off = noisy.shows(30, "T", "temperature") - 20.0

    assert off / 5.0 == pytest.approx((smooth.shows(30, "T", "temperature") - 20.0) / 4.0)
    assert smooth.shows(30.7, "T", "temperature") == smooth.shows(30, "T", "temperature") != 20.0
    assert smooth.shows(60, "T", "temperature") == 20.0


def test_noise_begins_and_ends_between_two_samples() -> None:
    story, sound = Story(rig()), Story(rig())
    story.fails(0, "T", "noise", deviation=4.0, begins=10.1, ends=20.1)
    for each in (story, sound):
        each.says(0, "H", "turn_on")

    differ = [story.shows(at, "T", "temperature") != sound.shows(at, "T", "temperature") for at in (10, 10.1, 20, 20.1, 20.5)]

    assert differ == [False, True, True, False, False]


def test_a_probe_that_freezes_at_a_sample_shows_what_it_showed_there() -> None:
    story, sound = Story(rig()), Story(rig())
    story.fails(0, "T", "frozen", begins=10, count=4)
    for each in (story, sound):
        each.says(0, "H", "turn_on")
    then = sound.shows(10.5, "T", "temperature")

    assert [story.shows(at, "T", "temperature") for at in (10.5, 13.4)] == [then, then]
    assert story.shows(13.5, "T", "temperature") == pytest.approx(sound.shows(13.5, "T", "temperature"), abs=1e-9) != then


def test_a_fault_of_a_probe_with_a_count_acts_for_so_many_of_its_samples() -> None:
    story = Story(rig())
    story.fails(0, "T", "offset", kelvin=5.0, count=2, begins=1)

    shown = [story.shows(at, "T", "temperature") for at in (1.4, 1.5, 2.9, 3.0)]

    assert shown == [20.0, 25.0, 25.0, 20.0]
    assert (story.fault(3).matched, story.fault(3).hits) == (2, 2)


def test_a_probe_that_fails_now_and_then_does_so_at_the_samples_that_are_drawn() -> None:
    story = Story(rig())
    story.fails(0, "T", "open_circuit", probability=0.3)

    shown = [story.shows(number * 0.75, "T", "temperature") for number in range(1000)]
    hits = [draw(RIG, "f1", number) < 0.3 for number in range(1000)]

    assert [value is None for value in shown] == hits
    assert (story.fault(999 * 0.75).matched, story.fault(999 * 0.75).hits) == (1000, sum(hits))


# -- controllers ---------------------------------------------------------------------------------------------------


def windows(story: Story, until: int) -> list[tuple[int, Any, Any]]:
    """s, duty and what the heater was told, at each half second."""
    return [(at, *(story.shows(at / 2, *each) for each in (("C", "duty"), ("H", "state")))) for at in range(2 * until)]


def test_a_controller_goes_by_what_it_has_told_its_heater_and_takes_a_stuck_relay_for_no_manual_switch() -> None:
    stories = []
    for feedback in (False, True):
        story = Story(
            rig(Pid(name="C", probe="T", heaters=("H",), setpoint=21), heater=Heater(name="H", vessel="V", power=9000, feedback=feedback))
        )
        story.fails(0, "H", "stuck_off")
        story.says(0, "C", "start")
        stories.append(story)
    told = [look(stories[1].cell, evolve(stories[1].cell, stories[1].anchor, at / 2, RIG), at / 2).commanded("H") for at in range(240)]

    assert [state for _, _, state in windows(stories[0], 120)] == told
    assert {0, 1} == set(told)


def test_a_controller_that_reads_nothing_asks_for_nothing_and_goes_on_where_it_was() -> None:
    story = Story(rig(Pid(name="C", probe="T", heaters=("H",), setpoint=50)))
    story.says(0, "C", "start")
    story.fails(0, "T", "open_circuit", begins=62, ends=120)

    assert [story.shows(at, "C", "duty") for at in (60, 65, 119, 120)] == [1.0, 0.0, 0.0, 1.0]


def test_an_edge_of_a_fault_comes_before_what_a_controller_does_at_that_instant_and_does_not_rephase_it() -> None:
    story = Story(rig(Pid(name="C", probe="T", heaters=("H",), setpoint=50)))
    story.says(0, "C", "start")
    story.fails(3, "T", "offset", begins=60, kelvin=60.0)
    story.fails(3, "H", "weak", begins=31, share=0.5, name="f2")

    assert story.shows(60, "C", "duty", "process_value")[0] == 0.0
    assert plant.next_boundary(story.cell, story.anchor) == 65 * SECOND
