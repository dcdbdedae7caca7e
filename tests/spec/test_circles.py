"""Readings that would be computed from themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device
from mockbrew.devices.declare import Reading, Reference, reference, references
from mockbrew.devices.valve import Valve
from tests.spec.refusals import accepted, told

NUMBER = {"type": "number"}


def mirrored(mirror: Mirror, state: Any, view: Any) -> Any:
    return view.reading(mirror.of, "temperature")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror(Device):
    """Shows the temperature that another device shows."""

    kind = "mirror"
    readings = {"temperature": Reading(mirrored, NUMBER, "what the other one shows", "degC")}

    of: str = reference("what it shows", Reference("a device that reads a temperature", reading="temperature"))
    also: tuple[str, ...] = references("what it looks at too", Reference("a device that reads a temperature", reading="temperature"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimmer(Valve):
    """An actuator that looks at the controller that commands it."""

    kind = "dimmer"

    by: str = reference("what commands it", Reference("a controller", reading="setpoint"))


KINDS = {**BUILT_IN, "mirror": Mirror, "dimmer": Dimmer}
NO_VALUE = "that has no value; let one of them read something else"
PROBE = ("[vessels]", "V = { capacity = 5, volume = 1 }", "[devices]", 'T = { kind = "probe", vessel = "V" }')


def test_a_device_that_reads_itself_is_told() -> None:
    assert told("[devices]", 'M = { kind = "mirror", of = ▸"M" }', kinds=KINDS) == [f"devices.M.of: 'M' reads 'M': {NO_VALUE}"]


def test_a_circle_is_told_once_at_the_first_of_it_and_those_outside_are_not_blamed() -> None:
    lines = (
        'Outside = { kind = "mirror", of = "A" }',
        'A = { kind = "mirror", of = "T", also = [▸"B"] }',
        'B = { kind = "mirror", of = "C" }',
        'C = { kind = "mirror", of = "A" }',
    )

    assert told(*PROBE, *lines, kinds=KINDS) == [f"devices.A.also[0]: 'A' reads 'B', which reads 'C', which reads 'A': {NO_VALUE}"]


def test_two_circles_are_two_mistakes() -> None:
    lines = [f'{name} = {{ kind = "mirror", of = ▸"{name}" }}' for name in "AB"]

    assert told("[devices]", *lines, kinds=KINDS) == [f"devices.{name}.of: '{name}' reads '{name}': {NO_VALUE}" for name in "AB"]


def test_a_circle_through_something_that_can_not_be_read_is_not_told_as_one() -> None:
    lines = 'A = { kind = "mirror", of = ▸"C" }', 'C = { kind = "pid", probe = "A", setpoint = 5 }'
    message = "'C' is a pid; it must be the name of a device that reads a temperature; known: A"

    assert told("[devices]", *lines, kinds=KINDS) == [f"devices.A.of: {message}"]


def test_a_controller_may_command_what_reads_it() -> None:
    lines = 'D = { kind = "dimmer", by = "C" }', 'C = { kind = "pid", probe = "T", setpoint = 5, heaters = ["D"] }'

    accepted(*PROBE, *lines, kinds=KINDS)


def test_a_long_row_of_readers_is_no_circle() -> None:
    row = [f'M{place + 1} = {{ kind = "mirror", of = "M{place}" }}' for place in range(2000)]

    accepted(*PROBE, 'M0 = { kind = "mirror", of = "T" }', *row, kinds=KINDS)


# -- a loop of set points ------------------------------------------------------------------------------------------

CONTROLLERS = ('C1 = { kind = "pid", probe = "T", setpoint = 5 }', 'C2 = { kind = "thermostat", probe = "T", setpoint = 5 }')


@pytest.mark.parametrize("probe", ["C1", "C2", "C"])
def test_no_controller_of_mockbrew_reads_another_one_or_itself(probe: str) -> None:
    message = "it must be the name of a device that reads a temperature; known: T, V"
    kind = {"C1": "pid", "C2": "thermostat", "C": "pid"}[probe]

    assert told(*PROBE, *CONTROLLERS, f'C = {{ kind = "pid", probe = ▸"{probe}", setpoint = 5 }}') == [
        f"devices.C.probe: '{probe}' is a {kind}; {message}"
    ]


def test_a_setpoint_is_a_number_and_never_another_device() -> None:
    assert told(*PROBE, *CONTROLLERS, 'C = { kind = "pid", probe = "T", setpoint = ▸"C1" }') == [
        "devices.C.setpoint: 'C1' is a text; it must be a number in degC"
    ]


def test_a_controller_has_a_probe() -> None:
    assert told(*PROBE, '▸C = { kind = "pid", setpoint = 5 }') == [
        "devices.C.probe: missing; it must be the name of a device that reads a temperature; known: T, V"
    ]
