"""What a kind shows and does, and with which arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from mockbrew.devices.base import Device
from mockbrew.devices.declare import Argument, Choice, Number, Reading, Verb
from mockbrew.devices.examine import faults
from tests.devices.examining.gauge import NUMBER, Gauge, Level, fill, read_litres


def read_without_a_view(gauge: Device, level: Level) -> float:
    return level.litres


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgumentsAsList(Gauge):
    verbs = {"fill": Verb(fill, "fill it", ["litres"])}  # type: ignore[arg-type]  # the mistake itself


@dataclass(frozen=True, slots=True, kw_only=True)
class OddArguments(Gauge):
    verbs = {name: Verb(lambda *_, **__: Level(), "fill it", {name: Number(0, 1)}) for name in ("id", "a-b", "débit")}


MISTAKES: Mapping[type[Device], list[str]] = {
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
    ArgumentsAsList: ["verb 'fill': its arguments are a list; give a mapping of names to Number or Choice"],
    OddArguments: [
        f"verb {name!r}: argument {name!r}: no placeholder can name it; choose letters, digits and _, other than id"
        for name in ("id", "a-b", "débit")
    ],
}


@pytest.mark.parametrize(("kind", "said"), MISTAKES.items(), ids=[kind.__name__ for kind in MISTAKES])
def test_a_mistake_in_what_it_shows_or_does_is_told_in_words(kind: type[Device], said: list[str]) -> None:
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
