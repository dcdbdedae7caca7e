"""What a kind must do to heat, to control, to let through or to move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import pytest

from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Controller, Device, Gate, HeatSource, Mover, View
from mockbrew.devices.examine import faults
from tests.devices.examining.gauge import Level


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


MISTAKES: Mapping[type[Device], list[str]] = {
    Cold: ["it is a HeatSource without a method 'heat'; write one"],
    Idle: ["it is a Controller without a method 'due'; write one", "it is a Controller without a method 'act'; write one"],
    Stuck: ["it is a Gate without a method 'passes'; write one"],
    Standing: ["it is a Mover without a method 'moves'; write one"],
    WrongHooks: ["its 'passes' does not take (self, state)", "its 'moves' does not take (self, state)"],
    Ember: ["its heat follows with a time constant, and Level has no field 'heat' to keep it in; add one, in W"],
}


@pytest.mark.parametrize("kind", [*BUILT_IN.values(), LastingEmber], ids=lambda kind: kind.__name__)
def test_a_sound_kind_has_no_faults(kind: type[Device]) -> None:
    assert list(faults(kind)) == []


@pytest.mark.parametrize(("kind", "said"), MISTAKES.items(), ids=[kind.__name__ for kind in MISTAKES])
def test_a_mistake_in_a_role_is_told_in_words(kind: type[Device], said: list[str]) -> None:
    assert list(faults(kind)) == said
