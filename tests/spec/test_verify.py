"""`[verify]`, how a server of the contract is verified: what it means, and what is said of one that is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import mockbrew
from mockbrew.devices import BUILT_IN
from mockbrew.devices.heater import Heater
from mockbrew.devices.pid import Pid
from mockbrew.files import load
from mockbrew.kept_specs import _only
from mockbrew.schema import document_schema
from mockbrew.spec import Care, from_document
from tests.spec.refusals import KETTLE, accepted, told

SWITCH = (
    "[interfaces.switch]",
    'get = { url = "/get{id}", reply = { State = "{state}" } }',
    'start = { url = "/start{id}", verb = "turn_on", reply = { State = "{state}" } }',
    "[interfaces.lamp]",
    'get = { url = "/lamp{id}", reply = { State = "{state}" } }',
)
HEATED = (
    *SWITCH,
    *KETTLE,
    "[devices]",
    'H = { kind = "heater", interface = "switch", vessel = "Kettle", power = 100 }',
    'A = { kind = "valve", interface = "lamp" }',
    'B = { kind = "valve" }',
)


# -- what it means -------------------------------------------------------------------------------------------------


def test_it_is_two_times_and_what_is_special_of_some_devices() -> None:
    verify = accepted(
        *HEATED, "[verify]", "settle = 0.5", "watch = 90", '[verify.devices]\nH = { settle = 2, safe = "Kettle.volume > 5" }'
    ).verify
    safe = verify.care("H").safe

    assert (verify.settle, verify.watch, list(verify.devices)) == (0.5, 90, ["H"])
    assert (verify.care("H").settle, safe and safe.text) == (2, "Kettle.volume > 5")
    assert verify.care("A") == Care(0.5, None)


def test_without_it_every_effect_shows_at_once_a_temperature_is_watched_for_a_minute_and_nothing_may_heat() -> None:
    verify = accepted(*HEATED).verify

    assert (verify.settle, verify.watch, verify.care("H")) == (0, 60, Care(0, None))


def test_a_device_settles_as_all_do_unless_it_says_something_else() -> None:
    verify = accepted(*HEATED, "[verify]", "settle = 3", '[verify.devices]\nH = { safe = "Kettle.volume > 5" }').verify

    assert verify.care("H").settle == 3


def test_a_spec_with_it_comes_back_from_its_document() -> None:
    spec = accepted(*HEATED, '[verify.devices]\nH = { safe = "Kettle.volume > 5" }')

    assert from_document(json.loads(json.dumps(spec.document)), "the store") == spec


def test_it_is_no_part_of_what_is_left_of_a_spec_whose_devices_are_not_all_kept() -> None:
    spec = accepted(*HEATED, '[verify.devices]\nH = { safe = "Kettle.volume > 5" }')

    assert from_document(_only(spec.document, {"Kettle", "B"}), "the spec before").verify.devices == {}


def test_editors_are_told_of_it() -> None:
    verify = document_schema(BUILT_IN)["properties"]["verify"]

    assert list(verify["properties"]) == ["settle", "watch", "devices"]
    assert list(verify["properties"]["devices"]["additionalProperties"]["properties"]) == ["settle", "safe"]


def test_in_the_reference_rig_whatever_heats_needs_a_volume_that_no_endpoint_shows() -> None:
    spec = load(Path(mockbrew.__file__).with_name("spec.toml"))
    heating = [name for name, entry in spec.entries.items() if isinstance(entry.device, Heater | Pid)]
    needed = {name: [variable.name for variable in safe.variables] for name in heating if (safe := spec.verify.care(name).safe)}

    assert list(needed) == heating == ["R1", "B1", "B2", "PID1", "PID2", "PID3"]
    assert all(any(name.endswith(".volume") for name in names) for names in needed.values())


# -- what is wrong with it -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("[verify]\nsettle = ▸-1", "verify.settle: -1 is out of range; it must be a number from 0 to 600 s"),
        ('[verify]\nsettle = ▸"1 s"', "verify.settle: '1 s' is a text; it must be a number from 0 to 600 s"),
        ("[verify]\nwatch = ▸0.5", "verify.watch: 0.5 is out of range; it must be a number from 1 to 3600 s"),
        ("[verify]\nwatch = ▸3601", "verify.watch: 3601 is out of range; it must be a number from 1 to 3600 s"),
        ("[verify]\n▸setle = 1", "verify.setle: unknown key 'setle'; known: devices, settle, watch (did you mean 'settle'?)"),
        (
            "[verify.devices]\nH = { settle = ▸601 }",
            "verify.devices.H.settle: 601 is out of range; it must be a number from 0 to 600 s",
        ),
        (
            '[verify.devices]\nH = { ▸save = "Kettle.volume > 5" }',
            "verify.devices.H.save: unknown key 'save'; known: safe, settle (did you mean 'safe'?)",
        ),
        ("[verify.devices]\nH = { safe = ▸true }", "verify.devices.H.safe: true is a boolean; it must be a text"),
        ("[verify.devices]\n▸h = { settle = 1 }", "verify.devices.h: unknown device 'h'; known: A, B, H, Kettle (did you mean 'H'?)"),
        (
            '[verify.devices]\nH = { safe = "▸Ketle.volume > 5" }',
            "verify.devices.H.safe: unknown device 'Ketle'; known: A, B, H, Kettle (did you mean 'Kettle'?)",
        ),
        (
            '[verify.devices]\nH = { safe = "Kettle.volume > 5 and not ▸H.onn" }',
            "verify.devices.H.safe: unknown reading 'onn' of H; known: on, power, state (did you mean 'on'?)",
        ),
        (
            '[verify.devices]\nH = { safe = "Kettle.volume ▸=> 5" }',
            "verify.devices.H.safe: '=>' means nothing here; write >=",
        ),
        (
            '[verify.devices]\nH = { safe = ▸"1 > 0" }',
            "verify.devices.H.safe: it is about no reading, and so always or never; name one, such as 'Mashtun.volume'",
        ),
        (
            '[verify.devices]\n▸A = { safe = "Kettle.volume > 5" }',
            "verify.devices.A: no endpoint commands devices.A, so there is nothing to take care of; delete this",
        ),
        (
            "[verify.devices]\n▸B = { settle = 1 }",
            "verify.devices.B: no endpoint commands devices.B, so there is nothing to take care of; delete this",
        ),
        (
            "[verify.devices]\n▸Kettle = { settle = 1 }",
            "verify.devices.Kettle: no endpoint commands vessels.Kettle, so there is nothing to take care of; delete this",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(lines: str, message: str) -> None:
    assert told(*HEATED, lines) == [message]


def test_all_that_is_wrong_is_told_at_once() -> None:
    lines = ("[verify]", "watch = ▸0", "[verify.devices]", "▸X = { settle = 1 }", 'H = { safe = "▸Y.volume > 5" }')

    assert [message.partition(":")[0] for message in told(*HEATED, *lines)] == ["verify.watch", "verify.devices.X", "verify.devices.H.safe"]


def test_of_a_device_that_is_wrong_itself_nothing_more_is_told() -> None:
    lines = ("[devices]", 'H = { kind = ▸"heatr" }', "[verify.devices]", 'H = { safe = "H.nothing > 3 and Kettle.volume > 5" }')

    (message,) = told(*SWITCH, *KETTLE, *lines)

    assert message.startswith("devices.H.kind: unknown kind 'heatr'")


def test_of_a_device_in_a_misspelt_table_nothing_more_is_told() -> None:
    lines = ("[▸devcies]", 'A = { kind = "valve" }', "[verify.devices]", 'A = { safe = "A.on" }')

    (message,) = told(*KETTLE, *lines)

    assert message.startswith("devcies: unknown key 'devcies'")


def test_of_a_device_whose_interface_is_unknown_it_is_not_told_that_nothing_commands_it() -> None:
    lines = ("[devices]", 'A = { kind = "valve", interface = ▸"swich" }', "[verify.devices]", "A = { settle = 1 }")

    (message,) = told(*SWITCH, *KETTLE, *lines)

    assert message.startswith("devices.A.interface: unknown interface 'swich'")
