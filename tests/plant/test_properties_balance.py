"""Heat and mass are neither made nor lost: what is in a vessel has come into it.

HISTORIES=2000 in the environment tries that many.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from hypothesis import HealthCheck, example, given, settings

from mockbrew.clock import SECOND
from mockbrew.devices.heater import Heater
from mockbrew.devices.loop import Loop
from mockbrew.devices.pipe import MAINS, OUT, Pipe
from mockbrew.devices.pump import Pump
from mockbrew.devices.valve import Valve
from mockbrew.devices.vessel import Vessel
from tests.plant.balance import Amount, added, content, gone_through, tanks
from tests.plant.cells import ROOM
from tests.plant.driving import Drive, Stretch, stretches
from tests.plant.histories import Case
from tests.plant.oracle import Command
from tests.plant.scenarios import cases

PART = 1e-9  # of what was there and of all that has been moved
EXAMPLES = int(os.environ.get("HISTORIES", "60"))
DAY = 86_400  # s

COLD = Pipe(name="W", source=MAINS, destination="K", flow=0.125, temperature=5.0, valves=("G",))
BURNER = Heater(name="H", vessel="K", power=5500)
FROM_THE_START: tuple[Command, ...] = ((0, "H", "turn_on", {}), (0, "G", "turn_on", {}))


def kettle(volume: float, temperature: float) -> Vessel:
    return Vessel(name="K", capacity=5, volume=volume, temperature=temperature)


def accounts(case: Case) -> dict[str, tuple[Amount, Amount]]:
    """What each vessel should hold at the end, and what it does."""
    return accounts_of(case, Drive(case), lambda stretch: case)


def accounts_of(case: Case, drive: Drive, during: Callable[[Stretch], Case]) -> dict[str, tuple[Amount, Amount]]:
    """The same of a drive, during whose stretches the devices are as a function says."""
    first = drive.look(0)
    due = {vessel.name: content(vessel, first) for vessel in tanks(case)}
    for stretch in stretches(case, drive):
        for name, amount in gone_through(stretch, during(stretch)).items():
            due[name] = added(due[name], amount)
    last = drive.look(case.until * SECOND)
    return {vessel.name: (due[vessel.name], content(vessel, last)) for vessel in tanks(case)}


def a_day(case: Case) -> Case:
    """As long as that, if no controller acts each few seconds."""
    return case if any(isinstance(device, Loop) for device in case.devices) else case._replace(until=DAY)


refilled_dry = Case(
    (kettle(0.1, 90), BURNER, COLD, Valve(name="G")), ROOM, ((0, "H", "turn_on", {}), (300 * SECOND, "G", "turn_on", {})), 900
)
overflowing_boil = Case((kettle(5, 99), BURNER, COLD, Valve(name="G")), ROOM, FROM_THE_START, 900)
passed_on_while_an_element_warms_up = Case(
    (
        kettle(0.2, 100),
        Heater(name="H", vessel="K", power=5500, lag=10),
        COLD,
        Pipe(name="D", source="K", destination=OUT),
        Valve(name="G"),
    ),
    ROOM,
    FROM_THE_START,
    60,
)
through_a_coil = Case(
    (
        kettle(4, 95),
        Vessel(name="M", capacity=5, volume=4, temperature=40),
        Pipe(name="R", source="M", destination="M", coil="K", loss=5),
    ),
    ROOM,
    (),
    900,
)
circle_of_empty_ones = Case(
    (
        kettle(0, 20),
        Vessel(name="B", capacity=5, volume=0),
        Pipe(name="KB", source="K", destination="B", pump="P"),
        Pipe(name="BK", source="B", destination="K", flow=3.0),
        Pipe(name="KO", source="K", destination=OUT, pump="P"),
        BURNER,
        COLD,
        Valve(name="G"),
        Pump(name="P", flow=2.0),
    ),
    ROOM,
    (*FROM_THE_START, (0, "P", "turn_on", {}), (600 * SECOND, "H", "turn_off", {})),
    900,
)


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases.map(a_day))
@example(case=refilled_dry)
@example(case=overflowing_boil)
@example(case=passed_on_while_an_element_warms_up)
@example(case=through_a_coil)
@example(case=circle_of_empty_ones)
def test_what_a_vessel_holds_has_come_into_it_and_not_left_it(case: Case) -> None:
    for name, (due, there) in accounts(case).items():
        assert abs(there.mass - due.mass) <= PART * due.mass_moved, name
        assert abs(there.energy - due.energy) <= PART * due.heat_moved, name
