"""Misplaced tables: `[pipes.devices]` for `[devices]`, `[relay]` for `[interfaces.relay]`. Each is one mistake, whatever stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from mockbrew.checks.endpoints import Table, subtables
from mockbrew.checks.findings import Finding, Path, dotted
from mockbrew.schema import ENTRIES, PARTS

INTERFACES = "interfaces"
# An interface, or what is overridden, may itself be called `devices`.
HOSTS = (*ENTRIES, "rig", "errors")
TABLES = (*ENTRIES, INTERFACES, "overrides", "errors", "hazards")


class Stray(NamedTuple):
    """A table that stands in a wrong place, and the right one."""

    path: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def finding(self) -> Finding:
        *outer, _ = self.path
        what = f"this is no part of [{dotted(tuple(outer))}]" if outer else "this is an interface"
        return Finding(self.path, f"{what}; write [{dotted(self.right)}]", at_key=True)

    def has(self, path: Path) -> bool:
        """Whether the path leads to where it should stand, or into that."""
        return path[: len(self.right)] == self.right


def misplaced(document: Table) -> list[Stray]:
    """The tables that mean something in another place, if there is room for them."""
    return [*_in_others(document), *_at_the_top(document)]


def put_right(document: Table, strays: Sequence[Stray]) -> Table:
    """The document as it was meant."""
    meant: dict[str, Any] = {key: dict(value) if isinstance(value, dict) else value for key, value in document.items()}
    for stray in strays:
        _within(meant, stray.right)[stray.right[-1]] = _within(meant, stray.path).pop(stray.path[-1])
    return meant


def _within(document: dict[str, Any], path: Sequence[str]) -> dict[str, Any]:
    """The table in which the last step of the path is a key; made if it is not there."""
    inner: dict[str, Any] = document if len(path) == 1 else document.setdefault(path[0], {})
    return inner


def _in_others(document: Table) -> Iterator[Stray]:
    for host in HOSTS:
        inner: Any = document.get(host)
        if isinstance(inner, dict) and not inner.keys().isdisjoint(TABLES):  # a quick no: there may be 100,000
            yield from (Stray(path, path[-1:]) for path, table in subtables(document, host) if _strays(path[-1], table, document))


def _strays(name: str, table: Table, document: Table) -> bool:
    return name in TABLES and name not in document and _of_tables(table)


def _at_the_top(document: Table) -> Iterator[Stray]:
    interfaces = document.get(INTERFACES, {})
    for path, table in subtables(document):
        known = path[0] in PARTS or path[0] in ENTRIES
        if not known and isinstance(interfaces, dict) and path[0] not in interfaces and _of_tables(table) and _of_endpoints(table):
            yield Stray(path, (INTERFACES, *path))


def _of_tables(table: Mapping[str, Any]) -> bool:
    """Whether it is none of the lines of its host: these have no tables in them."""
    return bool(table) and all(isinstance(value, dict) for value in table.values())


def _of_endpoints(table: Mapping[str, Any]) -> bool:
    return all("url" in endpoint for endpoint in table.values())
