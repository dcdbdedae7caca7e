"""A kettle with a heater and two probes, in which tests search."""

from __future__ import annotations

from typing import Any

from mockbrew.clock import SECOND
from mockbrew.plant import Plant
from mockbrew.seeking.scene import Scene
from tests.plant.seekers import beginning, condition, rig, sought

HOUR = 3600 * SECOND
KETTLE = """
[vessels]
V = { capacity = 50, volume = 20, temperature = 60 }
W = { capacity = 50, volume = 10 }
[devices]
H = { kind = "heater", vessel = "V", power = 3000 }
T = { kind = "probe", vessel = "V" }
S = { kind = "probe", vessel = "V" }
C = { kind = "thermostat", probe = "T", heaters = ["H"], setpoint = 65, sample = 5 }
G = { kind = "valve" }
U = { kind = "probe", vessel = "W" }
[pipes]
L = { source = "mains", destination = "W", valves = ["G"] }
"""
PLANT = rig(KETTLE)


def found(scene: Scene, text: str, until: int = HOUR, **options: Any) -> int | None:
    return sought(scene, condition(scene.plant, text), until, **options)


def heated(*orders: tuple[str, str], plant: Plant = PLANT, seed: str = "") -> Scene:
    return beginning(plant, ("H", "turn_on"), *orders, seed=seed)


def read(scene: Scene) -> float:
    """What T shows."""
    shown = scene.value(condition(PLANT, "T > 0").variables[0])
    assert isinstance(shown, float)
    return shown
