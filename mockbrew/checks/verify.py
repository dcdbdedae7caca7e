"""`[verify]`: devices that are there and can be commanded, and conditions that can be read."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mockbrew.checks.conditions import Sound, read
from mockbrew.checks.endpoints import Table, subtables
from mockbrew.checks.entries import Declared, hidden
from mockbrew.checks.findings import Finding, Path, dotted, unknown_key
from mockbrew.checks.users import Users
from mockbrew.conditions import Condition

VERIFY = "verify"
DEVICES = (VERIFY, "devices")


@dataclass(frozen=True, slots=True)
class Cares:
    """The conditions under which devices may heat, as far as they could be read, by device; and what is wrong with all."""

    safe: dict[str, Condition] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def cares(
    document: Table, entries: Mapping[str, Declared], everyone: Sequence[Users], wrong: Collection[Path], unsure: Container[Path]
) -> Cares:
    """What [verify] says of devices. wrong: the paths that have something wrong in them."""
    found = Cares()
    tables = {path: table for path, table in subtables(document, *DEVICES) if path not in wrong}
    found.findings.extend(_misnamed(tables, entries, everyone, unsure))
    named = Sound(entries, wrong, unsure)
    for path, table in tables.items():
        condition = read((*path, "safe"), table["safe"], named) if "safe" in table else None
        if isinstance(condition, Condition):
            found.safe[path[-1]] = condition
        elif condition is not None:
            found.findings.append(condition)
    return found


def _misnamed(
    tables: Collection[Path], entries: Mapping[str, Declared], everyone: Sequence[Users], unsure: Container[Path]
) -> Iterator[Finding]:
    """Devices that are not there, and those that take no commands."""
    uncommanded = (alike for alike in everyone if alike.sure and not any(endpoint.verb for endpoint in alike.endpoints))
    idle = {entry.name for alike in uncommanded for entry in alike.entries}
    idle |= {name for name, entry in entries.items() if entry.kind is not None and "interface" not in entry.table}
    for path in tables:
        if path[-1] not in entries and not hidden(unsure):
            yield unknown_key(path, "device", entries)
        elif path[-1] in idle:
            where = dotted(entries[str(path[-1])].path)
            yield Finding(path, f"no endpoint commands {where}, so there is nothing to take care of; delete this", at_key=True)
