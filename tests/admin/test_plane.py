"""From a request to its resource: the listing, what is not there, methods, rigs, and refusals in the words of the control plane."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mockbrew.admin.plane import Plane
from mockbrew.admin.resources import Answer, Call, Desk, Resource, fields
from mockbrew.admin.table import RESOURCES
from mockbrew.errors import NoSuchEndpoint, NoSuchRig
from mockbrew.messages import Request
from tests.app.asking import REFERENCE_TEXT, Bench, on_file, on_memory

HARDWARE = '\n[errors]\ndefault = { reply = { Erreur = "{status}" } }\n'


@pytest.fixture
def bench() -> Bench:
    return on_memory()


# -- the table -----------------------------------------------------------------------------------------------------


def test_the_control_plane_lists_itself_with_what_each_resource_takes(bench: Bench) -> None:
    listed = bench.ask("/__admin/").json()

    assert listed["rig"] == "default"
    assert listed["resources"]["/__admin/reset"] == {
        "POST": {
            "does": "put plant and controllers back to their initial state; clock, faults, journal, snapshots stay",
            "query": {},
            "body": {"type": "object", "properties": {}, "required": [], "additionalProperties": False},
        }
    }
    assert list(listed["resources"]["/__admin/rigs/{name}"]) == ["DELETE"]
    assert bench.ask("/__admin").json() == listed
    assert bench.ask("/rigs/team-a/__admin/").json() == {**listed, "rig": "team-a"}


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: f"{resource.method} {resource.path}")
def test_every_resource_is_told_in_one_sentence_and_its_schemas_refuse_what_they_don_t_know(resource: Resource) -> None:
    assert resource.method in ("GET", "POST", "PUT", "PATCH", "DELETE")
    assert resource.path.count("{") in (0, resource.path.count("{name}"))
    assert resource.does
    assert resource.does[0].islower()
    assert not resource.does.endswith(".")
    assert resource.query["additionalProperties"] is False
    assert resource.body["type"] == "object"


def test_no_two_resources_are_at_one_place() -> None:
    places = [(resource.method, resource.path) for resource in RESOURCES]

    assert len(places) == len(set(places))


def test_only_health_and_readiness_are_open_to_everybody() -> None:
    assert {resource.path for resource in RESOURCES if resource.open} == {"health", "ready"}


# -- paths and methods ---------------------------------------------------------------------------------------------


def test_an_unknown_path_is_told_what_comes_near(bench: Bench) -> None:
    answer = bench.ask("/__admin/helth")

    assert answer.status == 404
    assert answer.json()["nearest"][0] == {"url": "/__admin/health", "why": "'a' is missing after '/__admin/he'"}
    assert answer.json()["detail"].startswith(
        "no endpoint '/__admin/helth'; nearest: /__admin/health ('a' is missing after '/__admin/he'), "
    )


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/__admin/rig/a", {"url": "/__admin/rigs/{name}", "why": "'s' is missing after '/__admin/rig'"}),
        ("/__admin/health/", {"url": "/__admin/health", "why": "extra '/' at the end"}),
        ("/__admin/Clock", {"url": "/__admin/clock", "why": "'C' where 'c' stands; capitals count"}),
        ("/__admin/snapshots/nice/restor", {"url": "/__admin/snapshots/{name}/restore", "why": "'e' is missing at the end"}),
        ("/__admin/clock/advänce".encode().decode("latin-1"), {"url": "/__admin/clock/advance", "why": "'ä' where 'a' stands"}),
    ],
)
def test_an_unknown_path_is_told_why_it_is_none(bench: Bench, path: str, near: dict[str, str]) -> None:
    assert bench.ask(path).json()["nearest"][0] == near


@pytest.mark.parametrize("path", ["/__admin/health/", "/__admin//health", "/__admin/rigs/", "/__admin/rigs/a/b", "/__admin/" + "x" * 5000])
def test_a_path_means_a_resource_or_it_does_not(bench: Bench, path: str) -> None:
    answer = bench.ask(path)

    assert answer.status == 404
    assert len(answer.body) < 1000


@pytest.mark.parametrize("path", ["/__adminx", "/x/__admin/", "/rigs/team-a/x/__admin/", "/rigs/team-a/rigs/team-b/__admin/"])
def test_what_only_looks_like_the_control_plane_is_the_hardware_s(path: str) -> None:
    assert on_memory(REFERENCE_TEXT + HARDWARE).ask(path).json() == {"Erreur": 404}


def test_another_method_is_refused_with_those_that_there_are(bench: Bench) -> None:
    bench.get("/startA.py")

    answer = bench.admin("PUT", "reset")

    assert (answer.status, answer.headers["Allow"]) == (405, "POST, OPTIONS")
    assert bench.get("/getA.py") == '{"Sensor":"VanneA","State":1}'


def test_options_says_what_is_allowed_and_changes_nothing(bench: Bench) -> None:
    bench.get("/startA.py")

    answer = bench.admin("OPTIONS", "reset")

    assert (answer.status, answer.headers["Allow"], answer.body) == (204, "POST, OPTIONS", b"")
    assert bench.get("/getA.py") == '{"Sensor":"VanneA","State":1}'


def test_head_is_get_without_the_body(bench: Bench) -> None:
    answer = bench.admin("HEAD", "rig")

    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(bench.admin("GET", "rig").body))
    assert bench.admin("OPTIONS", "rig").headers["Allow"] == "GET, PUT, HEAD, OPTIONS"


# -- rigs ----------------------------------------------------------------------------------------------------------


def test_what_reads_an_absent_rig_is_404_and_what_writes_makes_it(bench: Bench) -> None:
    assert bench.admin("GET", "rig", rig="team-a").status == 404

    assert bench.admin("POST", "reset", rig="team-a").status == 200

    assert bench.admin("GET", "rig", rig="team-a").json()["rig"] == "team-a"


def test_a_refused_write_makes_no_rig(bench: Bench) -> None:
    assert bench.admin("POST", "reset", {"hard": True}, rig="team-a").status == 400

    assert bench.admin("GET", "rig", rig="team-a").status == 404


def test_the_default_rig_is_always_there(bench: Bench) -> None:
    assert bench.ask("/__admin/rig").json()["rig"] == "default"


def test_the_rig_may_be_named_by_the_header(bench: Bench) -> None:
    bench.admin("POST", "reset", rig="team-a")

    answer = bench.ask("/__admin/rig", HTTP_X_MOCKBREW_RIG="team-a")

    assert (answer.json()["rig"], answer.headers["X-Mockbrew-Rig"]) == ("team-a", "team-a")


# -- refusals ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/__admin/nothing", "/rigs/team-a/__admin/rig", "/rigs/TEAM/__admin/rig"])
def test_refusals_are_problem_documents_also_where_the_hardware_has_a_shape_of_its_own(path: str) -> None:
    bench = on_memory(REFERENCE_TEXT + HARDWARE)

    answer = bench.ask(path)

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["status"] == answer.status
    assert bench.ask("/rigs/TEAM/getA.py").json() == {"Erreur": 400}


def test_a_refusal_lists_every_mistake(bench: Bench) -> None:
    answer = bench.admin("POST", "reset?hard=1", {"sft": True})

    assert answer.status == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["hard", "sft"]


def test_a_refused_request_to_the_control_plane_is_in_no_journal(bench: Bench) -> None:
    bench.get("/getA.py")
    with bench.store.transaction() as transaction:
        (row,) = transaction.rigs()
        transaction.put_rig(replace(row, recording=1))

    bench.admin("POST", "reset", {"hard": True})

    assert bench.admin("GET", "journal").json()["entries"] == []


# -- resources by themselves ---------------------------------------------------------------------------------------


def echo(desk: Desk, call: Call) -> Answer:
    return Answer([call.rig, call.name, dict(call.query), dict(call.body), call.asked])


def told(bench: Bench, method: str, path: str, body: bytes = b"", query: str = "", rig: str = "default") -> Any:
    """What a resource of these is called with."""
    kept = fields({"at": {"type": "number"}})
    resources = (
        Resource("GET", "snapshots/all", "", echo),
        Resource("GET", "snapshots/{name}", "", echo, query=kept),
        Resource("POST", "snapshots/{name}/restore", "", echo, body=kept),
        Resource("DELETE", "snapshots/{name}", "", echo),
        Resource("GET", "kinds", "", echo, absent="served"),
        Resource("POST", "journal/verify", "", echo, absent="refused"),
    )
    desk = replace(bench.app._served.plane.desk, resources=resources)
    request = Request(method, f"/__admin/{path}", rig, {"QUERY_STRING": query}, body)
    return json.loads(Plane(desk).answer(request)[2])


def test_a_resource_is_called_with_what_the_request_says(bench: Bench) -> None:
    assert told(bench, "POST", "snapshots/before mash-in/restore", b'{"at": 5}') == [
        "default",
        "before mash-in",
        {},
        {"at": 5},
        ["POST", "/__admin/snapshots/before mash-in/restore"],
    ]
    assert told(bench, "GET", "snapshots/x", query="at=5")[2:] == [{"at": 5}, {}, ["GET", "/__admin/snapshots/x?at=5"]]


def test_a_name_is_text_whatever_wsgi_makes_of_it(bench: Bench) -> None:
    assert told(bench, "DELETE", "snapshots/" + "empâtage".encode().decode("latin-1"))[1] == "empâtage"


def test_an_exact_path_beats_one_with_a_name(bench: Bench) -> None:
    assert told(bench, "GET", "snapshots/all")[1] == ""


@pytest.mark.parametrize("path", ["snapshots/", "snapshots/a/b", "snapshots//restore", "snapshots/a/restore/"])
def test_a_name_is_one_segment_that_is_not_empty(bench: Bench, path: str) -> None:
    with pytest.raises(NoSuchEndpoint):
        told(bench, "POST", path)


@pytest.mark.parametrize(("method", "path"), [("GET", "snapshots/all"), ("DELETE", "snapshots/a"), ("POST", "journal/verify")])
def test_a_resource_that_needs_a_rig_is_not_called_without_one(bench: Bench, method: str, path: str) -> None:
    with pytest.raises(NoSuchRig):
        told(bench, method, path, rig="team-a")


@pytest.mark.parametrize(("method", "path"), [("GET", "kinds"), ("POST", "snapshots/a/restore")])
def test_one_that_makes_it_or_does_not_care_is(bench: Bench, method: str, path: str) -> None:
    assert told(bench, method, path, rig="team-a")[0] == "team-a"


# -- the spec ------------------------------------------------------------------------------------------------------


def test_a_changed_spec_is_followed_with_the_body_of_the_request(tmp_path: Path) -> None:
    bench = on_file(tmp_path)
    bench.get("/startA.py")
    elsewhere = replace(bench, text=REFERENCE_TEXT.replace("volume = 40", "volume = 39", 1))
    elsewhere.get("/startC.py")

    answer = bench.admin("POST", "reset", {"hard": True})

    assert answer.json()["errors"][0]["field"] == "hard"
    assert bench.get("/getA.py") == '{"Sensor":"VanneA","State":1}'
