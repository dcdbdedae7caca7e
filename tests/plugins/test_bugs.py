"""A kind whose own code fails while a spec is read is named at its device, and the rest of the spec is checked all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from inspect import getsourcelines
from typing import Any

import pytest

from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device, Surroundings
from mockbrew.devices.declare import number
from mockbrew.devices.examine import faults
from mockbrew.errors import SpecError
from mockbrew.spec import parse

TEXT = """\
spec = "1.0"
[devices]
S1 = { kind = "stirrer", speed = 5 }
V1 = { kind = "valv" }
"""
OTHERWISE = "t.toml:4:15: devices.V1.kind: unknown kind 'valv'; known: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Stirrer(Device):
    kind = "stirrer"

    speed: float = number("how fast it turns", unit="1/s", default=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmade(Stirrer):
    def __post_init__(self) -> None:
        raise ValueError("no motor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stalled(Stirrer):
    def __post_init__(self) -> None:
        if self.speed == 5:
            raise ValueError("no motor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Raising(Stirrer):
    def check(self, surroundings: Surroundings) -> Iterator[tuple[str, str]]:
        raise KeyError(self.speed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent(Stirrer):
    def check(self, surroundings: Surroundings) -> Any:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts(Stirrer):
    def check(self, surroundings: Surroundings) -> Any:
        yield "too fast"
        yield "speed", "5 is too fast; it must be at most 3"


def said(kind: type[Device]) -> list[str]:
    """What is said of the spec above, the unknown kind at its end apart, which must be told whatever the stirrer does."""
    assert list(faults(kind)) == []
    with pytest.raises(SpecError) as refused:
        parse(TEXT, "t.toml", {**BUILT_IN, "stirrer": kind})
    *lines, last = str(refused.value).splitlines()
    assert last.startswith(OTHERWISE)
    return lines


def line_of(method: Any) -> int:
    """The line of the one statement of a method."""
    return getsourcelines(method)[1] + 1


def test_a_constructor_that_raises_is_told_at_the_device() -> None:
    assert said(Unmade) == [
        (
            "t.toml:3:1: devices.S1: a stirrer can't be made of these options: ValueError: no motor "
            f"(line {line_of(Unmade.__post_init__)} of test_bugs.py); mend its class {__name__}.Unmade"
        )
    ]


def test_a_check_that_raises_is_told_at_the_device() -> None:
    assert said(Raising) == [
        (
            "t.toml:3:1: devices.S1: a stirrer can't be checked: KeyError: 5 "
            f"(line {line_of(Raising.check)} of test_bugs.py); mend its class {__name__}.Raising"
        )
    ]


def test_a_check_that_returns_nothing_is_told_at_the_device() -> None:
    assert said(Silent) == [
        (
            "t.toml:3:1: devices.S1: a stirrer can't be checked: TypeError: 'NoneType' object is not iterable; "
            f"mend its class {__name__}.Silent"
        )
    ]


def test_a_check_that_says_something_else_is_told_and_what_it_says_well_is_kept() -> None:
    assert said(Texts) == [
        f"t.toml:3:1: devices.S1: the check of a stirrer says 'too fast', not (option, message); mend its class {__name__}.Texts",
        "t.toml:3:34: devices.S1.speed: 5 is too fast; it must be at most 3",
    ]


def test_of_several_devices_only_the_one_that_cannot_be_made_is_told() -> None:
    others = "".join(f'S{speed} = {{ kind = "stirrer", speed = {speed} }}\n' for speed in (4, 5, 6))

    with pytest.raises(SpecError) as refused:
        parse(f'spec = "1.0"\n[devices]\n{others}', "t.toml", {**BUILT_IN, "stirrer": Stalled})

    assert [line.partition(": ValueError")[0] for line in str(refused.value).splitlines()] == [
        "t.toml:4:1: devices.S5: a stirrer can't be made of these options"
    ]
