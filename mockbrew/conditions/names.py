"""What the words of a condition stand for: readings of the devices of a spec, or fields of something recorded; and the types of values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn, Protocol

from mockbrew.checks.findings import unknown
from mockbrew.devices.base import Device
from mockbrew.devices.declare import Reading

CONTINUOUS, NUMBER, TRUTH, TEXT = "continuous", "number", "truth value", "text"
"""Types. CONTINUOUS: a number that moves, and so hardly ever is exactly another. TRUTH: yes or no, or 1 or 0."""


@dataclass(frozen=True, slots=True)
class Variable:
    """What has another value at each instant. name: in messages. device and reading: of a reading, else empty and the field.

    words: the texts that it may be, if those are known.
    """

    name: str
    type: str
    device: str
    reading: str
    words: tuple[str, ...] = ()


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
        device, reading = self._found(word) or self._nothing(word)
        return Variable(f"{device.name}.{reading}", _type(device.readings[reading]), device.name, reading)

    def _found(self, word: str) -> tuple[Device, str] | None:
        """The device and the name of its reading. A device may have a dot in its name."""
        device = self.devices.get(word)
        if device is not None and device.readings:
            return device, next(iter(device.readings))
        owner, _, reading = word.rpartition(".")
        device = self.devices.get(owner)
        return None if device is None or reading not in device.readings else (device, reading)

    def _nothing(self, word: str) -> NoReturn:
        owner, _, reading = word.rpartition(".")
        if any(letter == "-" and self._found(word[:at]) for at, letter in enumerate(word)):
            raise Unknown(f"unknown reading {word!r}: a dash may be part of a name; put spaces around a minus")
        if owner in self.devices:
            raise Unknown(unknown("reading", reading, self.devices[owner].readings, f" of {owner}"))
        raise Unknown(unknown("device", owner or word, self.devices))


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
