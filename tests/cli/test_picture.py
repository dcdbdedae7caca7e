"""What a picture shows, apart from its labels."""

from __future__ import annotations

from math import isnan
from typing import Any

from matplotlib.figure import Figure

from mockbrew.cli import picture
from mockbrew.cli.recording import Recording
from mockbrew.devices import BUILT_IN
from mockbrew.spec import parse

SPEC = parse(
    """
spec = "1.0"
[vessels]
Tun = { capacity = 40, volume = 15 }
[devices]
H = { kind = "heater", vessel = "Tun", power = 2000 }
G = { kind = "heater", vessel = "Tun", power = 2000 }
T = { kind = "probe", vessel = "Tun" }
C = { kind = "pid", probe = "T", heaters = ["H"], setpoint = 50 }
K = { kind = "thermostat", probe = "T", heaters = ["G"], setpoint = 60 }
""",
    "rig.toml",
    BUILT_IN,
)


def recorded(**columns: list[Any]) -> Recording:
    """Of `Tun_volume=[...]` and the like, a row each hour."""
    names = [(device, reading) for device, _, reading in (name.partition("_") for name in columns)]
    rows = list(zip(*columns.values(), strict=True))
    return Recording(names, [3600.0 * hour for hour in range(len(rows))], rows)


SEEN = recorded(
    Tun_temperature=[20.0, 30.0, 40.0, 40.0],
    H_state=[1, 0, 1, 1],
    G_state=[0, 0, 1, 0],
    C_state=[0, 1, 1, 0],
    C_setpoint=[50, 50, 55, 55],
    C_duty=[0.0, 0.25, 0.5, 0.5],
    K_state=[0, 0, 1, 1],
    K_setpoint=[60, 60, 60, 60],
)


def test_a_heater_shows_the_duty_while_its_controller_is_on_and_else_its_state() -> None:
    assert list(picture._shares("H", SPEC, SEEN)) == [1, 0.25, 0.5, 1]
    assert list(picture._shares("G", SPEC, SEEN)) == [0, 0, 1, 0]
    assert list(picture._shares("C", SPEC, SEEN)) == [0, 1, 1, 0]


def test_setpoints_are_drawn_while_their_controller_is_on_beside_the_temperatures() -> None:
    axes = Figure().subplots()

    picture._temperatures(axes, SPEC, SEEN)

    lines: Any = [line.get_ydata() for line in axes.get_lines()]
    drawn = [[None if isnan(value) else float(value) for value in line] for line in lines]
    assert drawn == [[20, 30, 40, 40], [None, 50, 55, None], [None, None, 60, 60]]


def test_what_was_never_on_has_no_row() -> None:
    axes = Figure().subplots()

    picture._switched(axes, SPEC, recorded(H_state=[0, 0], G_state=[0, 1], C_state=[0, 0], C_duty=[0.0, 0.0]))

    assert [label.get_text() for label in axes.get_yticklabels()] == ["G"]


def test_steps_keep_only_the_turns_and_the_ends() -> None:
    assert list(picture._turns([0, 0, 1, 1, 1, 0, 0, 0])) == [0, 2, 5, 7]
    assert list(picture._turns([1])) == [0]
