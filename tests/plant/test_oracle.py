"""The oracle itself: the reference results of docs/physics.md to their last digit, and closed forms."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.linalg import expm

from mockbrew.clock import SECOND
from mockbrew.devices.base import Device
from mockbrew.devices.heater import Heater
from mockbrew.devices.pid import Pid
from mockbrew.devices.pipe import MAINS, OUT, Pipe
from mockbrew.devices.probe import Probe
from mockbrew.devices.pump import Pump
from mockbrew.devices.thermostat import Thermostat
from tests.plant.oracle import Command, Oracle
from tests.plant.oracle_cases import HEAT, ROOM, heated, sight, vessel
from tests.plant.oracle_law import BOILING, WATER, Law


@pytest.mark.parametrize(("seconds", "target"), [(2265.35, 76), (3298.41, 100)])
def test_50_litres_heat_up_in_the_published_times(seconds: float, target: float) -> None:
    kettle = heated(volume=50, loss=8)

    assert sight(kettle, seconds - 0.005).temperatures["V"] < target <= sight(kettle, seconds + 0.005).temperatures["V"]


def test_without_loss_and_wall_they_do_so_too() -> None:
    kettle = heated(volume=50, wall=0)

    assert sight(kettle, 2131.045).temperatures["V"] < 76 <= sight(kettle, 2131.055).temperatures["V"]


@pytest.mark.parametrize(("power", "kilograms"), [(5500, 7.49668), (3000, 3.50908), (800, 0.0)])
def test_a_boil_loses_the_published_kilograms_an_hour(power: float, kilograms: float) -> None:
    begin, later = Oracle(heated(power, volume=40, loss=10, temperature=100), ROOM, HEAT).sights([0, 3600 * SECOND])

    assert begin.modes["V"].boil == later.modes["V"].boil == BOILING
    assert later.temperatures["V"] == 100
    assert round(begin.masses["V"] - later.masses["V"], 5) == kilograms


def test_a_boil_begins_after_181_420_seconds() -> None:
    oracle = Oracle(heated(volume=40, loss=10, temperature=95), ROOM, HEAT)
    oracle.sights([1000 * SECOND])

    assert [round(at / SECOND, 3) for at in oracle.boundaries] == [181.420]


def test_hot_and_lukewarm_mix_as_everybody_knows() -> None:
    tanks = [vessel("A", volume=30, temperature=78, wall=0, grain=1e-9), vessel("B", volume=20, temperature=60, wall=0)]
    after = sight([*tanks, Pipe(name="L", source="A", destination="B", flow=7)], 600)

    assert after.temperatures["B"] == pytest.approx(70.8, abs=1e-9)
    assert after.masses == {"A": 0, "B": pytest.approx(50, abs=1e-9)}


def test_a_pid_peaks_and_holds_as_published() -> None:
    loop = Pid(name="C", probe="T", heaters=("H",), setpoint=65)
    kettle = [*heated(volume=50, loss=8, temperature=55), Probe(name="T", vessel="V"), loop]
    seen = Oracle(kettle, ROOM, [(0, "C", "start", {})]).sights(range(0, 5000 * SECOND, 10 * SECOND))
    values = [each.temperatures["V"] for each in seen]

    assert 65 < max(values) < 65.2
    assert max(abs(value - 65) for value in values[300:]) < 0.05


def test_a_thermostat_switches_at_its_samples_and_its_band() -> None:
    loop = Thermostat(name="C", probe="T", heaters=("H",), setpoint=65, band=0.5, sample=1)
    kettle = [*heated(volume=50, loss=8, temperature=64), Probe(name="T", vessel="V", lag=0), loop]
    seen = Oracle(kettle, ROOM, [(0, "C", "start", {})]).sights(range(0, 4000 * SECOND, SECOND))
    off = [b for a, b in pairwise(seen) if a.on["H"] > b.on["H"]]
    on = [b for a, b in pairwise(seen) if a.on["H"] < b.on["H"]]

    assert [round(each.temperatures["V"], 1) for each in (*off, *on)] == [65.0] * len(off) + [64.5] * len(on)
    assert off
    assert on


def test_what_is_being_emptied_cools_by_the_closed_form() -> None:
    tank = vessel(volume=40, temperature=80, wall=4, loss=9)
    devices = [tank, Heater(name="H", vessel="V", power=300), Pipe(name="L", source="V", destination=OUT)]
    flow, wall, far = 10 / 60, 4000 / WATER, 20 + 300 / 9
    exponent = 9 / (flow * WATER)

    for seconds in (60, 239):
        expected = far + (80 - far) * ((40 + wall - flow * seconds) / (40 + wall)) ** exponent
        assert sight(devices, seconds).temperatures["V"] == pytest.approx(expected, abs=1e-10)


def loop_of_three() -> list[Device]:
    tanks = [vessel(name, volume=volume, temperature=t, wall=0) for name, volume, t in (("A", 40, 80), ("B", 40, 20), ("C", 25, 50))]
    links = [Pipe(name=f"L{a}", source=a, destination=b) for a, b in ("AB", "BC", "CA")]
    return [*tanks, *links, Probe(name="T", vessel="B", lag=30)]


def matrix(law: Law, x: Any) -> Any:
    zero = law.slopes(0.0, x)
    return np.column_stack([law.slopes(0.0, x + unit) - zero for unit in np.eye(len(x))[3:]])[3:]


def test_a_directed_loop_over_three_vessels_has_complex_eigenvalues_and_the_exponential_s_course() -> None:
    oracle = Oracle(loop_of_three(), ROOM)
    slopes = matrix(Law(oracle.plumbing, {}, oracle.modes), oracle.x)
    expected = expm(slopes * 100) @ oracle.x[3:]
    turning = max(np.linalg.eigvals(slopes), key=lambda value: value.imag)
    after = oracle.sights([100 * SECOND])[0]

    assert (round(turning.real, 4), round(turning.imag, 4)) == (-0.0075, 0.0041)
    assert [*after.temperatures.values(), after.probes["T"]] == pytest.approx(expected, abs=1e-10)


def test_a_coil_exchanges_what_its_number_of_transfer_units_says() -> None:
    tanks = [vessel("H", volume=40, temperature=80), vessel("M", volume=20, temperature=50)]
    oracle = Oracle([*tanks, Pipe(name="R", source="M", destination="M", coil="H", transfer=510)], ROOM)
    heat = Law(oracle.plumbing, oracle.on, oracle.modes).tally(oracle.x).heat
    capacity = 10 / 60 * WATER
    conductance = capacity * (1 - math.exp(-510 / capacity))

    assert heat == pytest.approx([-conductance * 30, conductance * 30])


def test_a_coil_exchanges_nothing_with_an_empty_vessel() -> None:
    pipes = [Pipe(name="R", source="M", destination="M", coil="H"), Pipe(name="W", source=MAINS, destination=OUT, coil="M")]
    oracle = Oracle([vessel("H", temperature=80), vessel("M", volume=20, temperature=15), *pipes], ROOM)

    assert Law(oracle.plumbing, oracle.on, oracle.modes).tally(oracle.x).heat == [0, 0]


def test_a_pipe_loses_heat_to_the_room_by_its_whole_flow() -> None:
    pump = Pump(name="P", flow=6)
    pipes = [Pipe(name=name, source=MAINS, destination="V", pump="P", temperature=60, loss=loss) for name, loss in (("L", 200), ("N", 0))]
    oracle = Oracle([vessel(volume=10, temperature=60), pump, *pipes], ROOM, [(0, "P", "turn_on", {})])
    oracle.sights([0])
    tally = Law(oracle.plumbing, oracle.on, oracle.modes).tally(oracle.x)

    assert tally.inflow == [pytest.approx(0.1)]
    assert tally.heat == [pytest.approx(0.05 * WATER * 40 * (math.exp(-200 / (0.05 * WATER)) - 1))]


def test_a_manual_command_lasts_until_the_next_sample() -> None:
    loop = Pid(name="C", probe="T", heaters=("H",), setpoint=60, sample=30, window=10, kp=0.005, td=0)
    kettle = [*heated(volume=50), Probe(name="T", vessel="V", lag=0), loop]
    history: list[Command] = [(0, "C", "start", {}), (3 * SECOND, "H", "turn_on", {}), (15 * SECOND, "H", "turn_off", {})]
    on = [each.on["H"] for each in Oracle(kettle, ROOM, history).sights(at * SECOND for at in range(1, 45, 2))]

    # A duty of a fifth; on by hand from 3 s, off from 15 s, the windows' programme again from 30 s.
    assert on == [*[1] * 7, *[0] * 8, 1, 0, 0, 0, 0, 1, 0]


def test_an_element_and_a_probe_lag_by_their_time_constants() -> None:
    devices = [vessel(volume=10, wall=0), Heater(name="H", vessel="V", power=4186, lag=30), Probe(name="T", vessel="V", lag=10)]
    after = sight(devices, 300)
    still = math.exp(-10)

    assert after.temperatures["V"] == pytest.approx(20 + 0.1 * (300 - 30 * (1 - still)), abs=1e-9)
    # of a ramp that sets in with 30 s: 10 s behind it in the end
    assert after.probes["T"] == pytest.approx(after.temperatures["V"] - 1.0, abs=1e-3)
