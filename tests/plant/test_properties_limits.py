"""The laws are continuous: what nearly is not there does nearly nothing, and time constants may be equal.

HISTORIES=2000 in the environment tries that many.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockbrew.clock import nanoseconds
from mockbrew.devices.base import Device
from mockbrew.devices.heater import Heater
from mockbrew.devices.pipe import MAINS, OUT, Pipe
from mockbrew.devices.probe import Probe
from mockbrew.devices.vessel import Vessel
from mockbrew.plant import Look
from tests.plant.cells import ROOM
from tests.plant.driving import Drive
from tests.plant.histories import Case

EXAMPLES = int(os.environ.get("HISTORIES", "60"))
NEARER = (1e-3, 1e-6, 1e-9, 1e-12)  # of what goes to its limit
SLOW_ENOUGH = (1.0, 1e-3, 1e-6)  # s; a spec may not have elements quicker than the first
ROUNDING = 1e-11  # K, or kg
C = 4186.0  # J/(kg K)


@dataclass(frozen=True)
class Pair:
    """Two vessels, A heated with H and read by T; mash goes from B through a coil in A and back, and some of A's water to B."""

    start: float
    loss: float
    power: float
    flow: float
    lag: float
    seconds: float

    def devices(self) -> dict[str, Device]:
        listed = (
            Vessel(name="A", capacity=500, volume=200, temperature=self.start, loss=self.loss),
            Vessel(name="B", capacity=500, volume=20, temperature=40, loss=self.loss),
            Heater(name="H", vessel="A", power=self.power, lag=self.lag),
            Probe(name="T", vessel="A", lag=self.lag),
            Pipe(name="Coil", source="B", destination="B", coil="A", flow=self.flow, loss=self.loss),
            Pipe(name="Over", source="A", destination="B", flow=self.flow, loss=self.loss),
        )
        return {device.name: device for device in listed}

    def seen(self, *others: Device, without: str = "", **changed: dict[str, Any]) -> list[float]:
        """kg and degC of A and B and degC of T at the end, of a plant in which some options are others, and a device is missing."""
        kept = [replace(device, **changed.get(name, {})) for name, device in self.devices().items() if name != without]
        look = ended((*kept, *others), self.seconds)
        return [*figures(look, "A"), *figures(look, "B"), look.state("T").temperature]


def ended(devices: tuple[Device, ...], seconds: float) -> Look:
    """With all heaters on from the start."""
    heaters = [device.name for device in devices if isinstance(device, Heater)]
    case = Case(devices, ROOM, tuple((0, name, "turn_on", {}) for name in heaters), 0)
    return Drive(case).look(nanoseconds(seconds))


def figures(look: Look, vessel: str) -> tuple[float, float]:
    liquid = look.state(vessel)
    return liquid.mass, liquid.temperature


def apart(one: list[float], other: list[float]) -> float:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


pairs = st.builds(Pair, st.floats(20, 80), st.floats(1, 20), st.floats(0, 5000), st.floats(1, 15), st.floats(5, 60), st.floats(10, 300))

LIMITS: dict[str, tuple[dict[str, Any], Callable[[float], dict[str, Any]], float]] = {
    # what: (at the limit, near it, K or kg by which what is 1 may differ from what is 0)
    "a loss": ({"A": {"loss": 0.0}}, lambda near: {"A": {"loss": near}}, 1.0),
    "the loss of a pipe": ({"Over": {"loss": 0.0}}, lambda near: {"Over": {"loss": near}}, 1.0),
    "the transfer of a coil": ({"Coil": {"transfer": 0.0}}, lambda near: {"Coil": {"transfer": near}}, 1.0),
    "a power": ({"H": {"power": 0.0}}, lambda near: {"H": {"power": near}}, 1.0),
    "the lag of an element": ({"H": {"lag": 0.0}}, lambda near: {"H": {"lag": near}}, 1.0),
    "the lag of a probe": ({"T": {"lag": 0.0}}, lambda near: {"T": {"lag": near}}, 1.0),
    "the difference to the room": ({"A": {"temperature": 20.0}}, lambda near: {"A": {"temperature": 20.0 + near}}, 2.0),
    "a volume": ({"B": {"volume": 0.0}}, lambda near: {"B": {"volume": near}}, 500.0),
}


@pytest.mark.parametrize("what", LIMITS)
@settings(max_examples=EXAMPLES // 4)
@given(plant=pairs)
def test_what_goes_to_zero_comes_to_what_is_zero(what: str, plant: Pair) -> None:
    limit, near, most = LIMITS[what]
    at_zero = plant.seen(**limit)

    parts = SLOW_ENOUGH if what == "the lag of an element" else NEARER
    assert [(part, by) for part in parts if not (by := apart(plant.seen(**near(part)), at_zero)) <= most * part + ROUNDING] == []


@settings(max_examples=EXAMPLES // 2)
@given(plant=pairs)
def test_a_flow_that_goes_to_zero_comes_to_a_pipe_that_is_not_there(plant: Pair) -> None:
    absent = plant.seen(without="Over")

    assert [part for part in NEARER if not apart(plant.seen(Over={"flow": part}), absent) <= 500 * part + ROUNDING] == []


@settings(max_examples=EXAMPLES // 2)
@given(plant=pairs)
def test_a_coil_that_transfers_nothing_is_as_none_and_one_that_transfers_very_much_gives_off_all(plant: Pair) -> None:
    everything = plant.seen(Coil={"transfer": 1e12})

    assert plant.seen(Coil={"transfer": 0.0}) == plant.seen(Coil={"coil": None})
    assert apart(plant.seen(Coil={"transfer": 30 * plant.flow / 60 * C}), everything) <= 1e-9
    assert apart(plant.seen(Coil={"transfer": 3 * plant.flow / 60 * C}), everything) >= 1e-6


@pytest.mark.parametrize("flow", [0.001, 10, 1000])
@pytest.mark.parametrize("transfer", [1, 510, 1e5])
def test_a_coil_exchanges_what_its_water_and_what_its_wall_can(flow: float, transfer: float) -> None:
    """G = F c (1 - exp(-UA/(F c))): about F c for small F, about UA for large F (law 3)."""
    tanks = [Vessel(name=name, capacity=50, volume=10, temperature=start, wall=4, loss=0) for name, start in (("A", 80), ("B", 20))]
    conductance = flow / 60 * C * -math.expm1(-transfer / (flow / 60 * C))

    look = ended((*tanks, Pipe(name="Coil", source="B", destination="B", coil="A", flow=flow, transfer=transfer)), 30)

    half = 30 * math.exp(-2 * conductance / (10 * C + 4000) * 30)
    assert [look.state(name).temperature for name in "AB"] == pytest.approx([50 + half, 50 - half], abs=1e-10)


# -- equal time constants ------------------------------------------------------------------------------------------


def kettle(lag: float, loss: float = 10.0) -> tuple[Vessel, Heater, Probe]:
    """1,000 J/K and `loss`: a time constant of 100 s where this is 10 W/K."""
    return (
        Vessel(name="V", capacity=50, volume=0, temperature=80, wall=1.0, loss=loss),
        Heater(name="H", vessel="V", power=500, lag=lag),
        Probe(name="T", vessel="V", lag=lag),
    )


@pytest.mark.parametrize("seconds", [1.0, 100.0, 1000.0])
def test_a_probe_and_an_element_as_slow_as_their_vessel_follow_it_by_the_formula_of_equal_time_constants(seconds: float) -> None:
    x, look = seconds / 100, ended(kettle(100.0), seconds)

    # With d = T - 20 K: d' = -d/tau + 50 K (1 - exp(-x))/tau, and tau s' = d - s.
    gone = math.exp(-x)
    assert look.state("V").temperature == pytest.approx(20 + 60 * gone + 50 * (1 - gone - x * gone), abs=1e-11)
    probe = 60 * gone + 60 * x * gone + 50 * (1 - gone - x * gone - x * x / 2 * gone)
    assert look.state("T").temperature == pytest.approx(20 + probe, abs=1e-11)


@pytest.mark.parametrize("seconds", [1.0, 100.0, 1000.0])
def test_a_probe_as_slow_as_its_vessel_follows_it_so_too_if_the_element_is_quick(seconds: float) -> None:
    vessel, heater, probe = kettle(100.0)
    x, look = seconds / 100, ended((vessel, replace(heater, lag=0.0), probe), seconds)

    gone = math.exp(-x)
    assert look.state("V").temperature == pytest.approx(20 + 60 * gone + 50 * (1 - gone), abs=1e-11)
    assert look.state("T").temperature == pytest.approx(20 + 60 * (gone + x * gone) + 50 * (1 - gone - x * gone), abs=1e-11)


@pytest.mark.parametrize("share", [1e-3, 1e-6, 1e-9, 1e-12])
def test_nearly_equal_time_constants_come_to_equal_ones(share: float) -> None:
    equal, near = ended(kettle(100.0), 150), ended(kettle(100.0 * (1 + share)), 150)

    assert near.state("V").temperature == pytest.approx(equal.state("V").temperature, abs=50 * share + ROUNDING)
    assert near.state("T").temperature == pytest.approx(equal.state("T").temperature, abs=50 * share + ROUNDING)


def test_two_equal_vessels_that_feed_each_other_are_no_exception() -> None:
    tanks = [Vessel(name=name, capacity=50, volume=10, temperature=start, wall=4, loss=0) for name, start in (("A", 80), ("B", 20))]
    pipes = [Pipe(name=f"{a}{b}", source=a, destination=b, flow=6) for a, b in ("AB", "BA")]

    look = ended((*tanks, *pipes), 60)

    # Their mean stays; the difference fades with 2 F c/C = 2 * 0.1 * 4186/45860 per second.
    half = 30 * math.exp(-2 * 0.1 * C / (10 * C + 4000) * 60)
    assert [look.state(name).temperature for name in "AB"] == pytest.approx([50 + half, 50 - half], abs=1e-11)


def test_water_that_runs_through_a_long_pipe_slowly_comes_out_at_room_temperature() -> None:
    devices = (
        Vessel(name="V", capacity=50, volume=10, temperature=20, loss=0),
        Pipe(name="In", source=MAINS, destination="V", flow=0.001, temperature=90, loss=1e4),
        Pipe(name="Out", source="V", destination=OUT, flow=0.001, loss=1e4),
    )

    assert ended(devices, 3600).state("V").temperature == 20.0
