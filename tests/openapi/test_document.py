"""The document by itself: valid OpenAPI 3.1, with names given once and examples that fit."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator

from mockbrew.beginning import Refused
from mockbrew.endpoints import Endpoint
from mockbrew.openapi.names import Names
from mockbrew.openapi.samples import MOST, Samples
from mockbrew.router import Router
from mockbrew.spec import Spec, parse
from tests.openapi.documents import LOCKED, TEXTS, described, specs
from tests.openapi.judge import Judge

CONTRACT: list[dict[str, Any]] = json.loads(Path("tests/contract/examples.json").read_text("utf-8"))["endpoints"]


@pytest.fixture(scope="module")
def judges() -> dict[str, Judge]:
    return {name: described(text) for name, text in TEXTS.items()}


@pytest.fixture(scope="module")
def reference(judges: dict[str, Judge]) -> Judge:
    return judges["the reference rig"]


def faults(judge: Judge) -> list[str]:
    return [error.message for error in OpenAPIV31SpecValidator(dict(judge.document)).iter_errors()]


@pytest.mark.parametrize("token", [False, True])
@pytest.mark.parametrize("name", TEXTS)
def test_it_is_valid_openapi(name: str, *, token: bool) -> None:
    assert faults(described(TEXTS[name], token=token, rig="team-a")) == []


@given(specs())
@settings(max_examples=15, deadline=None)
def test_it_is_valid_openapi_whatever_the_spec(spec: Spec) -> None:
    judge = described(spec)

    assert faults(judge) == []
    assert misfits(judge) == []
    assert repeated(judge) == []


def misfits(judge: Judge) -> list[tuple[str, list[str]]]:
    return [(where, wrong) for where, schema, example in judge.examples() if (wrong := judge.against(schema, example))]


def repeated(judge: Judge) -> list[str]:
    names = [operation["operationId"] for _, _, operation in judge.operations()]
    return [name for name in names if names.count(name) > 1]


@pytest.mark.parametrize("name", TEXTS)
def test_every_example_fits_its_schema(judges: dict[str, Judge], name: str) -> None:
    assert len(list(judges[name].examples())) > 30
    assert misfits(judges[name]) == []


@pytest.mark.parametrize("name", TEXTS)
def test_no_operation_has_the_name_of_another(judges: dict[str, Judge], name: str) -> None:
    assert repeated(judges[name]) == []


@given(st.lists(st.lists(st.sampled_from(["a", "a_2", "a.2", "_2", "é", ""]), min_size=1, max_size=2)))
def test_names_are_given_once_each_and_are_letters_digits_and_underscores(asked: list[list[str]]) -> None:
    names = Names()
    given_out = [names.new(*words) for words in asked]

    assert len(set(given_out)) == len(given_out)
    assert all(name.isascii() and name.replace("_", "a").isalnum() for name in given_out if name)


def test_every_link_leads_to_an_operation(judges: dict[str, Judge]) -> None:
    judge = judges["locked"]
    names = {operation["operationId"] for _, _, operation in judge.operations()}
    responses = [judge.resolved(each) for _, _, operation in judge.operations() for each in operation["responses"].values()]
    links = {link["operationId"] for response in responses for link in response.get("links", {}).values()}

    assert links <= names
    assert links == {
        "B_get",
        "Valve_get",
        "admin_faults_name_delete",
        "admin_snapshots_name_delete",
        "admin_snapshots_name_restore_post",
    }


@pytest.mark.parametrize("name", TEXTS)
def test_no_schema_is_a_mere_true_or_false_which_generators_of_clients_do_not_read(judges: dict[str, Judge], name: str) -> None:
    assert sorted(where for where, schema in schemas(judges[name].document) if isinstance(schema, bool)) == []


def schemas(node: Any, where: str = "#") -> Iterator[tuple[str, Any]]:
    """All that stands where a schema does, but for `additionalProperties`, which all tools read."""
    if isinstance(node, list):
        for place, each in enumerate(node):
            yield from schemas(each, f"{where}/{place}")
    if isinstance(node, dict):
        for key, each in node.items():
            below = f"{where}/{key}"
            yield from ((f"{below}/{name}", one) for name, one in each.items()) if key in ("properties", "patternProperties") else ()
            yield from ((f"{below}/{place}", one) for place, one in enumerate(each)) if key in ("oneOf", "anyOf", "prefixItems") else ()
            yield from [(below, each)] if key in ("schema", "items", "not", "if", "then", "contentSchema") else ()
            yield from schemas(each, below) if key not in ("example", "examples", "const", "enum") else ()


# -- what it describes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("endpoint", CONTRACT, ids=lambda endpoint: endpoint["path"])
def test_each_path_of_the_contract_is_described_once_by_each_of_its_methods(reference: Judge, endpoint: dict[str, Any]) -> None:
    path = endpoint["path"]
    command = path.startswith(("/Reset", "/start", "/stop", "/set"))
    found = {method: reference.described(path, method) for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")}

    assert {method: len(templates) for method, templates in found.items() if templates} == dict.fromkeys(
        ("GET", "POST", "OPTIONS") if command else ("GET", "HEAD", "OPTIONS"), 1
    )


@pytest.mark.parametrize("text", ["111", "-1", "1e1", "+1", "", "66,5", ".5", "110.0000000000001", " 66"])
def test_a_setpoint_that_is_refused_is_not_described(reference: Judge, text: str) -> None:
    assert reference.described(f"/setCible1_{text}.py") == []
    assert reference.described("/setCible1_66.5.py") == ["/setCible1_{setpoint}.py"]


def test_a_reading_reads_like_this(reference: Judge) -> None:
    item = reference.document["paths"]["/getTemp1.py"]

    assert item["get"]["operationId"] == "Temp1_get"
    assert item["get"]["tags"] == ["probe"]
    assert item["get"]["summary"] == "Temp1: read temperature: the temperature that it measures"
    assert list(item["get"]["responses"]) == ["200", "400", "500", "503"]
    assert reference.resolved(item["get"]["responses"]["200"])["content"] == {
        "application/json": {"schema": {"$ref": "#/components/schemas/Temp1_get"}, "example": {"Sensor": "HotTank", "Temp": 20.0}}
    }
    assert reference.document["components"]["schemas"]["Temp1_get"] == {
        "type": "object",
        "properties": {
            "Sensor": {"type": "string", "const": "HotTank"},
            "Temp": {"type": ["number", "null"], "description": "the temperature that it measures [degC]"},
        },
        "required": ["Sensor", "Temp"],
        "additionalProperties": False,
    }


def test_replies_and_bodies_have_named_schemas_and_those_that_are_equal_have_one(reference: Judge) -> None:
    paths, named = reference.document["paths"], reference.document["components"]["schemas"]
    contents = [each["content"] for _, _, operation in reference.operations() for each in said(reference, operation)]
    names = [name for name in named if not name.startswith("Problem")]
    own = [content["application/json"]["schema"] for content in contents if "application/json" in content]

    assert {schema["$ref"].rpartition("/")[0] for schema in own} == {"#/components/schemas"}
    assert len({json.dumps(named[name], sort_keys=True) for name in names}) == len(names) > 40
    assert {schema_of(reference, paths[path]) for path in ("/getA.py", "/startA.py", "/stopA.py")} == {"#/components/schemas/A_get"}


def said(judge: Judge, operation: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What of an operation has a content: its body and its replies."""
    each = [operation.get("requestBody", {}), *(judge.resolved(response) for response in operation["responses"].values())]
    return [one for one in each if "content" in one]


def schema_of(judge: Judge, item: Mapping[str, Any]) -> str:
    reference: str = judge.resolved(item["get"]["responses"]["200"])["content"]["application/json"]["schema"]["$ref"]
    return reference


def test_only_commands_of_a_cell_with_a_rule_that_refuses_may_be_refused_by_it(judges: dict[str, Judge]) -> None:
    paths = judges["locked"].document["paths"]

    assert {path for path, item in paths.items() if not path.startswith("/__admin") and "409" in item["get"]["responses"]} == {"/startB"}


def test_a_command_that_is_refused_at_the_beginning_has_no_example(judges: dict[str, Judge]) -> None:
    judge = judges["locked"]
    refused, done = (judge.resolved(judge.document["paths"][path]["get"]["responses"]["200"]) for path in ("/startB", "/startValve"))

    assert "example" not in refused["content"]["application/json"]
    assert done["content"]["application/json"]["example"] == {"on": 1}


def test_where_a_cell_is_very_large_not_every_command_has_an_example_and_every_reading_has() -> None:
    entries = 2_000
    heaters = "\n".join(f'H{place} = {{ kind = "heater", interface = "s", vessel = "Kettle", power = 10 }}' for place in range(entries - 1))
    interface = LOCKED.partition("[interfaces.p]")[0]
    spec = parse(f"{interface}[vessels]\nKettle = {{ capacity = 50, volume = 20 }}\n[devices]\n{heaters}")

    samples = Samples(spec)
    shown = Counter(endpoint.name for endpoint in Router(spec).endpoints if _is_shown(samples, endpoint))

    assert shown == {"get": entries - 1, "start": MOST // entries**2}


def _is_shown(samples: Samples, endpoint: Endpoint) -> bool:
    try:
        return bool(samples.reply(endpoint))
    except Refused:
        return False


def test_the_hardwares_own_errors_are_described_in_its_own_form_and_those_of_the_control_plane_are_not(judges: dict[str, Judge]) -> None:
    responses = judges["own errors"].document["components"]["responses"]
    own = {name: list(each["content"]) for name, each in responses.items() if name in ("BadRequest", "NotFound", "AdminBadRequest")}

    assert own == {
        "BadRequest": ["text/plain"],
        "NotFound": ["application/json"],
        "AdminBadRequest": ["application/problem+json"],
    }
    assert responses["NotFound"]["content"]["application/json"]["schema"]["properties"]["code"] == {"type": "integer", "const": 404}


def test_the_rig_that_is_spoken_to_comes_first_among_the_servers() -> None:
    servers = {rig: [server["url"] for server in described(LOCKED, rig=rig).document["servers"]] for rig in ("default", "team-a")}

    assert servers == {"default": ["/", "/rigs/{rig}"], "team-a": ["/rigs/team-a", "/", "/rigs/{rig}"]}


def test_with_a_token_all_of_the_control_plane_but_what_is_open_asks_for_it() -> None:
    judges = {token: described(LOCKED, token=token) for token in (False, True)}
    secured = {token: {path for path, _, each in judge.operations() if "security" in each} for token, judge in judges.items()}
    plane = {path for path in judges[True].document["paths"] if path.startswith("/__admin")}

    assert secured == {False: set(), True: plane - {"/__admin/health", "/__admin/ready"}}
    assert "401" not in judges[False].document["paths"]["/__admin/clock"]["get"]["responses"]
    assert "401" in judges[True].document["paths"]["/__admin/clock"]["get"]["responses"]


@pytest.mark.parametrize("content_type", ["Application/JSON", "application/vnd.rig+JSON; v=1"])
def test_capitals_make_no_other_content_type(content_type: str) -> None:
    judge = described(LOCKED.replace('get = { url = "/get{id}", ', f'get = {{ content_type = "{content_type}", url = "/get{{id}}", '))
    content = judge.resolved(judge.document["paths"]["/getB"]["get"]["responses"]["200"])["content"]

    assert [each["example"] for each in content.values()] == [{"on": 0}]
