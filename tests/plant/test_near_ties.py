"""Where two flows, or two heats, are equal but for rounding: no boundary after a nanosecond, nothing from nowhere, nothing overlooked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockbrew import plant
from mockbrew.clock import SECOND, nanoseconds
from mockbrew.devices.base import Controller, Device, View
from mockbrew.devices.heater import Heater
from mockbrew.devices.pipe import Pipe
from mockbrew.devices.valve import Valve
from mockbrew.devices.vessel import FULL, Vessel
from mockbrew.flows import OUTSIDE, Dry, Duct, distribute
from mockbrew.plant import Anchor, Cell
from tests.plant.cells import ROOM, look, order
from tests.plant.oracle import Oracle


def counted(cell: Cell, anchor: Anchor, seconds: float, most: int = 500) -> Anchor:
    """To `seconds`, in not more than so many boundaries."""
    for _ in range(most):
        boundary = plant.next_boundary(cell, anchor)
        if boundary is None or boundary > nanoseconds(seconds):
            return anchor
        anchor, _ = plant.evolve(cell, anchor, boundary, "", limit=1)
    raise AssertionError(f"{most} boundaries until {anchor.at} ns")


@pytest.mark.parametrize("trickle", [0.02, 0.05, 0.1])
@pytest.mark.parametrize("mains", [5, 100])
def test_a_circle_of_empty_vessels_of_which_one_boils_makes_no_water(trickle: float, mains: float) -> None:
    # Cold water saves steam, so a kilogram that goes round may come back as more.
    devices = (
        Vessel(name="A", capacity=50, volume=0.05, temperature=100, loss=0),
        Vessel(name="B", capacity=50, volume=0, temperature=90, loss=0),
        Heater(name="H", vessel="A", power=5500),
        Pipe(name="M", source="mains", destination="A", flow=trickle, temperature=mains),
        Pipe(name="AB", source="A", destination="B"),
        Pipe(name="BA", source="B", destination="A"),
    )
    cell = plant.build(devices, ROOM)
    anchor = counted(cell, order(cell, plant.initial(cell, 0), 0, "H", "turn_on"), 120)

    seen = look(cell, anchor, 120)
    assert 0.0 <= seen.flow("AB") <= 10 / 60
    (truth,) = Oracle(devices, ROOM, ((0, "H", "turn_on", {}),), lambda *_: 0.0).sights({120 * SECOND})
    for name in "AB":
        assert seen.state(name).mass == pytest.approx(truth.masses[name], abs=1e-9)
        assert seen.state(name).temperature == pytest.approx(truth.temperatures[name], abs=1e-6)


@given(
    entering=st.lists(st.integers(500, 9000).map(lambda tenths: tenths / 10), min_size=1, max_size=3),
    outlets=st.integers(1, 3),
)
def test_an_empty_vessel_that_passes_on_a_torrent_does_so_for_an_hour_without_a_boundary(entering: list[float], outlets: int) -> None:
    pipes = [Pipe(name=f"I{i}", source="mains", destination="V", flow=flow) for i, flow in enumerate(entering)]
    pipes += [Pipe(name=f"O{i}", source="V", destination="out", flow=1000) for i in range(max(outlets, len(entering)))]
    cell = plant.build((Vessel(name="V", capacity=50, volume=0), *pipes), ROOM)

    anchor = counted(cell, plant.initial(cell, 0), 1.0)

    assert sum(look(cell, anchor, 1.0).flow(f"O{i}") for i in range(max(outlets, len(entering)))) == pytest.approx(sum(entering) / 60)


def test_two_elements_that_cancel_at_first_heat_all_the_same() -> None:
    elements = Heater(name="H", vessel="V", power=1000, lag=10), Heater(name="I", vessel="V", power=2000, lag=20)
    cell = plant.build((Vessel(name="V", capacity=50, volume=40, temperature=60, loss=25), *elements), ROOM)
    initial = plant.initial(cell, 0)
    # As after weeks: what H gives is what the vessel loses.
    anchor = plant.settled(cell, 0, (initial.states[0], initial.states[1]._replace(on=1, heat=1000.0), initial.states[2]))
    anchor = order(cell, order(cell, anchor, 0, "H", "turn_off"), 0, "I", "turn_on")

    # Heat 2000 - 2000 exp(-t/20) + 1000 exp(-t/10), by variation of constants
    capacity, loss, t = 40 * 4186 + 4000.0, 25.0, 600.0
    decay = loss / capacity

    def part(rate: float) -> float:
        return float((2.718281828459045 ** (-rate * t) - 2.718281828459045 ** (-decay * t)) / (decay - rate) / capacity)

    truth = 20 + 40 * 2.718281828459045 ** (-decay * t) + 2000 * part(0.0) - 2000 * part(0.05) + 1000 * part(0.1)
    assert look(cell, anchor, t).state("V").temperature == pytest.approx(truth, abs=1e-9)


def test_a_full_vessel_whose_drain_is_opened_and_shut_at_one_instant_is_full() -> None:
    devices = (Vessel(name="V", capacity=50, volume=50), Valve(name="G"), Pipe(name="D", source="V", destination="out", valves=("G",)))
    cell = plant.build(devices, ROOM)

    anchor = order(cell, order(cell, plant.initial(cell, 0), 5, "G", "turn_on"), 5, "G", "turn_off")

    assert look(cell, anchor, 5).state("V")[2:] == (0, FULL)
    assert look(cell, anchor, 9).reading("V", "full") == 1


@given(at=st.integers(0, 3600 * SECOND))
def test_liquid_that_has_the_temperature_of_the_room_keeps_it_to_the_last_bit_while_it_flows(at: int) -> None:
    devices = (
        Vessel(name="A", capacity=50, volume=30, wall=3.3),
        Vessel(name="B", capacity=50, volume=7, loss=11.1),
        Pipe(name="L", source="A", destination="B", flow=0.7, loss=1.1),
        Pipe(name="M", source="mains", destination="A", flow=0.3, temperature=20, coil="B"),
    )
    cell = plant.build(devices, ROOM)

    seen = look(cell, plant.initial(cell, 0), at / SECOND)

    assert (seen.state("A").temperature, seen.state("B").temperature) == (20.0, 20.0)


class Noted(NamedTuple):
    acted: int = 0
    flow: float = -1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher(Controller):
    """Looks at a flow after a second, and switches something."""

    kind = "watcher"
    layout: ClassVar[type[Any]] = Noted

    pipe: str
    output: str

    def due(self, state: Noted) -> int | None:
        return None if state.acted else SECOND

    def act(self, state: Noted, view: View) -> tuple[Noted, dict[str, str]]:
        return Noted(1, view.flow(self.pipe)), {self.output: "turn_on"} if self.output else {}


def test_a_flow_that_is_looked_at_where_a_valve_moves_is_that_of_its_pipe() -> None:
    devices: tuple[Device, ...] = (
        Vessel(name="A", capacity=50, volume=40),
        Vessel(name="B", capacity=50, volume=0),
        Valve(name="G"),
        Heater(name="H", vessel="A", power=1000),
        Pipe(name="L", source="A", destination="B", flow=4.0, valves=("G",)),
        Pipe(name="M", source="A", destination="out", flow=6.0),
        Watcher(name="C", output="H", pipe="L"),
        Watcher(name="D", output="G", pipe="M"),
        Watcher(name="E", output="", pipe="L"),
    )
    cell = plant.build(devices, ROOM)

    seen = look(cell, plant.initial(cell, 0), 1)

    assert [round(seen.state(name).flow * 60, 9) for name in "CDE"] == [0.0, 6.0, 4.0]


# -- who gives how much --------------------------------------------------------------------------------------------


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[Duct], dict[int, Dry]]:
    """Empty vessels, some of which boil or are hot, with pipes in any direction."""
    vessels = range(draw(st.integers(1, 4)))
    ends = st.sampled_from([OUTSIDE, *vessels])
    demands = st.sampled_from([0.5 / 60, 5 / 60, 10 / 60]) | st.floats(1e-4, 0.01)
    pairs = draw(st.lists(st.tuples(ends, ends, demands), max_size=8))
    ducts = [Duct(i, source, to, demand, OUTSIDE, 1.0, 1.0, 15.0) for i, (source, to, demand) in enumerate(pairs)]
    dry = {}
    for vessel in vessels:
        boils = draw(st.sampled_from(["no", "no", "yes", "hot"]))
        passed = {duct.place: draw(st.sampled_from([1.0, 1.0, 1.02, 1.15])) for duct in ducts} if boils == "yes" else None
        dry[vessel] = Dry(closed=boils == "hot", steam=draw(st.floats(0, 0.006)) if boils == "yes" else 0.0, passed=passed)
    return ducts, dry


def by_rounds(ducts: list[Duct], dry: dict[int, Dry]) -> dict[int, float]:
    """From nothing at all, round by round."""
    asked = {vessel: sum(duct.demand for duct in ducts if duct.source == vessel != duct.destination) for vessel in dry}
    given = dict.fromkeys(dry, 0.0)
    for _ in range(40_000):
        following = {}
        for vessel, empty in dry.items():
            gets = -empty.steam
            for duct in ducts:
                if duct.destination == vessel != duct.source:
                    share = given[duct.source] / asked[duct.source] if duct.source in dry else 1.0
                    gets += share * duct.demand * empty.left(duct.place)
            following[vessel] = 0.0 if empty.closed else min(max(gets, 0.0), asked[vessel])
        if max(abs(following[vessel] - given[vessel]) for vessel in dry) < 1e-15:
            break
        given = following
    return given


@settings(deadline=None, max_examples=150)
@given(network=networks())
def test_the_flows_are_the_least_that_fit_also_where_cold_water_saves_steam(network: tuple[list[Duct], dict[int, Dry]]) -> None:
    ducts, dry = network

    flows = distribute(ducts, dry)

    given_out = {vessel: sum(flow for duct, flow in zip(ducts, flows.through, strict=True) if duct.source == vessel) for vessel in dry}
    assert given_out == pytest.approx(by_rounds(ducts, dry), abs=1e-10)
