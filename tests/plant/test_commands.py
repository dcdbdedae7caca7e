"""What a command moves: the parts of its cell that it touches, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockbrew import plant
from mockbrew.clock import SECOND
from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Gate, Immersed, Mover, View
from mockbrew.devices.declare import Reading, Verb
from mockbrew.devices.heater import Heater
from mockbrew.devices.pipe import MAINS, OUT, Pipe
from mockbrew.devices.probe import Probe
from mockbrew.devices.pump import Pump
from mockbrew.devices.switch import Position
from mockbrew.devices.valve import Valve
from mockbrew.devices.vessel import Vessel
from mockbrew.plant import Anchor, Cell, Plant
from mockbrew.settings import REFERENCE
from mockbrew.spec import parse
from tests.plant.cells import ROOM, evolve, kettle, look, order, readings

PLANT = Plant(parse(REFERENCE.read_text("utf-8"), "spec.toml", BUILT_IN))
CELL = PLANT.cell(PLANT.home["A"])
VESSELS = ("HotTank", "Mashtun", "Ebu")


def warm() -> Anchor:
    """All PIDs of the reference rig on, and 100.5 s later."""
    anchor = plant.initial(CELL, 0)
    for controller in ("PID1", "PID2", "PID3"):
        anchor = order(CELL, anchor, 0, controller, "start")
    return evolve(CELL, anchor, 100.5)


def moved(device: str, verb: str, **arguments: Any) -> set[str]:
    """The vessels that go on anew after a command at 101 s."""
    before = evolve(CELL, warm(), 101)
    after = order(CELL, before, 101, device, verb, **arguments)

    assert after.at == 101 * SECOND
    return {body.vessel.name for body, since in zip(CELL.bodies, after.since, strict=True) if since == after.at}


@pytest.mark.parametrize(
    ("device", "verb", "vessels"),
    [
        ("A", "turn_on", {"HotTank"}),  # lets water into it
        ("C", "turn_on", set()),  # B in the same pipe is shut
        ("B1", "turn_off", {"HotTank"}),
        ("B1", "turn_on", set()),  # it is
        ("P2", "turn_off", set()),  # it moves nothing
        ("PID3", "start", set()),  # it has been
        ("PID3", "stop", {"Mashtun"}),
    ],
)
def test_a_command_moves_the_vessels_that_it_touches(device: str, verb: str, vessels: set[str]) -> None:
    assert moved(device, verb) == vessels


def test_a_setpoint_moves_no_vessel() -> None:
    assert moved("PID2", "set_setpoint", setpoint=66.5) == set()


def test_a_controller_that_starts_moves_its_vessel_even_if_it_orders_nothing() -> None:
    anchor = order(CELL, plant.initial(CELL, 0), 0, "PID1", "set_setpoint", setpoint=5.0)

    after = order(CELL, anchor, 7, "PID1", "start")

    assert after.since == (7 * SECOND, 0, 0)  # with a controller on, courses look less far ahead


def test_what_a_command_does_not_touch_keeps_its_state_and_its_course() -> None:
    before = evolve(CELL, warm(), 101)

    after = order(CELL, before, 101, "A", "turn_on")

    kept = [CELL.places[name] for name in ("Ebu", "Temp2", "PID2", "B2", "Mashtun", "Temp3", "J")]
    assert all(after.states[place] is before.states[place] for place in kept)
    assert after.flight(CELL).course(2) is before.flight(CELL).course(2)


def test_a_command_changes_no_temperature_at_its_instant() -> None:
    before = look(CELL, warm(), 101)

    after = look(CELL, order(CELL, before.anchor, 101, "A", "turn_on"), 101)

    assert [after.reading(vessel, "temperature") for vessel in VESSELS] == [before.reading(vessel, "temperature") for vessel in VESSELS]


class Tared(NamedTuple):
    temperature: float
    held: float | None
    zero: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference(Immersed):
    """A kind of somebody else's: a thermometer that is commanded, and then shows how far it has gone since."""

    kind = "difference"
    layout: ClassVar[type[Any]] = Tared
    readings: ClassVar[Mapping[str, Reading]] = {
        "temperature": Reading(lambda meter, state, view: state.temperature - state.zero, {"type": "number"}, "since it was tared", "K")
    }
    verbs: ClassVar[Mapping[str, Verb]] = {"tare": Verb(lambda meter, state, at: state._replace(zero=state.temperature), "count from here")}

    @property
    def time_constant(self) -> float:
        return 10.0

    def initial(self, view: View) -> Tared:
        return Tared(view.state(self.vessel).temperature, None)


def test_what_is_commanded_of_a_thermometer_is_done_to_what_it_shows_then() -> None:
    cell = kettle(Difference(name="D", vessel="V"), volume=40, loss=9)
    warm = order(cell, plant.initial(cell, 0), 0, "H", "turn_on")
    before, later = readings(cell, warm, (100, 200), "D", "temperature")

    tared = order(cell, warm, 100, "D", "tare")

    assert before > 2
    assert readings(cell, tared, (100, 200), "D", "temperature") == [0, pytest.approx(later - before, abs=1e-9)]


# -- layouts -------------------------------------------------------------------------------------------------------


def branched() -> Cell:
    """Two vessels, a pump with three pipes, one of them with two valves, and water."""
    pipes = (
        Pipe(name="Over", source="K", destination="L", valves=("A", "B"), pump="P"),
        Pipe(name="Round", source="K", destination="K", valves=("C",), pump="P"),
        Pipe(name="Away", source="L", destination=OUT, valves=("B",), pump="P"),
        Pipe(name="Water", source=MAINS, destination="L", valves=("C",)),
        Pipe(name="Open", source=MAINS, destination="K", valves=()),
    )
    vessels = (Vessel(name="K", capacity=50, volume=20), Vessel(name="L", capacity=50, volume=20))
    others = (Heater(name="H", vessel="K", power=100.0), Probe(name="T", vessel="L"), *(Valve(name=name) for name in "ABCD"))
    return plant.build((*vessels, *others, Pump(name="P"), *pipes), ROOM)


BRANCHED = branched()
SWITCHES = [place for place, device in enumerate(BRANCHED.devices) if isinstance(device, Gate | Mover)]


@given(st.lists(st.dictionaries(st.sampled_from(SWITCHES), st.integers(0, 1), max_size=3), max_size=8))
def test_a_layout_found_from_the_last_one_is_the_one_that_all_states_give(steps: list[dict[int, int]]) -> None:
    states = list(plant.initial(BRANCHED, 0).states)
    layout = BRANCHED.plumbing.layout(states)

    for switched in steps:
        for place, on in switched.items():
            states[place] = Position(on)
        layout = BRANCHED.plumbing.after(layout, switched, states)

        assert layout.demands == BRANCHED.plumbing.layout(states).demands


def test_a_valve_in_no_pipe_leaves_the_layout_as_it_is() -> None:
    states = plant.initial(BRANCHED, 0).states
    layout = BRANCHED.plumbing.layout(states)

    assert BRANCHED.plumbing.after(layout, (BRANCHED.places["D"],), states) is layout
