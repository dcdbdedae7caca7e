"""What a kind is, what its state is made of, and the methods that go with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from mockbrew.devices.base import Device, View
from mockbrew.devices.examine import faults
from tests.devices.examining.gauge import Filling, Gauge, Level


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
class WrongMethods(Gauge):
    def initial(self) -> Level:  # type: ignore[override]  # the mistake itself, as below
        return Level()

    def carried(self, state: Level) -> Level:  # type: ignore[override]  # which is the mistake
        return state

    def check(self) -> Iterator[tuple[str, str]]:  # type: ignore[override]  # which is the mistake
        yield from ()


class Undecorated(Gauge):
    pass


MISTAKES: Mapping[type[Device], list[str]] = {
    ListLayout: ["its layout <class 'list'> is no NamedTuple; give a class derived from typing.NamedTuple"],
    InstanceLayout: ["its layout Level(litres=3.0) is no NamedTuple; give a class derived from typing.NamedTuple"],
    NoFirstState: ["nothing says its first state; give every field of Filling a default, or the kind a method 'initial'"],
    WrongMethods: [
        "its 'initial' does not take (self, view)",
        "its 'carried' does not take (self, state, before, at)",
        "its 'check' does not take (self, surroundings)",
    ],
    Undecorated: ["it is no frozen dataclass; decorate it with @dataclass(frozen=True, slots=True, kw_only=True)"],
}


@pytest.mark.parametrize("kind", [Gauge, OwnFirstState], ids=lambda kind: kind.__name__)
def test_a_sound_kind_has_no_faults(kind: type[Device]) -> None:
    assert list(faults(kind)) == []


@pytest.mark.parametrize(("kind", "said"), MISTAKES.items(), ids=[kind.__name__ for kind in MISTAKES])
def test_a_mistake_about_its_state_is_told_in_words(kind: type[Device], said: list[str]) -> None:
    assert list(faults(kind)) == said
