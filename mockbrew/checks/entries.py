"""Entries as they are declared: vessels, pipes and devices by name, each with its kind and its options."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from mockbrew.checks.acceptor import Accept, acceptor
from mockbrew.checks.bugs import made
from mockbrew.checks.findings import Finding, Path, listed, missing, shown, unknown
from mockbrew.checks.words import faults, not_a
from mockbrew.devices.base import Device, Kinds, options
from mockbrew.devices.declare import NONE
from mockbrew.schema import ENTRIES, ENTRY, INTERFACE, KIND, NAME, TABLES, kind_schema

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
    forms: Forms = {}
    found: dict[str, Declared] = {}
    for path, table in _listed(document):
        found.setdefault(path[1], _declare(path, table, kinds, forms))
    return found


def hidden(unsure: Container[Path]) -> bool:
    """Whether a whole table of entries is unsure: what is not found may stand in it."""
    return any((table,) in unsure for table in ENTRIES)


def names_of_entries(document: Mapping[str, Any], kinds: Kinds) -> Iterator[Finding]:
    """Names that are no good, names that come twice, and names that mean something else."""
    words, first = _words(kinds), dict[str, str]()
    names = [path[1] for path, _ in _listed(document)]
    if all(map(_NAME.fullmatch, names)) and words.keys().isdisjoint(names) and len({*names}) == len(names):
        return  # a quick yes
    for path, _ in _listed(document):
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
    count = sum(len(table) for table in map(document.get, ENTRIES) if isinstance(table, dict))
    if count > MOST:
        yield Finding(("devices",), f"{count} vessels, pipes and devices are too many; a rig has at most {MOST}")


def _listed(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Any]]:
    for table in ENTRIES:
        entries = document.get(table)
        yield from (((table, name), entry) for name, entry in entries.items()) if isinstance(entries, dict) else ()


# -- one entry -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Form:
    """What entries of one kind with the same keys have in common, found once for any number of them.

    complete: whether no option is missing. given: the options among the keys. words: the keys that are no options. lists: whether an
    option is a list.
    """

    schema: Mapping[str, Any]
    complete: bool
    given: tuple[tuple[str, Accept], ...]
    words: tuple[str, ...]
    lists: bool


Forms = dict[tuple[Any, ...], _Form]
"""By kind and keys."""


def _form(kind: type[Device], table: Mapping[str, Any], own: Container[str]) -> _Form:
    schema = kind_schema(kind)
    options = schema["properties"]
    given = tuple((key, acceptor(options[key])) for key in table if key in options)
    words = tuple(key for key in table if key not in options and key not in own)
    lists = any(isinstance(table[key], list) or options[key].get("type") == "array" for key, _ in given)
    return _Form(schema, table.keys() >= set(schema["required"]), given, words, lists)


def _declare(path: tuple[str, str], table: Any, kinds: Kinds, forms: Forms) -> Declared:
    if not isinstance(table, dict):
        return Declared(path[1], path, NONE, faults=(Finding(path, not_a(table, ENTRY)),))
    interface, wrong = table.get("interface"), tuple[Finding, ...]()
    if not isinstance(interface, str) and "interface" in table:  # it may be null, where it was no plain data
        interface, wrong = None, (Finding((*path, "interface"), not_a(interface, INTERFACE)),)
    kind = _kind(path, table, kinds)
    if isinstance(kind, Finding):
        return Declared(path[1], path, table, faults=(kind, *wrong), interface=interface)
    key = (kind, *table)
    form = forms.get(key) or forms.setdefault(key, _form(kind, table, OWN[path[0]]))
    words = {word: table[word] for word in form.words} if form.words else NONE
    device = _made(path, table, kind, form)
    if isinstance(device, tuple):
        return Declared(path[1], path, table, kind, None, words, (*device, *wrong), interface)
    return Declared(path[1], path, table, kind, device, words, wrong, interface)


def _made(path: tuple[str, str], table: Mapping[str, Any], kind: type[Device], form: _Form) -> Device | tuple[Finding, ...]:
    """The device, or what is wrong with its options."""
    given = {key: table[key] for key, _ in form.given}
    if not form.complete or not all(accept(given[key]) for key, accept in form.given):
        wrong = tuple(faults(form.schema, given, path))
        if wrong:
            return wrong
    if form.lists:
        given = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
    device = made(kind, path, given)
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
