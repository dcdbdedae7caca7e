"""Conditions in a spec: those that can be read, on readings that are there."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping

from mockbrew.checks.entries import Declared, hidden
from mockbrew.checks.findings import Finding, Path
from mockbrew.conditions import Condition, names, parse
from mockbrew.conditions.names import Variable
from mockbrew.devices.base import Device
from mockbrew.errors import BadCondition


class _Unsure(Exception):
    """A word of which nothing can be said, since what it stands for is wrong itself."""


class Sound:
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


def read(path: Path, text: str, named: Sound) -> Condition | Finding | None:
    """The condition that stands at `path`, or what is wrong with it; None where it is about what is wrong itself."""
    try:
        condition = parse(text, named)
    except BadCondition as error:
        return Finding(path, error.why, column=error.column)
    except _Unsure:
        return None
    if not condition.variables:
        return Finding(path, "it is about no reading, and so always or never; name one, such as 'Mashtun.volume'")
    return condition
