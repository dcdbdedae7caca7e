"""The oracle itself: the reference results of docs/physics.md to their last digit, closed forms, and what can't be lost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.linalg import expm

from mockbrew.clock import SECOND, nanoseconds
from mockbrew.devices.base import Device, Surroundings
from mockbrew.devices.heater import Heater
from mockbrew.devices.pid import Pid
from mockbrew.devices.pipe import MAINS, OUT, Pipe
from mockbrew.devices.probe import Probe
from mockbrew.devices.pump import Pump
from mockbrew.devices.thermostat import Thermostat
from mockbrew.devices.vessel import Vessel
from tests.plant.histories import Case
from tests.plant.oracle import Command, Oracle, Sight
from tests.plant.oracle_law import BOILING, CALM, EMPTY, FULL, HOT, LATENT, PARTLY, WATER, Law
from tests.plant.scenarios import cases

ROOM = Surroundings(ambient=20.0, boiling_point=100.0)
HEAT: tuple[Command, ...] = ((0, "H", "turn_on", {}),)


def vessel(name: str = "V", **options: Any) -> Vessel:
    return Vessel(**{"name": name, "capacity": 60, "volume": 0, "loss": 0, **options})


def heated(power: float = 5500, **options: Any) -> list[Device]:
    return [vessel(**options), Heater(name="H", vessel="V", power=power)]


def sight(devices: Sequence[Device], seconds: float, history: Sequence[Command] = HEAT) -> Sight:
    switchable = {device.name for device in devices}
    return Oracle(devices, ROOM, [order for order in history if order[1] in switchable]).sights([nanoseconds(seconds)])[0]


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


def wait_for(devices: Sequence[Device], seconds: float, history: Sequence[Command] = HEAT) -> list[float]:
    """The instants (s) at which the laws have ended by themselves."""
    oracle = Oracle(devices, ROOM, history)
    oracle.sights([nanoseconds(seconds)])
    return [at / SECOND for at in oracle.boundaries]


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


def leaving(oracle: Oracle, law: Law) -> float:
    """W that leave the plant less those that enter: by heaters, walls, pipes, mains, drains, overflow and steam."""
    n, plumbing, x, tally = len(law.modes), oracle.plumbing, oracle.x, law.tally(oracle.x)
    temperature = x[n : 2 * n]
    heat = -sum(power if element is None else x[element] for _, element, power in law.heated)
    heat += sum(tank.loss * (t - plumbing.room) for tank, t in zip(plumbing.vessels, temperature, strict=True))
    for stream, flow in zip(law.streams, law.flows(x), strict=True):
        source, after = stream.mains if stream.source is None else temperature[stream.source], 0.0
        after = source if stream.coil is None else temperature[stream.coil] + (source - temperature[stream.coil]) * stream.past_coil
        end = plumbing.room + (after - plumbing.room) * stream.past_room
        heat += flow * WATER * ((after - end) - (source if stream.source is None else 0) + (end if stream.destination is None else 0))
    for i, mode in enumerate(law.modes):
        spilt = tally.inflow[i] - tally.outflow[i] - tally.steam[i] if mode.level == FULL else 0.0
        heat += spilt * WATER * temperature[i] + tally.steam[i] * (WATER * plumbing.boiling_point + LATENT)
    return float(heat)


@settings(max_examples=50)
@given(cases)
def test_no_heat_and_no_water_is_lost(case: Case) -> None:
    oracle = Oracle(case.devices, case.surroundings, case.history)
    for at in range(0, case.until, max(case.until // 5, 1)):
        oracle.sights([at * SECOND])
        law = Law(oracle.plumbing, oracle.on, oracle.modes)
        n, slopes, tally = len(law.modes), law.slopes(0.0, oracle.x), law.tally(oracle.x)
        capacities = oracle.x[:n] * WATER + np.array(oracle.plumbing.dry)
        gained = float(sum(capacities * slopes[n : 2 * n] + WATER * oracle.x[n : 2 * n] * slopes[:n]))

        # Steam leaves a hot dry vessel at the boiling point, docs/physics.md, law 5: its wall gives what heats and boils the water.
        assert gained + leaving(oracle, law) == pytest.approx(0, abs=1e-7)
        for i, (mode, tank) in enumerate(zip(law.modes, oracle.plumbing.vessels, strict=True)):
            spilt = tally.inflow[i] - tally.outflow[i] - tally.steam[i] - slopes[i]
            assert spilt >= -1e-12
            assert mode.level == FULL or abs(spilt) < 1e-12
            assert -1e-12 <= oracle.x[i] <= tank.capacity + 1e-12
            assert mode.boil == HOT or oracle.x[n + i] <= case.surroundings.boiling_point + 1e-11
