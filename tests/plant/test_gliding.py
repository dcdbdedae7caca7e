"""Gliding is no law of its own: whoever glides ends where whoever goes from boundary to boundary does, to the last bit."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockbrew import gliding, plant
from mockbrew.clock import SECOND, nanoseconds
from mockbrew.devices.base import HeatSource
from mockbrew.devices.declare import Verb
from mockbrew.devices.heater import Heater
from mockbrew.devices.pid import Pid
from mockbrew.devices.pipe import Pipe
from mockbrew.devices.probe import Probe
from mockbrew.devices.pump import Pump
from mockbrew.devices.thermostat import Thermostat
from mockbrew.devices.valve import Valve
from mockbrew.devices.vessel import Vessel
from mockbrew.plant import Anchor, Cell
from tests.plant.cells import ROOM
from tests.plant.histories import figures, plants

Order = tuple[float, str, str, dict[str, Any]]

LONG = 1800  # s of silence after the last command


def stepwise(cell: Cell, anchor: Anchor, until: int) -> Anchor:
    """To each boundary by itself: that is too near to glide."""
    boundary = plant.next_boundary(cell, anchor)
    while boundary is not None and boundary <= until:
        anchor, _ = plant.evolve(cell, anchor, boundary, "", limit=1)
        boundary = plant.next_boundary(cell, anchor)
    return anchor


def gliding_to(cell: Cell, anchor: Anchor, until: int, limit: int = 7) -> Anchor:
    done = False
    while not done:
        anchor, done = plant.evolve(cell, anchor, until, "", limit=limit)
    return anchor


def both(cell: Cell, orders: Sequence[Order], until: float, limit: int = 7) -> tuple[Anchor, Anchor]:
    """After these orders, on foot and gliding."""
    walker = glider = plant.initial(cell, 0)
    for at, device, verb, arguments in orders:
        walker = plant.command(cell, stepwise(cell, walker, nanoseconds(at)), nanoseconds(at), "", device, verb, arguments)
        glider = plant.command(cell, gliding_to(cell, glider, nanoseconds(at), limit), nanoseconds(at), "", device, verb, arguments)
    return stepwise(cell, walker, nanoseconds(until)), gliding_to(cell, glider, nanoseconds(until), limit)


@st.composite
def loops(draw: st.DrawFn) -> tuple[Cell, list[Order], int]:
    """Vessels with a loop each; some of them share a pump's pipe, and some are meddled with."""
    devices: list[Any] = []
    orders: list[Order] = []
    count = draw(st.integers(1, 3))
    for i in range(count):
        devices += [
            Vessel(
                name=f"V{i}", capacity=50, volume=draw(figures(0, 50, 40)), temperature=draw(figures(15, 99, 20)), loss=draw(figures(0, 20))
            ),
            Heater(name=f"H{i}", vessel=f"V{i}", power=draw(figures(0, 9000)), lag=draw(st.sampled_from([0, 0, 0, 5]))),
            Probe(name=f"T{i}", vessel=f"V{i}", lag=draw(figures(0, 30)), resolution=draw(st.sampled_from([0, 0.0625])), offset=0.25),
            Probe(name=f"S{i}", vessel=f"V{i}", lag=3, noise=draw(st.sampled_from([0, 0.1]))),
            Pump(name=f"P{i}"),
            Valve(name=f"G{i}"),
        ]
        to = draw(st.integers(0, count - 1))
        devices.append(
            Pipe(name=f"L{i}", source=f"V{i}", destination=f"V{to}", valves=draw(st.sampled_from([(), (f"G{i}",)])), pump=f"P{i}")
        )
        own: dict[str, Any] = {"name": f"C{i}", "probe": f"T{i}", "heaters": (f"H{i}",), "setpoint": draw(figures(15, 105))}
        if draw(st.booleans()):
            devices.append(Pid(**own, pumps=(f"P{i}",), window=draw(st.sampled_from([10.0, 7.5, 30.0]))))
        else:
            devices.append(Thermostat(**own, minimum_on=draw(st.sampled_from([0.0, 12.0]))))
        orders.append((draw(figures(0, 60)), f"C{i}", "start", {}))
    meddling = st.tuples(figures(60, 600), st.sampled_from([f"{what}{i}" for what in "HPG" for i in range(count)]))
    orders += [(at, name, draw(st.sampled_from(["turn_on", "turn_off"])), {}) for at, name in draw(st.lists(meddling, max_size=3))]
    return plant.build(tuple(devices), ROOM), sorted(orders, key=lambda order: order[0]), draw(st.integers(1, 40))


@settings(deadline=None, max_examples=60)
@given(rig=loops())
def test_gliding_ends_where_walking_does(rig: tuple[Cell, list[Order], int]) -> None:
    cell, orders, limit = rig

    walked, glided = both(cell, orders, LONG, limit)

    assert plant.encode(glided) == plant.encode(walked)
    assert glided.at == walked.at


@settings(deadline=None, max_examples=60)
@given(case=plants())
def test_gliding_ends_where_walking_does_on_any_plant(case: Any) -> None:
    cell = plant.build(case.devices, case.surroundings)
    orders = [(at / SECOND, name, verb, arguments) for at, name, verb, arguments in case.history]

    walked, glided = both(cell, orders, case.until + 300)

    assert plant.encode(glided) == plant.encode(walked)


def a_loop(**options: Any) -> tuple[Any, ...]:
    return (
        Vessel(name="V", capacity=50, volume=40),
        Heater(name="H", vessel="V", power=3000),
        Probe(name="T", vessel="V"),
        Pump(name="P"),
        Valve(name="G"),
        Pipe(name="L", source="V", destination="out", valves=("G",), pump="P"),
        Pid(name="C", probe="T", heaters=("H",), pumps=("P",), setpoint=60, **options),
    )


@pytest.mark.parametrize(
    ("orders", "glides"),
    [
        ([(0, "C", "start")], True),
        ([(0, "C", "start"), (0, "G", "turn_on")], False),  # its pump empties the vessel
        ([(0, "C", "start"), (1, "H", "turn_off")], False),  # somebody has switched its heater, until the next sample
        ([(0, "C", "start"), (2, "C", "stop")], False),
        ([(0, "G", "turn_on")], False),
    ],
)
def test_a_loop_glides_only_alone(orders: list[tuple[float, str, str]], *, glides: bool) -> None:
    cell = plant.build(a_loop(), ROOM)
    anchor = plant.initial(cell, 0)
    for at, device, verb in orders:
        anchor = plant.command(cell, gliding_to(cell, anchor, nanoseconds(at)), nanoseconds(at), "", device, verb, {})
    flight = anchor.flight(cell).copy()

    assert (gliding.glide(flight, flight.next_boundary(), 3600 * SECOND, "", 10) is not None) is glides


class Timed(NamedTuple):
    on: int = 0
    since: int = 0


def _switched(on: int) -> Verb:
    return Verb(lambda device, state, at: state if state.on == on else Timed(on, at), "switch it, and note when")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Contactor(HeatSource):
    """Somebody else's heater, which remembers when it was switched."""

    kind = "contactor"
    layout: ClassVar[type[Any]] = Timed
    readings = Heater.readings
    verbs = {"turn_on": _switched(1), "turn_off": _switched(0)}

    power: float = 3000.0

    def heat(self, state: Timed) -> float:
        return state.on * self.power


def test_an_output_that_asks_for_the_time_is_switched_at_its_time() -> None:
    cell = plant.build((*(device for device in a_loop() if device.name != "H"), Contactor(name="H", vessel="V")), ROOM)
    anchor = plant.command(cell, plant.initial(cell, 0), 0, "", "C", "start", {})

    walked, glided = stepwise(cell, anchor, 3600 * SECOND), gliding_to(cell, anchor, 3600 * SECOND)

    assert plant.encode(glided) == plant.encode(walked)


def test_a_vessel_that_comes_to_the_boil_glides_no_further() -> None:
    hot = dataclasses.replace(a_loop()[0], temperature=99.9)
    cell = plant.build((hot, *a_loop()[1:-1], Pid(name="C", probe="T", heaters=("H",), setpoint=101, kp=0.2, ti=60)), ROOM)
    anchor = plant.command(cell, plant.initial(cell, 0), 0, "", "C", "start", {})

    walked, glided = stepwise(cell, anchor, 900 * SECOND), gliding_to(cell, anchor, 900 * SECOND)

    assert plant.Look(cell, glided, 900 * SECOND, "").reading("V", "boiling") == 1
    assert plant.encode(glided) == plant.encode(walked)
