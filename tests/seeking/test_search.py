"""The first instant at which a condition holds, who asks for it, and at what cost."""

from __future__ import annotations

import pytest

from mockbrew import plant as plants
from mockbrew.clock import SECOND
from mockbrew.seeking.scene import Scene
from mockbrew.seeking.search import Sought, is_surely_false, seek
from tests.plant.seekers import anchored, beginning, condition, rig, sought
from tests.seeking.kettle import HOUR, KETTLE, PLANT, found, heated, read


def test_the_first_nanosecond_is_found_and_the_scene_stands_there() -> None:
    scene = heated()
    wanted = condition(PLANT, "V >= 65")

    at = sought(scene, wanted, HOUR)

    assert at == scene.at
    assert wanted.holds(scene.value)
    assert not wanted.holds(lambda variable: scene.value_at(variable, scene.at - 1))


def test_what_holds_for_a_millisecond_only_is_found() -> None:
    scene = heated()
    rises = 4e-5  # K in about 1 ms
    begins = found(scene, "V >= 65")

    again = found(heated(), f"V >= 65 and V < 65 + {rises}")
    ends_at = found(scene, f"V >= 65 + {rises}")

    assert again == begins
    assert begins is not None
    assert ends_at is not None
    assert 0 < ends_at - begins < 2_000_000


def test_what_rises_and_falls_again_between_two_boundaries_is_found_at_its_top() -> None:
    scene = heated()
    scene.at = 100 * SECOND
    scene.evolve(limit=10)
    name = PLANT.home["H"]
    scene.anchors[name] = plants.command(scene.cell(name), scene.anchors[name], scene.at, "", "H", "turn_off", {})
    off = dict(scene.anchors)
    top = max(read(Scene(PLANT, off, at, "")) for at in range(100 * SECOND, 200 * SECOND, SECOND // 4))

    assert found(Scene(PLANT, off, 100 * SECOND, ""), f"T >= {top}") is not None
    assert found(Scene(PLANT, off, 100 * SECOND, ""), f"T >= {top + 1e-4}") is None


def test_what_holds_at_once_is_found_at_once_and_what_holds_at_the_end_is_found_there() -> None:
    scene = heated()
    at = found(scene, "V >= 65")

    assert at is not None
    assert found(heated(), "V < 65", until=0) == 0
    assert found(heated(), "V >= 65", until=at) == at
    assert found(heated(), "V >= 65", until=at - 1) is None


def test_where_it_never_holds_the_scene_stands_at_the_end() -> None:
    scene = heated()

    assert seek(scene, condition(PLANT, "V >= 200"), HOUR, limit=10**6) == Sought(None, done=True)
    assert scene.at == HOUR


def test_a_boundary_shows_what_is_so_after_it() -> None:
    scene = heated()
    at = found(scene, "V.boiling")

    assert at is not None
    assert found(heated(), "V >= 100") == at
    assert found(heated(), "V >= 100 and not V.boiling") is None


def test_what_becomes_true_just_before_a_boundary_that_ends_it_is_found() -> None:
    # A thermostat heats from below 64.5 to 65: it is off and cooling when it falls under 64.5, and on at its next sample.
    scene = beginning(PLANT, ("C", "start"))
    warm = found(scene, "T >= 65 and not H.on")
    cold = found(scene, "T < 64.5", until=10 * HOUR)
    again = found(scene, "H.on", until=10 * HOUR)

    assert warm is not None
    assert cold is not None
    assert again is not None
    assert cold < again <= cold + 5 * SECOND
    assert found(beginning(PLANT, ("C", "start")), "T < 64.5 and H.on == 0", until=0) is None


def test_a_condition_and_its_negation_in_turn_give_the_spans_in_which_it_holds() -> None:
    scene = beginning(PLANT, ("C", "start"))
    wanted = condition(PLANT, "H.on and T > 64")
    turns: list[int] = []
    while len(turns) < 12 and (at := sought(scene, wanted if len(turns) % 2 == 0 else wanted.negated, 20 * HOUR)) is not None:
        turns.append(at)

    assert len(turns) == 12
    assert turns == sorted(set(turns))
    for holds, at in zip([True, False] * 6, turns, strict=True):
        scene = beginning(PLANT, ("C", "start"))
        scene.at = at
        scene.evolve(limit=10**6)
        assert wanted.holds(scene.value) is holds


def test_several_cells_are_looked_at_together() -> None:
    assert PLANT.home["V"] != PLANT.home["W"]
    alone = [found(heated(("G", "turn_on")), text) for text in ("V >= 65", "W.volume >= 20")]

    together = found(heated(("G", "turn_on")), "V >= 65 and W.volume >= 20")

    assert all(alone)
    assert together == max(at for at in alone if at is not None)


def test_two_readings_that_stay_equal_do_not_cost_for_ever() -> None:
    scene = heated()

    sought_in = seek(scene, condition(PLANT, "T > S"), HOUR, limit=20_000)

    assert sought_in == Sought(None, done=True)


@pytest.mark.parametrize("text", ["V > 100", "V >= 100.000001", "V.boiling and V < 100", "V < 100 and V > 99.9999999999"])
def test_a_boil_does_not_cost_for_ever(text: str) -> None:
    scene = heated()
    found(scene, "V.boiling", until=24 * HOUR)

    answer = seek(scene, condition(PLANT, text), scene.at + HOUR, limit=200)

    assert answer == Sought(None, done=True)


def test_a_temperature_that_comes_to_rest_at_the_number_does_not_cost_for_ever() -> None:
    plant = rig(KETTLE.replace("temperature = 60", "temperature = 30"))
    scene = beginning(plant)

    answer = seek(scene, condition(plant, "V < 20"), 30 * 24 * HOUR, limit=2000)

    assert answer == Sought(None, done=True)


def test_a_limit_of_one_gets_there_and_each_call_gets_further() -> None:
    scene, wanted = heated(("C", "start")), condition(PLANT, "T >= 64.9")
    seen, answer = [], Sought(None, done=False)
    while not answer.done:
        seen.append(scene.at)
        answer = seek(scene, wanted, HOUR, limit=1)

    assert answer.at == found(heated(("C", "start")), "T >= 64.9")
    assert seen == sorted(seen)


def test_anchors_are_as_if_nobody_had_asked() -> None:
    scene, undisturbed = heated(("C", "start")), heated(("C", "start"))

    found(scene, "T >= 80", until=5 * HOUR)
    undisturbed.at = 5 * HOUR
    undisturbed.evolve(limit=10**6)

    assert anchored(scene) == anchored(undisturbed)


def test_a_day_of_a_running_loop_is_not_looked_at_boundary_by_boundary() -> None:
    scene = beginning(PLANT, ("C", "start"))

    answer = seek(scene, condition(PLANT, "T >= 90"), 24 * HOUR, limit=10_000)

    assert answer == Sought(None, done=True)
    assert scene.at == 24 * HOUR


def test_whether_bounds_say_that_it_is_false_can_be_asked_for_alone() -> None:
    scene = heated()

    assert is_surely_false(scene, condition(PLANT, "V > 70"), 60 * SECOND)
    assert not is_surely_false(scene, condition(PLANT, "V > 61"), 600 * SECOND)
