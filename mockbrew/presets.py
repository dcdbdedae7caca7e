"""Presets: a cell set to other conditions, as if it had always been so. Pure.

What is immersed in a vessel whose temperature is set has that temperature too: a probe that had been there for long would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mockbrew import plant as plants
from mockbrew.bodies import Body
from mockbrew.cells import Cell
from mockbrew.checks.findings import Finding
from mockbrew.checks.words import BODY, faults
from mockbrew.devices.base import Device, Surroundings
from mockbrew.plant import Anchor
from mockbrew.schema import ENTRIES, table_of
from mockbrew.spec import Spec

Wanted = Mapping[str, Mapping[str, Any]]
"""Values by device (or vessel) and reading."""

TEMPERATURE = "temperature"


def mistakes(spec: Spec, document: Mapping[str, Any]) -> Iterator[Finding]:
    """What is wrong with a document of tables (`vessels`, `devices`) of entries and the values that their readings are set to."""
    tables = {table: _table(spec, table) for table in ENTRIES if table in document}
    known = {table: tables.get(table, {"type": "object"}) for table in ENTRIES}
    yield from faults({"type": "object", "properties": known, "additionalProperties": False}, document, (), BODY)


def documents(spec: Spec) -> dict[str, Any]:
    """JSON Schema of the documents without mistakes."""
    return {"type": "object", "properties": {table: _table(spec, table) for table in ENTRIES}, "additionalProperties": False}


def settable(spec: Spec) -> dict[str, Any]:
    """JSON Schema of the documents without mistakes, in which nothing is empty: what is empty sets nothing."""
    tables = {table: _table(spec, table)["properties"] for table in ENTRIES}
    some = {
        table: _filled({name: _filled(each["properties"]) for name, each in own.items() if each["properties"]})
        for table, own in tables.items()
    }
    return _filled({table: each for table, each in some.items() if each["properties"]})


def wanted(document: Mapping[str, Any]) -> Wanted:
    """What a document without mistakes asks for."""
    return {name: values for table in ENTRIES for name, values in document.get(table, {}).items()}


def preset(cell: Cell, anchor: Anchor, at: int, seed: str, values: Wanted) -> Anchor:
    """The cell re-anchored at `at` (virtual ns), to which it must have been evolved, after these changes and what they set off at once."""
    states = list(plants.moved(cell, anchor, at))
    for place, device in enumerate(cell.devices):
        for reading, value in values.get(device.name, {}).items():
            states[place] = device.presets[reading].apply(device, states[place], at, value)
    for body in cell.bodies:
        if TEMPERATURE in values.get(body.vessel.name, ()):
            _immerse(body, states, float(values[body.vessel.name][TEMPERATURE]))
    settled = plants.settled(cell, at, states, anchor.faults)
    # As after a command: whatever acts at this very instant acts once.
    anchored, done = plants.evolve(cell, settled, at, seed, limit=4 * len(cell.devices))
    if not done:
        raise RuntimeError(f"the cell does not come to rest at {at} ns")
    return anchored


def _immerse(body: Body, states: list[Any], temperature: float) -> None:
    for place in body.immersed:
        state = states[place]
        states[place] = type(state)(temperature, None if state[1] is None else temperature, *state[2:])


def _table(spec: Spec, table: str) -> dict[str, Any]:
    own = {name: entry.device for name, entry in spec.entries.items() if table_of(entry.device.kind) == table}
    each = {name: _entry(device, spec.surroundings) for name, device in own.items()}
    return {"type": "object", "properties": each, "additionalProperties": False}


def _filled(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Some of them."""
    return {"type": "object", "properties": properties, "additionalProperties": False, "minProperties": 1}


def _entry(device: Device, surroundings: Surroundings) -> dict[str, Any]:
    values = {reading: dict(each.schema(device, surroundings)) for reading, each in device.presets.items()}
    return {"type": "object", "properties": values, "additionalProperties": False}
