"""Requests that faults of transport hit: what clients get, and what is carried out."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.app.asking import Bench
from tests.app.faulty import OFF, ON, fail, listed


@pytest.mark.parametrize(
    ("document", "status", "body"),
    [
        ({"fault": "status", "code": 404}, 404, '{"title":"Not Found","status":404,"detail":"Nothing matches the given URI"}'),
        ({"fault": "empty"}, 200, ""),
        ({"fault": "truncated"}, 200, OFF[:14]),
        ({"fault": "invalid_json"}, 200, "{" + OFF),
        ({"fault": "content_type"}, 200, OFF),
    ],
)
def test_a_reading_is_answered_faultily(bench: Bench, document: dict[str, Any], status: int, body: str) -> None:
    fail(bench, **document, announce=True)

    answer = bench.ask("/getA.py")

    assert (answer.status, answer.body.decode()) == (status, body)
    assert answer.headers["Content-Length"] == str(len(body))
    assert answer.headers["X-Mockbrew-Fault"] == "f1"


SPOILT = {
    "status": {"code": 500},
    "empty": {},
    "truncated": {},
    "invalid_json": {},
    "content_type": {},
}


@pytest.mark.parametrize("sort", SPOILT)
def test_a_command_that_is_hit_is_not_carried_out(bench: Bench, sort: str) -> None:
    fail(bench, fault=sort, **SPOILT[sort], endpoint="/startA.py", count=1)
    events = bench.store.rigs()[0].events

    bench.ask("/startA.py")

    assert bench.get("/getA.py") == OFF
    assert bench.store.rigs()[0].events == events
    assert bench.get("/startA.py") == ON


@pytest.mark.parametrize("sort", SPOILT)
def test_a_command_that_is_hit_is_carried_out_where_the_fault_says_so_and_answered_alike(bench: Bench, sort: str) -> None:
    fail(bench, fault=sort, **SPOILT[sort], endpoint="/startA.py", count=1)
    unapplied = bench.ask("/startA.py")
    fail(bench, fault=sort, **SPOILT[sort], endpoint="/startA.py", count=1, applied=True)

    applied = bench.ask("/startA.py")

    assert applied == unapplied
    assert bench.get("/getA.py") == ON


def test_a_reset_is_a_command_too(bench: Bench) -> None:
    bench.get("/startA.py")
    fail(bench, fault="empty", endpoint="/Reset.py", count=1)

    assert bench.ask("/Reset.py").body == b""
    assert bench.get("/getA.py") == ON
    assert bench.get("/Reset.py") == '{"Sensor":"Reset","State":1}'
    assert bench.get("/getA.py") == OFF


def test_a_refusal_is_spoilt_as_any_reply_and_nothing_changes(bench: Bench) -> None:
    fail(bench, fault="truncated", share=0.05, applied=True)

    answer = bench.ask("/setCible1_999.py")

    assert (answer.status, answer.body[:8]) == (400, b'{"title"')
    assert len(answer.body) < 30
    bench.admin("DELETE", "faults")
    assert '"Cible":78.0' in bench.get("/getCible1.py")


def test_what_no_endpoint_answers_and_other_methods_are_not_hit(bench: Bench) -> None:
    fail(bench, fault="empty")

    assert bench.ask("/getZ.py").status == 404
    assert bench.ask("/getA.py", "DELETE").status == 405
    assert bench.ask("/getA.py", "OPTIONS").status == 204
    assert listed(bench)[0]["matched"] == 0


def test_head_is_hit_as_get_is(bench: Bench) -> None:
    fail(bench, fault="truncated")

    answer = bench.ask("/getA.py", "HEAD")

    assert (answer.headers["Content-Length"], answer.body) == ("14", b"")
    assert listed(bench)[0]["hits"] == 1


def test_the_control_plane_is_never_hit(bench: Bench) -> None:
    fail(bench, fault="closed")

    assert bench.admin("GET", "state").status == 200
    assert bench.admin("GET", "health").status == 200
    assert listed(bench)[0]["matched"] == 0


def test_other_devices_endpoints_and_rigs_are_not_hit(bench: Bench) -> None:
    bench.ask("/rigs/team-a/startA.py")
    fail(bench, fault="status", code=500, device="A")
    fail(bench, fault="empty", endpoint="/getB.py")

    assert [bench.ask(path).status for path in ("/getA.py", "/startA.py", "/getC.py", "/rigs/team-a/getA.py")] == [500, 500, 200, 200]
    assert [bench.ask(path).body for path in ("/getB.py", "/startB.py")] == [b"", b'{"Sensor":"VanneB","State":1}']
    assert [each["matched"] for each in listed(bench)] == [2, 1]


def test_an_endpoint_with_arguments_is_named_as_it_is_listed(bench: Bench) -> None:
    fail(bench, fault="empty", endpoint="/setCible1_{setpoint}.py", applied=True)

    assert bench.ask("/setCible1_65.py").body == b""
    assert '"Cible":65.0' in bench.get("/getCible1.py")


def test_a_fault_that_was_over_before_a_request_leaves_it_alone(bench: Bench) -> None:
    fail(bench, fault="empty", count=1)
    bench.ask("/getA.py")

    assert bench.get("/startA.py") == ON
    assert listed(bench)[0] == {**listed(bench)[0], "state": "over", "matched": 1, "hits": 1}


def test_clients_that_race_are_counted_each_once(bench: Bench) -> None:
    fail(bench, fault="status", code=500, probability=0.5, count=20, name="half")
    fail(bench, fault="empty", count=30, name="rest")

    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda number: bench.ask("/startA.py" if number % 3 else "/getB.py"), range(90)))

    half, rest = listed(bench)
    assert (half["hits"], rest["hits"]) == (20, 30)
    assert sum(answer.status == 500 for answer in seen) == 20
    assert sum(answer.body == b"" for answer in seen) == 30


def test_a_probe_that_is_open_is_told_by_an_error_where_the_spec_wants_it_so(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.text = bench.text.replace('Temp1 = { kind = "probe",', 'Temp1 = { kind = "probe", open_circuit = "error",')
    bench.restart()
    fail(bench, fault="open_circuit", device="Temp1")

    answer = bench.ask("/getTemp1.py")

    assert answer.status == 503
    assert answer.json()["detail"].startswith("Temp1: temperature can't be read: ")
    assert (answer.json()["device"], answer.json()["reading"]) == ("Temp1", "temperature")
    assert bench.ask("/getTemp2.py").status == 200
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_that_error_is_spoilt_as_any_reply(bench: Bench) -> None:
    bench.text = bench.text.replace('Temp1 = { kind = "probe",', 'Temp1 = { kind = "probe", open_circuit = "error",')
    bench.restart()
    fail(bench, fault="open_circuit", device="Temp1")
    fail(bench, fault="empty", device="Temp1")

    assert bench.get("/getTemp1.py") == ""
