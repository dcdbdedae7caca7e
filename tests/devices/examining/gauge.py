"""A kind that is sound in every respect, for tests of each mistake that its author can make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from mockbrew.devices.base import Device, View
from mockbrew.devices.declare import Number, Reading, Verb, choice, number

NUMBER = {"type": "number"}


class Filling(NamedTuple):
    litres: float


class Level(NamedTuple):
    litres: float = 0.0


def read_litres(gauge: Device, level: Level, view: View) -> float:
    return level.litres


def fill(gauge: Device, level: Level, at: int, litres: float) -> Level:
    return level._replace(litres=litres)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge(Device):
    """Sound in every respect: those that tests derive from it each get one thing wrong."""

    kind = "gauge"
    layout: ClassVar[type[Any]] = Level
    readings = {"litres": Reading(read_litres, NUMBER, "what is in it", "L")}
    verbs = {"fill": Verb(fill, "fill it", {"litres": Number(0, "capacity", "L")})}

    capacity: float = number("what it holds", unit="L", default=10.0, minimum=0)
    side: str = choice("where it is mounted", "left", "right", default="left")
    alarm: float | None = number("from where on it warns", unit="L", default=None)
