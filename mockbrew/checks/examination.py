"""The examination of a document: every check in turn, and what was found out on the way.

Checks that stand on something go on only where it is sound, so that one mistake is one finding; all else is checked to the end.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from mockbrew import thermal
from mockbrew.checks.acceptor import acceptor
from mockbrew.checks.addresses import Address, collisions, of_the_rig, of_users
from mockbrew.checks.apart import all_apart
from mockbrew.checks.bugs import checked
from mockbrew.checks.circles import circles
from mockbrew.checks.couplings import couplings, explained, references
from mockbrew.checks.endpoints import Table, Written, rig_endpoints, shared_endpoints, texts
from mockbrew.checks.entries import Declared, declared, names_of_entries, too_many
from mockbrew.checks.findings import Finding, Path, described, distinct, missing, shown, tainted, unsure
from mockbrew.checks.hazards import HAZARDS, Rules, hazards
from mockbrew.checks.interfaces import fitting, names_of_interfaces
from mockbrew.checks.misplaced import Stray, misplaced, put_right
from mockbrew.checks.plain import is_plain, unfit, without
from mockbrew.checks.users import Users, one_by_one, users
from mockbrew.checks.verify import VERIFY, Cares, cares
from mockbrew.checks.words import faults
from mockbrew.conditions import Condition
from mockbrew.devices.base import Device, Kinds, Surroundings
from mockbrew.schema import AMBIENT, BOILING_POINT, outline

SEA_LEVEL = Surroundings(AMBIENT, BOILING_POINT)


@dataclass(frozen=True, slots=True)
class Examined:
    """What a document says; all of it is sound if there are no findings."""

    findings: list[Finding]
    surroundings: Surroundings = SEA_LEVEL
    entries: Mapping[str, Declared] = field(default_factory=dict)
    interfaces: Mapping[str, Mapping[str, Written]] = field(default_factory=dict)
    users: list[Users] = field(default_factory=list)
    rig_endpoints: Mapping[str, Written] = field(default_factory=dict)
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    safe: Mapping[str, Condition] = field(default_factory=dict)


def examine(document: Table, kinds: Kinds, version: tuple[int, int], rig_verbs: Collection[str]) -> Examined:
    """Every check in turn. version: the newest format that can be read; of a newer document only that is said."""
    rough = [] if is_plain(document) else [*unfit(document)]
    places = {finding.path for finding in rough}
    # What is unfit becomes null, so that nothing trips over it; what is then said of the null is left out.
    examined = _examine(without(document, places) if rough else document, kinds, version, rig_verbs)
    found = [*rough, *(finding for finding in examined.findings if finding.path not in places)]
    return replace(examined, findings=distinct(found))


def _examine(document: Table, kinds: Kinds, version: tuple[int, int], rig_verbs: Collection[str]) -> Examined:
    final = [*_newer(document, version), *too_many(document)]
    if final:
        return Examined(final)
    strays = misplaced(document)
    if strays:
        return _as_meant(strays, _examine(put_right(document, strays), kinds, version, rig_verbs))
    schema = outline()
    found = [
        *_version(document, version),
        *(() if acceptor(schema)(document) else faults(schema, document, ())),
        *texts(document, rig_verbs),
    ]
    entries = declared(document, kinds)
    found += explained(chain.from_iterable(entry.faults for entry in entries.values()), entries)
    misnamed = [*names_of_entries(document, kinds)]
    found += misnamed
    found += couplings(entries, unsure(found), {str(finding.path[-1]) for finding in misnamed})
    found += circles(entries, tainted(found))
    return _coupled(document, entries, found)


def _as_meant(strays: Sequence[Stray], examined: Examined) -> Examined:
    """What is wrong besides, with all in its place; what is wrong in a misplaced table itself waits until that has been moved."""
    others = (finding for finding in examined.findings if not any(stray.has(finding.path) for stray in strays))
    return replace(examined, findings=[*(stray.finding for stray in strays), *others])


def _coupled(document: Table, entries: Mapping[str, Declared], found: list[Finding]) -> Examined:
    """The checks that need to know what is sound by itself."""
    wrong = tainted(found)
    surroundings = _surroundings(document, found)
    shared, own = shared_endpoints(document, wrong), rig_endpoints(document, wrong)
    found += _checks(entries, surroundings, wrong) if surroundings else []
    found += names_of_interfaces(document, entries, unsure(found))
    everyone = users(document, entries, shared, tainted(found))
    found += fitting(everyone, entries)
    found += _collisions(everyone, entries, own, tainted(found))
    rules = hazards(document, entries, tainted(found), unsure(found)) if document.get(HAZARDS) else Rules()
    found += rules.findings
    verify = cares(document, entries, everyone, tainted(found), unsure(found)) if document.get(VERIFY) else Cares()
    found += verify.findings
    return Examined(found, surroundings or SEA_LEVEL, entries, shared, everyone, own, rules.conditions, verify.safe)


def _checks(entries: Mapping[str, Declared], surroundings: Surroundings, wrong: Collection[Path]) -> Iterator[Finding]:
    """What the kinds themselves have to say, of entries whose names of others are right."""
    # Most kinds have nothing to say.
    for entry in (each for each in entries.values() if each.kind is not None and each.kind.check is not Device.check):
        if entry.device is not None and not (wrong and any(path in wrong for path, _, _ in references(entry))):
            yield from checked(entry.device, entry.path, surroundings)


def _collisions(
    everyone: Sequence[Users], entries: Mapping[str, Declared], own: Mapping[str, Written], wrong: frozenset[Path]
) -> Iterator[Finding]:
    if all_apart(own.values(), everyone, wrong):
        return
    addresses: list[Address] = [*of_the_rig(own.values())]
    for found in of_users(one_by_one(everyone, entries), wrong):
        if isinstance(found, Address):
            addresses.append(found)
        else:
            yield found
    yield from collisions(addresses)


# -- small parts ---------------------------------------------------------------------------------------------------


def _newer(document: Table, version: tuple[int, int]) -> Iterator[Finding]:
    """A format of which nothing is known."""
    given, newest = document.get("spec"), _dotted(version)
    if (_parts(given) or version) > version:
        message = f"{shown(given)} is newer than this mockbrew, which reads up to {newest}; update it, or write an older spec"
        yield Finding(("spec",), message)


def _version(document: Table, version: tuple[int, int]) -> Iterator[Finding]:
    path, given, newest = ("spec",), document.get("spec"), _dotted(version)
    parts = _parts(given)
    if given is None:
        yield missing(path, f'begin the file with spec = "{newest}", the version of its format')
    elif parts is None:
        yield Finding(path, f"{described(given)}; it must be the version of the format, such as {newest!r}")
    elif parts != version:
        yield Finding(path, f"unknown version {shown(given)}; known: {newest}")


def _parts(given: Any) -> tuple[int, int] | None:
    parts = re.fullmatch(r"([0-9]{1,4})\.([0-9]{1,4})", given) if isinstance(given, str) else None
    return (int(parts[1]), int(parts[2])) if parts else None


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))


def _surroundings(document: Table, found: list[Finding]) -> Surroundings | None:
    """None, and a finding where there is none yet, if they can't be told."""
    rig: Any = document.get("rig", {})
    if {("rig",), ("rig", "ambient"), ("rig", "altitude"), ("rig", "boiling_point")} & {finding.path for finding in found}:
        return None
    if "altitude" in rig and "boiling_point" in rig:
        found.append(Finding(("rig", "altitude"), "it determines the boiling point, which is given too; delete one of them"))
        return None
    boiling_point = thermal.boiling_point(rig["altitude"]) if "altitude" in rig else rig.get("boiling_point", BOILING_POINT)
    return Surroundings(rig.get("ambient", AMBIENT), boiling_point)
