"""Hazards: conditions that can be read, on readings that are there; and what is refused can be told before it happens."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping
from dataclasses import dataclass, field

from mockbrew.checks.conditions import Sound, read
from mockbrew.checks.endpoints import Table, subtables
from mockbrew.checks.entries import Declared
from mockbrew.checks.findings import Finding, Path
from mockbrew.conditions import Condition
from mockbrew.coupling import cells
from mockbrew.devices.base import Device

HAZARDS = "hazards"


@dataclass(frozen=True, slots=True)
class Rules:
    """The conditions of the rules that could be read, by their names; and what is wrong with all."""

    conditions: dict[str, Condition] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def hazards(document: Table, entries: Mapping[str, Declared], wrong: Collection[Path], unsure: Container[Path]) -> Rules:
    """What the rules say. wrong: the paths that have something wrong in them."""
    tables = {path[1]: table for path, table in subtables(document, HAZARDS) if (*path, "when") not in wrong and "when" in table}
    rules = Rules()
    named = Sound(entries, wrong, unsure)
    for name, table in tables.items():
        found = read((HAZARDS, name, "when"), table["when"], named)
        if isinstance(found, Condition):
            rules.conditions[name] = found
        elif found is not None:
            rules.findings.append(found)
    refusing = {name: tables[name] for name in rules.conditions if tables[name].get("refuse") is True}
    rules.findings.extend(_refused(refusing, rules.conditions, named.devices if named.all else {}))
    return rules


def _refused(refusing: Mapping[str, Table], conditions: Mapping[str, Condition], devices: Mapping[str, Device]) -> Iterator[Finding]:
    """What is refused is judged at once, by whoever has the one cell of the command."""
    home = {member: cell[0] for cell in (cells(devices) if refusing else ()) for member in cell}
    for name, table in refusing.items():
        path = (HAZARDS, name, "refuse")
        if table.get("hold_off"):
            yield Finding(path, "what is refused never begins, so it can't last; delete `hold_off`, or write refuse = false")
        apart = {home[variable.device]: variable.device for variable in conditions[name].variables if variable.device in home}
        if len(apart) > 1:
            others = " to ".join(apart.values())
            yield Finding(path, f"nothing couples {others}, so a command to one sees nothing of the other; write refuse = false")
