"""A changed spec: what devices that remain make of the state that they had."""

from __future__ import annotations

import pytest

from tests.app.asking import Bench
from tests.rigs.changing import NEW_VALVE, change


def test_the_plant_goes_on_under_the_new_spec_from_where_the_old_one_left_it(bench: Bench) -> None:
    bench.get("/startH")
    bench.wait(600)
    warm = float(bench.get("/getT"))
    change(bench, "power = 5500", "power = 0")
    bench.get("/getT")
    bench.wait(1000)

    assert bench.get("/getH") == "1"
    assert 25 < float(bench.get("/getT")) < warm + 1


def test_a_running_controller_keeps_its_samples(bench: Bench) -> None:
    bench.get("/startC")
    bench.wait(603)

    change(bench, "[devices]\n", f"[devices]\n{NEW_VALVE}")

    assert (bench.get("/getC"), bench.get("/getH")) == ("1", "1")
    bench.wait(7200)
    assert float(bench.get("/getT")) == pytest.approx(60, abs=0.2)


@pytest.mark.parametrize("option", ["sample = 2", "sample = 60", "window = 7", "window = 45", "kp = 0.4", "minimum_on = 1"])
def test_a_running_controller_counts_anew_with_changed_options(bench: Bench, option: str) -> None:
    bench.get("/startC")
    bench.wait(3603)

    change(bench, "setpoint = 60", f"setpoint = 60, {option}")

    assert bench.get("/getC") == "1"
    bench.wait(7200)
    assert float(bench.get("/getT")) == pytest.approx(60, abs=0.5)


def test_a_setpoint_stays_within_the_limits_of_the_changed_spec(bench: Bench) -> None:
    bench.get("/startC")
    bench.wait(603)
    change(bench, "setpoint = 60", "setpoint = 40, highest = 45")
    bench.get("/getC")
    bench.wait(36_000)

    assert float(bench.get("/getT")) < 46


def test_a_boil_goes_on_at_the_changed_boiling_point_or_waits_for_it(bench: Bench) -> None:
    bench.get("/startH")
    bench.wait(7200)
    assert bench.get("/getT") == "100.0"

    change(bench, "[rig]\n", "[rig]\nboiling_point = 95\n")
    bench.get("/getT")
    bench.wait(600)
    assert float(bench.get("/getT")) == pytest.approx(95, abs=1e-6)
    change(bench, "boiling_point = 95", "boiling_point = 105")
    bench.get("/getT")
    bench.wait(60)

    assert 95 < float(bench.get("/getT")) < 105
    bench.wait(3600)
    assert float(bench.get("/getT")) == pytest.approx(105, abs=1e-6)


def test_a_probe_that_no_longer_samples_moves_again(bench: Bench) -> None:
    change(bench, 'vessel = "Kettle" }\nC', 'vessel = "Kettle", resolution = 0.5 }\nC')
    bench.get("/startH")
    bench.wait(60)
    stepped = float(bench.get("/getT"))

    change(bench, ", resolution = 0.5", "")
    smooth = float(bench.get("/getT"))
    bench.wait(60)

    assert stepped % 0.5 == 0 != smooth % 0.5
    assert float(bench.get("/getT")) > smooth + 1


def test_a_vessel_that_is_smaller_now_holds_no_more_than_it_can(bench: Bench) -> None:
    bench.get("/startH")
    bench.wait(60)
    change(bench, "capacity = 50, volume = 40", "capacity = 20, volume = 10")
    bench.get("/getT")
    at = float(bench.get("/getT"))
    bench.wait(600)

    rise = float(bench.get("/getT")) - at
    assert rise == pytest.approx(5500 * 600 / (20 * 4186 + 4000), rel=0.1)


def test_a_hot_vessel_that_cooled_without_any_command_keeps_its_temperature(bench: Bench) -> None:
    change(bench, "volume = 40", "volume = 40, temperature = 80")
    bench.get("/startA")
    bench.wait(3600)
    cooled = bench.get("/getT")

    change(bench, "[devices]\n", f"[devices]\n{NEW_VALVE}")

    assert bench.get("/getT") == cooled
    assert float(cooled) < 80


def rise(bench: Bench) -> float:
    """K in the next minute."""
    begin = float(bench.get("/getT"))
    bench.wait(60)
    return float(bench.get("/getT")) - begin


@pytest.mark.parametrize(("before", "after"), [("", ", lag = 10"), (", lag = 5", ", lag = 30"), (", lag = 5", "")])
def test_a_heater_that_is_on_heats_on_whatever_its_lag_becomes(bench: Bench, before: str, after: str) -> None:
    change(bench, "power = 5500", f"power = 5500{before}")
    bench.get("/startH")
    bench.wait(600)
    undisturbed = rise(bench)

    change(bench, f"power = 5500{before}", f"power = 5500{after}")

    assert rise(bench) == pytest.approx(undisturbed, rel=0.02)


def test_a_heater_that_gets_its_lag_back_has_nothing_left_of_the_heat_before(bench: Bench) -> None:
    change(bench, "power = 5500", "power = 5500, lag = 60")
    bench.get("/startH")
    bench.wait(600)
    change(bench, ", lag = 60", "")
    bench.get("/stopH")
    bench.wait(3 * 86_400)

    change(bench, "power = 5500", "power = 5500, lag = 60")

    assert 20 < float(bench.get("/getT")) < 20.1
    assert -0.01 < rise(bench) < 0
