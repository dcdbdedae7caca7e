"""Circles: readings that would be computed from themselves, by way of other devices. No built-in kind can make one."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from mockbrew.checks.couplings import by_kind, named, references
from mockbrew.checks.entries import Declared
from mockbrew.checks.findings import Finding, Path, shown
from mockbrew.devices.base import Device, naming
from mockbrew.devices.declare import Reference

Reads = dict[str, dict[str, Path]]
"""What each entry reads of others, with the place where it names them."""


def circles(entries: Mapping[str, Declared], tainted: Container[Path]) -> Iterator[Finding]:
    """One finding for each circle, at the entry of it that stands first. Outputs are commanded, not read."""
    alike = by_kind(entries)
    reading = {kind for kind in alike if kind and any(_reading(kind))}
    read = {name for kind in reading for option, to, one in _reading(kind) for name in named(alike[kind], option, to, one=one)}
    if not any(name in entries and entries[name].kind in reading for name in read):  # nearly always: what is read reads nothing itself
        return
    reads = _onward({name: _read(entry, tainted) for name, entry in entries.items() if entry.kind in reading})
    while circle := _circle(reads):
        yield _finding(sorted(circle, key=list(entries).index)[0], circle, reads)
        reads = {name: others for name, others in reads.items() if name not in circle}


def _reading(kind: type[Device]) -> Iterator[tuple[str, Reference, bool]]:
    """The options by which a device of this kind may read others."""
    return ((option, to, one) for option, to, one in naming(kind) if to.reading is not None and not to.output)


def _onward(reads: Reads) -> Reads:
    """Without what leads nowhere: nearly all that is read reads nothing itself, and is on no circle."""
    return {name: others for name, others in reads.items() if not reads.keys().isdisjoint(others)}


def _read(entry: Declared, tainted: Container[Path]) -> dict[str, Path]:
    read = ((path, name) for path, name, to in references(entry) if to.reading is not None and not to.output)
    return {name: path for path, name in read if path not in tainted}


def _circle(reads: Reads) -> list[str]:
    """The names on some circle, each reading the next; none if there is none."""
    try:
        TopologicalSorter(reads).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle[:0:-1]
    return []


def _finding(first: str, circle: list[str], reads: Reads) -> Finding:
    at = circle.index(first)
    _, *others = [*circle[at:], *circle[:at], first]
    says = ", which reads ".join(map(shown, others))
    return Finding(reads[first][others[0]], f"{shown(first)} reads {says}: that has no value; let one of them read something else")
