"""Interfaces and their users: every verb and every placeholder must mean something for every device."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from mockbrew.checks.endpoints import Table, subtables, unknown_placeholder
from mockbrew.checks.entries import OWN, Declared, hidden
from mockbrew.checks.findings import Finding, Path, dotted, missing, shown, unknown, unknown_key
from mockbrew.checks.fits import Demands, Use, meanings, usable
from mockbrew.checks.users import User, Users, one_by_one
from mockbrew.checks.words import not_a
from mockbrew.devices.base import Device, options
from mockbrew.schema import LABEL, TABLES

# -- names of interfaces and of what is overridden -----------------------------------------------------------------


def names_of_interfaces(document: Table, entries: Mapping[str, Declared], unsure: Container[Path]) -> Iterator[Finding]:
    """Interfaces, devices and endpoints that are named but not there; nothing of a table that is unsure."""
    interfaces = {path[1]: table for path, table in subtables(document, "interfaces")}
    if ("interfaces",) not in unsure:
        yield from _unknown_interfaces(entries, interfaces, unsure)
    if not hidden(unsure):
        for path, table in subtables(document, "overrides"):
            yield from _overridden(path, table, entries, interfaces)


def _unknown_interfaces(entries: Mapping[str, Declared], interfaces: Collection[str], unsure: Container[Path]) -> Iterator[Finding]:
    """One finding for all that name the same: the mistake may be that of the interface."""
    missed: dict[str, list[Declared]] = {}
    for entry in entries.values():
        word = entry.interface
        if word is not None and word not in interfaces and ("interfaces", word) not in unsure:
            missed.setdefault(word, []).append(entry)
    for word, (first, *others) in missed.items():
        also = f", which {len(others) + 1} entries name" if others else ""
        yield Finding((*first.path, "interface"), unknown("interface", word, interfaces, also))


def _overridden(path: Path, table: Table, entries: Mapping[str, Declared], interfaces: Mapping[str, Table]) -> Iterator[Finding]:
    entry = entries.get(str(path[-1]))
    if entry is None:
        yield unknown_key(path, "device", entries)
    elif "interface" not in entry.table:
        yield Finding(path, f"{dotted(entry.path)} has no interface, so it has no endpoints to override; give it one", at_key=True)
    elif entry.interface is not None and entry.interface in interfaces:
        known = interfaces[entry.interface]
        yield from (unknown_key((*path, name), "endpoint", known) for name in table if name not in known)


# -- what the endpoints of an interface ask for --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Group:
    """The users of one interface.

    sorts: one of all that are asked the same and have the same words. means: names that mean something to one of their kinds; words: names
    that one of them has itself.
    """

    users: Sequence[User]
    sorts: Sequence[User]
    kinds: frozenset[type[Device]]
    means: frozenset[str]
    words: frozenset[str]

    def knows(self, verb: str) -> bool:
        return any(verb in kind.verbs for kind in self.kinds)

    def usable(self, use: Use) -> set[str]:
        """The names that may stand where this one does."""
        return set(self.words).union(*(usable(kind, use) for kind in self.kinds))


def fitting(found: Sequence[Users], entries: Mapping[str, Declared]) -> Iterator[Finding]:
    """Verbs and placeholders that mean nothing, and words that nobody asks for."""
    return iter(()) if all(map(_suit, found)) else unfitting(one_by_one(found, entries))


def _suit(alike: Users) -> bool:
    """A quick yes: they have the very words that are asked for, and all verbs; and no word is a table or a list."""
    asked, words = alike.demands, [entry.words for entry in alike.entries]
    if asked.misused or asked.verbs or not all(each.keys() == asked.words.keys() for each in words):
        return False
    return {*map(type, chain.from_iterable(each.values() for each in words))} <= {str, int, float, bool}


def unfitting(found: Sequence[User]) -> Iterator[Finding]:
    """As `fitting`, of one after the other."""
    grouped: dict[str | None, list[User]] = {}
    for user in found:
        grouped.setdefault(user.entry.interface, []).append(user)
    for users_of_one in grouped.values():
        yield from _of_a_group(_group(users_of_one))


def _group(found: Sequence[User]) -> _Group:
    sorts = [*{(id(user.demands), *user.entry.words): user for user in found}.values()]
    means = frozenset[str]().union(*(user.demands.means for user in sorts))
    words = frozenset[str]().union(*(user.entry.words for user in sorts))
    return _Group(found, sorts, frozenset(user.kind for user in sorts), means, words)


def _of_a_group(group: _Group) -> Iterator[Finding]:
    if all(map(_suits, group.sorts)) and _are_simple(group.users):
        return
    each = {id(user.demands): user.demands for user in group.sorts}.values()
    nobodys = list(dict.fromkeys(finding for asked in each for finding in _nobodys(asked, group)))
    yield from nobodys
    for user in group.users:
        if not _suits(user) or not _are_simple((user,)):
            yield from user.demands.misused
            yield from _of_one(user, group, sure=user.sure and not nobodys)


def _suits(user: User) -> bool:
    """A quick yes: it has the very words that are asked for, and all verbs. So have all of its sort."""
    asked = user.demands
    return not asked.misused and not asked.verbs and user.entry.words.keys() == asked.words.keys()


def _are_simple(found: Iterable[User]) -> bool:
    return all(map(_is_simple, chain.from_iterable(user.entry.words.values() for user in found)))


def _is_simple(value: object) -> bool:
    return isinstance(value, str | int | float)


def _nobodys(asked: Demands, group: _Group) -> Iterator[Finding]:
    """Verbs and placeholders of the interface that mean nothing to any of its users: they are the mistake, not the users."""
    for verb, path in asked.verbs.items():
        if not group.knows(verb):
            yield Finding(path, unknown("verb", verb, {verb for kind in group.kinds for verb in kind.verbs}))
    for name, uses in asked.words.items():
        if name not in group.means | group.words:
            yield from (unknown_placeholder(use.place, name, group.usable(use)) for use in uses if not _special(use))


def _special(use: Use) -> bool:
    return use.place[0] == "overrides"


# -- one user ------------------------------------------------------------------------------------------------------


def _of_one(user: User, group: _Group, *, sure: bool) -> Iterator[Finding]:
    entry = user.entry
    lacking = {name: uses for name, uses in user.demands.words.items() if name not in entry.words}
    yield from _special_placeholders(user, lacking)
    strange = [
        *(f"no {{{name}}}" for name, uses in lacking.items() if name in group.means and not all(map(_special, uses))),
        *(f"no verb {verb!r}" for verb in user.demands.verbs if group.knows(verb)),
    ]
    if strange:
        yield Finding((*entry.path, "interface"), _misfit(user, strange))
    else:
        yield from _missing_words(user, {name: uses for name, uses in lacking.items() if name in group.words})
    yield from _words(user, sure=sure and not strange)


def _special_placeholders(user: User, lacking: Mapping[str, Sequence[Use]]) -> Iterator[Finding]:
    for name, uses in lacking.items():
        for use in filter(_special, uses):
            yield unknown_placeholder(use.place, name, usable(user.kind, use) | user.entry.words.keys())


def _misfit(user: User, strange: Sequence[str]) -> str:
    name, kind = user.entry.interface, user.kind
    has = f"readings: {', '.join(kind.readings) or 'none'}; verbs: {', '.join(kind.verbs) or 'none'}"
    return f"{shown(name)} does not fit a {kind.kind}, which has {', '.join(strange)}; {has}"


def _missing_words(user: User, lacking: Mapping[str, Sequence[Use]]) -> Iterator[Finding]:
    for name, uses in lacking.items():
        places = [dotted(use.place) for use in uses if not _special(use)]
        if places:
            yield missing((*user.entry.path, name), f'{places[0]} asks for it; add {name} = "..."')


def _words(user: User, *, sure: bool) -> Iterator[Finding]:
    """The words of a device: asked for, simple, and of no other meaning."""
    entry, asked, meaning = user.entry, user.demands.words, meanings(user.kind)
    for word, value in entry.words.items():
        path = (*entry.path, word)
        if word in meaning:
            yield Finding(path, f"{word!r} is {meaning[word]} of a {user.kind.kind} already; give this another name", at_key=True)
        elif word == "kind" and word not in asked and entry.path[0] in TABLES:
            yield Finding(path, f"all that stands in [{entry.path[0]}] is a {user.kind.kind}; delete it", at_key=True)
        elif word not in asked and sure:
            yield unknown_key(path, "option", {*OWN[str(entry.path[0])], *options(user.kind), *asked})
        elif word in asked and not _is_simple(value):
            yield Finding(path, not_a(value, LABEL))
