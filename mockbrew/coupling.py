"""Coupling: which entries a spec couples, the groups of those that name each other, its cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mockbrew.devices.base import Device, naming


def cells(devices: Mapping[str, Device]) -> Iterator[tuple[str, ...]]:
    """The groups of entries that name each other, directly or not; groups and members in the order of the spec."""
    groups = {name: [name] for name in devices}  # the one group of all its members, by each of them
    for name, device in devices.items():
        for option, to, _ in naming(type(device)):  # written out: `refers` of each of 100,000 would take a tenth of a second more
            value = getattr(device, option)
            for other in (value,) if isinstance(value, str) else value or ():
                if other not in to.words and groups[name] is not groups[other]:
                    _join(groups, groups[name], groups[other])
    ordered: dict[int, list[str]] = {}
    for name, group in groups.items():
        ordered.setdefault(id(group), []).append(name)
    yield from map(tuple, ordered.values())


def _join(groups: dict[str, list[str]], one: list[str], other: list[str]) -> None:
    """The smaller into the larger: so no name moves more often than a group can double."""
    small, large = (one, other) if len(one) < len(other) else (other, one)
    large += small
    for name in small:
        groups[name] = large
