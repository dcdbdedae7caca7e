"""Hypothesis strategies: plants in the situations that are hard, with figures that vary."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from mockbrew.clock import SECOND
from mockbrew.devices.base import Surroundings
from mockbrew.devices.heater import Heater
from mockbrew.devices.pipe import MAINS, OUT, Pipe
from mockbrew.devices.probe import Probe
from mockbrew.devices.pump import Pump
from mockbrew.devices.valve import Valve
from mockbrew.devices.vessel import Vessel
from tests.plant.histories import (
    HOUR,
    MINUTE,
    SHORT,
    Case,
    controllers,
    figures,
    flows,
    histories,
    lags,
    losses,
    plants,
    powers,
    temperatures,
    vessels,
)
from tests.plant.oracle import Command

ROOM = Surroundings(ambient=20.0, boiling_point=100.0)
strong = figures(2000, 12_000, 5500)  # W
trickles = figures(0.005, 0.2) | figures(0.05, 3)  # L/min, about what a boil steams off, or more
shares = st.floats(0.01, 0.99)  # of a capacity


@st.composite
def diluted(draw: st.DrawFn) -> Case:
    """A boil with cold water coming in: it stops boiling, or overflows while it boils."""
    capacity = draw(figures(5, 60))
    volume = capacity * draw(st.just(1.0) | shares)
    kettle = draw(vessels("K", ROOM, capacity=capacity, volume=volume, temperature=draw(st.sampled_from([100.0, 99.5]))))
    water = Pipe(name="W", source=MAINS, destination="K", valves=("G",), flow=draw(trickles), temperature=draw(figures(5, 100)))
    return draw(_of(kettle, Heater(name="H", vessel="K", power=draw(strong), lag=draw(lags)), water, Valve(name="G")))


@st.composite
def drying(draw: st.DrawFn) -> Case:
    """A boil that ends as the vessel empties; then it gets hot, until something flows in and flashes."""
    kettle = draw(vessels("K", ROOM, volume=draw(figures(0, 1, 0, 0.2)), temperature=draw(figures(90, 100, 100))))
    water = Pipe(name="W", source=MAINS, destination="K", valves=("G",), flow=draw(trickles | flows), temperature=draw(figures(5, 100)))
    drain = Pipe(name="D", source="K", destination=OUT, valves=("E",), flow=draw(flows))
    return draw(
        _of(kettle, Heater(name="H", vessel="K", power=draw(strong), lag=draw(lags)), water, drain, Valve(name="G"), Valve(name="E"))
    )


@st.composite
def chains(draw: st.DrawFn) -> Case:
    """Vessels that pass on what they receive, most of them empty, the first perhaps heated; the last may lead back."""
    names = ["A", "B", "C"]
    tanks = [draw(vessels(name, ROOM, volume=draw(st.sampled_from([0, 0, 2, 10])), capacity=20)) for name in names]
    links = [Pipe(name=f"L{a}{b}", source=a, destination=b, valves=("G",), flow=draw(flows)) for a, b in pairwise(names)]
    ends = [Pipe(name="Z", source="C", destination=draw(st.sampled_from([OUT, "A", "B"])), flow=draw(flows), loss=draw(losses))]
    # A trickle may be less than what the heater can steam off, and then cold water in a circle saves more than it is.
    water = [Pipe(name="W", source=MAINS, destination="A", valves=("E",), flow=draw(flows | figures(0.005, 0.3)))]
    leak = [Pipe(name="X", source=draw(st.sampled_from(names)), destination=OUT, flow=draw(flows))] if draw(st.booleans()) else []
    heaters = [Heater(name="H", vessel=draw(st.sampled_from(names)), power=draw(powers), lag=draw(lags))]
    return draw(_of(*tanks, *links, *ends, *water, *leak, *heaters, Valve(name="G"), Valve(name="E")))


@st.composite
def herms(draw: st.DrawFn) -> Case:
    """Mash that goes round through a coil in the hot tank, which may run dry meanwhile."""
    hot = draw(vessels("H", ROOM, temperature=draw(figures(60, 100))))
    mash = draw(vessels("M", ROOM, temperature=draw(temperatures)))
    around = Pipe(
        name="R", source="M", destination="M", coil="H", valves=("G",), flow=draw(flows), transfer=draw(figures(0, 900)), loss=draw(losses)
    )
    drains = [Pipe(name=f"D{tank}", source=tank, destination=OUT, valves=("E",), flow=draw(flows)) for tank in "HM"]
    return draw(_of(hot, mash, around, *drains, Heater(name="F", vessel="H", power=draw(strong)), Valve(name="G"), Valve(name="E")))


@st.composite
def rounds(draw: st.DrawFn) -> Case:
    """A directed loop over three vessels: complex eigenvalues; with unequal flows one of them runs empty or full. Or all are dry."""
    dry = {"volume": 0} if draw(st.booleans()) else {}
    tanks = [draw(vessels(name, ROOM, temperature=draw(temperatures), **dry)) for name in "ABC"]
    flow = draw(flows)
    other = draw(flows) if draw(st.booleans()) else flow
    links = [
        Pipe(name=f"L{a}", source=a, destination=b, valves=("G",), flow=f)
        for a, b, f in (("A", "B", flow), ("B", "C", flow), ("C", "A", other))
    ]
    return draw(_of(*tanks, *links, Heater(name="H", vessel="A", power=draw(powers), lag=draw(lags)), Valve(name="G")))


@st.composite
def controlled(draw: st.DrawFn) -> Case:
    """A controller that runs from the start, and people who meddle with what it switches."""
    kettle = draw(vessels("K", ROOM, volume=draw(figures(1, 5)), capacity=10))
    stirred = Pipe(name="R", source="K", destination="K", pump="P", loss=draw(losses))
    element = Heater(name="H", vessel="K", power=draw(strong), lag=draw(lags))
    devices = (
        kettle,
        element,
        Pump(name="P"),
        stirred,
        Probe(name="T", vessel="K", lag=draw(lags)),
        draw(controllers("C", "T", "H", ["P"])),
    )
    until = draw(st.integers(MINUTE, SHORT))
    by_hand: st.SearchStrategy[Command] = st.tuples(
        st.integers(0, until * SECOND), st.just("H"), st.sampled_from(["turn_on", "turn_off"]), st.just({})
    )
    history = [(0, "C", "start", {}), *draw(histories(devices, until)), *draw(st.lists(by_hand, max_size=4))]
    return Case(devices, ROOM, tuple(sorted(history, key=lambda command: command[0])), until)


@st.composite
def _of(draw: st.DrawFn, *devices: Any) -> Case:
    """These devices, a probe in each vessel, and a history."""
    tanks = [device.name for device in devices if isinstance(device, Vessel)]
    until = draw(st.integers(MINUTE, HOUR))
    devices = (*devices, *(Probe(name=f"T{tank}", vessel=tank, lag=draw(lags)) for tank in tanks))
    return Case(devices, ROOM, draw(histories(devices, until)), until)


cases: st.SearchStrategy[Case] = st.one_of(plants(), plants(), diluted(), drying(), chains(), herms(), rounds(), controlled(), controlled())
