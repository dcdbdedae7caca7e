"""What the words of a condition stand for: readings of the devices of a spec, or fields of something recorded; and the types of values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from mockbrew.checks.findings import unknown
from mockbrew.devices.base import Device
from mockbrew.devices.declare import Reading

CONTINUOUS, NUMBER, TRUTH, TEXT = "continuous", "number", "truth value", "text"
"""Types. CONTINUOUS: a number that moves, and so hardly ever is exactly another. TRUTH: yes or no, or 1 or 0."""


@dataclass(frozen=True, slots=True)
class Variable:
    """What has another value at each instant. name: in messages. device and reading: of a reading, else empty and the field."""

    name: str
    type: str
    device: str
    reading: str


class Unknown(Exception):
    """A word that stands for nothing; the message says what is known."""


class Names(Protocol):
    """What finds the variable that a word stands for."""

    def resolve(self, word: str) -> Variable:
        """Raises Unknown."""
        ...


@dataclass(frozen=True, slots=True)
class _Readings:
    devices: Mapping[str, Device]

    def resolve(self, word: str) -> Variable:
        device, reading = self._found(word)
        return Variable(f"{device.name}.{reading}", _type(device.readings[reading]), device.name, reading)

    def _found(self, word: str) -> tuple[Device, str]:
        """The device and the name of its reading. A device may have a dot in its name."""
        devices = self.devices
        if word in devices and devices[word].readings:
            return devices[word], next(iter(devices[word].readings))
        owner, _, reading = word.rpartition(".")
        if owner not in devices:
            raise Unknown(self._no_device(word, owner or word))
        if reading not in devices[owner].readings:
            raise Unknown(unknown("reading", reading, devices[owner].readings, f" of {owner}"))
        return devices[owner], reading

    def _no_device(self, word: str, owner: str) -> str:
        first, dash, _ = word.partition("-")
        if dash and (first in self.devices or first.rpartition(".")[0] in self.devices):
            return f"unknown device {word!r}: a dash may be part of a name; put spaces around a minus"
        return unknown("device", owner, self.devices)


@dataclass(frozen=True, slots=True)
class _Fields:
    types: Mapping[str, str]

    def resolve(self, word: str) -> Variable:
        if word not in self.types:
            raise Unknown(unknown("field", word, self.types))
        return Variable(word, self.types[word], "", word)


def readings_of(devices: Mapping[str, Device]) -> Names:
    """`Temp3`, a device's first reading, or `Mashtun.volume`, the reading of that name."""
    return _Readings(devices)


def fields(types: Mapping[str, str]) -> Names:
    """The fields of something recorded, such as a journal's entry, with the type of each. One may have nothing in it: null."""
    return _Fields(types)


def _type(reading: Reading) -> str:
    types = reading.schema.get("type", [])
    types = [types] if isinstance(types, str) else list(types)
    if "string" in types:
        return TEXT
    enum = [value for value in reading.schema.get("enum", ()) if value is not None]
    if "boolean" in types or (enum and all(value in (0, 1) for value in enum)):
        return TRUTH
    return NUMBER if enum or "integer" in types else CONTINUOUS
