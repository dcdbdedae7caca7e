"""What a kind's options may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from mockbrew.devices.base import Device, Gate, Mover
from mockbrew.devices.declare import Reference, choice, number, reference, references
from mockbrew.devices.examine import faults
from tests.devices.examining.gauge import Gauge

UNDECLARED = "nothing declares it; make it with number(), flag(), choice(), reference() or references() of mockbrew.devices.declare"
RESERVED = "the name is reserved; choose one other than id, interface, kind, name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped(Gauge):
    """Names one other, or none, or a word; and any number of others."""

    tap: str | None = reference("its tap", Reference("a valve", base=Gate, words=("none",)), default=None)
    pumps: tuple[str, ...] = references("its pumps", Reference("a pump", base=Mover))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainField(Gauge):
    colour: str = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandMadeField(Gauge):
    colour: str = field(default="red", metadata={"schema": {"type": "string"}})


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionNamedId(Gauge):
    id: str = choice("which", "a", "b")


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionNamedInterface(Gauge):
    interface: str = choice("which", "a", "b")


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionNamedName(Gauge):
    name: str = choice("which", "a", "b")


@dataclass(frozen=True, slots=True, kw_only=True)
class KindAsField(Gauge):
    kind: str = "gauge"  # type: ignore[misc]  # the mistake itself: without ClassVar, an annotation makes a field


@dataclass(frozen=True, slots=True, kw_only=True)
class TooLarge(Gauge):
    drops: float = number("how fast it leaks", unit="1/min", default=90.0, maximum=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherWord(Gauge):
    paint: str = choice("how it looks", "red", "blue", default="green")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongBound(Gauge):
    drops: float = number("how fast it leaks", unit="1/min", minimum="none")  # type: ignore[arg-type]  # the mistake itself


def hand_made(schema: Mapping[str, Any], *, refers: object = None, unit: object = "", default: Any = ...) -> Any:
    given = {} if default is ... else {"default": default}
    return field(**given, metadata={"schema": schema, "refers": refers, "unit": unit})


@dataclass(frozen=True, slots=True, kw_only=True)
class Undescribed(Gauge):
    depth: float = hand_made({"type": "number"})
    width: float = hand_made({"type": "number", "description": "how wide it is"}, unit=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OddReferences(Gauge):
    pump: str = hand_made({"type": "string", "description": "its pump"}, refers="pump")
    tank: float = hand_made({"type": "number", "description": "its tank"}, refers=Reference("a vessel"))
    valves: tuple[str, ...] | None = hand_made({"type": "array", "description": "its valves"}, refers=Reference("a valve"), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived(Gauge):
    """With a field that is no option: it is computed of one."""

    cubic_metres: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cubic_metres", self.capacity / 1000)


MISTAKES: Mapping[type[Device], list[str]] = {
    PlainField: [f"option 'colour': {UNDECLARED}"],
    HandMadeField: [f"option 'colour': {UNDECLARED}"],
    OptionNamedId: [f"option 'id': {RESERVED}"],
    OptionNamedInterface: [f"option 'interface': {RESERVED}"],
    OptionNamedName: [f"option 'name': {RESERVED}"],
    KindAsField: [f"option 'kind': {RESERVED}"],
    TooLarge: ["option 'drops': its own schema refuses its default: 90.0 is greater than the maximum of 60"],
    OtherWord: ["option 'paint': its own schema refuses its default: 'green' is not one of ['red', 'blue']"],
    WrongBound: ["option 'drops': its schema is no JSON Schema: 'none' is not of type 'number'"],
    Undescribed: [
        "option 'depth': its schema has no 'description'; say in a few words what the option is",
        "option 'width': its unit is a NoneType; give a text, '' for none",
    ],
    OddReferences: [
        "option 'pump': what it refers to is a str; give a Reference, or None",
        "option 'tank': it refers to others, whose names are texts; make it with reference() or references()",
        "option 'valves': it refers to others, and its default is None; make it with references(), whose default is none of them",
    ],
}


@pytest.mark.parametrize("kind", [Tapped, Derived], ids=lambda kind: kind.__name__)
def test_a_sound_kind_has_no_faults(kind: type[Device]) -> None:
    assert list(faults(kind)) == []


@pytest.mark.parametrize(("kind", "said"), MISTAKES.items(), ids=[kind.__name__ for kind in MISTAKES])
def test_a_mistake_in_an_option_is_told_in_words(kind: type[Device], said: list[str]) -> None:
    assert list(faults(kind)) == said
