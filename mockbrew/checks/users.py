"""Users: entries with the endpoints of their interfaces, overrides applied; those that have the same of them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mockbrew.checks.endpoints import Table, Written, overridden, subtables
from mockbrew.checks.entries import Declared
from mockbrew.checks.findings import Path
from mockbrew.checks.fits import Demands, demands, together
from mockbrew.devices.base import Device
from mockbrew.devices.declare import NONE

Shared = Mapping[str, Mapping[str, Written]]


class User(NamedTuple):
    """An entry of known kind with its endpoints, overrides applied, as far as they are sound. sure: all of them are."""

    entry: Declared
    kind: type[Device]
    endpoints: Sequence[Written]
    demands: Demands
    sure: bool


class Users(NamedTuple):
    """Entries of one kind that have the same endpoints."""

    entries: Sequence[Declared]
    kind: type[Device]
    endpoints: Sequence[Written]
    demands: Demands
    sure: bool

    @property
    def each(self) -> Iterator[User]:
        """One by one."""
        return (User(entry, *self[1:]) for entry in self.entries)


def users(document: Table, entries: Mapping[str, Declared], shared: Shared, tainted: frozenset[Path]) -> list[Users]:
    """All entries of known kind, those without an interface too; each that overrides something by itself."""
    special = {path[1] for path, _ in subtables(document, "overrides")}
    alike: dict[tuple[str | None, type[Device], bool, str | None], list[Declared]] = {}
    for name, entry in entries.items():
        if entry.kind is not None:
            sure = not tainted or _is_sure(entry, tainted)
            alike.setdefault((entry.interface, entry.kind, sure, name if name in special else None), []).append(entry)
    asked, found = _Asked(), []
    for (interface, kind, sure, own), each in alike.items():
        endpoints: Sequence[Written] = [*shared.get(interface, NONE).values()] if interface is not None else ()
        if own is not None:
            tables = dict(subtables(document, "overrides", own))
            endpoints = [_own(tables, ("overrides", own, endpoint.name), endpoint, tainted) for endpoint in endpoints]
        found.append(Users(each, kind, endpoints, asked.of(kind, endpoints), sure and (interface is None or interface in shared)))
    return found


def _is_sure(entry: Declared, tainted: frozenset[Path]) -> bool:
    """Whether all is sound that says what its endpoints are."""
    return tainted.isdisjoint((("interfaces", entry.interface), ("overrides", entry.name), (*entry.path, "interface")))


def one_by_one(found: Iterable[Users], entries: Mapping[str, Declared]) -> list[User]:
    """The same in the order of the entries."""
    by_name = {user.entry.name: user for alike in found for user in alike.each}
    return [by_name[name] for name in entries if name in by_name]


class _Asked:
    """What is asked of each kind, found once for each endpoint. By identity, since each is kept by whoever has it."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[tuple[type[Device], int], Demands] = {}

    def of(self, kind: type[Device], endpoints: Sequence[Written]) -> Demands:
        return together([self._one(kind, endpoint) for endpoint in endpoints])

    def _one(self, kind: type[Device], endpoint: Written) -> Demands:
        key = kind, id(endpoint)
        return self._known.get(key) or self._known.setdefault(key, demands(kind, endpoint))


def _own(tables: Mapping[tuple[str, ...], Table], path: tuple[str, ...], endpoint: Written, tainted: frozenset[Path]) -> Written:
    table = tables.get(path)
    return endpoint if table is None or path in tainted else overridden(endpoint, path, table)
