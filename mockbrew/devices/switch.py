"""What valves, pumps and heaters have in common: on or off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from mockbrew.devices.base import Device
from mockbrew.devices.declare import Preset, Reading, Verb


class Position(NamedTuple):
    """on: 0 or 1."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch(Device):
    """Role: an actuator with two positions, off after a reset."""

    layout: ClassVar[type[Any]] = Position
    readings = {"state": Reading(lambda device, state, view: state.on, ON_OFF, "1 on or open, 0 off or shut")}
    verbs = {"turn_on": TURN_ON, "turn_off": TURN_OFF}
    presets = {"state": Preset(lambda device, surroundings: EITHER, _preset)}
