"""What the plant never leaves: temperatures, masses, modes, switches, duties and flows within their bounds, and all of them numbers.

HISTORIES=2000 in the environment tries that many.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockbrew.clock import SECOND
from mockbrew.devices.base import Device
from mockbrew.devices.heater import Heater
from mockbrew.devices.pipe import MAINS, Pipe
from mockbrew.devices.probe import Probe
from mockbrew.devices.vessel import BOILING, CALM, EMPTY, FULL, HOT, PARTLY, Liquid, Vessel
from mockbrew.plant import Look
from tests.plant.balance import demands, tanks
from tests.plant.driving import Drive
from tests.plant.extremes import extremes
from tests.plant.histories import Case
from tests.plant.replay import shown
from tests.plant.scenarios import cases

EXAMPLES = int(os.environ.get("HISTORIES", "80"))
SLOW = [HealthCheck.too_slow]
WATCHED = 300  # boundaries of a case at which one looks, first ones first
ROUNDING = 1e-9  # K, of temperatures that are sums

parts = st.lists(st.floats(0, 1), max_size=6)


def looks(case: Case, asked: list[float]) -> Iterator[Look]:
    """At these parts of its time, at its end, and around each boundary."""
    end, drive, seen = case.until * SECOND, Drive(case), 0
    drive.to(0)
    for at in sorted([*(round(part * end) for part in asked), end]):
        while (event := drive.next_event()) is not None and event < at and seen < WATCHED:
            seen += 1
            yield from (drive.look(around) for around in range(max(event - 1, drive.anchor.at), min(event + 1, at) + 1))
        yield drive.look(at)


def both(test: Any) -> Any:
    """Ordinary plants and extreme ones."""
    return settings(max_examples=EXAMPLES, suppress_health_check=SLOW)(given(case=st.one_of(cases, extremes()), asked=parts)(test))


# -- without heat --------------------------------------------------------------------------------------------------


def unheated(case: Case) -> Case:
    return case._replace(devices=tuple(replace(device, power=0.0) if isinstance(device, Heater) else device for device in case.devices))


def temperatures(case: Case) -> Iterator[float]:
    """degC, of all there is at the beginning and of all that can come."""
    yield case.surroundings.ambient
    for device in case.devices:
        if isinstance(device, Vessel) and device.temperature is not None:
            yield device.temperature
        elif isinstance(device, Pipe) and device.source == MAINS:
            yield device.mains


@both
def test_without_heat_nothing_gets_colder_than_the_coldest_or_warmer_than_the_warmest(case: Case, asked: list[float]) -> None:
    case = unheated(case)
    low, high = min(temperatures(case)) - ROUNDING, max(temperatures(case)) + ROUNDING

    seen = [
        (device.name, value) for look in looks(case, asked) for device, reading, value in shown(look) if is_temperature(device, reading)
    ]

    assert [(name, value) for name, value in seen if not low <= value <= high] == []


def is_temperature(device: Device, reading: str) -> bool:
    return reading == "temperature" and isinstance(device, Vessel | Probe)


# -- liquids and modes ---------------------------------------------------------------------------------------------


def faults(vessel: Vessel, liquid: Liquid, boiling_point: float) -> Iterator[str]:
    """What can't be of a liquid."""
    holds = {EMPTY: liquid.mass == 0.0, PARTLY: 0.0 <= liquid.mass <= vessel.capacity, FULL: liquid.mass == vessel.capacity}
    warm = {CALM: liquid.temperature <= boiling_point, BOILING: liquid.temperature == boiling_point, HOT: liquid.level == EMPTY}
    if not holds[liquid.level]:
        yield f"{liquid.mass} kg at level {liquid.level}"
    if not warm[liquid.boiling]:
        yield f"{liquid.temperature} degC at level {liquid.level} in mode {liquid.boiling}"
    if liquid.boiling == HOT and liquid.temperature < boiling_point - ROUNDING:
        yield f"hot at {liquid.temperature} degC"
    if liquid.level != EMPTY and liquid.temperature > boiling_point:
        yield f"liquid at {liquid.temperature} degC"


@both
def test_no_liquid_is_above_the_boiling_point_and_modes_and_masses_agree(case: Case, asked: list[float]) -> None:
    boiling_point = case.surroundings.boiling_point

    seen = [(look.at, vessel, look.state(vessel.name)) for look in looks(case, asked) for vessel in tanks(case)]

    assert [(at, fault) for at, vessel, liquid in seen for fault in faults(vessel, liquid, boiling_point)] == []


# -- actuators, duties, flows and numbers --------------------------------------------------------------------------


@both
def test_switches_are_0_or_1_and_duties_within_0_and_1(case: Case, asked: list[float]) -> None:
    seen = [(device, reading, value) for look in looks(case, asked) for device, reading, value in shown(look)]

    switches = {type(value) for device, reading, value in seen if reading == "state"}
    assert switches <= {int}
    assert {value for _, reading, value in seen if reading in ("state", "boiling", "empty", "full")} <= {0, 1}
    assert [value for _, reading, value in seen if reading == "duty" and not 0 <= value <= 1] == []


@both
def test_nothing_flows_backwards_or_more_than_is_asked_for(case: Case, asked: list[float]) -> None:
    pipes = [device for device in case.devices if isinstance(device, Pipe)]
    for look in looks(case, asked):
        flows, asks = {pipe.name: look.flow(pipe.name) for pipe in pipes}, demands(case, look)

        assert [name for name, flow in flows.items() if not 0.0 <= flow <= asks.get(name, 0.0) * (1 + ROUNDING)] == []


@both
def test_every_state_and_every_reading_is_a_number(case: Case, asked: list[float]) -> None:
    for look in looks(case, asked):
        states = [value for device in case.devices for value in look.state(device.name)]
        values = [value for _, _, value in shown(look)]

        assert [value for value in (*states, *values) if value is not None and not math.isfinite(value)] == []
