"""What the journal says of requests: refused commands always, anything else where the rig records it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from mockbrew import journal
from mockbrew.errors import StoreError
from mockbrew.stores.base import Transaction
from tests.app import asking
from tests.app.asking import Bench


@pytest.fixture(params=["memory", "file"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = asking.on_file(tmp_path) if request.param == "file" else asking.on_memory()
    yield made
    made.store.close()


def told(bench: Bench, *names: str, rig: str = "default") -> list[tuple[Any, ...]]:
    """These fields of all entries."""
    loaded = bench.store.load(rig, "")
    if loaded is None:
        return []
    shown = [journal.shown(loaded.rig, entry) for entry in journal.entries(bench.store, loaded.rig)]
    return [tuple(entry.get(name) for name in names) for entry in shown]


def record(bench: Bench, recording: int = 1, rig: str = "default") -> None:
    with bench.store.transaction() as transaction:
        row = transaction.rig(rig)
        assert row is not None
        transaction.put_rig(replace(row, recording=recording))


def test_commands_are_told_and_readings_are_not(bench: Bench) -> None:
    bench.get("/startA.py")
    bench.get("/getA.py")
    bench.get("/setCible1_65.py")

    assert told(bench, "method", "url", "device", "verb", "arguments", "status", "reply", "changes") == [
        ("GET", "/startA.py", "A", "turn_on", {}, 200, '{"Sensor":"VanneA","State":1}', {"A": {"state": [0, 1]}}),
        (
            "GET",
            "/setCible1_65.py",
            "PID1",
            "set_setpoint",
            {"setpoint": 65.0},
            200,
            '{"Sensor":"HotTank","Cible":65.0}',
            {"PID1": {"setpoint": [78.0, 65.0]}},
        ),
    ]


def test_a_refused_command_is_told_with_its_reply(bench: Bench) -> None:
    bench.get("/startA.py")
    refused = [bench.ask("/setCible1_999.py"), bench.ask("/startB.py", "DELETE"), bench.ask("/Reset.py", "PUT")]

    assert [answer.status for answer in refused] == [400, 405, 405]
    assert told(bench, "method", "url", "device", "verb", "arguments", "status", "changes")[1:] == [
        ("GET", "/setCible1_999.py", "PID1", "set_setpoint", {"setpoint": "999"}, 400, None),
        ("DELETE", "/startB.py", "B", "turn_on", {}, 405, None),
        ("PUT", "/Reset.py", None, "reset", {}, 405, None),
    ]
    assert [reply.encode() for (reply,) in told(bench, "reply")[1:]] == [answer.body for answer in refused]


def test_what_is_refused_to_a_rig_that_is_not_there_makes_none(bench: Bench) -> None:
    assert bench.ask("/rigs/new/setCible1_999.py").status == 400
    assert bench.ask("/rigs/new/unheard").status == 404

    assert bench.store.rigs() == []


def test_a_rig_that_records_has_every_request_in_its_journal(bench: Bench) -> None:
    bench.get("/startA.py")
    record(bench)
    bench.wait(2.5)
    reading = bench.get("/getA.py")
    bench.ask("/getA.py", "HEAD")
    bench.ask("/getA.py", "OPTIONS")
    bench.ask("/getA.py", "DELETE")
    bench.ask("/unheard")
    record(bench, 0)
    bench.get("/getA.py")
    bench.ask("/getA.py", "OPTIONS")
    bench.ask("/getA.py", "DELETE")
    bench.ask("/unheard")

    entries = told(bench, "time", "method", "url", "device", "verb", "status")
    assert entries[1:] == [
        (2.5, "GET", "/getA.py", "A", None, 200),
        (2.5, "HEAD", "/getA.py", "A", None, 200),
        (2.5, "OPTIONS", "/getA.py", "A", None, 204),
        (2.5, "DELETE", "/getA.py", "A", None, 405),
        (2.5, "GET", "/unheard", None, None, 404),
    ]
    assert told(bench, "reply")[1] == (reading,)


def test_a_request_that_no_endpoint_took_is_told_with_what_came_near(bench: Bench) -> None:
    bench.get("/startA.py")
    record(bench)
    bench.ask("/setCible1_200.py")
    bench.ask("/startA.py", "PUT")
    bench.ask("/getA.py", "POST")
    bench.ask("/rig/team/getA.py")
    bench.get("/getA.py")
    bench.ask("/getA.py", "OPTIONS")

    argument = "setpoint '200' where there stands a number from 0 to 110 degC, written like 66 or 66.5"
    entries = told(bench, "unmatched", "near")
    assert entries[:4] == [
        (None, None),
        ("argument", [{"url": "/setCible1_{setpoint}.py", "why": argument}]),
        ("method", [{"url": "/startA.py", "why": "'PUT' where GET, POST or OPTIONS is answered"}]),
        ("method", [{"url": "/getA.py", "why": "'POST' where GET, HEAD or OPTIONS is answered"}]),
    ]
    assert entries[4][0] == "path"
    assert entries[4][1][0] == {"url": "/rigs/team/getA.py", "why": "'s' is missing after '/rig'"}
    assert entries[5:] == [(None, None), (None, None)]


def test_an_argument_that_is_refused_under_a_fault_is_unmatched_all_the_same(bench: Bench) -> None:
    bench.admin("POST", "faults", {"fault": "empty"})

    assert bench.ask("/setCible1_200.py").body == b""
    assert told(bench, "unmatched", "fault")[-1] == ("argument", told(bench, "fault")[-1][0])
    assert told(bench, "near")[-1][0][0]["url"] == "/setCible1_{setpoint}.py"


def test_conditions_on_the_journal_know_what_was_unmatched(bench: Bench) -> None:
    bench.get("/startA.py")
    record(bench)
    for path, method in (("/getA.py", "GET"), ("/unheard", "GET"), ("/getA.py", "PUT"), ("/setCible1_x.py", "GET")):
        bench.ask(path, method)

    def urls(where: str) -> list[str]:
        answer = bench.admin("GET", f"journal?{urlencode({'where': where})}")
        assert answer.status == 200, answer
        return [entry["url"] for entry in answer.json()["entries"]]

    assert urls("unmatched != null") == ["/unheard", "/getA.py", "/setCible1_x.py"]
    assert urls("unmatched == 'method'") == ["/getA.py"]
    wrong = bench.admin("GET", f"journal?{urlencode({'where': 'unmatched == 1'})}")
    assert wrong.status == 400


def test_rigs_have_journals_of_their_own(bench: Bench) -> None:
    bench.get("/startA.py")
    bench.get("/rigs/other/startB.py")
    record(bench, rig="other")
    bench.get("/getA.py")
    bench.get("/rigs/other/getA.py")

    assert told(bench, "url") == [("/startA.py",)]
    assert told(bench, "url", "rig", rig="other") == [("/startB.py", "other"), ("/getA.py", "other")]


def test_recording_changes_nothing_of_the_plant(bench: Bench) -> None:
    bench.get("/startPID1.py")
    record(bench)
    before = bench.store.load("default", "HotTank")
    bench.wait(100)
    bench.get("/getTemp1.py")

    after = bench.store.load("default", "HotTank")
    assert before is not None
    assert after is not None
    assert after.row == before.row
    assert replace(after.rig, entries=before.rig.entries) == before.rig


class Full:
    """A store on a disk that is full: it can be read."""

    def __init__(self, bench: Bench) -> None:
        self.store = bench.store

    def transaction(self) -> AbstractContextManager[Transaction]:
        raise StoreError("no space left")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


def test_a_refusal_stays_what_it_is_where_the_store_can_t_be_written(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.get("/startA.py")
    record(bench)
    full = Bench(Full(bench), machine=bench.machine)

    assert full.ask("/setCible1_999.py").status == 400
    assert full.ask("/getA.py").status == 200
    assert full.ask("/startB.py").status == 503
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == [
        "rig 'default': GET /setCible1_999.py, answered with 400, is not in its journal: no space left",
        "rig 'default': GET /getA.py, answered with 200, is not in its journal: no space left",
        "rig 'default': GET /startB.py, answered with 503, is not in its journal: no space left",
    ]
    assert told(bench, "url") == [("/startA.py",)]
