"""The reference rig's controllers hold their vessels as a brewer expects, with the gains and windows of the spec."""

from __future__ import annotations

import pytest

from mockbrew import plant
from mockbrew.devices import BUILT_IN
from mockbrew.plant import Plant
from mockbrew.settings import REFERENCE
from mockbrew.spec import parse
from tests.plant.cells import order, readings

SPEC = parse(REFERENCE.read_text("utf-8"), "spec.toml", BUILT_IN)
HOUR = 3600


@pytest.mark.parametrize("setpoint", [52.0, 66.5, 78.0, 95.0])
@pytest.mark.parametrize(("controller", "vessel"), [("PID1", "HotTank"), ("PID2", "Ebu"), ("PID3", "Mashtun")])
def test_a_pid_overshoots_by_less_than_a_kelvin_and_holds_within_a_fifth(controller: str, vessel: str, setpoint: float) -> None:
    plants = Plant(SPEC)
    cell = plants.cell(plants.home[controller])
    anchor = order(cell, plant.initial(cell, 0), 0, controller, "set_setpoint", setpoint=setpoint)
    anchor = order(cell, anchor, 0, controller, "start")

    rising = readings(cell, anchor, range(0, 3 * HOUR, 5), vessel, "temperature")
    held = readings(cell, anchor, range(3 * HOUR, 5 * HOUR, 5), vessel, "temperature")

    assert setpoint - 0.2 < max(rising) < setpoint + 1
    assert max(abs(value - setpoint) for value in held) < 0.2
