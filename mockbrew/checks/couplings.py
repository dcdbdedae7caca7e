"""Couplings: what devices name of each other. Each name must be there and be up to its role; an output has one controller."""

from __future__ import annotations

import dataclasses
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from mockbrew.checks.entries import Declared, hidden
from mockbrew.checks.findings import Finding, Path, dotted, hint, listed, missing, shown
from mockbrew.devices.base import Device, naming, options
from mockbrew.devices.declare import Reference

Entries = Mapping[str, Declared]

OF_AN_OPTION = 3  # the length of its path: table, entry, option


def couplings(entries: Entries, unsure: Container[Path], misnamed: Container[str]) -> Iterator[Finding]:
    """Names that lead nowhere, or to something that can't do it; outputs that are commanded from two places.

    Where a whole table of entries is unsure, what is not found may stand in it. misnamed: names that are wrong by themselves; what they
    mean elsewhere is not known.
    """
    return iter(()) if are_right(entries) else wrong_names(entries, unsure, misnamed)


def wrong_names(entries: Entries, unsure: Container[Path], misnamed: Container[str]) -> Iterator[Finding]:
    """As `couplings`, of one after the other."""
    elsewhere = hidden(unsure)
    fitting = _Fitting(entries)
    owners: dict[str, Path] = {}
    for entry in entries.values():
        for path, name, to in references(entry) if entry.kind and naming(entry.kind) else ():
            unknown = name in misnamed or (elsewhere and name not in entries)
            wrong = None if unknown or fitting.has(name, to) else _unfit(entry, name, to, fitting)
            if wrong:
                yield Finding(path, wrong)
            elif to.output and owners.setdefault(name, path[:3]) != path[:3]:
                yield Finding(path, f"{shown(name)} is an output already, in {dotted(owners[name])}; an output has one controller")


def are_right(entries: Entries) -> bool:
    """A quick yes, by all names that a kind's entries give in one option: each is there and up to it, and no output is there twice."""
    outputs: list[str] = []
    groups = by_kind(entries)
    called = {kind: {entry.name for entry in alike} for kind, alike in groups.items()}
    for kind, alike in groups.items():
        for option, to, one in naming(kind) if kind else ():
            names = named(alike, option, to, one=one)
            if {*names}.difference(*(called[able] for able in groups if able and _can(able, to))):
                return False
            outputs += names if to.output else ()
    return len({*outputs}) == len(outputs)


def by_kind(entries: Entries) -> Mapping[type[Device] | None, Sequence[Declared]]:
    """All entries; those of unknown kind by None."""
    grouped: dict[type[Device] | None, list[Declared]] = {}
    for entry in entries.values():
        grouped.setdefault(entry.kind, []).append(entry)
    return grouped


def named(alike: Iterable[Declared], option: str, to: Reference, *, one: bool) -> list[str]:
    """The names by which entries of a kind refer to others in one option."""
    values = [entry.table.get(option) for entry in alike]
    names = values if one else chain.from_iterable(value for value in values if isinstance(value, list))
    return [name for name in names if isinstance(name, str) and name not in to.words]


def explained(findings: Iterable[Finding], entries: Entries) -> Iterator[Finding]:
    """The same findings; one that a name is missing lists the names that could stand there."""
    fitting = _Fitting(entries)
    return (_explained(finding, fitting) if finding.absent else finding for finding in findings)


def _explained(finding: Finding, fitting: _Fitting) -> Finding:
    entry = fitting.entries.get(str(finding.path[1])) if len(finding.path) == OF_AN_OPTION else None
    if entry is None or entry.kind is None or entry.path != finding.path[:2] or finding.path[2] not in options(entry.kind):
        return finding
    to = options(entry.kind)[str(finding.path[2])].metadata["refers"]
    return missing(finding.path, f"it must be the name of {to.wanted}; {listed(fitting.names(to))}") if to is not None else finding


def references(entry: Declared) -> Iterator[tuple[Path, str, Reference]]:
    """Where it names another entry, the name, and what that must be."""
    for option, to, one in naming(entry.kind) if entry.kind else ():
        value = entry.table.get(option)
        if one and isinstance(value, str) and value not in to.words:
            yield (*entry.path, option), value, to
        for index, name in enumerate(value) if not one and isinstance(value, list) else ():
            if isinstance(name, str) and name not in to.words:
                yield (*entry.path, option, index), name, to


@dataclasses.dataclass(frozen=True, slots=True)
class _Fitting:
    """The names that can stand for each reference, in alphabetical order; and which kinds can, by the reference's identity."""

    entries: Entries
    found: dict[Reference, list[str]] = dataclasses.field(default_factory=dict)
    able: dict[tuple[type[Device], int], bool] = dataclasses.field(default_factory=dict)

    def names(self, to: Reference) -> list[str]:
        if to not in self.found:
            self.found[to] = sorted(entry.name for entry in self.entries.values() if entry.kind and _can(entry.kind, to))
        return self.found[to]

    def has(self, name: str, to: Reference) -> bool:
        """Whether that name can stand there. An entry of unknown kind may be all right."""
        entry = self.entries.get(name)
        if entry is None or entry.kind is None:
            return entry is not None
        known = self.able.get((entry.kind, id(to)))
        return self.able.setdefault((entry.kind, id(to)), _can(entry.kind, to)) if known is None else known


def _unfit(entry: Declared, name: str, to: Reference, fitting: _Fitting) -> str:
    """What is wrong with a reference."""
    other = fitting.entries.get(name)
    names = fitting.names(to)
    what = f"{shown(name)} is a {other.kind.kind}" if other and other.kind else _nobody(entry, name)
    return f"{what}; it must be the name of {to.wanted}; {listed(names)}{hint(name, sorted((*names, *to.words)))}"


def _nobody(entry: Declared, name: str) -> str:
    """That nothing has this name; or that it is a word, and for which other option."""
    fields = options(entry.kind).items() if entry.kind else ()
    word_for = [option for option, field in fields if field.metadata["refers"] and name in field.metadata["refers"].words]
    return f"{shown(name)} is a word for the {word_for[0]}" if word_for else f"nothing is called {shown(name)}"


def _can(kind: type[Device], to: Reference) -> bool:
    derived = to.base is None or issubclass(kind, to.base)
    reads = to.reading is None or to.reading in kind.readings
    return to.kind in (None, kind.kind) and derived and reads and set(to.verbs) <= kind.verbs.keys()
