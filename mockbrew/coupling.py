"""Coupling: which entries a spec couples, the groups of those that name each other, its cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mockbrew.devices.base import Device, refers


def cells(devices: Mapping[str, Device]) -> Iterator[tuple[str, ...]]:
    """The groups of entries that name each other, directly or not; groups and members in the order of the spec."""
    coupled: dict[str, set[str]] = {name: set() for name in devices}
    for name, device in devices.items():
        for _, other, _ in refers(device):
            coupled[name].add(other)
            coupled[other].add(name)
    order = {name: place for place, name in enumerate(devices)}
    seen: set[str] = set()
    for name in devices:
        if name not in seen:
            cell = _reached(name, coupled)
            seen |= cell
            yield tuple(sorted(cell, key=order.__getitem__))


def _reached(name: str, coupled: Mapping[str, set[str]]) -> set[str]:
    reached, rest = {name}, [name]
    while rest:
        near = coupled[rest.pop()] - reached
        reached |= near
        rest.extend(near)
    return reached
