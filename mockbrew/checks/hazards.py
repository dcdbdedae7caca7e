"""Hazards: conditions that can be read, on readings that are there; and what is refused can be told before it happens."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping
from dataclasses import dataclass, field

from mockbrew.checks.endpoints import Table, subtables
from mockbrew.checks.entries import Declared, hidden
from mockbrew.checks.findings import Finding, Path
from mockbrew.conditions import Condition, names, parse
from mockbrew.conditions.names import Variable
from mockbrew.coupling import cells
from mockbrew.devices.base import Device
from mockbrew.errors import BadCondition

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
    named = _Sound(entries, wrong, unsure)
    for name, table in tables.items():
        _read(name, table["when"], named, rules)
    refusing = {name: tables[name] for name in rules.conditions if tables[name].get("refuse") is True}
    rules.findings.extend(_refused(refusing, rules.conditions, named.devices if named.all else {}))
    return rules


class _Unsure(Exception):
    """A word of which nothing can be said, since what it stands for is wrong itself."""


class _Sound:
    """The readings of the entries that are sound (`Names` of conditions). all: whether all of them are."""

    def __init__(self, entries: Mapping[str, Declared], wrong: Collection[Path], unsure: Container[Path]) -> None:
        sound = (entry for entry in entries.values() if entry.path not in wrong)
        self.devices: dict[str, Device] = {entry.name: entry.device for entry in sound if entry.device}
        self.all = len(self.devices) == len(entries)
        self._wrong = entries.keys() - self.devices.keys() if not self.all else frozenset[str]()
        self._elsewhere = hidden(unsure)  # what is not found may stand in a table that is wrong
        self._readings = names.readings_of(self.devices)

    def resolve(self, word: str) -> Variable:
        owner = word if word in self.devices else word.rpartition(".")[0] or word
        if word in self._wrong or owner in self._wrong or (self._elsewhere and owner not in self.devices):
            raise _Unsure
        return self._readings.resolve(word)


def _read(name: str, text: str, named: _Sound, rules: Rules) -> None:
    path = (HAZARDS, name, "when")
    try:
        condition = parse(text, named)
    except BadCondition as error:
        rules.findings.append(Finding(path, error.why, column=error.column))
    except _Unsure:
        return
    else:
        rules.conditions[name] = condition
        if not condition.variables:
            rules.findings.append(Finding(path, "it is about no reading, and so always or never; name one, such as 'Mashtun.volume'"))


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
