"""For tests of conditions: a small rig and an entry of a journal, of whose words conditions are made; and what these are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mockbrew.conditions import parse
from mockbrew.conditions.names import NUMBER, TEXT, TRUTH, Variable, fields, readings_of
from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device
from mockbrew.devices.declare import Reading
from mockbrew.spec import parse as parse_spec

SPEC = parse_spec(
    """
spec = "1.0"
[vessels]
Tun = { capacity = 40, volume = 15 }
[devices]
H = { kind = "heater", vessel = "Tun", power = 2000 }
T = { kind = "probe", vessel = "Tun" }
"T.1" = { kind = "probe", vessel = "Tun" }
C = { kind = "pid", probe = "T", heaters = ["H"], setpoint = 50 }
""",
    "rig.toml",
    BUILT_IN,
)


class Sign(Device):
    """Says a word."""

    readings = {
        "word": Reading(lambda sign, state, view: "open", {"type": ["string", "null"]}, "what it says"),
        "lit": Reading(lambda sign, state, view: True, {"type": "boolean"}, "whether it is lit"),
        "turns": Reading(lambda sign, state, view: 3, {"type": "integer"}, "how often it was turned"),
    }


DEVICES: Mapping[str, Device] = {**{name: entry.device for name, entry in SPEC.entries.items()}, "S": Sign(name="S")}
RIG = readings_of(DEVICES)
ENTRY = fields({"status": NUMBER, "device": TEXT, "applied": TRUTH, "waited": NUMBER})


def values(**known: Any) -> Callable[[Variable], Any]:
    """By device and reading, `T_temperature=65`; else by field."""
    return lambda variable: known[f"{variable.device}_{variable.reading}" if variable.device else variable.reading]


def of_rig(text: str, **known: Any) -> bool:
    return parse(text, RIG).holds(values(**known))


def of_entry(text: str, **known: Any) -> bool:
    return parse(text, ENTRY).holds(values(**known))
