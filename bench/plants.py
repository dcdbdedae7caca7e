"""The plants that are measured: the reference rig with three PIDs on, and what its valves and pipes do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from mockbrew import plant
from mockbrew.clock import nanoseconds
from mockbrew.devices import BUILT_IN
from mockbrew.plant import Anchor, Cell, Plant
from mockbrew.settings import REFERENCE
from mockbrew.spec import Spec, parse

PIDS = ("PID1", "PID2", "PID3")
STIRRING = ("B", "D", "E", "F", "H", "I")  # valves of the loops on each vessel, whose pumps follow their PIDs
FLOW = 10.0  # L/min, in the ring
ROUND = f"""[pipes]
One = {{ source = "HotTank", destination = "Mashtun", flow = {FLOW} }}
Two = {{ source = "Mashtun", destination = "Ebu", flow = {FLOW} }}
Three = {{ source = "Ebu", destination = "HotTank", flow = {FLOW} }}

[devices]
"""


class Case(NamedTuple):
    """A rig with its PIDs on from 0. valves: that are open. ring: L/min from each vessel into the next."""

    title: str
    spec: Spec
    valves: Sequence[str] = ()
    ring: float = 0.0

    @property
    def orders(self) -> list[tuple[str, str]]:
        """Device and verb of each command at 0."""
        return [*((valve, "turn_on") for valve in self.valves), *((pid, "start") for pid in PIDS)]


def cases() -> list[Case]:
    """Valves shut, each vessel stirred by its pump, and all three coupled in a ring without end."""
    text = REFERENCE.read_text("utf-8")
    reference = parse(text, REFERENCE.name, BUILT_IN)
    without_rules = re.sub(r"\[hazards\..*?(?=\[vessels\])", "", text, flags=re.DOTALL)  # they speak of its pipes
    ring = parse(re.sub(r"\[pipes\].*?\[devices\]\n", ROUND, without_rules, flags=re.DOTALL), "ring.toml", BUILT_IN)
    return [
        Case("valves shut", reference),
        Case("each vessel stirred", reference, STIRRING),
        Case("all vessels in one ring", ring, (), FLOW),
    ]


def started(case: Case) -> tuple[Cell, Anchor]:
    """The cell of the vessels and its anchor at 0, after the commands."""
    made = Plant(case.spec)
    cell = made.cell(made.home["PID1"])
    anchor = plant.initial(cell, 0)
    for device, verb in case.orders:
        anchor = plant.command(cell, anchor, 0, "", device, verb, {})
    return cell, anchor


def evolved(cell: Cell, anchor: Anchor, seconds: float) -> Anchor:
    """However many boundaries that takes."""
    anchor, _ = plant.evolve(cell, anchor, nanoseconds(seconds), "", limit=10**9)
    return anchor
