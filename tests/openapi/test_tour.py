"""The tour: each resource says what it answers and shows it, of any spec; and what it shows is what a server answers."""

from __future__ import annotations

import json
from time import process_time
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mockbrew.admin.resources import JSON, Resource
from mockbrew.admin.table import RESOURCES
from mockbrew.devices import BUILT_IN
from mockbrew.openapi.problems import PLANE, document
from mockbrew.openapi.tour import LONGEST, tour
from mockbrew.spec import Spec, parse
from tests.app.asking import REFERENCE_TEXT

SWITCH = """
[interfaces.switch]
get = { url = "/{id}", reply = { state = "{state}" } }
start = { url = "/{id}/on", verb = "turn_on", reply = { state = "{state}" } }
"""
VESSEL = "V = { capacity = 50, volume = 20, loss = 0 }"
SPECS = {
    "nothing": 'spec = "1.0"\n',
    "no vessels": f'spec = "1.0"\n{SWITCH}[devices]\nA = {{ kind = "valve", interface = "switch" }}\n',
    "no endpoints": f'spec = "1.0"\n[vessels]\n{VESSEL}\n[devices]\nT = {{ kind = "probe", vessel = "V" }}\n',
    "nothing that cools": f'spec = "1.0"\n[vessels]\n{VESSEL}\n',
    "a rule that refuses": f'spec = "1.0"\n{SWITCH}[vessels]\n{VESSEL}\n'
    '[devices]\nH = { kind = "heater", vessel = "V", power = 9000, interface = "switch" }\n'
    '[hazards.dry]\nwhen = "H.on and V.volume < 5"\nrefuse = true\n',
    "names with dots": f'spec = "1.0"\n[vessels]\n{VESSEL.replace("V", "V.1-a", 1).replace("V.1-a", chr(34) + "V.1-a" + chr(34), 1)}\n',
    "boils at 60": f'spec = "1.0"\n[rig]\nboiling_point = 60\n[vessels]\n{VESSEL}\n',
}
REFERENCE = parse(REFERENCE_TEXT)


def called(resource: Resource) -> str:
    return f"{resource.method} {resource.path}"


def found(schema: Any, value: Any) -> list[str]:
    """What a schema has against a value."""
    Draft202012Validator.check_schema(schema)
    return [f"{error.json_path}: {error.message[:300]}" for error in Draft202012Validator(schema).iter_errors(value)]


@pytest.fixture(scope="module")
def visited() -> Any:
    return tour(REFERENCE, RESOURCES, BUILT_IN)


# -- each resource says what it answers, and shows it --------------------------------------------------------------


@pytest.mark.parametrize("resource", RESOURCES, ids=called)
def test_each_resource_says_what_it_answers_and_shows_it(resource: Resource, visited: Any) -> None:
    assert resource.reply
    assert resource.status in (200, 201)
    assert set(resource.refuses).isdisjoint({200, 201, 204})
    examples = list(resource.examples(REFERENCE))
    assert [each.example for each in visited[resource.method, resource.path]] == examples
    assert bool(examples) == (resource.path != "openapi.json")  # a document can't show itself


@pytest.mark.parametrize("resource", RESOURCES, ids=called)
def test_each_example_of_a_success_has_words_of_its_own(resource: Resource) -> None:
    examples = list(resource.examples(REFERENCE))

    assert len({each.says for each in examples}) == len(examples)
    assert all(each.says for each in examples) or len(examples) == 1


@pytest.mark.parametrize("spec", [REFERENCE, *map(parse, SPECS.values())], ids=["reference", *SPECS])
def test_what_is_shown_fits_what_is_said_whatever_the_spec(spec: Spec) -> None:
    visited = tour(spec, RESOURCES, BUILT_IN)

    for resource in RESOURCES:
        for each in visited[resource.method, resource.path]:
            if each.status >= 400:
                assert each.status in resource.refusals
                assert found(document(each.status, PLANE), each.body) == []
            else:
                said = resource.tells(spec) if each.content_type == JSON else resource.also[each.content_type]
                assert found(said, each.body) == []
                assert found(resource.takes(spec), dict(each.example.body)) == []
                assert found(resource.body, dict(each.example.body)) == []
                assert found(resource.asks(spec), dict(each.example.query)) == []


@pytest.mark.parametrize("spec", [REFERENCE, *map(parse, SPECS.values())], ids=["reference", *SPECS])
def test_all_schemas_are_json_schema_whatever_the_spec(spec: Spec) -> None:
    for resource in RESOURCES:
        for schema in (resource.reply, resource.tells(spec), resource.takes(spec), resource.asks(spec), *resource.also.values()):
            Draft202012Validator.check_schema(schema)
            json.dumps(schema, allow_nan=False)


# -- real, and the same every time ---------------------------------------------------------------------------------


def test_it_is_the_same_every_time(visited: Any) -> None:
    assert tour(REFERENCE, RESOURCES, BUILT_IN) == visited


def test_an_example_knows_nothing_of_the_others(visited: Any) -> None:
    backwards = tour(REFERENCE, tuple(reversed(RESOURCES)), BUILT_IN)

    assert {key: each for key, each in backwards.items() if key != ("GET", "")} == {
        key: each for key, each in visited.items() if key != ("GET", "")
    }


def test_an_example_shows_hazards_faults_and_refusals(visited: Any) -> None:
    hazards, faults, refused = visited["GET", "hazards"][0], visited["GET", "faults"][0], visited["POST", "clock/run-until"][1]

    assert hazards.body["hazards"][0]["rule"] == "dry-fire-hot-tank"
    assert faults.body["faults"][0]["name"] == "slow-line"
    assert (refused.status, refused.body["time"]) == (409, 60.0)


def test_what_a_spec_has_no_use_for_is_left_out() -> None:
    visited = tour(parse(SPECS["nothing"]), RESOURCES, BUILT_IN)

    assert visited["PATCH", "state"] == visited["GET", "history"] == ()
    assert [each.example.says for each in visited["POST", "faults"]] == ["of transport", "several", "a name that is taken"]


# -- bounded -------------------------------------------------------------------------------------------------------


def test_it_is_quick_and_short_for_the_reference_rig(visited: Any) -> None:
    began = process_time()
    tour(REFERENCE, RESOURCES, BUILT_IN)

    assert process_time() - began < 1  # 0.2 s
    assert all(len(json.dumps(each.body)) <= LONGEST for shown in visited.values() for each in shown)


def test_a_big_spec_is_shown_in_part() -> None:
    valves = "".join(f'A{number} = {{ kind = "valve", interface = "switch" }}\n' for number in range(3_000))
    big = parse(f'spec = "1.0"\n{SWITCH}[devices]\n{valves}')

    visited = tour(big, RESOURCES, BUILT_IN)

    assert visited["GET", "routes"] == visited["GET", "spec"] == ()
    assert sum(len(json.dumps(each.body)) for shown in visited.values() for each in shown) < 200_000
    assert list(visited["GET", "state"][0].body["devices"]) == ["A0", "A1500", "A2999"]
