"""What a command changed of a cell, in words for the journal: which device shows something else than before.

What moves by itself, such as a temperature, is no change; nor is anything that vessels do. What counts is on or off, one of a few values,
or what a verb sets, such as a setpoint.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from mockbrew.cells import changed as changed_places
from mockbrew.devices.declare import NONE, Reading, Value
from mockbrew.devices.vessel import Vessel
from mockbrew.plant import Look

Changes = dict[str, Mapping[str, list[Value]]]
"""By device and reading: what it was and what it is."""

COMMANDED, ACTUAL = "state", "on"  # readings: where an actuator does what it is told, the second says no more than the first


def changes(before: Look, after: Look) -> Changes:
    """Between two looks at one instant."""
    found = {}
    for place in changed_places(before.anchor.states, after.anchor.states):
        device = after.cell.devices[place]
        kind: Any = type(device)
        readings = told(kind)
        changed = _changed(place, readings, before, after) if readings else NONE
        if changed:
            found[device.name] = changed
    return found


def _changed(place: int, readings: Mapping[str, Reading], before: Look, after: Look) -> Mapping[str, list[Value]]:
    # with a fault at work, another device stands there
    one, other = before.flight.cell.devices[place], after.flight.cell.devices[place]
    was, now = before.flight.state_at(place, before.at), after.flight.state_at(place, after.at)
    pairs = {reading: [each.read(one, was, before), each.read(other, now, after)] for reading, each in readings.items()}
    actual = pairs.pop(ACTUAL, None)
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if actual is None or actual == pairs.get(COMMANDED) or not (changed or actual[0] != actual[1]):
        return changed
    return {**changed, ACTUAL: actual}


@lru_cache(maxsize=1024)  # asked at each command, of many devices
def told(kind: Any) -> Mapping[str, Reading]:
    """The readings of a kind whose changes are told."""
    if issubclass(kind, Vessel):
        return NONE
    arguments = {argument for verb in kind.verbs.values() for argument in verb.arguments}
    return {name: reading for name, reading in kind.readings.items() if name in arguments or _is_discrete(reading)}


def _is_discrete(reading: Reading) -> bool:
    types = reading.schema.get("type", [])
    return "enum" in reading.schema or "number" not in ([types] if isinstance(types, str) else types)
