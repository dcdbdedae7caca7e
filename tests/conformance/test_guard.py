"""What counts as safe, at the very bounds: how far below its probe a setpoint has to be, and for how long a rule may be broken."""

from __future__ import annotations

import pytest

from mockbrew.conformance.known.contract import Contract
from mockbrew.conformance.known.knowledge import Knowledge
from mockbrew.conformance.known.prediction import predictions
from mockbrew.conformance.safe.guard import MARGIN, Guard
from mockbrew.conformance.safe.hazards import HazardWatch
from mockbrew.spec import parse
from tests.conformance.spoiled import SMALL


def guard(setpoint: float, heater: dict[str, int]) -> bool:
    """Whether PID1 counts as one that does not heat, at 20 degC."""
    contract, knowledge = Contract(parse(SMALL)), Knowledge()
    known = predictions(contract)
    knowledge.see("Temp1", {"temperature": 20.0})
    knowledge.see("PID1", {"setpoint": setpoint})
    knowledge.see("B1", heater)
    return Guard(contract, known, knowledge).cold(known["PID1"].device)


@pytest.mark.parametrize(("setpoint", "cold"), [(0.0, True), (20.0 - MARGIN, True), (20.5 - MARGIN, False), (20.0, False), (21.0, False)])
def test_a_controller_is_cold_only_well_below_what_its_probe_shows(*, setpoint: float, cold: bool) -> None:
    assert guard(setpoint, {"state": 0}) is cold


def test_a_controller_whose_heater_is_not_shown_is_not_cold() -> None:
    assert not guard(0.0, {})


def test_a_rule_is_broken_once_it_has_been_so_for_its_hold_off_without_a_break() -> None:
    spec, knowledge = parse(SMALL + '[hazards.open]\nwhen = "A.on"\nhold_off = 10\n'), Knowledge()
    watch = HazardWatch(spec, predictions(Contract(spec)), knowledge)
    found: list[str] = []
    watch.begin([])
    for now, state in ((0, 1), (9, 1), (10, 0), (11, 1), (20, 1), (21, 1)):
        knowledge.see("A", {"state": state})
        found.append(watch.found(now, []))

    assert found == ["", "", "", "", "", "hazard 'open': A.on"]
