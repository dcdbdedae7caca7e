"""The oracle itself: vessels that boil, are dry, empty or full, and when they cease to be."""

from __future__ import annotations

import math
from typing import Any

import pytest

from mockbrew.clock import SECOND
from mockbrew.devices.base import Device
from mockbrew.devices.heater import Heater
from mockbrew.devices.pipe import MAINS, OUT, Pipe
from mockbrew.devices.pump import Pump
from tests.plant.oracle import Oracle
from tests.plant.oracle_cases import HEAT, ROOM, heated, sight, vessel, wait_for
from tests.plant.oracle_law import BOILING, CALM, EMPTY, FULL, HOT, LATENT, PARTLY, WATER


def test_what_enters_a_dry_hot_vessel_flashes_until_it_is_at_the_boiling_point() -> None:
    devices = [
        *heated(1000, volume=0, temperature=100, wall=4),
        Pipe(name="W", source=MAINS, destination="V", valves=(), pump="P", temperature=20),
    ]
    pump = Pump(name="P", flow=0.6)
    oracle = Oracle([*devices, pump], ROOM, [*HEAT, (200 * SECOND, "P", "turn_on", {}), (200 * SECOND, "H", "turn_off", {})])
    cooling = 0.01 * (80 * WATER + LATENT) / 4000  # K/s
    before, flashing, wet = oracle.sights([200 * SECOND, 203 * SECOND, 210 * SECOND])

    assert before.temperatures["V"] == pytest.approx(150, abs=1e-9)
    assert flashing.temperatures["V"] == pytest.approx(150 - 3 * cooling, abs=1e-9)
    assert (flashing.masses["V"], flashing.modes["V"]) == (0, (EMPTY, HOT))
    assert wet.masses["V"] == pytest.approx(0.01 * (10 - 50 / cooling), abs=1e-9)
    assert wet.modes["V"] == (PARTLY, CALM)


def test_a_boil_dries_and_then_gets_hot() -> None:
    devices = heated(2257, volume=0.1, temperature=100, wall=4)
    drying, dry = Oracle(devices, ROOM, HEAT).sights([99 * SECOND, 110 * SECOND])

    assert drying.masses["V"] == pytest.approx(0.001, abs=1e-10)
    assert drying.modes["V"] == (PARTLY, BOILING)
    assert dry.modes["V"] == (EMPTY, HOT)
    assert dry.temperatures["V"] == pytest.approx(100 + 10 * 2257 / 4000, abs=1e-9)


def test_an_empty_vessel_that_boils_passes_on_what_does_not_steam_off() -> None:
    pipes = [Pipe(name="W", source=MAINS, destination="V", flow=0.6, temperature=100), Pipe(name="L", source="V", destination="B", flow=9)]
    after = sight([*heated(4514, temperature=100), *pipes, vessel("B")], 100)

    assert after.modes["V"] == (EMPTY, BOILING)
    assert after.masses["B"] == pytest.approx(100 * (0.01 - 0.002), abs=1e-9)


def test_an_empty_vessel_shares_its_inflow_among_its_outlets_by_their_flows() -> None:
    pipes = [Pipe(name=name, source="A", destination=name, flow=flow) for name, flow in (("B", 9), ("C", 3))]
    after = sight([vessel("A"), vessel("B"), vessel("C"), *pipes, Pipe(name="W", source=MAINS, destination="A", flow=6)], 60)

    assert after.masses == {"A": 0, "B": pytest.approx(4.5), "C": pytest.approx(1.5)}


def test_empty_vessels_feed_each_other_nothing_of_their_own() -> None:
    tanks = [vessel("A", temperature=30), vessel("B", temperature=60)]
    after = sight([*tanks, *(Pipe(name=f"L{a}", source=a, destination=b) for a, b in ("AB", "BA"))], 60)

    assert after.masses == {"A": 0, "B": 0}
    assert after.temperatures == {"A": 30, "B": 60}
    assert after.modes == {"A": (EMPTY, CALM), "B": (EMPTY, CALM)}


def test_a_full_vessel_overflows_and_its_pipes_keep_running() -> None:
    pipes = [Pipe(name="W", source=MAINS, destination="V", flow=6, temperature=20), Pipe(name="L", source="V", destination="B", flow=3)]
    devices = [vessel(volume=10, capacity=10, temperature=80, wall=0), vessel("B"), *pipes]
    after = sight(devices, 60)

    assert after.modes["V"] == (FULL, CALM)
    assert after.masses == {"V": 10, "B": pytest.approx(3)}
    assert after.temperatures["V"] == pytest.approx(20 + 60 * math.exp(-0.6), abs=1e-10)


def test_a_full_vessel_that_boils_off_more_than_it_gets_is_full_no_longer() -> None:
    pipes = [Pipe(name="W", source=MAINS, destination="V", flow=0.06, temperature=100)]
    after = sight([*heated(4514, volume=10, capacity=10, temperature=100), *pipes], 100)

    assert after.modes["V"] == (PARTLY, BOILING)
    assert after.masses["V"] == pytest.approx(9.9, abs=1e-9)


def test_a_boil_ends_when_an_element_that_is_off_has_cooled() -> None:
    devices = [vessel(volume=10, temperature=100, loss=10), Heater(name="H", vessel="V", power=8000, lag=30)]
    history = [*HEAT, (1000 * SECOND, "H", "turn_off", {})]
    boundaries = wait_for(devices, 2000, history)

    assert boundaries[-1] == pytest.approx(1000 + 30 * math.log(10), abs=1e-8)


def lagging(**options: Any) -> list[Device]:
    """A vessel of 0 W/K in which an element of 4514 W (2 g/s of steam) warms up with 30 s; 1 g/s of boiling water enters."""
    water = Pipe(name="W", source=MAINS, destination="V", flow=0.06, temperature=100)
    return [vessel(temperature=100, **options), Heater(name="H", vessel="V", power=4514, lag=30), water]


def test_a_full_vessel_is_full_until_its_element_steams_off_more_than_enters() -> None:
    devices = lagging(volume=10, capacity=10)

    assert wait_for(devices, 100) == [pytest.approx(30 * math.log(2), abs=1e-8)]
    assert sight(devices, 100).modes["V"] == (PARTLY, BOILING)


def test_an_empty_vessel_boils_until_its_element_could_steam_off_more_than_enters() -> None:
    devices = [*lagging(), Pipe(name="L", source="V", destination=OUT)]

    assert wait_for(devices, 100) == [pytest.approx(30 * math.log(2), abs=1e-8)]
    assert sight(devices, 20).modes["V"] == (EMPTY, BOILING)
    assert sight(devices, 100).modes["V"] == (EMPTY, HOT)
