"""What valves, pumps and heaters have in common: on or off, as commanded and as it really is; and how they fail to go there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple

from mockbrew.devices.base import Device, View
from mockbrew.devices.declare import Number, Preset, Reading, Verb, condition, flag
from mockbrew.devices.failures import Acting, Failure, Parameter


class Position(NamedTuple):
    """on: 0 or 1, as commanded."""

    on: int = 0


def _turn_on(device: Device, state: Position, at: int) -> Position:
    return state if state.on else state._replace(on=1)


def _turn_off(device: Device, state: Position, at: int) -> Position:
    return state._replace(on=0) if state.on else state


def _preset(device: Device, state: Position, at: int, on: int) -> Position:
    return _turn_on(device, state, at) if on else _turn_off(device, state, at)


ON_OFF = {"type": "integer", "enum": [0, 1]}
EITHER = {"type": "integer", "minimum": 0, "maximum": 1}
TURN_ON = Verb(_turn_on, "switch it on, or open it")
TURN_OFF = Verb(_turn_off, "switch it off, or shut it")
FEEDBACK = "whether `state` shows where it really is, not where it was told to be"


def really(device: Any, state: Any) -> int:
    """Where it is: a failure may hold it elsewhere than it was told to be."""
    held = getattr(device, "held", None)  # kinds of others borrow these readings
    on: int = state.on if held is None else held
    return on


def told(device: Any, state: Any, view: Any) -> int:
    """Where it was told to be."""
    on: int = state.on
    return on


def _found(device: Any, state: Any, view: Any) -> int:
    return really(device, state)


def _shown(device: Any, state: Any, view: View) -> int:
    on: int = really(device, state) if getattr(device, "feedback", False) else state.on
    return on


# -- failures ------------------------------------------------------------------------------------------------------


def _held_where_it_was(device: Any, acting: Acting) -> Any:
    return replace(device, held=acting.caught)


def _turns(device: Any, before: Any, after: Any) -> bool:
    return bool(before.on != after.on)


def switches_on(device: Any, before: Any, after: Any) -> bool:
    """Whether a command takes it from off to on."""
    return bool(after.on > before.on)


LATE = Parameter(Number(0.001, 86_400, "s"), "how much later than its command it moves")
EACH = Parameter(Number(1, 1_000_000), "N: it ignores the last of each N commands", whole=True)

FAILURES: Mapping[str, Failure] = {
    "stuck": Failure(_held_where_it_was, "it stays where it is, whatever it is told", catch=_found),
    "stuck_on": Failure(lambda device, acting: replace(device, held=1), "it is on, or open, whatever it is told"),
    "stuck_off": Failure(lambda device, acting: replace(device, held=0), "it is off, or shut, whatever it is told"),
    "slow": Failure(
        _held_where_it_was, "it moves later than it is told to", {"seconds": LATE}, catch=_found, occurs=_turns, lasts="seconds"
    ),
    "ignores": Failure(_held_where_it_was, "it ignores one command in N", {"every": EACH}, catch=_found, every="every", lingers=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch(Device):
    """Role: an actuator with two positions, off after a reset."""

    layout: ClassVar[type[Any]] = Position
    readings = {
        "state": Reading(_shown, ON_OFF, "1 on or open, 0 off or shut"),
        "on": Reading(_found, ON_OFF, "the same as it really is"),
    }
    verbs = {"turn_on": TURN_ON, "turn_off": TURN_OFF}
    presets = {"state": Preset(lambda device, surroundings: EITHER, _preset)}
    failures = FAILURES

    feedback: bool = flag(FEEDBACK)
    held: int | None = condition()

    commanded = told
