"""The fingerprint of a build: what a small plant is like after an hour, bit for bit.

Two machines with one fingerprint compute alike. Others agree to 1e-9 K only, since their libraries round the last bit otherwise.
"""

from __future__ import annotations

import hashlib
from functools import cache

from mockbrew import plant as plants
from mockbrew.clock import nanoseconds
from mockbrew.plant import Look, Plant
from mockbrew.spec import parse

UNTIL = 3_600.0  # s
BOUNDARIES = 100_000  # more than come in that time
CHARACTERS = 16

# Two vessels that exchange liquid, a controller and its windows, a probe with a lag and a draw: what a brew day is made of.
PLANT = """
spec = "1.0"
[vessels]
Hot = { capacity = 50, volume = 40, loss = 9.0, wall = 4.0 }
Cold = { capacity = 40, volume = 15, loss = 5.0 }
[pipes]
Across = { source = "Hot", destination = "Cold", pump = "P" }
Stir = { source = "Hot", destination = "Hot", pump = "P" }
[devices]
P = { kind = "pump", flow = 1.0 }
B = { kind = "heater", vessel = "Hot", power = 8800, efficiency = 0.4 }
T = { kind = "probe", vessel = "Hot", lag = 10, noise = 0.05 }
C = { kind = "pid", probe = "T", heaters = ["B"], setpoint = 30.0 }
"""


@cache
def fingerprint() -> str:
    """It follows from the code and the machine alone, so a process computes it once."""
    plant = Plant(parse(PLANT, "the plant of the fingerprint"))
    cell, until = plant.cell(plant.home["C"]), nanoseconds(UNTIL)
    anchor = plants.initial(cell, 0)
    for device, verb in (("P", "turn_on"), ("C", "start")):
        anchor = plants.command(cell, anchor, 0, "", device, verb, {})
    anchor, _ = plants.evolve(cell, anchor, until, "", limit=BOUNDARIES)
    seen = [plants.encode(anchor), repr(Look(cell, anchor, until, "").reading("T", "temperature"))]
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:CHARACTERS]
