"""Many vessels in a chain: only those that something reaches are computed, and all are as an independent integrator has them."""

from __future__ import annotations

import math

import pytest

from mockbrew import plant
from mockbrew.clock import SECOND
from mockbrew.courses import Course
from mockbrew.devices.base import Device, Thermometer
from mockbrew.devices.heater import Heater
from mockbrew.devices.pid import Pid
from mockbrew.devices.pipe import MAINS, OUT, Pipe
from mockbrew.devices.probe import Probe
from mockbrew.devices.pump import Pump
from mockbrew.devices.valve import Valve
from mockbrew.devices.vessel import Vessel
from tests.plant.cells import ROOM
from tests.plant.driving import Drive
from tests.plant.histories import Case
from tests.plant.oracle import Command
from tests.plant.test_against_the_oracle import Engine, differences, truth
from tests.plant.test_properties_balance import PART, accounts

COUNT = 32
NUMBERS = range(1, COUNT + 1)


def chain() -> tuple[Device, ...]:
    """From the mains to the drain: between the vessels a valve and a pump each; a burner with its controller, and an element."""
    ends = [*(f"V{n}" for n in NUMBERS), OUT]
    return (
        *(Vessel(name=f"V{n}", capacity=50, volume=45, loss=9.0) for n in NUMBERS),
        Pipe(name="L0", source=MAINS, destination="V1", valves=("K0",), temperature=20.0),
        *(Pipe(name=f"L{n}", source=f"V{n}", destination=ends[n], valves=(f"K{n}",), pump=f"P{n}") for n in NUMBERS),
        *(Valve(name=f"K{n}") for n in (0, *NUMBERS)),
        *(Pump(name=f"P{n}", flow=10) for n in NUMBERS),
        *(Probe(name=f"T{n}", vessel=f"V{n}", lag=10.0) for n in NUMBERS),
        Heater(name="B", vessel="V3", power=8800),
        Heater(name="R", vessel="V12", power=5500),
        Pid(name="C", probe="T3", heaters=("B",), setpoint=26.0, window=10.0),
    )


def started(at: int = 0) -> tuple[Command, ...]:
    """All that moves liquid on, at 0; the controller from `at` (virtual ns)."""
    opened: list[Command] = [(0, f"K{n}", "turn_on", {}) for n in (0, *NUMBERS)]
    pumping: list[Command] = [(0, f"P{n}", "turn_on", {}) for n in NUMBERS]
    return (*opened, *pumping, (at, "C", "start", {}))


BLOCKED: tuple[Command, ...] = (  # the ninth vessel runs empty and the eighth overflows; then everything goes on
    (300 * SECOND, "R", "turn_on", {}),
    (400 * SECOND, "K8", "turn_off", {}),
    (800 * SECOND, "K8", "turn_on", {}),
)


def blocked() -> Case:
    return Case(chain(), ROOM, (*started(60 * SECOND), *BLOCKED), 900)


def test_a_switch_moves_only_the_vessels_that_it_reaches() -> None:
    drive = Drive(Case(chain(), ROOM, started(), 100))

    flight = drive.look(61 * SECOND).flight
    course = flight.course(0)

    assert isinstance(course, Course)
    assert [course.constant(i) for i in range(4)] == [True, True, False, False]
    assert all(course.constant(i) for i in range(16, COUNT))
    assert all(flight.since[i] == course.began for i in range(COUNT))


def test_a_probe_follows_its_vessel_that_stands_still() -> None:
    drive = Drive(Case(chain(), ROOM, started(), 100))
    place = drive.cell.places["T32"]
    states = [Thermometer(20.05, None) if i == place else state for i, state in enumerate(drive.anchor.states)]
    drive.anchor = plant.settled(drive.cell, 0, states)

    look = drive.look(61 * SECOND)

    assert drive.anchor.since[-1] > 0
    assert look.reading("T32", "temperature") == pytest.approx(20.0 + 0.05 * math.exp(-6.1), abs=1e-12)


def test_every_vessel_of_the_chain_is_as_an_independent_integrator_has_it() -> None:
    case = blocked()
    asked = {second * SECOND for second in (1, 61, 200, 399, 430, 500, 799, 801, 810, 900)}

    sights, boundaries = truth(case, asked)
    engine = Engine(case)

    assert [difference for sight in sights for difference in differences(engine, sight)] == []
    assert len(boundaries) >= 2


def test_heat_and_mass_of_the_chain_are_neither_made_nor_lost() -> None:
    for name, (due, there) in accounts(blocked()).items():
        assert abs(there.mass - due.mass) <= PART * due.mass_moved, name
        assert abs(there.energy - due.energy) <= PART * due.heat_moved, name


def test_looking_at_the_chain_changes_nothing_to_the_last_bit() -> None:
    undisturbed, watched = Drive(blocked()), Drive(blocked())

    for second in range(0, 900, 7):
        watched.look(second * SECOND)

    end = 900 * SECOND
    assert plant.moved(watched.cell, watched.look(end).anchor, end) == plant.moved(undisturbed.cell, undisturbed.look(end).anchor, end)
