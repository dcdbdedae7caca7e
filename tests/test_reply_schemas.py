"""Schemas of replies: whatever the app answers is valid, and whatever differs from it in its form isn't."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mockbrew.endpoints import Endpoint
from mockbrew.reply_schemas import reply_schema
from mockbrew.routes import addresses
from mockbrew.spec import Spec
from tests.app.asking import REFERENCE_TEXT, Bench, on_memory

WORDS = r"""
spec = "1.0"

[rig.endpoints]
zero = { url = "/zero", verb = "reset", reply = { done = [true, 1.5, "{{}}", []], nothing = {} }, content_type = "text/json" }

[vessels]
Kettle = { capacity = 50, volume = 10, interface = "vessel", place = "under (1+1)*2 $ | \\ [x] ^ {y}? é" }

[interfaces.vessel]
get = { url = "/v/{id}", reply = { says = "{place}: {volume} of {capacity} L, {boiling}", all = [["{volume}", "{capacity}"], "{place}"] } }

[interfaces.probe]
get  = { url = "/{id}/{bus}", reply = { "t é $" = "{temperature}", bus = "{bus}", text = "{temperature} °C", noise = "{noise}" } }
fixed = { url = "/{id}", reply = "{id} on {bus}" }

[interfaces.loop]
get = { url = "/{id}/{n}", reply = [{ on = "{state}", outputs = "{heaters}", of = "{process_value}", duty = "<{duty}>" }] }
set = { url = "/{id}/{n}/{setpoint}", verb = "set_setpoint", reply = "ok {setpoint} {id}" }
other = { url = "/{id}/{n}/{setpoint}/x", verb = "set_setpoint", reply = { now = "{setpoint}", low = "{lowest}" } }

[interfaces.switch]
get = { url = "/s/{id}", reply = { on = "{on}", state = "{state}!", feedback = "{feedback}" } }

[overrides]
Two.get.reply = { own = "{temperature}", of = { of = "{vessel}" } }

[devices]
One = { kind = "probe", vessel = "Kettle", interface = "probe", bus = 7 }
Two.kind = "probe"
Two.vessel = "Kettle"
Two.interface = "probe"
Two.bus = "b-1"
H = { kind = "heater", vessel = "Kettle", power = 100, interface = "switch" }
Loop = { kind = "pid", probe = "One", heaters = ["H"], setpoint = 1e-7, lowest = -5, highest = 50.5, interface = "loop", n = 2 }
"""
OPEN = {"device": "One", "fault": "open_circuit"}

SPECS = {"the reference rig": REFERENCE_TEXT, "a rig of odd words": WORDS}


def asked(bench: Bench) -> Iterator[tuple[Spec, Endpoint, Any]]:
    """Each endpoint with a reply of it."""
    spec = bench.app.spec
    for address in addresses(spec):
        yield spec, address.endpoint, json.loads(bench.get(address.sample))


def wrong(schema: dict[str, Any], reply: Any) -> list[str]:
    Draft202012Validator.check_schema(schema)
    return [error.message for error in Draft202012Validator(schema).iter_errors(reply)]


@pytest.mark.parametrize("name", SPECS)
def test_every_reply_is_valid(name: str) -> None:
    bench = on_memory(SPECS[name])

    for _ in range(3):  # as it begins; as its commands left it; later
        assert [(endpoint.url, why) for spec, endpoint, reply in asked(bench) if (why := wrong(reply_schema(spec, endpoint), reply))] == []
        bench.wait(1000)


def test_what_a_broken_probe_shows_is_valid() -> None:
    bench = on_memory(WORDS)

    made = bench.admin("POST", "faults", OPEN)
    shown = json.loads(bench.get("/One/7"))
    (schema,) = [reply_schema(spec, endpoint) for spec, endpoint, _ in asked(bench) if endpoint.url == "/One/7"]

    assert made.status == 201
    assert shown == {"t é $": None, "bus": 7, "text": "null °C", "noise": 0.0}
    assert wrong(schema, shown) == []


# -- mutations -----------------------------------------------------------------------------------------------------


def mutated(reply: Any) -> Iterator[Any]:
    """The reply with one thing in it that is of another form."""
    if isinstance(reply, dict):
        yield {**reply, "more": 1}
        for key, value in reply.items():
            yield {other: reply[other] for other in reply if other != key}
            yield from ({**reply, key: each} for each in mutated(value))
    elif isinstance(reply, list):
        yield [*reply, 1]
        for at, value in enumerate(reply):
            yield [*reply[:at], *reply[at + 1 :]]
            yield from ([*reply[:at], each, *reply[at + 1 :]] for each in mutated(value))
    yield [reply] if not isinstance(reply, list) else {"0": reply}
    yield from {str: (1, f"{reply}x", f"x{reply}", True, ""), bool: ("true", 1), int: (str(reply), False), float: (str(reply), True)}.get(
        type(reply), ()
    )


@pytest.mark.parametrize("name", SPECS)
def test_no_reply_of_another_form_is_valid(name: str) -> None:
    passing = [
        (endpoint.url, each)
        for spec, endpoint, reply in asked(on_memory(SPECS[name]))
        for each in mutated(reply)
        if not wrong(reply_schema(spec, endpoint), each)
    ]

    assert passing == []


def test_another_constant_is_not_valid() -> None:
    spec = on_memory(WORDS).app.spec
    schemas = {address.endpoint.url: reply_schema(spec, address.endpoint) for address in addresses(spec)}

    assert wrong(schemas["/One/7"], {"t é $": 20.0, "bus": 8, "text": "20.0 °C", "noise": 0.5}) == ["7 was expected", "0.0 was expected"]
    assert wrong(schemas["/s/H"], {"on": 2, "state": "1!", "feedback": True}) == ["2 is not one of [0, 1]", "False was expected"]


@pytest.mark.parametrize(
    ("url", "schema"),
    [
        (
            "/startPID1.py",
            {
                "type": "object",
                "properties": {
                    "Sensor": {"type": "string", "const": "HotTank"},
                    "PID": {"type": "integer", "enum": [0, 1], "description": "1 while it controls"},
                },
                "required": ["Sensor", "PID"],
                "additionalProperties": False,
            },
        ),
        (
            "/setCible3_{setpoint}.py",
            {
                "type": "object",
                "properties": {
                    "Sensor": {"type": "string", "const": "Ebu"},
                    "Cible": {"type": "number", "description": "the wanted temperature [degC]"},
                },
                "required": ["Sensor", "Cible"],
                "additionalProperties": False,
            },
        ),
    ],
)
def test_the_schema_of_an_endpoint_reads_like_this(url: str, schema: Any) -> None:
    spec = on_memory().app.spec
    (endpoint,) = [address.endpoint for address in addresses(spec) if address.endpoint.url == url]

    assert reply_schema(spec, endpoint) == schema


def test_what_stands_in_a_longer_text_is_a_pattern() -> None:
    spec = on_memory(WORDS).app.spec
    schemas = {address.endpoint.url: reply_schema(spec, address.endpoint) for address in addresses(spec)}
    number = r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"

    assert schemas["/Loop/2/{setpoint}"] == {"type": "string", "pattern": f"^ok {number} Loop$"}
    assert schemas["/One/7"]["properties"]["text"] == {"type": "string", "pattern": f"^({number}|null) °C$"}
    assert schemas["/One"] == {"type": "string", "const": "One on 7"}
    assert schemas["/s/H"]["properties"]["state"] == {"type": "string", "pattern": "^(0|1)!$"}
