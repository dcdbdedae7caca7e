"""Evolution is a fold over boundaries, and looking changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockbrew import plant
from mockbrew.clock import DAY, SECOND, nanoseconds
from mockbrew.devices.base import Controller, Empty
from mockbrew.devices.heater import Heater
from mockbrew.devices.probe import Probe
from mockbrew.devices.vessel import EMPTY, HOT, Liquid, Vessel
from mockbrew.plant import Anchor, Cell
from tests.plant.cells import ROOM, evolve, kettle, look, order, pid, started, thermostat

instants = st.integers(0, 40_000).map(lambda tenths: tenths / 10)  # s
orders = st.sampled_from([("H", "turn_on"), ("H", "turn_off"), ("C", "start"), ("C", "stop"), ("P", "turn_on"), ("P", "turn_off")])
histories = st.lists(st.tuples(instants, orders), max_size=8).map(lambda history: sorted(history, key=lambda entry: entry[0]))


@st.composite
def kettles(draw: st.DrawFn) -> Cell:
    """One vessel under a PID, near its boil or far from it, with much or little in it."""
    controller = pid(setpoint=draw(st.sampled_from([50, 78.0, 99.5, 105])), sample=draw(st.sampled_from([1.0, 2.5, 5.0])), highest=110)
    noisy = Probe(name="N", vessel="V", noise=0.5, resolution=draw(st.sampled_from([0, 0.0625])), period=draw(st.sampled_from([0.75, 30])))
    volume, loss = draw(st.sampled_from([0, 0.02, 0.5, 15, 40])), draw(st.sampled_from([0, 2.5, 9]))
    return kettle(
        *controller, noisy, volume=volume, loss=loss, start=draw(st.sampled_from([20, 77, 99.9, 100])), grain=draw(st.sampled_from([0, 5]))
    )


def run(cell: Cell, history: list[tuple[float, tuple[str, str]]]) -> Anchor:
    anchor = plant.initial(cell, 0)
    for at, (device, verb) in history:
        anchor = order(cell, anchor, at, device, verb)
    return anchor


@given(cell=kettles(), history=histories, looks=st.lists(instants, max_size=12), until=instants)
def test_looking_in_between_changes_nothing_later(cell: Cell, history: Any, looks: list[float], until: float) -> None:
    anchor = run(cell, history)
    begin = anchor.at / SECOND
    undisturbed = look(cell, anchor, begin + until)

    for at in sorted(looks):
        anchor = evolve(cell, anchor, begin + min(at, until))
    disturbed = look(cell, anchor, begin + until)

    assert plant.moved(cell, disturbed.anchor, disturbed.at) == plant.moved(cell, undisturbed.anchor, undisturbed.at)
    assert disturbed.anchor == undisturbed.anchor
    assert disturbed.reading("N", "temperature") == undisturbed.reading("N", "temperature")


@given(cell=kettles(), history=histories, until=instants)
def test_the_plant_stays_within_its_bounds(cell: Cell, history: Any, until: float) -> None:
    anchor = run(cell, history)
    seen = look(cell, anchor, anchor.at / SECOND + until)
    liquid, duty = seen.state("V"), seen.reading("C", "duty")

    assert liquid.temperature >= 20
    assert liquid.level < 0 or liquid.temperature <= 100
    assert liquid.mass >= 0
    assert isinstance(duty, float)
    assert 0 <= duty <= 1
    assert {seen.reading("H", "state"), seen.reading("P", "state"), seen.reading("C", "state")} <= {0, 1}


@given(cell=kettles(), history=histories)
def test_a_stored_cell_goes_on_as_if_it_had_never_been_stored(cell: Cell, history: Any) -> None:
    anchor = run(cell, history)

    stored = plant.decode(cell, anchor.at, plant.encode(anchor))

    assert repr(stored) == repr(anchor)  # 50 is not 50.0: the wire tells them apart


@pytest.mark.parametrize("start", [20, 100])
def test_after_30_days_of_silence_a_controlled_kettle_is_still_at_its_setpoint(start: float) -> None:
    cell = kettle(*pid(setpoint=78, sample=60, window=60), volume=40, loss=9, start=start)
    anchor = started(cell, "C", "start")

    late = look(cell, anchor, 30 * DAY / SECOND)

    assert late.reading("V", "temperature") == pytest.approx(78, abs=0.5)


def test_after_30_days_a_boil_has_ended_dry_and_the_vessel_is_at_its_balance() -> None:
    cell = kettle(volume=40, loss=9, power=5500)
    anchor = started(cell, "H", "turn_on")

    late = look(cell, anchor, 30 * DAY / SECOND)

    assert late.state("V")._replace(temperature=0.0) == Liquid(0.0, 0.0, HOT, EMPTY)
    assert late.reading("V", "temperature") == pytest.approx(20 + 5500 / 9)
    assert late.reading("T", "temperature") == pytest.approx(20 + 5500 / 9)


def test_a_boil_under_a_thermostat_crosses_few_boundaries_in_an_hour() -> None:
    cell = kettle(thermostat(setpoint=100, band=0, sample=5), volume=40, loss=9, start=99.9)
    anchor = started(cell, "C", "start")
    crossed = 0
    while (boundary := plant.next_boundary(cell, anchor)) is not None and boundary < 3600 * SECOND:
        anchor, _ = plant.evolve(cell, anchor, boundary, "", limit=1)
        crossed += 1

    assert crossed <= 3 * 720


def test_evolve_stops_at_its_limit_and_says_so() -> None:
    cell = kettle(*pid(setpoint=78), volume=40, loss=9)
    anchor = started(cell, "C", "start")

    part, done = plant.evolve(cell, anchor, 3600 * SECOND, "", limit=10)

    assert not done
    assert anchor.at < part.at < 3600 * SECOND
    assert evolve(cell, part, 3600) == evolve(cell, anchor, 3600)


def test_the_heater_that_is_switched_off_at_the_boil_ends_it_there() -> None:
    cell = kettle(volume=40, loss=10, start=95)
    boiling = order(cell, started(cell, "H", "turn_on"), 1000, "H", "turn_off")

    at_once, later = look(cell, boiling, 1000), look(cell, boiling, 1001)

    assert at_once.reading("V", "boiling") == 0
    assert at_once.reading("V", "temperature") == 100.0
    assert 99.9 < look(cell, boiling, 1001).state("V").temperature < 100
    assert later.reading("V", "volume") == at_once.reading("V", "volume")


def test_two_heaters_on_one_vessel_add_up() -> None:
    def heated(*powers: float) -> Any:
        heaters = tuple(Heater(name=f"H{i}", vessel="V", power=power) for i, power in enumerate(powers))
        cell = plant.build((Vessel(name="V", capacity=50, volume=40), *heaters), ROOM)
        anchor = plant.initial(cell, 0)
        for heater in heaters:
            anchor = order(cell, anchor, 0, heater.name, "turn_on")
        return look(cell, anchor, 600).reading("V", "temperature")

    assert heated(1000, 2000) == heated(3000)


class Restless(Controller):
    """A kind with a bug: it is always due at once."""

    kind = "restless"
    layout = Empty

    def due(self, state: Any) -> int | None:
        return 0

    def act(self, state: Any, view: Any) -> tuple[Any, dict[str, str]]:
        return state, {}


def test_a_controller_that_never_lets_go_is_an_error_that_names_it_and_no_endless_loop() -> None:
    cell = plant.build((Restless(name="X"),), ROOM)

    with pytest.raises(RuntimeError, match="X: kind 'restless' wants to act twice at one instant"):
        plant.evolve(cell, plant.initial(cell, 0), nanoseconds(1), "", limit=100)
