"""Entries as they are declared: vessels, pipes and devices by name, each with its kind and its options."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import repeat
from types import NoneType
from typing import Any, NamedTuple

from mockbrew.checks.bugs import made
from mockbrew.checks.findings import Finding, Path, listed, missing, shown, unknown
from mockbrew.checks.forms import Form, Rows, form_of
from mockbrew.checks.words import faults, not_a
from mockbrew.devices.base import Device, Kinds, options
from mockbrew.devices.declare import NONE
from mockbrew.schema import ENTRIES, ENTRY, INTERFACE, KIND, NAME, TABLES

MOST = 200_000  # entries of a rig
# Keys of an entry that are no options, by table.
OWN = {table: ("interface",) if table in TABLES else ("kind", "interface") for table in ENTRIES}

_NAME = re.compile(NAME)


class Declared(NamedTuple):
    """One entry of the spec.

    kind: None where it is unknown. device: None where the entry is wrong by itself; `faults` says how. words: the keys of its table
    that are none of its kind's options: its interface may ask for them. interface: None also where it is no text.
    """

    name: str
    path: Path
    table: Mapping[str, Any]
    kind: type[Device] | None = None
    device: Device | None = None
    words: Mapping[str, Any] = NONE
    faults: tuple[Finding, ...] = ()
    interface: str | None = None


def declared(document: Mapping[str, Any], kinds: Kinds) -> dict[str, Declared]:
    """All entries by name, in the order of their tables. Of two with one name the first counts."""
    found: dict[str, Declared] = {}
    for table, rows in _tables(document):
        entries = {**rows}  # in its order
        for alike in _sorts(rows):
            entries.update(zip(alike, _declared(table, alike, kinds), strict=True))
        found = {**found, **entries, **found}
    return found


def hidden(unsure: Container[Path]) -> bool:
    """Whether a whole table of entries is unsure: what is not found may stand in it."""
    return any((table,) in unsure for table in ENTRIES)


def names_of_entries(document: Mapping[str, Any], kinds: Kinds) -> Iterator[Finding]:
    """Names that are no good, names that come twice, and names that mean something else."""
    words, first = _words(kinds), dict[str, str]()
    names = [name for _, rows in _tables(document) for name in rows]
    if all(map(_NAME.fullmatch, names)) and words.keys().isdisjoint(names) and len({*names}) == len(names):
        return  # a quick yes
    for path in ((table, name) for table, rows in _tables(document) for name in rows):
        table, name = path
        if not _NAME.fullmatch(name):
            rule = "a name begins with a letter and has at most 64 letters, digits, '_', '.' and '-'"
            yield Finding(path, f"bad name {shown(name)}; {rule}", at_key=True)
        elif name in words:
            yield Finding(path, f"{shown(name)} is a word for the {words[name]}; choose another name", at_key=True)
        elif first.setdefault(name, table) != table:
            message = f"{shown(name)} is a {TABLES[first[name]]} already; give every vessel, pipe and device a name of its own"
            yield Finding(path, message, at_key=True)


def _words(kinds: Kinds) -> dict[str, str]:
    """What some kind takes instead of a name, with what it is for: `mains`, the source of a pipe."""
    fields = ((kind, option, field) for kind in kinds.values() for option, field in options(kind).items())
    references = ((kind.kind, option, field.metadata["refers"]) for kind, option, field in fields)
    return {word: f"{option} of a {kind}" for kind, option, to in references if to is not None for word in to.words}


def too_many(document: Mapping[str, Any]) -> Iterator[Finding]:
    """More entries than a rig may have."""
    count = sum(len(rows) for _, rows in _tables(document))
    if count > MOST:
        yield Finding(("devices",), f"{count} vessels, pipes and devices are too many; a rig has at most {MOST}")


def _tables(document: Mapping[str, Any]) -> Iterator[tuple[str, Rows]]:
    """The tables of entries, those that are any."""
    tables = ((table, document.get(table)) for table in ENTRIES)
    return ((table, rows) for table, rows in tables if isinstance(rows, dict))


# -- entries that are alike ----------------------------------------------------------------------------------------


def _sorts(rows: Rows) -> Iterable[Rows]:
    """The rows of a table, apart by the kind that they name and by their keys; what is no table is a sort of its own."""
    sorts: dict[tuple[Any, ...], dict[str, Any]] = {}
    for name, row in rows.items():
        kind = row.get("kind") if isinstance(row, dict) else None
        sort = (kind if isinstance(kind, str) else None, *row) if isinstance(row, dict) else ()
        sorts.setdefault(sort, {})[name] = row
    return sorts.values()


def _declared(table: str, alike: Rows, kinds: Kinds) -> Iterable[Declared]:
    """The entries of one sort: all at once where nothing is wrong, else one after the other."""
    paths = [*zip(repeat(table), alike)]
    first = alike[paths[0][1]]
    kind = _kind(paths[0], first, kinds) if isinstance(first, dict) else None
    if kind is None or isinstance(kind, Finding):
        return (_strange(path, row, kinds) for path, row in zip(paths, alike.values(), strict=True))
    form = form_of(kind, first, OWN[table])
    interfaces = [row.get("interface") for row in alike.values()]
    devices = form.devices(alike) if {*map(type, interfaces)} <= {str if "interface" in first else NoneType} else None
    if devices is None:
        return (_of_a_form(path, row, form) for path, row in zip(paths, alike.values(), strict=True))
    words = ({word: row[word] for word in form.words} for row in alike.values()) if form.words else repeat(NONE)
    return map(Declared, alike, paths, alike.values(), repeat(kind), devices, words, repeat(()), interfaces)


# -- one entry -----------------------------------------------------------------------------------------------------


def _strange(path: tuple[str, str], row: Any, kinds: Kinds) -> Declared:
    """One that is no table, or of unknown kind."""
    if not isinstance(row, dict):
        return Declared(path[1], path, NONE, faults=(Finding(path, not_a(row, ENTRY)),))
    interface, wrong = _interface(path, row)
    kind = _kind(path, row, kinds)
    return Declared(path[1], path, row, faults=(kind, *wrong) if isinstance(kind, Finding) else wrong, interface=interface)


def _of_a_form(path: tuple[str, str], row: Mapping[str, Any], form: Form) -> Declared:
    interface, wrong = _interface(path, row)
    words = {word: row[word] for word in form.words} if form.words else NONE
    device = _made(path, row, form)
    if isinstance(device, tuple):
        return Declared(path[1], path, row, form.kind, None, words, (*device, *wrong), interface)
    return Declared(path[1], path, row, form.kind, device, words, wrong, interface)


def _interface(path: tuple[str, str], row: Mapping[str, Any]) -> tuple[str | None, tuple[Finding, ...]]:
    """Its interface, and what is wrong with that: it may be null, where it was no plain data."""
    interface = row.get("interface")
    if isinstance(interface, str) or "interface" not in row:
        return interface, ()
    return None, (Finding((*path, "interface"), not_a(interface, INTERFACE)),)


def _made(path: tuple[str, str], row: Mapping[str, Any], form: Form) -> Device | tuple[Finding, ...]:
    """The device, or what is wrong with its options."""
    given = {option: row[option] for option in form.given}
    if not form.complete or not all(accept(given[option]) for option, accept in form.given.items()):
        wrong = tuple(faults(form.schema, given, path))
        if wrong:
            return wrong
    device = made(form.kind, path, {option: tuple(value) if isinstance(value, list) else value for option, value in given.items()})
    return (device,) if isinstance(device, Finding) else device


def _kind(path: tuple[str, str], table: Mapping[str, Any], kinds: Kinds) -> type[Device] | Finding:
    if path[0] in TABLES:
        return kinds[TABLES[path[0]]]
    word = table.get("kind")
    if isinstance(word, str) and word in kinds and word not in TABLES.values():
        return kinds[word]
    where, known = (*path, "kind"), sorted(name for name in kinds if name not in TABLES.values())
    if word is None:
        return missing(where, listed(known))
    if not isinstance(word, str):
        return Finding(where, not_a(word, KIND))
    if word in TABLES.values():
        own = next(name for name, kind in TABLES.items() if kind == word)
        return Finding(where, f"a {word} stands in a table of its own; move this line to [{own}], without its kind")
    return Finding(where, unknown("kind", word, known))
