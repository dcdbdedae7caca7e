"""Each mistake of a kind's author is told in words; the built-in kinds have none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import pytest

from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Controller, Device, Gate, HeatSource, Mover, View
from mockbrew.devices.declare import Argument, Choice, Number, Reading, Reference, Verb, choice, number, reference, references
from mockbrew.devices.examine import faults

NUMBER = {"type": "number"}
UNDECLARED = "nothing declares it; make it with number(), flag(), choice(), reference() or references() of mockbrew.devices.declare"


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
class Stuck(Gate):
    kind = "stuck"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Mover):
    kind = "standing"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongHooks(Gate, Mover):
    kind = "hooks"

    def passes(self) -> bool:  # type: ignore[override]  # the mistake itself, as below
        return True

    def moves(self, state: Any, view: View) -> float:  # type: ignore[override]  # which is the mistake
        return 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ember(HeatSource):
    """Its heat follows late."""

    kind = "ember"
    layout: ClassVar[type[Any]] = Level

    @property
    def time_constant(self) -> float:
        return 60.0

    def heat(self, state: Level) -> float:
        return 100.0


class Glow(NamedTuple):
    heat: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LastingEmber(Ember):
    layout: ClassVar[type[Any]] = Glow


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped(Gauge):
    """Names one other, or none, or a word; and any number of others."""

    tap: str | None = reference("its tap", Reference("a valve", base=Gate, words=("none",)), default=None)
    pumps: tuple[str, ...] = references("its pumps", Reference("a pump", base=Mover))


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


def hand_made(schema: Mapping[str, Any], *, refers: object = None, unit: object = "", default: Any = ...) -> Any:
    given = {} if default is ... else {"default": default}
    return field(**given, metadata={"schema": schema, "refers": refers, "unit": unit})


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongMethods(Gauge):
    def initial(self) -> Level:  # type: ignore[override]  # the mistake itself, as below
        return Level()

    def carried(self, state: Level) -> Level:  # type: ignore[override]  # which is the mistake
        return state

    def check(self) -> Iterator[tuple[str, str]]:  # type: ignore[override]  # which is the mistake
        yield from ()


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
class ArgumentsAsList(Gauge):
    verbs = {"fill": Verb(fill, "fill it", ["litres"])}  # type: ignore[arg-type]  # the mistake itself


@dataclass(frozen=True, slots=True, kw_only=True)
class OddArguments(Gauge):
    verbs = {name: Verb(lambda *_, **__: Level(), "fill it", {name: Number(0, 1)}) for name in ("id", "a-b", "débit")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived(Gauge):
    """With a field that is no option: it is computed of one."""

    cubic_metres: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cubic_metres", self.capacity / 1000)


RESERVED = "the name is reserved; choose one other than id, interface, kind, name"
MISTAKES: Mapping[type[Device], list[str]] = {
    Undecorated: ["it is no frozen dataclass; decorate it with @dataclass(frozen=True, slots=True, kw_only=True)"],
    Cold: ["it is a HeatSource without a method 'heat'; write one"],
    Idle: ["it is a Controller without a method 'due'; write one", "it is a Controller without a method 'act'; write one"],
    Stuck: ["it is a Gate without a method 'passes'; write one"],
    Standing: ["it is a Mover without a method 'moves'; write one"],
    WrongHooks: ["its 'passes' does not take (self, state)", "its 'moves' does not take (self, state)"],
    Ember: ["its heat follows with a time constant, and Level has no field 'heat' to keep it in; add one, in W"],
    ListLayout: ["its layout <class 'list'> is no NamedTuple; give a class derived from typing.NamedTuple"],
    InstanceLayout: ["its layout Level(litres=3.0) is no NamedTuple; give a class derived from typing.NamedTuple"],
    NoFirstState: ["nothing says its first state; give every field of Filling a default, or the kind a method 'initial'"],
    PlainField: [f"option 'colour': {UNDECLARED}"],
    HandMadeField: [f"option 'colour': {UNDECLARED}"],
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
    WrongMethods: [
        "its 'initial' does not take (self, view)",
        "its 'carried' does not take (self, state, before, at)",
        "its 'check' does not take (self, surroundings)",
    ],
    Undescribed: [
        "option 'depth': its schema has no 'description'; say in a few words what the option is",
        "option 'width': its unit is a NoneType; give a text, '' for none",
    ],
    OddReferences: [
        "option 'pump': what it refers to is a str; give a Reference, or None",
        "option 'tank': it refers to others, whose names are texts; make it with reference() or references()",
        "option 'valves': it refers to others, and its default is None; make it with references(), whose default is none of them",
    ],
    ArgumentsAsList: ["verb 'fill': its arguments are a list; give a mapping of names to Number or Choice"],
    OddArguments: [
        f"verb {name!r}: argument {name!r}: no placeholder can name it; choose letters, digits and _, other than id"
        for name in ("id", "a-b", "débit")
    ],
}


@pytest.mark.parametrize("kind", [*BUILT_IN.values(), Gauge, Derived, OwnFirstState, LastingEmber, Tapped], ids=lambda kind: kind.__name__)
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


NO_TEXT = "can't stand in a URL; give a text that is not empty and has no '/'"
NO_NUMBER = "is an option without a number; name one made with number() that is required or has a default"
ARGUMENTS: list[tuple[Argument, list[str]]] = [
    (Choice(()), ["its words are (); give a tuple of one or more texts"]),
    (Choice("ab"), ["its words are 'ab'; give a tuple of one or more texts"]),  # type: ignore[arg-type]  # the mistake itself
    (Choice((1, 2)), [f"its word 1 {NO_TEXT}", f"its word 2 {NO_TEXT}"]),  # type: ignore[arg-type]  # the mistake itself
    (Choice(("a/b", "", "c")), [f"its word 'a/b' {NO_TEXT}", f"its word '' {NO_TEXT}"]),
    (Number("alarm", 3), [f"its bound 'alarm' {NO_NUMBER}"]),
    (Number(0, "side"), [f"its bound 'side' {NO_NUMBER}"]),
    (Number(0, "name"), ["its bound 'name' is no option; name one, or give a number"]),
    (Number(0, float("inf")), ["its bound inf is no number; give a finite one, or name an option"]),
    (Number(None, 3), ["its bound None is no number; give a finite one, or name an option"]),  # type: ignore[arg-type]  # as above
    (Number(3, 0), ["nothing is from 3 to 0; give the lower bound first"]),
]


@pytest.mark.parametrize(("argument", "said"), ARGUMENTS, ids=[str(argument) for argument, _ in ARGUMENTS])
def test_a_mistake_of_an_argument_is_told_in_words(argument: Argument, said: list[str]) -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Taker(Gauge):
        verbs = {"fill": Verb(fill, "fill it", {"litres": argument})}

    assert list(faults(Taker)) == [f"verb 'fill': argument 'litres': {fault}" for fault in said]
