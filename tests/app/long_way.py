"""A reading as it follows from the rows of a store by the definitions alone: nothing is remembered, and no case is told from another."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from mockbrew import plant as plants
from mockbrew.clock import HORIZON
from mockbrew.endpoints import Endpoint, constant, pattern_of
from mockbrew.plant import Look, Plant
from mockbrew.roster import DEFAULT, gone
from mockbrew.spec import Spec
from mockbrew.stores.base import RigRow, Store
from mockbrew.timeline import LAST

Answered = tuple[str, list[tuple[str, str]], bytes]  # status line, header fields in their order, body


def reading(spec: Spec, store: Store, endpoint: Endpoint, rig: str) -> Answered:
    """What GET of an endpoint with a reading answers now. rig: one without faults of transport about it."""
    look, said = _seen(spec, store, endpoint.device or "", rig)
    body = json.dumps(_filled(pattern_of(spec, endpoint).reply, _values(spec, endpoint, look)), separators=(",", ":"), ensure_ascii=False)
    length = ("Content-Length", str(len(body.encode())))
    return "200 OK", [("Content-Type", "application/json"), length, ("Cache-Control", "no-store"), *said], body.encode()


def _seen(spec: Spec, store: Store, device: str, rig: str) -> tuple[Look, list[tuple[str, str]]]:
    wall, row = store.wall(), next((row for row in store.rigs() if row.name == rig), None)
    plant = Plant(spec)
    name = plant.home[device]
    cell = plant.cell(name)
    if row is None or gone(row, wall):
        return Look(cell, plants.initial(cell, 0), 0, f"0/{rig}"), [("X-Mockbrew-Rig", f"{rig}; new")]
    stored = dict(store.cells(row)).get(name)
    anchor = plants.initial(cell, row.reset_at) if stored is None else plants.decode(cell, stored.at, stored.body)
    at, still = _instant(row, wall)
    seed = f"{row.seed}/{rig}"
    anchor, _ = plants.evolve(cell, anchor, max(at, anchor.at), seed, limit=10**9)
    named = [("X-Mockbrew-Rig", rig)] if rig != DEFAULT else []
    return Look(cell, anchor, max(at, anchor.at), seed), [("X-Mockbrew-Rig", f"{rig}; stands-still")] if still else named


def _instant(row: RigRow, wall: int) -> tuple[int, bool]:
    clock, end = row.clock, min(row.last_at + HORIZON, LAST)
    at = clock.base + max(wall - clock.wall_base, 0) * clock.rate.numerator // clock.rate.denominator
    return min(max(at, row.last_at), end), at >= end


def _values(spec: Spec, endpoint: Endpoint, look: Look) -> Callable[[str], Any]:
    entry = spec.entries[endpoint.device or ""]
    return lambda name: look.reading(entry.device.name, name) if name in entry.device.readings else constant(entry, name)


def _filled(tree: Any, value: Callable[[str], Any]) -> Any:
    """A reply of the reference rig, whose texts are words or one placeholder."""
    if isinstance(tree, dict):
        return {key: _filled(each, value) for key, each in tree.items()}
    return value(tree[1:-1]) if isinstance(tree, str) and tree.startswith("{") else tree
