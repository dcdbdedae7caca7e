"""Evolution gets on: the boundaries per virtual second are bounded by what the spec says, and nothing switches without end.

HISTORIES=2000 in the environment tries that many.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mockbrew import plant
from mockbrew.clock import SECOND
from mockbrew.devices.heater import Heater
from mockbrew.devices.loop import Loop
from mockbrew.devices.pid import Pid
from mockbrew.devices.pipe import Pipe
from mockbrew.devices.probe import Probe
from mockbrew.devices.pump import Pump
from mockbrew.devices.thermostat import Thermostat
from mockbrew.devices.vessel import Vessel
from tests.plant.balance import capacity, tanks
from tests.plant.cells import ROOM
from tests.plant.driving import Drive
from tests.plant.extremes import extremes
from tests.plant.histories import Case
from tests.plant.scenarios import cases

EXAMPLES = int(os.environ.get("HISTORIES", "80"))
WATER = 4186.0  # J/(kg K)
SETTLING = 10  # boundaries after each command: modes that change, until all is as it stays
AFTER_ACTION = 4  # the same after what a controller does


def flow_of(pipe: Pipe, case: Case) -> float:
    """kg/s at most."""
    pumped = {pump.name: pump.flow for pump in case.devices if isinstance(pump, Pump)}
    return (pipe.own_flow if pipe.pump is None else pumped[pipe.pump]) / 60.0


def quickest(case: Case) -> float:
    """The greatest rate at which anything in the plant can follow anything, 1/s: of the lags, and of each vessel when it is empty."""
    lags = [1.0 / heater.lag for heater in case.devices if isinstance(heater, Heater) and heater.lag]
    return max([*lags, *((vessel.loss + _exchanged(vessel, case)) / capacity(vessel, 0.0) for vessel in tanks(case))])


def _exchanged(vessel: Vessel, case: Case) -> float:
    """W/K by pipes."""
    pipes = [pipe for pipe in case.devices if isinstance(pipe, Pipe)]
    return sum(WATER * flow_of(pipe, case) * [pipe.source, pipe.destination, pipe.coil].count(vessel.name) for pipe in pipes)


def actions(case: Case) -> float:
    """What all controllers may do in a second: samples, and beginnings and ends of the heating of a window."""
    loops = [loop for loop in case.devices if isinstance(loop, Loop)]
    return sum(1.0 / loop.sample + (2.0 / loop.window if isinstance(loop, Pid) else 0.0) for loop in loops)


def crossed(case: Case) -> int:
    """How many boundaries there are in its whole time."""
    drive, count = Drive(case), 0
    drive.to(0)
    while (event := drive.next_event()) is not None and event <= case.until * SECOND:
        if drive.left and drive.left[0][0] == event:
            drive.to(event)
        else:
            drive.anchor, _ = plant.evolve(drive.cell, drive.anchor, event, "", limit=1)
            count += 1
    return count


deluge = Case(
    (
        *(Vessel(name=name, capacity=1e5, volume=volume, wall=0.1, loss=1e4) for name, volume in (("A", 0), ("B", 0.001), ("C", 1e5))),
        *(Pipe(name=f"{a}{b}", source=a, destination=b, flow=1000, loss=1e4) for a in "ABC" for b in "ABC"),
        Heater(name="H", vessel="A", power=1e6, lag=1.0),
    ),
    ROOM,
    ((0, "H", "turn_on", {}),),
    2,
)


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
@given(case=st.one_of(cases, extremes(until=3)))
@example(case=deluge)
def test_boundaries_are_as_many_as_the_quickest_rate_of_a_plant_and_its_controllers_call_for(case: Case) -> None:
    per_second = quickest(case) + AFTER_ACTION * actions(case)

    assert crossed(case) <= SETTLING * (1 + len(case.history)) + per_second * case.until


def switchings(case: Case, heater: str) -> Iterator[int]:
    """Virtual ns at which it is switched."""
    drive = Drive(case)
    on = drive.look(0).state(heater).on
    while (event := drive.next_event()) is not None and event <= case.until * SECOND:
        now = drive.look(event).state(heater).on
        if now != on:
            yield event
        on = now


@pytest.mark.parametrize("volume", [40, 0.001, 0])
def test_a_thermostat_without_band_lag_and_minimum_on_time_switches_at_most_once_a_sample(volume: float) -> None:
    devices = (
        Vessel(name="V", capacity=50, volume=volume, wall=0.1, loss=100),
        Heater(name="H", vessel="V", power=1e5),
        Probe(name="T", vessel="V", lag=0),
        Thermostat(name="C", probe="T", heaters=("H",), setpoint=65, band=0, sample=0.5),
    )

    switched = list(switchings(Case(devices, ROOM, ((0, "C", "start", {}),), 600), "H"))

    assert len(switched) > 10
    assert [at for at in switched if at % (SECOND // 2)] == []


def test_an_empty_plant_without_anybody_who_acts_comes_to_rest() -> None:
    devices = (Vessel(name="V", capacity=50, volume=0), Vessel(name="W", capacity=50, volume=10, temperature=90))

    drive = Drive(Case(devices, ROOM, (), 60))
    drive.to(30 * 86_400 * SECOND)

    assert drive.next_event() is None
