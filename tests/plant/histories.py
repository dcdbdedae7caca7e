"""Hypothesis strategies: small plants of every sort, and what is done to them in some hours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st

from mockbrew.clock import SECOND
from mockbrew.devices.base import Device, Surroundings
from mockbrew.devices.heater import Heater
from mockbrew.devices.pid import Pid
from mockbrew.devices.pipe import MAINS, OUT, TRANSFER, Pipe
from mockbrew.devices.probe import Probe
from mockbrew.devices.pump import Pump
from mockbrew.devices.thermostat import Thermostat
from mockbrew.devices.valve import Valve
from mockbrew.devices.vessel import Vessel
from tests.plant.oracle import Command

MINUTE, HOUR = 60, 3600  # s
SHORT = 900  # s, of a plant with controllers: each sample and window is a restart of the integrator


class Case(NamedTuple):
    """A plant and its history; `until`: s."""

    devices: tuple[Device, ...]
    surroundings: Surroundings
    history: tuple[Command, ...]
    until: int


def figures(low: float, high: float, *favourites: float) -> st.SearchStrategy[float]:
    """Numbers as people write them into a spec, among them some that matter."""
    anything = st.floats(low, high).map(lambda value: round(value, 3))
    return st.sampled_from(favourites) | anything if favourites else anything


flows = figures(0.5, 15, 10, 5)  # L/min
powers = figures(0, 12_000, 0, 3000, 5500)  # W
lags = figures(1, 60, 0, 0, 10)  # s
losses = figures(0, 25, 0, 9)  # W/K
rooms = st.builds(Surroundings, ambient=figures(5, 35, 20), boiling_point=figures(93, 100, 100))
temperatures = figures(15, 93, 20, 65)  # degC, of liquid


@st.composite
def vessels(draw: st.DrawFn, /, name: str, room: Surroundings, **known: Any) -> Vessel:
    capacity = draw(figures(5, 60, 50))
    options = {
        "capacity": capacity,
        "volume": draw(st.sampled_from([0, capacity, capacity / 2]) | figures(0.001, capacity)),
        "temperature": draw(temperatures | st.just(room.boiling_point)),
        "wall": draw(figures(0.5, 7, 4)),
        "grain": draw(figures(0, 8, 0, 5)),
        "loss": draw(losses),
    }
    return Vessel(name=name, **{**options, **known})


@st.composite
def pipes(draw: st.DrawFn, name: str, tanks: Sequence[str], valves: Sequence[str], pumps: Sequence[str], room: Surroundings) -> Pipe:
    pump = draw(st.none() | st.sampled_from(pumps)) if pumps else None
    source = draw(st.sampled_from([MAINS, *tanks, *tanks]))
    coils = [name for name in tanks if name != source]
    coil = draw(st.none() | st.sampled_from(coils)) if coils else None
    ends = [*tanks, *tanks, OUT] if source != MAINS or coil else list(tanks)
    return Pipe(
        name=name,
        source=source,
        destination=draw(st.sampled_from(ends)),
        valves=tuple(draw(st.lists(st.sampled_from(valves), max_size=2, unique=True))) if valves else (),
        pump=pump,
        flow=None if pump else draw(st.none() | flows),
        temperature=draw(st.none() | figures(5, 40)) if source == MAINS else None,
        loss=draw(figures(0, 20, 0, 0)),
        coil=coil,
        transfer=draw(figures(0, 900, 510)) if coil else TRANSFER,
    )


@st.composite
def controllers(draw: st.DrawFn, name: str, probe: str, heater: str, pumps: Sequence[str]) -> Device:
    loop: dict[str, Any] = {"name": name, "probe": probe, "heaters": (heater,), "setpoint": draw(figures(20, 105, 65, 78))}
    loop["sample"] = draw(st.sampled_from([5.0, 12.5, 30.0]))
    if draw(st.booleans()):
        return Thermostat(**loop, band=draw(figures(0, 5, 0.5)), minimum_on=draw(st.sampled_from([0.0, 3.0, 45.0])))
    gains: dict[str, Any] = {"kp": draw(figures(0.01, 2, 0.5)), "ti": draw(figures(10, 900)), "td": draw(figures(0, 60))}
    return Pid(**loop, **gains, window=draw(st.sampled_from([7.5, 10.0, 30.0, 45.0])), pumps=tuple(pumps))


def verbs(devices: Sequence[Device]) -> list[st.SearchStrategy[tuple[str, str, dict[str, float]]]]:
    """What can be said to each of the devices."""
    known: list[st.SearchStrategy[tuple[str, str, dict[str, float]]]] = []
    for device in devices:
        if isinstance(device, Heater | Pump | Valve):
            known.append(st.tuples(st.just(device.name), st.sampled_from(["turn_on", "turn_off"]), st.just({})))
        elif isinstance(device, Pid | Thermostat):
            known.append(st.tuples(st.just(device.name), st.sampled_from(["start", "start", "stop"]), st.just({})))
            targets = st.fixed_dictionaries({"setpoint": figures(20, 105)})
            known.append(st.tuples(st.just(device.name), st.just("set_setpoint"), targets))
    return known


@st.composite
def histories(draw: st.DrawFn, devices: Sequence[Device], until: int) -> tuple[Command, ...]:
    """What is on from the start, then some commands, several of them at one instant."""
    actuators = [device.name for device in devices if isinstance(device, Heater | Pump | Valve)]
    started: list[Command] = [(0, name, "turn_on", {}) for name in actuators if draw(st.integers(0, 3))]
    instants = draw(st.lists(st.integers(0, until).map(lambda s: s * SECOND) | st.integers(0, until * SECOND), min_size=1, max_size=6))
    known = verbs(devices)
    orders = draw(st.lists(st.tuples(st.sampled_from(instants), st.one_of(known)), max_size=12)) if known else []
    return (*started, *sorted(((at, *order) for at, order in orders), key=lambda command: command[0]))


@st.composite
def plants(draw: st.DrawFn) -> Case:
    """One to three vessels, and whatever may be on them."""
    room = draw(rooms)
    tanks = [draw(vessels(f"V{i}", room)) for i in range(draw(st.integers(1, 3)))]
    names = [tank.name for tank in tanks]
    valves = [Valve(name=f"G{i}") for i in range(draw(st.integers(0, 3)))]
    pumps = [Pump(name=f"P{i}", flow=draw(flows)) for i in range(draw(st.integers(0, 2)))]
    heaters = [
        Heater(name=f"H{i}", vessel=draw(st.sampled_from(names)), power=draw(powers), lag=draw(lags))
        for i in range(draw(st.integers(0, 3)))
    ]
    probes = [Probe(name=f"T{i}", vessel=draw(st.sampled_from(names)), lag=draw(lags)) for i in range(draw(st.integers(1, 2)))]
    lines = draw(st.integers(0, 6))
    plumbing = [draw(pipes(f"L{i}", names, [v.name for v in valves], [p.name for p in pumps], room)) for i in range(lines)]
    loops = [
        draw(controllers(f"C{i}", draw(st.sampled_from([probe.name for probe in probes])), heater.name, [p.name for p in pumps[i : i + 1]]))
        for i, heater in enumerate(heaters[: draw(st.integers(0, 2))])
    ]
    until = draw(st.integers(MINUTE, SHORT if loops else HOUR))
    devices = (*tanks, *valves, *pumps, *heaters, *probes, *plumbing, *loops)
    return Case(devices, room, draw(histories(devices, until)), until)
