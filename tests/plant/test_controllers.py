"""PID and thermostat: docs/physics.md, "Control", point by point."""

from __future__ import annotations

import math
from typing import Any

import pytest

from mockbrew import plant
from mockbrew.clock import SECOND
from mockbrew.devices.base import Empty, Surroundings, options
from mockbrew.devices.pid import Pid
from mockbrew.devices.probe import Probe
from mockbrew.devices.thermostat import Thermostat
from mockbrew.plant import Anchor, Cell
from tests.plant.cells import kettle, look, order, pid, readings, started, thermostat


class Measured:
    """The view of a controller whose probe says what the test says."""

    surroundings = Surroundings(20, 100)
    seed = ""

    def __init__(self, at: int, value: float | None) -> None:
        self.at, self.value = at, value

    def state(self, name: str) -> Any:
        return Empty()

    def reading(self, name: str, reading: str) -> float | None:
        return self.value

    def commanded(self, name: str) -> float | None:
        return self.value

    def flow(self, pipe: str) -> float:
        return 0.0


def sampled(controller: Pid, *values: float | None) -> list[Any]:
    """The states after samples of these values, from the start on."""
    state: Any = Pid.verbs["start"].apply(controller, controller.initial(Measured(0, None)), 0)
    states = []
    for k, value in enumerate(values):
        at = k * int(controller.sample * SECOND)
        while state.taken == k:
            state, _ = controller.act(state, Measured(min(at, controller.due(state) or 0), value))
        states.append(state)
    return states


def samples(cell: Cell, anchor: Anchor, output: str) -> list[tuple[Any, Any]]:
    """What the probe measures and whether an output is on, at the samples of an hour."""
    measured, on = (readings(cell, anchor, range(0, 3600, 5), *of) for of in (("T", "temperature"), (output, "state")))
    return list(zip(measured, on, strict=True))


def bare(**options: Any) -> Pid:
    return Pid(name="C", probe="T", setpoint=50, sample=5, window=1000, **options)


def test_the_first_duty_has_neither_integral_nor_derivative() -> None:
    (first,) = sampled(bare(kp=0.1), 48)

    assert first.duty == 0.1 * 2
    assert first.integral == 0.1 * 5 / 900 * 2


def test_the_derivative_acts_on_the_measurement() -> None:
    _, second = sampled(bare(kp=0.1, td=2), 48, 49)

    assert second.duty == pytest.approx(0.1 * 1 + 0.1 * 5 / 900 * 2 - 0.1 * 2 * (49 - 48) / 5, abs=1e-15)


def test_the_formula_of_the_design_over_several_samples() -> None:
    kp, ti, td, h, r = 0.05, 300.0, 2.0, 5.0, 50.0
    values = (47.0, 47.5, 48.1, 48.6)
    integral, last, expected = 0.0, None, []
    for y in values:
        expected.append(kp * (r - y) + integral - (0 if last is None else kp * td * (y - last) / h))
        integral, last = integral + kp * h / ti * (r - y), y

    assert [state.duty for state in sampled(bare(kp=kp, ti=ti, td=td), *values)] == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize(("value", "duty"), [(20.0, 1.0), (80.0, 0.0)])
def test_a_clamped_duty_does_not_wind_the_integral_up(value: float, duty: float) -> None:
    states = sampled(bare(), value, value, value)

    assert {state.duty for state in states} == {duty}
    assert {state.integral for state in states} == {0.0}


def test_an_integral_stays_a_number_whatever_gains_a_spec_may_ask_for() -> None:
    quickest = options(Pid)["ti"].metadata["schema"].get("minimum", 1e-310)  # 1e-310: what a bound above 0 lets through
    first, *_, last = sampled(bare(kp=1e3, ti=quickest), 49.9999, 85, -127, 50, 49.9999)

    assert first.integral == pytest.approx(1e3 * 5 / 1e-3 * 1e-4)
    assert math.isfinite(last.integral)


def test_without_a_measurement_there_is_no_power_and_the_integral_holds() -> None:
    first, second, third = sampled(bare(kp=0.1), 48, None, 48)

    assert (second.duty, second.integral) == (0.0, first.integral)
    assert third.duty == 0.1 * 2 + first.integral


def test_the_duty_at_a_window_s_start_holds_for_the_whole_window() -> None:
    cell = kettle(*pid(setpoint=22, kp=0.2, window=100, sample=5), volume=40, loss=9)
    anchor = started(cell, "C", "start")
    duty = look(cell, anchor, 0).reading("C", "duty")

    switched = readings(cell, anchor, range(0, 100, 1), "H", "state")

    assert isinstance(duty, float)
    assert 0 < duty < 1
    assert switched == [1] * round(duty * 100) + [0] * (100 - round(duty * 100))


@pytest.mark.parametrize(
    ("duty", "on_time"), [(0.05, 0.0), (0.10, 2.0), (0.19, 2.0), (0.5, 5.0), (0.72, 7.0), (0.86, 10.0), (1.0, 10.0), (0.0004, 0.0)]
)
def test_minimum_times_round_a_window_to_what_the_heater_tolerates(duty: float, on_time: float) -> None:
    controller = Pid(name="C", probe="T", setpoint=50, window=10, minimum_on=2, minimum_off=3)

    assert controller._on_time(duty) == on_time * SECOND


def test_a_manual_command_on_an_output_lasts_until_the_next_sample() -> None:
    cell = kettle(*pid(setpoint=78), volume=40, loss=9)
    anchor = order(cell, started(cell, "C", "start"), 12, "H", "turn_off")

    assert readings(cell, anchor, (12, 14.9, 15), "H", "state") == [0, 0, 1]


def test_a_manual_command_on_a_heater_outlasts_the_windows_until_the_next_sample() -> None:
    cell = kettle(*pid(setpoint=78, sample=60, window=10), volume=40, loss=9)
    anchor = order(cell, started(cell, "C", "start"), 12, "H", "turn_off")

    assert readings(cell, anchor, (12, 20, 31, 59.9, 60), "H", "state") == [0, 0, 0, 0, 1]


def test_a_manual_command_on_a_heater_is_remembered_at_the_windows_in_between() -> None:
    cell = kettle(*pid(setpoint=60, sample=30, window=10, kp=0.005, td=0), volume=50, loss=0)
    anchor = order(cell, started(cell, "C", "start"), 3, "H", "turn_on")

    # The programme: on at 0, off at 2; on at 10, off at 12; on at 20, off at 22.
    assert readings(cell, anchor, (9, 11, 12.5, 15, 29, 30), "H", "state") == [1, 1, 1, 1, 1, 1]
    assert readings(cell, anchor, (33, 39), "H", "state") == [0, 0]


def test_a_manual_command_on_a_pump_lasts_until_the_next_sample() -> None:
    cell = kettle(*pid(setpoint=78, window=30), volume=40, loss=9)
    anchor = order(cell, started(cell, "C", "start"), 29, "P", "turn_off")

    assert readings(cell, anchor, (29, 29.9, 30), "P", "state") == [0, 0, 1]


def test_the_start_is_the_first_sample_and_a_second_start_changes_nothing() -> None:
    cell = kettle(*pid(setpoint=78), volume=40, loss=9)
    once = started(cell, "C", "start")
    again = order(cell, once, 7, "C", "start")

    assert look(cell, once, 0).reading("H", "state") == 1
    assert look(cell, again, 100).state("C") == look(cell, once, 100).state("C")


def test_stop_switches_the_outputs_off_at_once() -> None:
    cell = kettle(*pid(setpoint=78), volume=40, loss=9)
    anchor = order(cell, started(cell, "C", "start"), 12, "C", "stop")

    seen = look(cell, anchor, 12)

    assert [seen.reading(name, "state") for name in "HPC"] == [0, 0, 0]
    assert cell.controllers[0][1].due(seen.state("C")) is None


def test_stopping_what_is_stopped_leaves_a_manual_command_alone() -> None:
    cell = kettle(*pid(setpoint=78), volume=40, loss=9)
    anchor = order(cell, started(cell, "H", "turn_on"), 12, "C", "stop")

    assert look(cell, anchor, 12).reading("H", "state") == 1


def test_a_new_setpoint_acts_at_the_next_sample() -> None:
    cell = kettle(*pid(setpoint=78, window=5), volume=40, loss=9)
    anchor = order(cell, started(cell, "C", "start"), 12, "C", "set_setpoint", setpoint=10.0)

    assert look(cell, anchor, 12).reading("C", "setpoint") == 10.0
    assert readings(cell, anchor, (12, 14.9, 15), "H", "state") == [1, 1, 0]


def test_the_pumps_run_from_a_band_below_the_setpoint_to_the_setpoint() -> None:
    cell = kettle(*pid(setpoint=25, pump_band=1, kp=5), volume=40, loss=9, start=20)
    anchor = started(cell, "C", "start")
    seen = samples(cell, anchor, "P")

    assert all(pumping for measured, pumping in seen if measured < 24)
    assert not any(pumping for measured, pumping in seen if measured >= 25)


def test_an_unused_setpoint_keeps_the_type_that_the_spec_gave_it() -> None:
    whole: Cell = kettle(*pid(setpoint=50), volume=40, loss=9)
    fraction: Cell = kettle(*pid(setpoint=78.0), volume=40, loss=9)

    assert repr(look(whole, plant.initial(whole, 0), 0).reading("C", "setpoint")) == "50"
    assert repr(look(fraction, plant.initial(fraction, 0), 0).reading("C", "setpoint")) == "78.0"


def test_a_thermostat_switches_on_below_the_band_and_off_at_the_setpoint() -> None:
    cell = kettle(thermostat(setpoint=30, band=2, sample=5), volume=10, loss=200, start=27)
    anchor = started(cell, "C", "start")
    seen = samples(cell, anchor, "H")

    assert all(heating for measured, heating in seen if measured < 28)
    assert not any(heating for measured, heating in seen if measured >= 30)
    assert {heating for measured, heating in seen if 28 <= measured < 30} == {0, 1}


def test_a_thermostat_without_a_band_heats_for_its_minimum_on_time() -> None:
    cell = kettle(thermostat(setpoint=30, band=0, sample=1, minimum_on=20), volume=40, loss=9, start=29.99)
    anchor = started(cell, "C", "start")

    switched = readings(cell, anchor, range(1200), "H", "state")
    stretches = "".join(map(str, switched)).strip("0").split("0")

    assert min(len(stretch) for stretch in stretches if stretch) >= 20


def test_a_thermostat_without_a_measurement_does_not_heat() -> None:
    controller = Thermostat(name="C", probe="T", heaters=("H",), setpoint=50)
    state = Thermostat.verbs["start"].apply(controller, controller.initial(Measured(0, None)), 0)

    heating, _ = controller.act(state, Measured(0, 20.0))
    blind, orders = controller.act(heating, Measured(5 * SECOND, None))

    assert (heating.heating, blind.heating, orders) == (1, 0, {"H": "turn_off"})


def test_a_probe_can_serve_several_controllers() -> None:
    cell = kettle(*pid(setpoint=50), Thermostat(name="D", probe="T", setpoint=40), volume=40, loss=9)
    anchor = order(cell, started(cell, "C", "start"), 1, "D", "start")

    assert isinstance(cell.devices[2], Probe)
    assert look(cell, anchor, 10).reading("D", "process_value") == look(cell, anchor, 10).reading("C", "process_value")
