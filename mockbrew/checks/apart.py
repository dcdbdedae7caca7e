"""A quick yes: whether certainly all URLs of a rig are sound, and no two can be the same path.

A no only means: ask `addresses`, which takes ten times as long and knows the places. With 100,000 devices there are 300,000 URLs, so
nothing here is done for one alone: the texts of an endpoint are made for all devices of a kind at once.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import pairwise

from mockbrew.checks.endpoints import Written
from mockbrew.checks.entries import Declared
from mockbrew.checks.findings import Path
from mockbrew.checks.fits import ID, arguments_of
from mockbrew.checks.urls import RESERVED, foreign_in
from mockbrew.checks.users import Users
from mockbrew.devices.base import Device
from mockbrew.pattern import Part, split

END = "\n"  # of a URL among many: stands in none
ODD = ("//", "/.", f"{END}/rigs{END}", *(f"{END}{reserved}" for reserved in RESERVED))  # one is in whatever `faults_of_path` refuses


def all_apart(of_the_rig: Iterable[Written], users: Iterable[Users], tainted: frozenset[Path]) -> bool:
    """Of the rig's endpoints, and of those that `addresses.of_users` has of each of the users."""
    fixed, opened = [endpoint.url for endpoint in of_the_rig], list[str]()
    beginnings: list[str] = []  # of those with arguments
    for kind, endpoint, entries in _shared(users, tainted):
        parts, arguments = split(endpoint.url), arguments_of(kind, endpoint)
        columns = [_column(part, arguments, entries) for part in parts]
        if not all(columns):
            return False
        (opened if arguments else fixed).extend(_joined(columns))
        if arguments:
            first = next(place for place, part in enumerate(parts) if not isinstance(part, str) and part.name in arguments)
            beginnings.extend(_joined(columns[:first]))
    return not _is_odd([*fixed, *opened]) and len(set(fixed)) == len(fixed) and _none_begins_another(beginnings)


def _shared(users: Iterable[Users], tainted: frozenset[Path]) -> Iterator[tuple[type[Device], Written, Sequence[Declared]]]:
    """Sound endpoints, each with all sound entries of a kind that have it."""
    merged: dict[tuple[type[Device], str, str | None], tuple[Written, list[Declared]]] = {}  # most that is overridden has the shared URL
    for alike in users:
        sound = [entry for entry in alike.entries if entry.device is not None and entry.path not in tainted] if tainted else alike.entries
        for endpoint in alike.endpoints if alike.sure and sound else ():
            if tainted.isdisjoint((endpoint.path, endpoint.url_path, endpoint.verb_path)):
                merged.setdefault((alike.kind, endpoint.url, endpoint.verb), (endpoint, []))[1].extend(sound)
    yield from ((kind, endpoint, entries) for (kind, _, _), (endpoint, entries) in merged.items())


def _column(part: Part, arguments: Container[str], entries: Sequence[Declared]) -> list[str]:
    """The texts that one part of a URL is at these entries; none if one is unfit. A name is fit, as its entry is sound."""
    if isinstance(part, str):
        return [part] * len(entries)
    name = part.name
    if name in arguments:
        return [f"{{{name}}}"] * len(entries)
    if name == ID:
        return [entry.name for entry in entries]
    values = [entry.words[name] if name in entry.words else getattr(entry.device, name) for entry in entries]
    texts = [*map(str, values)]
    return texts if {*map(type, values)} <= {str, int} and foreign_in("".join(texts)) is None else []


def _joined(columns: Sequence[Sequence[str]]) -> Iterator[str]:
    return map("".join, zip(*columns, strict=True))


def _is_odd(urls: Sequence[str]) -> bool:
    text = f"{END}{END.join(urls)}{END}"
    return any(odd in text for odd in ODD)


def _none_begins_another(texts: Iterable[str]) -> bool:
    """In their order whatever begins with a text stands right behind it."""
    return not any(after.startswith(before) for before, after in pairwise(sorted(texts)))
