"""Couplings: what devices name of each other. Each name must be there and be up to its role; an output has one controller."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from mockbrew.checks.entries import Declared, hidden
from mockbrew.checks.findings import Finding, Path, dotted, hint, listed, shown
from mockbrew.devices.base import Device, options
from mockbrew.devices.declare import Reference

Entries = Mapping[str, Declared]


def couplings(entries: Entries, unsure: Container[Path]) -> Iterator[Finding]:
    """Names that lead nowhere, or to something that can't do it; outputs that are commanded from two places.

    Where a whole table of entries is unsure, what is not found may stand in it.
    """
    elsewhere = hidden(unsure)
    fitting: dict[Reference, list[str]] = {}
    owners: dict[str, Path] = {}
    for entry in entries.values():
        for path, name, to in references(entry):
            wrong = None if elsewhere and name not in entries else _unfit(entries, name, to, fitting)
            if wrong:
                yield Finding(path, wrong)
            elif to.output and owners.setdefault(name, path[:3]) != path[:3]:
                yield Finding(path, f"{shown(name)} is an output already, in {dotted(owners[name])}; an output has one controller")


def references(entry: Declared) -> Iterator[tuple[Path, str, Reference]]:
    """Where it names another entry, the name, and what that must be."""
    yield from (found for found in _named(entry) if found[1] not in found[2].words)


def _named(entry: Declared) -> Iterator[tuple[Path, str, Reference]]:
    for option, field in (options(entry.kind) if entry.kind else {}).items():
        to, one = field.metadata["refers"], field.metadata["schema"].get("type") == "string"
        value = entry.table.get(option)
        if to is not None and one and isinstance(value, str):
            yield (*entry.path, option), value, to
        elif to is not None and not one and isinstance(value, list):
            yield from (((*entry.path, option, index), name, to) for index, name in enumerate(value) if isinstance(name, str))


def _unfit(entries: Entries, name: str, to: Reference, fitting: dict[Reference, list[str]]) -> str | None:
    """What is wrong with a reference, if anything. An entry of unknown kind may be all right."""
    other = entries.get(name)
    if other is not None and (other.kind is None or _can(other.kind, to)):
        return None
    if to not in fitting:
        fitting[to] = sorted(entry.name for entry in entries.values() if entry.kind and _can(entry.kind, to))
    what = f"{shown(name)} is a {other.kind.kind}" if other and other.kind else f"nothing is called {shown(name)}"
    return f"{what}; it must be the name of {to.wanted}; {listed(fitting[to])}{hint(name, sorted((*fitting[to], *to.words)))}"


def _can(kind: type[Device], to: Reference) -> bool:
    derived = to.base is None or issubclass(kind, to.base)
    reads = to.reading is None or to.reading in kind.readings
    return to.kind in (None, kind.kind) and derived and reads and set(to.verbs) <= kind.verbs.keys()
