"""Kinds and their options: unknown, missing, of the wrong type, out of range; names; and what the kinds themselves have to say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device
from mockbrew.devices.declare import choice
from tests.spec.refusals import KETTLE, accepted, told

KNOWN_KINDS = "known: flow, heater, level, pid, power, probe, pump, thermostat, valve"
OF_A_HEATER = "known: efficiency, feedback, interface, kind, lag, power, vessel"
OF_A_VESSEL = "known: capacity, grain, interface, loss, temperature, volume, wall"
A_POWER = "it must be a number from 0 to 1000000 W"
A_NAME = "a name begins with a letter and has at most 64 letters, digits, '_', '.' and '-'"


# -- kinds ---------------------------------------------------------------------------------------------------------


def test_of_a_device_of_unknown_kind_nothing_else_is_told_nor_of_those_that_name_it() -> None:
    lines = "[devices]", 'X = { kind = ▸"heatr", vessel = 3 }', 'C = { kind = "pid", probe = "X", heaters = ["X"], setpoint = 3 }'

    assert told(*lines) == [f"devices.X.kind: unknown kind 'heatr'; {KNOWN_KINDS} (did you mean 'heater'?)"]


def test_a_missing_kind_names_the_known_ones() -> None:
    assert told("[devices]", "▸A = { }") == [f"devices.A.kind: missing; {KNOWN_KINDS}"]


def test_a_kind_is_a_text() -> None:
    assert told("[devices]", "A = { kind = ▸3 }") == ["devices.A.kind: 3 is a number; it must be a text"]


def test_a_vessel_among_the_devices_is_sent_to_its_table() -> None:
    message = "devices.V.kind: a vessel stands in a table of its own; move this line to [vessels], without its kind"
    assert told("[devices]", 'V = { kind = ▸"vessel", capacity = 1, volume = 1 }') == [message]


def test_a_kind_among_the_vessels_is_told_to_be_needless() -> None:
    assert told("[vessels]", 'V = { ▸kind = "vessel", capacity = 1, volume = 1 }') == [
        "vessels.V.kind: all that stands in [vessels] is a vessel; delete it"
    ]


def test_a_device_that_is_no_table_is_told() -> None:
    assert told("[devices]", "A = ▸3") == ["devices.A: 3 is a number; it must be a table"]


# -- names ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["1st", "_x", '"a b"', '"é"', '"A\\n"', '""', "A" * 65])
def test_a_name_that_is_no_good_is_told(name: str) -> None:
    (message,) = told("[devices]", f'▸{name} = {{ kind = "valve" }}')

    assert message.endswith(
        f": bad name {name.replace(chr(34), chr(39)) if name[0] == chr(34) else repr(name)[:57] + '...' * (len(name) > 60)}; {A_NAME}"
    )


def test_names_may_have_digits_and_three_signs() -> None:
    spec = accepted("[devices]", '"V-1.a_B" = { kind = "valve" }', f'{"x" * 64} = {{ kind = "valve" }}')

    assert list(spec.entries) == ["V-1.a_B", "x" * 64]


def test_a_name_is_a_vessels_or_a_devices() -> None:
    message = "devices.Kettle: 'Kettle' is a vessel already; give every vessel, pipe and device a name of its own"
    assert told(*KETTLE, "[devices]", '▸Kettle = { kind = "valve" }') == [message]


def test_more_entries_than_a_rig_may_have_are_told_and_nothing_else_is() -> None:
    lines = (f"V{number} = 3" for number in range(200_001))

    assert told("[▸devices]", *lines) == ["devices: 200001 vessels, pipes and devices are too many; a rig has at most 200000"]


# -- options -------------------------------------------------------------------------------------------------------


def test_an_unknown_option_names_the_known_ones_and_the_likely_one() -> None:
    device = 'H = { kind = "heater", vessel = "Kettle", power = 1, ▸eficiency = 1 }'

    assert told(*KETTLE, "[devices]", device) == [
        f"devices.H.eficiency: unknown option 'eficiency'; {OF_A_HEATER} (did you mean 'efficiency'?)"
    ]


def test_a_misspelt_option_is_not_told_a_second_time_as_a_missing_one() -> None:
    device = 'H = { kind = "heater", vessel = "Kettle", ▸powr = 1 }'

    assert told(*KETTLE, "[devices]", device) == [f"devices.H.powr: unknown option 'powr'; {OF_A_HEATER} (did you mean 'power'?)"]


def test_each_missing_option_is_told_with_what_it_is() -> None:
    assert told("[devices]", '▸H = { kind = "heater" }') == [
        f"devices.H.power: missing; {A_POWER}, fuel or current that it consumes",
        "devices.H.vessel: missing; it must be the name of a vessel; none is known",
    ]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("▸'8800'", f"'8800' is a text; {A_POWER}"),
        ("▸true", f"true is a boolean; {A_POWER}"),
        ("▸[1]", f"this is a list; {A_POWER}"),
        ("▸-0.5", f"-0.5 is out of range; {A_POWER}"),
        ("▸1_000_001", f"1000001 is out of range; {A_POWER}"),
        (f"▸'{'long ' * 20}'", f"'{'long ' * 11}l... is a text; {A_POWER}"),
    ],
)
def test_an_option_of_the_wrong_type_or_out_of_range_is_told_with_its_unit(value: str, message: str) -> None:
    device = f'H = {{ kind = "heater", vessel = "Kettle", power = {value} }}'

    assert told(*KETTLE, "[devices]", device) == [f"devices.H.power: {message}"]


def test_an_option_that_is_a_table_is_told_at_its_key() -> None:
    assert told("[vessels]", "V = { capacity = 1, ▸volume.litres = 1 }") == [
        "vessels.V.volume: this is a table; it must be a number from 0 to 100000 L"
    ]


def test_ranges_open_at_one_end_and_shares_without_a_unit_are_told_as_such() -> None:
    vessel = "Kettle = { capacity = ▸0, volume = 0 }"
    thermostat = 'C = { kind = "thermostat", probe = "T", setpoint = 5, lowest = ▸-60 }'
    heater = 'H = { kind = "heater", vessel = "Kettle", power = 1, efficiency = ▸1.5 }'

    assert told("[vessels]", vessel, "[devices]", 'T = { kind = "probe", vessel = "Kettle" }', thermostat, heater) == [
        "vessels.Kettle.capacity: 0 is out of range; it must be a number above 0, at most 100000 L",
        "devices.C.lowest: -60 is out of range; it must be a number of at least -50 degC",
        "devices.H.efficiency: 1.5 is out of range; it must be a number from 0 to 1",
    ]


def test_a_list_is_told_item_by_item() -> None:
    loop = 'C = { kind = "pid", probe = "T", setpoint = 5, heaters = ["A", ▸3, ▸"A"], pumps = ▸"A" }'

    assert told(*KETTLE, "[devices]", 'A = { kind = "pump" }', 'T = { kind = "probe", vessel = "Kettle" }', loop) == [
        "devices.C.heaters[1]: 3 is a number; it must be a text",
        "devices.C.heaters[2]: 'A' is listed twice; list it once",
        "devices.C.pumps: 'A' is a text; it must be a list, written [\"A\"]",
    ]


def test_a_name_that_is_listed_twice_is_told() -> None:
    loop = 'C = { kind = "pid", probe = "T", setpoint = 5, heaters = ["A", ▸"A"] }'
    devices = "[devices]", 'A = { kind = "pump" }', 'T = { kind = "probe", vessel = "Kettle" }', loop

    assert told(*KETTLE, *devices) == ["devices.C.heaters[1]: 'A' is listed twice; list it once"]


# -- what kinds say ------------------------------------------------------------------------------------------------


def test_what_a_kind_has_against_its_options_is_told_at_the_option() -> None:
    vessels = "[vessels]", "V = { capacity = 50, volume = ▸60 }", "W = { capacity = 5, volume = 5, wall = ▸0, temperature = ▸99 }"
    devices = (
        "[devices]",
        'T = { kind = "probe", vessel = "V" }',
        'C = { kind = "pid", probe = "T", setpoint = ▸120, minimum_on = ▸11, window = 10 }',
        '▸W1 = { kind = "power" }',
        'W2 = { kind = "power", heaters = ▸[] }',
    )
    nothing = "nothing stands behind it, so it would always read 0; list the heaters that it measures"

    assert told("[rig]", "altitude = 2000", *vessels, *devices) == [
        "vessels.V.volume: 60 L is more than it holds; at most its capacity, 50 L",
        "vessels.W.wall: a vessel needs a heat capacity when it is empty; give a wall of at least 0.1 kJ/K, or 0.1 kg of grain",
        "vessels.W.temperature: 99 degC is above the boiling point; at most 93.3626 degC",
        "devices.C.setpoint: 120 degC is outside its limits; from 0 to 110 degC",
        "devices.C.minimum_on: 11 s is longer than the window; at most 10 s",
        f"devices.W1.heaters: {nothing}",
        f"devices.W2.heaters: {nothing}",
    ]


def test_limits_that_leave_no_setpoint_are_told_at_the_limit() -> None:
    devices = "[devices]", 'T = { kind = "probe", vessel = "Kettle" }'
    loop = 'C = { kind = "thermostat", probe = "T", setpoint = 5, lowest = ▸10, highest = 0 }'

    assert told(*KETTLE, *devices, loop) == ["devices.C.lowest: 10 degC is above highest; at most 0 degC"]


def test_a_window_has_room_for_both_its_least_times() -> None:
    devices = "[devices]", 'T = { kind = "probe", vessel = "Kettle" }'
    loop = 'C = { kind = "pid", probe = "T", setpoint = 5, window = 10, minimum_on = 8, minimum_off = ▸8 }'

    assert told(*KETTLE, *devices, loop) == ["devices.C.minimum_off: with minimum_on it is longer than the window; at most 2 s"]
    accepted(*KETTLE, *devices, loop.replace("▸8", "2"))


def test_a_rig_that_is_wrong_does_not_make_its_vessels_wrong() -> None:
    assert told("[rig]", "boiling_point = ▸'low'", "[vessels]", "V = { capacity = 5, volume = 5, temperature = 120 }") == [
        "rig.boiling_point: 'low' is a text; it must be a number from 60 to 150 degC"
    ]


def test_altitude_and_boiling_point_are_one_too_many() -> None:
    message = "rig.altitude: it determines the boiling point, which is given too; delete one of them"
    assert told("[rig]", "boiling_point = 100", "altitude = ▸0") == [message]


# -- other people's kinds ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamp(Device):
    """A kind whose options have keywords of JSON Schema that no built-in one has."""

    kind = "lamp"

    colour: str = choice("what it looks like", "red", "green", default="red")
    sockets: Any = field(
        default=1,
        metadata={
            "schema": {"anyOf": [{"type": "integer", "multipleOf": 2}, {"const": 1}], "description": "one or pairs"},
            "refers": None,
            "unit": "",
        },
    )
    code: Any = field(default="", metadata={"schema": {"type": ["string", "integer"], "maxLength": 3}, "refers": None, "unit": ""})


LAMPS = {**BUILT_IN, "lamp": Lamp}


def test_a_word_that_is_no_choice_names_the_choices_and_the_likely_one() -> None:
    message = "devices.L.colour: unknown word 'gren'; it must be one of red, green (did you mean 'green'?)"
    assert told("[devices]", 'L = { kind = "lamp", colour = ▸"gren" }', kinds=LAMPS) == [message]


def test_a_number_that_is_no_choice_is_told_once() -> None:
    message = "devices.L.colour: 3 is a number; it must be one of red, green"
    assert told("[devices]", 'L = { kind = "lamp", colour = ▸3 }', kinds=LAMPS) == [message]


def test_any_keyword_of_json_schema_is_told_in_some_words() -> None:
    lines = "[devices]", 'L = { kind = "lamp", sockets = ▸3, code = ▸"abcd" }', 'M = { kind = "lamp", code = ▸true, sockets = 1 }'

    assert told(*lines, kinds=LAMPS) == [
        "devices.L.sockets: 3 is not valid under any of the given schemas; it is one or pairs",
        "devices.L.code: 'abcd' is too long; it may have 3 characters",
        "devices.M.code: true is a boolean; it must be a text or an integer",
    ]


def test_what_other_peoples_keywords_allow_is_accepted() -> None:
    spec = accepted("[devices]", 'L = { kind = "lamp", sockets = 4, code = 7 }', kinds=LAMPS)

    assert spec.entries["L"].device == Lamp(name="L", sockets=4, code=7)
