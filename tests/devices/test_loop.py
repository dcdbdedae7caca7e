"""Controllers: what follows from their options."""

from __future__ import annotations

from dataclasses import replace

from mockbrew.clock import SECOND
from mockbrew.devices.pid import Pid
from mockbrew.devices.thermostat import Thermostat

PID = Pid(name="P", probe="T", heaters=("B",), pumps=("S",), setpoint=50, window=20.0)


def test_what_a_controller_is_asked_for_follows_from_its_options() -> None:
    both_on = {"S": "turn_on", "B": "turn_on"}
    thermostat = Thermostat(name="H", probe="T", heaters=("B",), setpoint=50, minimum_on=3.0)

    assert (PID.period, PID.frame, PID.orders[1][1], PID.heat_orders[0]) == (5 * SECOND, 20 * SECOND, both_on, {"B": "turn_off"})
    assert (thermostat.period, thermostat.least_on) == (5 * SECOND, 3 * SECOND)


def test_what_was_computed_makes_no_difference_between_two_that_are_alike() -> None:
    asked, other = replace(PID), replace(PID)
    assert asked.gains == (0.5 * 5.0 / 900.0, 0.5 * 20.0)

    assert (asked, hash(asked), repr(asked)) == (other, hash(other), repr(other))
    assert replace(asked, kp=1.0).gains == (5.0 / 900.0, 20.0)
