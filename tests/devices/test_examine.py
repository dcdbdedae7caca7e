"""Each mistake of a kind's author is told in words; the built-in kinds have none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import pytest

from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Controller, Device, HeatSource, View
from mockbrew.devices.declare import Choice, Number, Reading, Verb, choice, number
from mockbrew.devices.examine import faults

NUMBER = {"type": "number"}


class Filling(NamedTuple):
    litres: float


class Level(NamedTuple):
    litres: float = 0.0


def read_litres(gauge: Device, level: Level, view: View) -> float:
    return level.litres


def read_without_a_view(gauge: Device, level: Level) -> float:
    return level.litres


def fill(gauge: Device, level: Level, at: int, litres: float) -> Level:
    return level._replace(litres=litres)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge(Device):
    """Sound in every respect: the classes below each get one thing wrong."""

    kind = "gauge"
    layout: ClassVar[type[Any]] = Level
    readings = {"litres": Reading(read_litres, NUMBER, "what is in it", "L")}
    verbs = {"fill": Verb(fill, "fill it", {"litres": Number(0, "capacity", "L")})}

    capacity: float = number("what it holds", unit="L", default=10.0, minimum=0)
    side: str = choice("where it is mounted", "left", "right", default="left")
    alarm: float | None = number("from where on it warns", unit="L", default=None)


class Undecorated(Gauge):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cold(HeatSource):
    kind = "cold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle(Controller):
    kind = "idle"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLayout(Gauge):
    layout: ClassVar[type[Any]] = list


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceLayout(Gauge):
    layout: ClassVar[Any] = Level(3.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoFirstState(Gauge):
    layout: ClassVar[type[Any]] = Filling


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFirstState(NoFirstState):
    def initial(self, view: View) -> Filling:
        return Filling(5.0)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingsAsList(Gauge):
    readings: ClassVar[Any] = ["litres"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BareFunctions(Gauge):
    readings: ClassVar[Any] = {"litres": read_litres}
    verbs: ClassVar[Any] = {"fill": fill}


@dataclass(frozen=True, slots=True, kw_only=True)
class OddNames(Gauge):
    readings = {name: Reading(read_litres, NUMBER, "what is in it", "L") for name in ("id", "litres/min", "débit")}


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongReadings(Gauge):
    readings = {
        "short": Reading(read_without_a_view, NUMBER, "what is in it", "L"),  # type: ignore[arg-type]  # the mistake itself
        "untyped": Reading(read_litres, {}, "what is in it", "L"),
        "mistyped": Reading(read_litres, {"type": "litres"}, "what is in it", "L"),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongVerbs(Gauge):
    verbs = {
        "fill": Verb(fill, "fill it", {"volume": Number(0, 10)}),
        "drain": Verb(fill, "drain it", {"litres": Number(0, "height")}),
        "turn": Verb(fill, "turn it", {"litres": "1"}),  # type: ignore[dict-item]  # the mistake itself
        "push": Verb("fill", "push it"),  # type: ignore[arg-type]  # the mistake itself
    }


RESERVED = "the name is reserved; choose one other than id, interface, kind, name"
MISTAKES: Mapping[type[Device], list[str]] = {
    Undecorated: ["it is no frozen dataclass; decorate it with @dataclass(frozen=True, slots=True, kw_only=True)"],
    Cold: ["it is a HeatSource without a method 'heat'; write one"],
    Idle: ["it is a Controller without a method 'due'; write one", "it is a Controller without a method 'act'; write one"],
    ListLayout: ["its layout <class 'list'> is no NamedTuple; give a class derived from typing.NamedTuple"],
    InstanceLayout: ["its layout Level(litres=3.0) is no NamedTuple; give a class derived from typing.NamedTuple"],
    NoFirstState: ["nothing says its first state; give every field of Filling a default, or the kind a method 'initial'"],
    PlainField: [
        "option 'colour': nothing declares it; make it with number(), reference(), references() or choice() of mockbrew.devices.declare"
    ],
    HandMadeField: [
        "option 'colour': nothing declares it; make it with number(), reference(), references() or choice() of mockbrew.devices.declare"
    ],
    OptionNamedId: [f"option 'id': {RESERVED}"],
    OptionNamedInterface: [f"option 'interface': {RESERVED}"],
    OptionNamedName: [f"option 'name': {RESERVED}"],
    KindAsField: [f"option 'kind': {RESERVED}"],
    TooLarge: ["option 'drops': its own schema refuses its default: 90.0 is greater than the maximum of 60"],
    OtherWord: ["option 'paint': its own schema refuses its default: 'green' is not one of ['red', 'blue']"],
    WrongBound: ["option 'drops': its schema is no JSON Schema: 'none' is not of type 'number'"],
    ReadingsAsList: ["its readings are a list; give a mapping of names to Reading"],
    BareFunctions: ["reading 'litres': it is a function; give a Reading", "verb 'fill': it is a function; give a Verb"],
    OddNames: [
        f"reading {name!r}: no placeholder can name it; choose letters, digits and _, other than id"
        for name in ("id", "litres/min", "débit")
    ],
    WrongReadings: [
        "reading 'short': its 'read' does not take (device, state, view)",
        "reading 'untyped': its schema has no 'type'; give the JSON type of its values",
        "reading 'mistyped': its schema is no JSON Schema: 'litres' is not valid under any of the given schemas",
    ],
    WrongVerbs: [
        "verb 'fill': its 'apply' does not take (device, state, at, volume)",
        "verb 'drain': argument 'litres': its bound 'height' is no option; name one, or give a number",
        "verb 'turn': argument 'litres': it is a str; give a Number or a Choice",
        "verb 'push': its 'apply' does not take (device, state, at)",
    ],
}


@pytest.mark.parametrize("kind", [*BUILT_IN.values(), Gauge, OwnFirstState], ids=lambda kind: kind.__name__)
def test_a_sound_kind_has_no_faults(kind: type[Device]) -> None:
    assert list(faults(kind)) == []


@pytest.mark.parametrize(("kind", "said"), MISTAKES.items(), ids=[kind.__name__ for kind in MISTAKES])
def test_a_mistake_of_a_kind_is_told_in_words(kind: type[Device], said: list[str]) -> None:
    assert list(faults(kind)) == said


def test_a_choice_as_argument_is_sound() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Chooser(Gauge):
        verbs = {"fill": Verb(fill, "fill it", {"litres": Choice(("1", "2"))})}

    assert list(faults(Chooser)) == []
