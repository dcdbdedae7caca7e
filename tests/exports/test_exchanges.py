"""Exchanges are what the app answers from the states that they name; and they show something."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator

from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device
from mockbrew.devices.declare import Reading, Value
from mockbrew.exports.exchange import Exchange
from mockbrew.exports.exchanges import elsewhere, exchanges
from mockbrew.exports.mockoon import mockoon
from mockbrew.exports.pact import pact
from mockbrew.exports.wiremock import wiremock
from mockbrew.router import Router
from mockbrew.spec import parse
from tests.app.asking import Bench, on_memory
from tests.strategies.specs import KINDS, SILENT, TEXTS, spec

SPECS = {name: spec(name) for name in TEXTS}
EXCHANGES = {name: list(exchanges(known)) for name, known in SPECS.items()}
each_spec = pytest.mark.parametrize("name", SPECS)

GUARDED = """
spec = "1.0"
[interfaces.switch]
on = { url = "/{id}/on", verb = "turn_on", reply = { on = "{state}" } }
off = { url = "/{id}/off", verb = "turn_off", reply = { on = "{state}" } }
[vessels]
Pot = { capacity = 2, volume = 0 }
[devices]
K = { kind = "heater", interface = "switch", vessel = "Pot", power = 2000 }
[hazards.dry]
when = "K.on and Pot.volume < 1"
refuse = true
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute(Device):
    """Never has anything to say."""

    kind = "mute"
    readings = {"word": Reading(lambda mute, state, view: None, {"type": ["string", "null"]}, "a word")}

    def refusal(self, reading: str, value: Value) -> str | None:
        return "it is mute"


MUTE = """
spec = "1.0"
[interfaces.it]
get = { url = "/{id}", reply = { word = "{word}" } }
[devices]
M = { kind = "mute", interface = "it" }
"""


def frozen(name: str) -> Bench:
    bench = on_memory(TEXTS[name], KINDS)
    bench.admin("PUT", "clock", {"rate": 0})
    return bench


def one(says: str, name: str = "reference") -> Exchange:
    (found,) = [exchange for exchange in EXCHANGES[name] if exchange.says == says]
    return found


@each_spec
def test_the_app_answers_each_of_them_from_its_state_byte_for_byte(name: str) -> None:
    bench = frozen(name)

    for exchange in EXCHANGES[name]:
        state = {"state": exchange.state, "params": dict(exchange.params)}
        assert bench.admin("POST", "provider-states", state).status == 200
        answer = bench.ask(unquote(exchange.line), exchange.method)
        assert (answer.status, answer.headers["Content-Type"]) == (exchange.status, exchange.content_type), exchange.says
        told = exchange.body if exchange.status == 200 else standard(answer.json())
        assert told == (answer.body if exchange.status == 200 else standard(json.loads(exchange.body))), exchange.says
        assert exchange.headers.items() <= answer.headers.items()


def standard(refusal: Any) -> Any:
    """A problem without what it has for programs."""
    return {key: value for key, value in refusal.items() if key in ("title", "status", "detail", "fault", "why")}


@each_spec
def test_every_endpoint_has_one_by_each_method_that_shows_a_body(name: str) -> None:
    wanted = Counter(method for each in Router(SPECS[name]).endpoints for method in each.methods if method in ("GET", "POST"))

    assert Counter(exchange.method for exchange in EXCHANGES[name] if exchange.status == 200) == wanted


@each_spec
def test_each_has_words_a_request_and_a_schema_of_its_own(name: str) -> None:
    assert len({exchange.says for exchange in EXCHANGES[name]}) == len(EXCHANGES[name])
    assert len({(exchange.method, exchange.line) for exchange in EXCHANGES[name]}) == len(EXCHANGES[name])
    for exchange in EXCHANGES[name]:
        Draft202012Validator(exchange.schema).validate(json.loads(exchange.body))


@each_spec
def test_the_paths_that_are_answered_like_it_are_those_that_the_verb_takes(name: str) -> None:
    patterns = {exchange.taken: exchange for exchange in EXCHANGES[name] if exchange.taken}
    refused = [exchange.path for exchange in EXCHANGES[name] if exchange.status == 400]

    assert patterns
    for pattern, exchange in patterns.items():
        assert re.fullmatch(pattern, exchange.path)
        assert not any(re.fullmatch(pattern, path) for path in refused)


@pytest.mark.parametrize(
    ("says", "state", "body"),
    [
        ("A: read (get)", "A.state is 1, after a reset", b'{"Sensor":"VanneA","State":1}'),
        ("A: turn_on (start)", "the rig is as after a reset", b'{"Sensor":"VanneA","State":1}'),
        ("A: turn_off (stop)", "A.state is 1, after a reset", b'{"Sensor":"VanneA","State":0}'),
        ("Temp3: read (get)", "Mashtun.temperature is 65.0, after a reset", b'{"Sensor":"Mashtun","Temp":65.0}'),
        ("PID2: read (get_target)", "PID2.setpoint is 65.0, after a reset", b'{"Sensor":"Ebu","Cible":65.0}'),
        ("PID2: set_setpoint (set_target)", "the rig is as after a reset", b'{"Sensor":"Ebu","Cible":65.0}'),
        ("the rig: reset (reset)", "the rig is as after a reset", b'{"Sensor":"Reset","State":1}'),
    ],
)
def test_a_reading_is_not_what_it_is_after_a_reset_and_a_command_changes_something(says: str, state: str, body: bytes) -> None:
    assert (one(says).state, one(says).body) == (state, body)


def test_what_is_refused_is_a_path_a_method_and_arguments_too_great_or_unreadable() -> None:
    refused = {(exchange.status, exchange.method, exchange.path) for exchange in EXCHANGES["reference"] if exchange.status != 200}

    assert {
        (404, "GET", "/no-such-endpoint"),
        (405, "DELETE", "/getA.py"),
        (400, "GET", "/setCible1_111.py"),
        (400, "GET", "/setCible1_no-such-value.py"),
    } <= refused
    assert {status for status, _, _ in refused} == {400, 404, 405}


def test_errors_are_in_the_hardware_s_own_form_where_it_has_one() -> None:
    refused = one("an endpoint that there is not: refused", "lamps")

    assert json.loads(refused.body) == {"fault": 404, "why": "no endpoint '/no-such-endpoint'; nothing comes near"}
    assert refused.schema["properties"]["fault"]["const"] == 404


def test_a_command_that_a_rule_refuses_is_shown_from_a_state_in_which_it_does_not() -> None:
    shown = {exchange.says: exchange for exchange in exchanges(parse(GUARDED, "guarded.toml", BUILT_IN))}

    assert shown["K: turn_on (on)"].params == {"vessels": {"Pot": {"volume": 2}}}
    assert shown["K: turn_on (on)"].body == b'{"on":1}'


def test_an_endpoint_without_any_good_reply_is_left_out_but_not_what_it_refuses() -> None:
    said = [exchange.says for exchange in exchanges(parse(MUTE, "mute.toml", {"mute": Mute}))]

    assert said == ["M: DELETE (get): refused", "an endpoint that there is not: refused"]


def test_a_rig_without_endpoints_has_the_one_that_is_everywhere() -> None:
    silent = parse(SILENT, "silent.toml", BUILT_IN)

    assert list(exchanges(silent)) == [elsewhere(silent)]


QUOTED = """
spec = "1.0"
[interfaces.it]
get = { url = "/{id}", reply = { "l'eau" = "{temperature}", "d'été" = { deep = "{temperature} degC" }, temp-1 = "{temperature}" } }
[vessels]
Pot = { capacity = 2, volume = 1 }
[devices]
T = { kind = "probe", interface = "it", vessel = "Pot" }
"""

# -- formats -------------------------------------------------------------------------------------------------------


def interaction(says: str, name: str = "reference") -> Any:
    (found,) = [each for each in pact(SPECS[name])["interactions"] if each["description"] == says]
    return found


def rules(says: str, name: str = "reference") -> dict[str, Any]:
    """By place, the only matcher there."""
    response = interaction(says, name)["response"]
    return {place: rule["matchers"] for place, rule in response.get("matchingRules", {}).get("body", {}).items()}


@pytest.mark.parametrize(
    ("name", "says", "expected"),
    [
        ("reference", "A: read (get)", {}),
        ("reference", "Temp1: read (get)", {"$.Temp": [{"match": "number"}]}),
        ("reference", "an endpoint that there is not: refused", {"$.detail": [{"match": "type"}]}),
        ("lamps", "L1: read (get)", {"$.light.level": [{"match": "number"}], "$.hours": [{"match": "integer"}]}),
        ("lamps", "L1: read (more)", {"$.lit": [{"match": "boolean"}], "$.note": [{"match": "null"}]}),
        ("lamps", "L1: read (text)", {"$": [{"match": "regex", "regex": r"^[\s\S]+$"}]}),
        ("lamps", "L1: paint (paint)", {}),
        ("lamps", "L1: dim (dim)", {"$.level": [{"match": "number"}]}),
    ],
)
def test_a_pact_matches_words_exactly_and_what_moves_by_its_type(name: str, says: str, expected: Any) -> None:
    assert rules(says, name) == expected


def test_a_key_that_no_path_of_pact_can_name_is_any_key() -> None:
    spec = parse(QUOTED, "quoted.toml", BUILT_IN)
    (read,) = [each for each in pact(spec)["interactions"] if each["description"] == "T: read (get)"]

    found = {place: rule["matchers"] for place, rule in read["response"]["matchingRules"]["body"].items()}
    assert found == {"$.*": [{"match": "type"}], "$.*.deep": [{"match": "type"}], "$['temp-1']": [{"match": "number"}]}


def test_a_pact_says_which_states_arguments_and_headers_belong_to_an_exchange() -> None:
    command, refused = interaction("PID1: set_setpoint (set_target)"), interaction("A: DELETE (get): refused")

    assert command["providerStates"] == [{"name": "the rig is as after a reset", "params": {}}]
    (matcher,) = command["request"]["matchingRules"]["path"]["matchers"]
    assert (matcher["match"], bool(re.fullmatch(matcher["regex"], "/setCible1_110.py"))) == ("regex", True)
    assert not re.fullmatch(matcher["regex"], "/setCible1_110.5.py")
    assert refused["response"]["headers"]["Allow"] == "GET, HEAD, OPTIONS"
    assert interaction("A: read (get)")["providerStates"][0]["params"] == {"devices": {"A": {"state": 1}}}


def test_a_pact_has_the_names_that_it_is_given() -> None:
    by_itself, named = pact(SPECS["reference"]), pact(SPECS["reference"], consumer="touch", provider="brewery")

    assert [by_itself[each]["name"] for each in ("consumer", "provider")] == ["client", "Brasserie trois cuves"]
    assert [named[each]["name"] for each in ("consumer", "provider")] == ["touch", "brewery"]
    assert by_itself["metadata"]["pactSpecification"] == {"version": "3.0.0"}


def left_out() -> Iterator[Any]:
    yield pact(SPECS["reference"])["metadata"]["mockbrew"]["left_out"]
    yield wiremock(SPECS["reference"])["mappings"][-1]["metadata"]["mockbrew"]["left_out"]
    yield json.loads(mockoon(SPECS["reference"])["data"][0]["value"])


def test_each_file_says_what_it_leaves_out() -> None:
    for said in left_out():
        assert [each.partition(":")[0] for each in said[:3]] == ["time", "coupling", "state between requests"]


@pytest.mark.parametrize("export", [pact, wiremock, mockoon])
def test_the_same_spec_gives_the_same_file(export: Any) -> None:
    assert json.dumps(export(spec("lamps"))) == json.dumps(export(SPECS["lamps"]))
