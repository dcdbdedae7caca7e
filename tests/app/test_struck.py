"""Requests that faults of transport hit: what clients see, what is carried out, and what the journal says."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from mockbrew.admin.access import LOCAL
from mockbrew.app import App
from tests.app.asking import Bench, on_file, on_memory
from tests.app.faulty import OFF, ON, fail, journal, listed


@pytest.fixture(params=["memory", "file"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = on_file(tmp_path) if request.param == "file" else on_memory()
    made.admin("PUT", "clock", {"rate": 0})  # which takes effect 5 ms later
    yield made
    made.store.close()


# -- what clients see ----------------------------------------------------------------------------------------------


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


def test_a_delay_holds_the_reply_back_and_then_serves_what_is_so(bench: Bench) -> None:
    def meanwhile(seconds: float) -> None:
        waited.append(seconds)
        inner.ask("/startA.py")

    waited: list[float] = []
    inner = Bench(bench.store, machine=bench.machine)  # another worker; it would wait for ever for a lock that is held
    bench.app = App(bench.read_spec, bench.store, bench.kinds, LOCAL, wait=meanwhile)
    fail(bench, fault="delay", seconds=2.5, endpoint="/getA.py", announce=True)

    answer = bench.ask("/getA.py")

    assert (answer.body.decode(), answer.headers["X-Mockbrew-Fault"]) == (ON, "f1")
    assert waited == [2.5]


def test_a_delayed_command_is_carried_out_after_the_wait(bench: Bench) -> None:
    seen: list[bytes] = []
    inner = Bench(bench.store, machine=bench.machine)
    bench.app = App(bench.read_spec, bench.store, bench.kinds, LOCAL, wait=lambda _: seen.append(inner.ask("/getA.py").body))
    fail(bench, fault="delay", seconds=1, endpoint="/startA.py")

    assert bench.get("/startA.py") == ON
    assert seen == [OFF.encode()]


def test_where_no_fault_hits_nobody_waits(bench: Bench) -> None:
    waited: list[float] = []
    bench.app = App(bench.read_spec, bench.store, bench.kinds, LOCAL, wait=waited.append)
    fail(bench, fault="delay", seconds=1, probability=0.0)

    assert bench.get("/startA.py") == ON
    assert bench.get("/getA.py") == ON
    assert waited == []
    assert listed(bench)[0]["matched"] == 2


def test_clients_that_race_are_counted_each_once(bench: Bench) -> None:
    fail(bench, fault="status", code=500, probability=0.5, count=20, name="half")
    fail(bench, fault="empty", count=30, name="rest")

    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda number: bench.ask("/startA.py" if number % 3 else "/getB.py"), range(90)))

    half, rest = listed(bench)
    assert (half["hits"], rest["hits"]) == (20, 30)
    assert sum(answer.status == 500 for answer in seen) == 20
    assert sum(answer.body == b"" for answer in seen) == 30


# -- what the journal says -----------------------------------------------------------------------------------------


def test_the_journal_says_which_fault_hit_a_reading_and_what_its_client_got(bench: Bench) -> None:
    fail(bench, fault="truncated", device="A", name="cut")

    bench.ask("/getA.py")
    bench.ask("/getB.py")

    assert journal(bench) == [
        {"method": "GET", "url": "/getA.py", "device": "A", "fault": "cut", "status": 200, "reply": OFF[:14]},
    ]


def test_the_journal_says_whether_a_command_was_carried_out(bench: Bench) -> None:
    fail(bench, fault="status", code=500, count=1)
    bench.ask("/startA.py")
    fail(bench, fault="empty", count=1, applied=True)
    bench.ask("/startA.py")

    not_applied, applied = journal(bench)

    assert (not_applied["verb"], not_applied["fault"], not_applied["status"], not_applied["applied"]) == ("turn_on", "f1", 500, False)
    assert "changes" not in not_applied
    assert (applied["verb"], applied["fault"], applied["status"], applied["reply"]) == ("turn_on", "f2", 200, "")
    assert applied["changes"] == {"A": {"state": [0, 1]}}


def test_the_journal_says_of_a_closed_connection_that_there_was_no_reply(bench: Bench) -> None:
    fail(bench, fault="closed", applied=True)

    with pytest.raises(ConnectionResetError):
        bench.ask("/startA.py", SERVER_SOFTWARE="gunicorn/27.0")

    (said,) = journal(bench)
    assert (said["fault"], said["status"], said["reply"], said["changes"]) == ("f1", 0, "", {"A": {"state": [0, 1]}})


def test_the_journal_names_all_faults_that_hit_a_request(bench: Bench) -> None:
    bench.app = App(bench.read_spec, bench.store, bench.kinds, LOCAL, wait=lambda _: None)
    fail(bench, fault="delay", seconds=1, name="late")
    fail(bench, fault="empty", name="none")

    bench.ask("/startA.py")
    bench.ask("/setCible1_999.py")

    assert [(said["fault"], said["status"]) for said in journal(bench)] == [("late, none", 200), ("late, none", 200)]


def test_the_log_says_what_was_injected(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "mockbrew")
    fail(bench, fault="empty", name="none")

    bench.ask("/getA.py")

    assert "rig 'default': GET /getA.py is hit by fault none" in caplog.text


# -- devices that can't be read ------------------------------------------------------------------------------------


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


# -- what happens while a reply is held back -----------------------------------------------------------------------


def waits(bench: Bench, happens: Callable[[], object]) -> list[float]:
    """Let something happen whenever a reply is held back; the list of how long each is."""
    held: list[float] = []

    def wait(seconds: float) -> None:
        held.append(seconds)
        happens()

    bench.app = App(bench.read_spec, bench.store, bench.kinds, LOCAL, wait=wait)
    return held


def matched(bench: Bench, rig: str = "default") -> list[int]:
    return [each["matched"] for each in bench.admin("GET", "faults", rig=rig).json()["faults"]]


@pytest.mark.parametrize("path", ["/startA.py", "/getA.py"])
def test_a_request_that_follows_a_changed_spec_is_counted_once_and_waits_once(bench: Bench, path: str) -> None:
    fail(bench, fault="delay", seconds=3)

    def change() -> None:
        bench.text = bench.text.replace("[devices]\n", '[devices]\nK = { kind = "valve", interface = "switch", sensor = "VanneK" }\n', 1)
        Bench(bench.store, bench.text, machine=bench.machine).ask("/__admin/state")

    held = waits(bench, change)

    assert bench.get(path) == (ON if path == "/startA.py" else OFF)
    assert (held, matched(bench)) == ([3.0], [1])
    assert "K" in bench.app.spec.entries


@pytest.mark.parametrize("path", ["/startA.py", "/getA.py"])
def test_a_rig_that_is_deleted_while_a_request_waits_is_not_made_again(bench: Bench, path: str) -> None:
    bench.admin("POST", "faults", {"fault": "delay", "seconds": 3}, rig="team-a")
    waits(bench, lambda: bench.admin("DELETE", "rigs/team-a"))

    assert bench.ask(f"/rigs/team-a{path}").status == 404
    assert [row.name for row in bench.store.rigs()] == ["default"]


def test_what_waits_for_a_rig_that_is_deleted_and_made_again_meanwhile_knows_nothing_of_its_faults(bench: Bench) -> None:
    fail(bench, fault="delay", seconds=3)
    held = waits(bench, lambda: bench.admin("DELETE", "rigs/default"))

    assert bench.get("/startA.py") == ON
    assert (held, matched(bench)) == ([3.0], [])
    assert [each.get("fault") for each in journal(bench)] == [None]
