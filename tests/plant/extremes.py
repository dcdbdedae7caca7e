"""Hypothesis strategies: plants at the limits of what a spec may say, each alone and together with ordinary ones."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from mockbrew.devices.base import Device, Surroundings
from mockbrew.devices.heater import Heater
from mockbrew.devices.pid import Pid
from mockbrew.devices.pipe import MAINS, OUT, TRANSFER, Pipe
from mockbrew.devices.probe import Probe
from mockbrew.devices.pump import Pump
from mockbrew.devices.thermostat import Thermostat
from mockbrew.devices.valve import Valve
from mockbrew.devices.vessel import Vessel
from tests.plant.histories import Case, histories

flows = st.sampled_from([0.001, 10.0, 1000.0])  # L/min
powers = st.sampled_from([0.0, 5500.0, 1e6])  # W
losses = st.sampled_from([0.0, 9.0, 1e4])  # W/K
lags = st.sampled_from([0.0, 1.0, 3600.0])  # s
coils = st.sampled_from([0.0, 510.0, 1e5])  # W/K
rooms = st.builds(Surroundings, ambient=st.sampled_from([-50.0, 20.0, 60.0]), boiling_point=st.sampled_from([70.0, 100.0]))


@st.composite
def vessels(draw: st.DrawFn, name: str, room: Surroundings) -> Vessel:
    capacity = draw(st.sampled_from([1e-3, 50.0, 1e5]))
    return Vessel(
        name=name,
        capacity=capacity,
        volume=capacity * draw(st.sampled_from([0.0, 1e-9, 0.5, 1.0])),
        temperature=draw(st.sampled_from([0.0, 20.0, room.boiling_point])),
        wall=draw(st.sampled_from([0.1, 4.0, 1e4])),
        loss=draw(losses),
    )


@st.composite
def pipes(draw: st.DrawFn, name: str, tanks: list[str], pumps: list[str]) -> Pipe:
    source = draw(st.sampled_from([MAINS, *tanks, *tanks]))
    pump, others = draw(st.none() | st.sampled_from(pumps)), [tank for tank in tanks if tank != source]
    coil = draw(st.none() | st.sampled_from(others)) if others else None
    return Pipe(
        name=name,
        source=source,
        destination=draw(st.sampled_from(tanks if source == MAINS else [OUT, *tanks, *tanks])),
        valves=draw(st.sampled_from([(), ("G",)])),
        pump=pump,
        flow=draw(flows) if pump is None else None,
        loss=draw(losses),
        coil=coil,
        transfer=draw(coils) if coil else TRANSFER,
    )


@st.composite
def controllers(draw: st.DrawFn, name: str, probe: str, heater: str) -> Device:
    """As hasty as a spec may have them."""
    loop: dict[str, Any] = {"name": name, "probe": probe, "heaters": (heater,), "setpoint": draw(st.sampled_from([20.0, 65.0, 110.0]))}
    loop["sample"] = draw(st.sampled_from([0.1, 5.0, 60.0]))
    if draw(st.booleans()):
        return Thermostat(**loop, band=0.0)
    gains: dict[str, Any] = {"kp": draw(st.sampled_from([0.0, 0.5, 1e3])), "ti": draw(st.sampled_from([0.001, 900.0, 1e6]))}
    return Pid(**loop, **gains, td=draw(st.sampled_from([0.0, 20.0, 1e5])), window=draw(st.sampled_from([0.1, 10.0])))


@st.composite
def extremes(draw: st.DrawFn, until: int = 60, loops: int = 2) -> Case:
    """One to three vessels with up to five pipes; `until`: s. loops: controllers at most."""
    room = draw(rooms)
    tanks = [draw(vessels(f"V{i}", room)) for i in range(draw(st.integers(1, 3)))]
    names = [tank.name for tank in tanks]
    pumps = [Pump(name="P", flow=draw(flows))]
    heaters = [Heater(name=f"H{i}", vessel=draw(st.sampled_from(names)), power=draw(powers), lag=draw(lags)) for i in range(2)]
    probes = [Probe(name=f"T{i}", vessel=draw(st.sampled_from(names)), lag=draw(lags)) for i in range(2)]
    plumbing = [draw(pipes(f"L{i}", names, ["P"])) for i in range(draw(st.integers(0, 5)))]
    looping = [draw(controllers(f"C{i}", f"T{i}", f"H{i}")) for i in range(draw(st.integers(0, loops)))]
    devices = (*tanks, Valve(name="G"), *pumps, *heaters, *probes, *plumbing, *looping)
    return Case(devices, room, draw(histories(devices, until)), until)
