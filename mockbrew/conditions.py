"""Conditions: a reading against a number, `Temp3 >= 65`.

`Temp3` alone is a device's first reading: of a probe or a vessel its temperature, of what is switched its state. `Mashtun.volume` is the
reading of that name.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mockbrew.checks.findings import unknown
from mockbrew.devices.base import Device
from mockbrew.devices.declare import Reading, Value
from mockbrew.errors import BadCondition

RELATIONS: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {"<=": operator.le, ">=": operator.ge, "==": operator.eq, "<": operator.lt, ">": operator.gt}
)
_WRITTEN = re.compile(rf"\s*(\S+?)\s*({'|'.join(RELATIONS)})\s*(-?[0-9]{{1,12}}(?:\.[0-9]{{1,12}})?)\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Condition:
    """A reading of a device or vessel, a relation of `RELATIONS`, and a number in the reading's unit."""

    text: str
    device: str
    reading: str
    relation: str
    number: float

    def holds(self, value: Value) -> bool:
        """Whether a reading fulfils it; one that shows nothing (null) never does."""
        return isinstance(value, int | float) and RELATIONS[self.relation](value, self.number)

    def distance(self, value: Value) -> float:
        """How far a reading is from the number."""
        return abs(value - self.number) if isinstance(value, int | float) else float("inf")


def parse(text: str, devices: Mapping[str, Device]) -> Condition:
    """The condition that a text writes. Raises BadCondition."""
    written = _WRITTEN.fullmatch(text)
    if written is None:
        right = f"write a reading, one of {' '.join(RELATIONS)}, and a number, such as 'Temp3 >= 65' or 'Mashtun.volume <= 0.5'"
        raise BadCondition(text, f"no condition; {right}")
    name, relation, number = written.groups()
    device, reading = _found(text, name, devices)
    _comparable(text, device.readings[reading], f"{device.name}.{reading}", relation)
    return Condition(text, device.name, reading, relation, float(number))


def _found(text: str, name: str, devices: Mapping[str, Device]) -> tuple[Device, str]:
    """The device and the name of its reading. A device may have a dot in its name."""
    if name in devices and devices[name].readings:
        return devices[name], next(iter(devices[name].readings))
    owner, _, reading = name.rpartition(".")
    if owner not in devices:
        raise BadCondition(text, unknown("device", owner or name, devices))
    if reading not in devices[owner].readings:
        raise BadCondition(text, unknown("reading", reading, devices[owner].readings, f" of {owner}"))
    return devices[owner], reading


def _comparable(text: str, reading: Reading, name: str, relation: str) -> None:
    if "string" in _types(reading):
        raise BadCondition(text, f"{name} is a text; compare a reading that is a number")
    if relation == "==" and "enum" not in reading.schema and "integer" not in _types(reading):
        raise BadCondition(text, f"{name} hardly ever is exactly a number; write >= or <=")


def _types(reading: Reading) -> list[str]:
    types = reading.schema.get("type", [])
    return [types] if isinstance(types, str) else list(types)
