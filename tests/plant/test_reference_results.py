"""docs/physics.md, "Reference results", to their last digit."""

from __future__ import annotations

import pytest

from mockbrew import plant
from mockbrew.clock import SECOND
from mockbrew.constants import WATER
from mockbrew.development import develop
from mockbrew.plant import Cell
from mockbrew.series import first_crossing, value
from mockbrew.thermal import Exchange, Heat, Start, boiling_point
from tests.plant.cells import evolve, kettle, look, order, pid, readings, started, thermostat


def time_to(cell: Cell, target: float) -> float:
    """s that the heater needs, by bisection over what is read."""
    anchor = started(cell, "H", "turn_on")
    low, high = 0.0, 10_000.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        warm = look(cell, anchor, middle).state("V").temperature >= target
        low, high = (low, middle) if warm else (middle, high)
    return high


def test_50_litres_heat_up_in_the_published_times() -> None:
    cell = kettle(volume=50, loss=8)

    assert round(time_to(cell, 76.0), 2) == 2265.35
    assert round(time_to(cell, 100.0), 2) == 3298.41


def test_without_loss_and_wall_the_ramp_is_linear() -> None:
    # The law itself: a vessel of the spec has a wall or grain, since it may run dry.
    alone = Start(
        temperature=20.0,
        mass=50.0,
        capacity=50.0 * WATER,
        held_temperature=False,
        held_mass=False,
        heat=Heat(5500.0),
        exchange=Exchange(((0, 0.0),), 0.0, 0.0, 0.0),
    )

    development = develop([alone], longest=3000.0)

    temperature = development.paths[0].temperature
    elapsed = first_crossing([76.0 - temperature[0], *(-term for term in temperature[1:])], development.span)
    assert elapsed is not None
    assert round(elapsed, 2) == 2131.05
    assert value(temperature, elapsed / 2) == pytest.approx(48.0, abs=1e-12)


def test_the_boil_begins_after_181_seconds_and_takes_its_litres_an_hour() -> None:
    cell = kettle(volume=40, loss=10, start=95)
    anchor = started(cell, "H", "turn_on")

    boundary = plant.next_boundary(cell, anchor)
    assert boundary is not None
    assert round(boundary / SECOND, 3) == 181.420

    begin, later = readings(cell, anchor, (1000, 4600), "V", "volume")
    assert round(begin - later, 5) == 7.49668
    assert readings(cell, anchor, (181.4, 181.5, 4600), "V", "boiling") == [0, 1, 1]
    assert look(cell, anchor, 4600).reading("V", "temperature") == 100.0


@pytest.mark.parametrize(("power", "kilograms"), [(3000, 3.50908), (800, 0.0)])
def test_the_boil_off_follows_the_power(power: float, kilograms: float) -> None:
    cell = kettle(volume=40, loss=10, power=power, start=100)
    anchor = started(cell, "H", "turn_on")

    begin, later = readings(cell, anchor, (0, 3600), "V", "volume")

    assert round(begin - later, 5) == kilograms


def test_a_thermostat_of_half_a_kelvin_swings_by_its_band_and_the_probe_s_lag() -> None:
    # The probe is 10 s behind a slope of 0.0254 K/s: what is measured as 65 degC is 65.25 degC in truth.
    cell = kettle(thermostat(setpoint=65, band=0.5, sample=1), volume=50, loss=8, start=55)
    anchor = started(cell, "C", "start")

    settled = readings(cell, anchor, range(1800, 4 * 3600, 2), "V", "temperature")

    assert max(settled) == pytest.approx(65.25, abs=0.03)
    assert min(settled) == pytest.approx(64.48, abs=0.03)


def test_the_pid_peaks_below_the_published_overshoot_and_holds() -> None:
    cell = kettle(*pid(setpoint=65), volume=50, loss=8, start=55)
    anchor = started(cell, "C", "start")

    rising = readings(cell, anchor, range(0, 2 * 3600, 5), "V", "temperature")
    settled = readings(cell, anchor, range(2 * 3600, 6 * 3600, 7), "V", "temperature")

    assert 65.0 < max(rising) < 65.2
    assert max(abs(value - 65) for value in settled) < 0.05


@pytest.mark.parametrize(("altitude", "published"), [(0, 99.997), (500, 98.342), (1000, 96.685), (1500, 95.025), (2000, 93.363)])
def test_water_boils_at_the_published_temperatures(altitude: float, published: float) -> None:
    assert round(boiling_point(altitude), 3) == published


def test_evolving_past_the_last_boundary_moves_no_anchor() -> None:
    cell = kettle(volume=50, loss=8)
    anchor = started(cell, "H", "turn_on")

    assert evolve(cell, anchor, 3000) is anchor
    assert order(cell, anchor, 3000, "H", "turn_off").at == 3000 * SECOND
