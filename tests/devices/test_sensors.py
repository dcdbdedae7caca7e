"""What the sensors of level, flow and power show of the plant, and what a vessel and a pipe show of themselves."""

from __future__ import annotations

import json

import pytest

from mockbrew.devices.flow import Flow
from mockbrew.devices.level import Level
from mockbrew.devices.pipe import Pipe
from mockbrew.devices.power import Power
from mockbrew.devices.vessel import Liquid, Vessel
from mockbrew.plant import Anchor, build, initial
from tests.devices.views import Seen, read
from tests.plant.cells import look, order, started
from tests.spec.refusals import KETTLE, accepted, told

HOLDS = Seen(states={"V": Liquid(12.34, 60.0, 0, 0)})
FLOWS = Seen(flows={"X": 10.3 / 60})


# -- level ---------------------------------------------------------------------------------------------------------


def test_a_level_is_the_liquid_in_its_vessel() -> None:
    assert read(Level(name="L", vessel="V"), "level", HOLDS) == 12.34


@pytest.mark.parametrize(
    ("offset", "resolution", "level"), [(0.5, 0, 12.84), (0, 0.1, 12.3), (0.5, 0.25, 12.75), (-20, 0, -7.66), (0, 50, 0)]
)
def test_a_level_is_offset_and_then_in_steps(offset: float, resolution: float, level: float) -> None:
    sensor = Level(name="L", vessel="V", offset=offset, resolution=resolution)

    assert read(sensor, "level", HOLDS) == pytest.approx(level, abs=1e-12)


def test_a_level_in_decimal_steps_is_written_with_as_many_decimals() -> None:
    sensor = Level(name="L", vessel="V", resolution=0.1)
    shown = [json.dumps(read(sensor, "level", Seen(states={"V": Liquid(tenths / 10 + 0.03, 20.0, 0, 0)}))) for tenths in range(200)]

    assert max(map(len, shown)) == len("19.9")


# -- flow ----------------------------------------------------------------------------------------------------------


def test_a_flow_is_in_litres_per_minute() -> None:
    assert read(Flow(name="F", pipe="X"), "flow", FLOWS) == pytest.approx(10.3, abs=1e-12)
    assert read(Pipe(name="X", source="mains", destination="V"), "flow", FLOWS) == pytest.approx(10.3, abs=1e-12)


@pytest.mark.parametrize(("gain", "resolution", "flow"), [(1.1, 0, 11.33), (1, 0.5, 10.5), (0.9, 0.1, 9.3), (0, 0, 0)])
def test_a_flow_is_wrong_by_a_share_and_then_in_steps(gain: float, resolution: float, flow: float) -> None:
    assert read(Flow(name="F", pipe="X", gain=gain, resolution=resolution), "flow", FLOWS) == pytest.approx(flow, abs=1e-12)


def test_a_wrong_gain_shows_no_flow_where_there_is_none() -> None:
    assert read(Flow(name="F", pipe="X", gain=1.2, resolution=0.1), "flow", Seen(flows={"X": 0.0})) == 0.0


# -- power ---------------------------------------------------------------------------------------------------------


def test_a_power_is_what_its_heaters_consume_together() -> None:
    consumed = Seen(readings={("H1", "power"): 5500, ("H2", "power"): 0, ("H3", "power"): 8800.5})

    assert read(Power(name="W", heaters=("H1", "H2", "H3")), "power", consumed) == 14300.5
    assert json.dumps(read(Power(name="W", heaters=("H1",)), "power", consumed)) == "5500.0"
    assert json.dumps(read(Power(name="W"), "power", consumed)) == "0.0"


# -- vessels -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("liquid", "shown"),
    [
        (Liquid(12.0, 60.0, 0, 0), (0, 0, 0)),
        (Liquid(12.0, 100.0, 1, 0), (1, 0, 0)),
        (Liquid(50.0, 100.0, 1, 1), (1, 0, 1)),
        (Liquid(0.0, 60.0, 0, -1), (0, 1, 0)),
        (Liquid(0.0, 140.0, 2, -1), (0, 1, 0)),
    ],
    ids=["liquid", "boiling", "boiling over", "empty", "dry and hot"],
)
def test_a_vessel_says_whether_it_boils_is_empty_or_is_full(liquid: Liquid, shown: tuple[int, int, int]) -> None:
    vessel = Vessel(name="V", capacity=50, volume=12)

    assert tuple(read(vessel, reading, HOLDS, liquid) for reading in ("boiling", "empty", "full")) == shown


# -- in a spec -----------------------------------------------------------------------------------------------------

RIG = (
    *KETTLE,
    "[pipes]",
    'Drain = { source = "Kettle", destination = "out" }',
    "[devices]",
    'H = { kind = "heater", vessel = "Kettle", power = 1 }',
)


def test_sensors_stand_in_the_cell_of_what_they_measure() -> None:
    lines = 'L = { kind = "level", vessel = "Kettle" }', 'F = { kind = "flow", pipe = "Drain" }', 'W = { kind = "power", heaters = ["H"] }'

    assert accepted(*RIG, *lines).cells == (("Kettle", "Drain", "H", "L", "F", "W"),)


def test_sensors_show_what_the_plant_does() -> None:
    lines = (
        'V = { kind = "valve" }',
        'L = { kind = "level", vessel = "Kettle", resolution = 0.5 }',
        'F = { kind = "flow", pipe = "Tap", gain = 1.1 }',
        'W = { kind = "power", heaters = ["H"] }',
        "[pipes.Tap]",
        'source = "mains"',
        'destination = "Kettle"',
        'valves = ["V"]',
        "flow = 6",
    )
    (members,) = (spec := accepted(*RIG[:2], *RIG[4:], *lines)).cells
    cell = build(tuple(spec.entries[name].device for name in members), spec.surroundings)

    def shown(anchor: Anchor, seconds: float) -> list[object]:
        at = look(cell, anchor, seconds)
        return [at.reading(name, reading) for name, reading in (("L", "level"), ("F", "flow"), ("W", "power"), ("Tap", "flow"))]

    running = order(cell, started(cell, "V", "turn_on"), 0, "H", "turn_on")

    assert shown(initial(cell, 0), 60) == [40.0, 0.0, 0.0, 0.0]
    assert shown(running, 34) == pytest.approx([43.5, 6.6, 1.0, 6.0], abs=1e-9)


def test_a_sensor_of_the_wrong_thing_is_told() -> None:
    lines = (
        'L = { kind = "level", vessel = ▸"Drain" }',
        'F = { kind = "flow", pipe = ▸"Kettle" }',
        'W = { kind = "power", heaters = ["H", ▸"W", ▸"L"] }',
    )

    assert told(*RIG, *lines) == [
        "devices.L.vessel: 'Drain' is a pipe; it must be the name of a vessel; known: Kettle",
        "devices.F.pipe: 'Kettle' is a vessel; it must be the name of a pipe; known: Drain",
        "devices.W.heaters[1]: 'W' is a power; it must be the name of a heater; known: H",
        "devices.W.heaters[2]: 'L' is a level; it must be the name of a heater; known: H",
    ]


@pytest.mark.parametrize(
    ("sensor", "unit"),
    [('kind = "level", vessel = "Kettle"', "L"), ('kind = "flow", pipe = "Drain"', "L/min"), ('kind = "probe", vessel = "Kettle"', "K")],
)
def test_a_step_that_is_finer_than_what_is_computed_is_told(sensor: str, unit: str) -> None:
    message = f"1e-07 {unit} is finer than what is computed; 0 for none, or at least 1e-06 {unit}"

    assert told(*RIG, f"S = {{ {sensor}, resolution = ▸1e-7 }}") == [f"devices.S.resolution: {message}"]
