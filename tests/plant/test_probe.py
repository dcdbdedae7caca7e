"""Probes: lag, then offset, noise and resolution, in this order."""

from __future__ import annotations

import math
from statistics import fmean, stdev
from typing import Any

import pytest

from mockbrew import plant
from mockbrew.devices.heater import Heater
from mockbrew.devices.probe import Probe
from mockbrew.devices.vessel import Vessel
from mockbrew.plant import Cell
from tests.plant.cells import ROOM, look, order, readings, started


def probed(**options: Any) -> Cell:
    """40 L with a heater of 5500 W and a probe."""
    vessel = Vessel(name="V", capacity=50, volume=40, loss=0, wall=4)
    return plant.build((vessel, Heater(name="H", vessel="V", power=5500), Probe(name="T", vessel="V", **options)), ROOM)


def test_a_probe_is_one_time_constant_behind_a_ramp() -> None:
    cell = probed(lag=10)
    anchor = started(cell, "H", "turn_on")
    slope = 5500 / (40 * 4186 + 4000)

    behind = look(cell, anchor, 600).reading("V", "temperature") - look(cell, anchor, 600).reading("T", "temperature")  # type: ignore[operator]  # numbers

    assert behind == pytest.approx(10 * slope * (1 - math.exp(-60)), abs=1e-9)


def test_a_probe_without_lag_reads_the_vessel() -> None:
    cell = probed(lag=0)
    anchor = started(cell, "H", "turn_on")

    assert readings(cell, anchor, (0, 1, 600), "T", "temperature") == readings(cell, anchor, (0, 1, 600), "V", "temperature")


def test_a_short_lag_comes_near_none() -> None:
    quick, none = probed(lag=1e-6), probed(lag=0)

    assert look(quick, started(quick, "H", "turn_on"), 600).reading("T", "temperature") == pytest.approx(
        look(none, started(none, "H", "turn_on"), 600).reading("T", "temperature"), abs=1e-6
    )


def test_a_reading_in_steps_holds_between_the_probe_s_own_samples() -> None:
    cell = probed(lag=0, resolution=0.0625, period=30.0)
    anchor = started(cell, "H", "turn_on")

    first, held, next_ = readings(cell, anchor, (30, 59.999, 60), "T", "temperature")

    assert first == held < next_
    assert all(value % 0.0625 == 0 for value in (first, next_))


def test_a_held_sample_outlives_a_command() -> None:
    cell = probed(lag=0, resolution=0.001, period=30.0)
    anchor = order(cell, started(cell, "H", "turn_on"), 45, "H", "turn_off")

    undisturbed = look(cell, started(cell, "H", "turn_on"), 50).reading("T", "temperature")
    assert look(cell, anchor, 50).reading("T", "temperature") == undisturbed


def test_a_decimal_step_reads_as_it_is_written() -> None:
    cell = probed(resolution=0.1)

    assert look(cell, started(cell, "H", "turn_on"), 100).reading("T", "temperature") == 22.9


def test_an_offset_is_added_after_the_lag() -> None:
    cell = probed(offset=-1.5)

    assert look(cell, plant.initial(cell, 0), 0).reading("T", "temperature") == 18.5


def test_noise_is_the_same_for_any_two_readers_and_another_for_another_seed() -> None:
    cell = probed(noise=0.5, period=1.0)
    anchor = plant.initial(cell, 0)

    def noise(seed: str) -> list[Any]:
        return [look(cell, anchor, at, seed).reading("T", "temperature") for at in range(400)]

    assert noise("0/default") == noise("0/default") != noise("1/default")
    assert fmean(noise("0/default")) == pytest.approx(20, abs=0.1)
    assert stdev(noise("0/default")) == pytest.approx(0.5, rel=0.15)
