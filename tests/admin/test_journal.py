"""The journal as the control plane shows it: read in part, emptied, told what to record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from mockbrew.rigs import Rigs
from mockbrew.testbench.journal import PAGE
from tests.app.asking import Bench, on_file, on_memory


@pytest.fixture(params=["memory", "file"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = on_file(tmp_path) if request.param == "file" else on_memory()
    yield made
    made.store.close()


def numbers(bench: Bench, **query: object) -> list[int]:
    """Of the entries that are shown."""
    return [entry["number"] for entry in ask(bench, **query)["entries"]]


def ask(bench: Bench, **query: object) -> Any:
    answer = bench.admin("GET", "journal?" + "&".join(f"{name}={quote(str(value))}" for name, value in query.items()))

    assert answer.status == 200, answer
    return answer.json()


def brewed(bench: Bench) -> None:
    """Some entries: 1 and 3 start valves, 2 is refused, 4 and 5 are a minute later, 6 is a reset."""
    bench.get("/startA.py")
    bench.ask("/setCible1_999.py")
    bench.get("/startB.py")
    bench.wait(60)
    bench.get("/setCible1_65.py")
    bench.get("/startPID1.py")
    bench.get("/Reset.py")


def test_an_entry_is_shown_whole(bench: Bench) -> None:
    brewed(bench)

    shown = ask(bench)
    entry = shown["entries"][4]
    assert (shown["rig"], shown["record"], shown["next"], len(shown["entries"])) == ("default", "commands", 6, 6)
    assert {**entry, "wall": "", "run": 0} == {
        "number": 5,
        "run": 0,
        "rig": "default",
        "time": 60.0,
        "wall": "",
        "event": 4,
        "method": "GET",
        "url": "/startPID1.py",
        "device": "PID1",
        "verb": "start",
        "arguments": {},
        "status": 200,
        "reply": '{"Sensor":"HotTank","PID":1}',
        "changes": {"P1": {"state": [0, 1]}, "B1": {"state": [0, 1]}, "PID1": {"state": [0, 1]}},
    }
    assert entry["wall"].endswith("Z")


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("status >= 400", [2]),
        ("device == 'PID1' and status == 200", [4, 5]),
        ("verb == 'turn_on' and not device == 'A'", [3]),
        ("arguments.setpoint >= 60", [4]),
        ("arguments.setpoint == null", [1, 3, 5, 6]),
        ("changes.B1.state == 1", [5]),
        ("changes.PID1.setpoint == 65", [4]),
        ("changes.A.state", [1]),
        ("time >= 60 and number < 6", [4, 5]),
        ("url == '/Reset.py'", [6]),
        ("device == null", [6]),
        ("fault == null and method == 'GET' and run >= 1", [1, 2, 3, 4, 5, 6]),
    ],
)
def test_conditions_choose_entries(bench: Bench, where: str, found: list[int]) -> None:
    brewed(bench)

    # the arguments of what was refused are texts, and no numbers
    assert numbers(bench, where=where) == ([*found[:1], 2, *found[1:]] if where == "arguments.setpoint == null" else found)


def test_entries_are_read_page_by_page(bench: Bench) -> None:
    brewed(bench)

    pages, after = [], 0
    for _ in range(4):
        page = ask(bench, after=after, limit=2)
        pages.append([entry["number"] for entry in page["entries"]])
        after = page["next"]
    bench.get("/startC.py")

    assert pages == [[1, 2], [3, 4], [5, 6], []]
    assert numbers(bench, after=after) == [7]
    assert numbers(bench, limit=2) == [6, 7]
    assert ask(bench, after=99)["next"] == 99


def test_a_page_of_what_a_condition_chooses_goes_on_behind_it(bench: Bench) -> None:
    brewed(bench)

    first = ask(bench, after=0, limit=1, where="device == 'PID1'")
    second = ask(bench, after=first["next"], limit=9, where="device == 'PID1'")
    assert [[entry["number"] for entry in page["entries"]] for page in (first, second)] == [[2], [4, 5]]
    assert (first["next"], second["next"]) == (2, 6)


def test_a_device_or_a_run_chooses_entries(bench: Bench) -> None:
    brewed(bench)
    bench.admin("POST", "snapshots", {"name": "here"})
    run = bench.admin("POST", "snapshots/here/restore").json()["run"]
    bench.get("/startA.py")

    assert numbers(bench, device="PID1") == [2, 4, 5]
    assert numbers(bench, run=run) == [8, 9]
    assert numbers(bench, run=run, device="A") == [9]
    assert numbers(bench, run=run + 1) == []


def test_an_emptied_journal_goes_on_counting(bench: Bench) -> None:
    brewed(bench)

    assert bench.admin("DELETE", "journal").json() == {"rig": "default", "entries": []}
    bench.get("/startA.py")

    assert numbers(bench) == [7]


def test_it_is_said_what_is_recorded(bench: Bench) -> None:
    put = bench.admin("PUT", "journal", {"record": "requests"})
    bench.get("/getA.py")
    bench.admin("GET", "journal")
    bench.admin("PUT", "journal", {"record": "commands"})
    bench.get("/getA.py")

    shown = ask(bench)
    assert put.json() == {"rig": "default", "record": "requests"}
    assert [(entry["method"], entry["url"], entry.get("recorded")) for entry in shown["entries"]] == [
        ("PUT", "/__admin/journal", [0, 1]),
        ("GET", "/getA.py", None),
        ("PUT", "/__admin/journal", [1, 0]),
    ]


KNOWN = "device, event, fault, method, number, reply, run, status, time, unmatched, url, verb, wall, arguments.NAME, changes.DEVICE.READING"


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        (
            "where=statsu==200",
            [{"field": "where", "message": f"column 1: unknown field 'statsu'; known: {KNOWN} (did you mean 'status'?)"}],
        ),
        ("device=PID9", [{"field": "device", "message": "unknown device 'PID9'; known: A, B, B1, "}]),
        ("where=device=='PID9'", [{"field": "where", "message": "column 9: unknown device 'PID9'; known: "}]),
        (
            "where=verb=='frost'",
            [{"field": "where", "message": "column 7: unknown verb 'frost'; known: advance, clock, delete-snapshot, "}],
        ),
        ("where=changes.B9.state", [{"field": "where", "message": "column 1: unknown device 'B9'; known: "}]),
        ("where=status%20==%20'a'", [{"field": "where", "message": "column 8: 'a' is a text; it can't be compared with a number"}]),
        ("limit=1001", [{"field": "limit", "message": "1001 is out of range; it must be an integer from 1 to 1000"}]),
        (
            "afer=3",
            [
                {
                    "field": "afer",
                    "message": "unknown query parameter 'afer'; known: after, device, limit, run, where (did you mean 'after'?)",
                }
            ],
        ),
    ],
)
def test_a_question_that_can_t_be_understood_is_refused(bench: Bench, query: str, errors: list[dict[str, str]]) -> None:
    bench.get("/startA.py")

    answer = bench.admin("GET", f"journal?{query}")
    assert answer.status == 400
    shown = answer.json()["errors"]
    assert [error["field"] for error in shown] == [error["field"] for error in errors]
    assert all(told["message"].startswith(error["message"]) for told, error in zip(shown, errors, strict=True)), shown


def test_only_what_can_be_recorded_is(bench: Bench) -> None:
    bench.get("/startA.py")

    answer = bench.admin("PUT", "journal", {"record": "all"})
    assert answer.status == 400
    assert answer.json()["errors"] == [{"field": "record", "message": "unknown word 'all'; it must be one of commands, requests"}]
    assert ask(bench)["record"] == "commands"
    assert numbers(bench) == [1]


def test_an_absent_rig_has_no_journal_and_is_not_made(bench: Bench) -> None:
    asked = [
        bench.admin("GET", "journal", rig="absent"),
        bench.admin("DELETE", "journal", rig="absent"),
        bench.admin("POST", "journal/verify", {"expect": [{"never": {"where": "status >= 400"}}]}, rig="absent"),
    ]

    assert [answer.status for answer in asked] == [404, 404, 404]
    assert [row.name for row in bench.store.rigs()] == []


def test_the_faults_that_hit_a_request_choose_it(bench: Bench) -> None:
    for fault in ({"fault": "status", "device": "A", "code": 503, "count": 1}, {"fault": "delay", "device": "A", "seconds": 0.001}):
        assert bench.admin("POST", "faults", fault).status == 201
    bench.ask("/startA.py")
    bench.ask("/startA.py")

    assert numbers(bench, where="fault == 'f1, f2'") == [3]
    assert numbers(bench, where="fault == 'f2' and status == 200") == [4]


def test_a_long_journal_is_looked_through_from_its_end(bench: Bench) -> None:
    brewed(bench)
    rigs = Rigs(bench.app.spec, bench.store)
    row = rigs.row("default")
    (like,) = bench.store.journal(row, 2, 1)
    with bench.store.transaction() as transaction:
        for number in range(7, 2 * PAGE):
            transaction.record(row, replace(like, number=number))
        transaction.put_rig(replace(row, entries=2 * PAGE - 1))

    assert numbers(bench) == list(range(2 * PAGE - 100, 2 * PAGE))
    assert numbers(bench, limit=1, where="device == 'PID1'") == [5]
    assert numbers(bench, where="device == 'PID1'") == [2, 4, 5]
    assert numbers(bench, limit=3, where="number > 100") == [2 * PAGE - 3, 2 * PAGE - 2, 2 * PAGE - 1]
    with bench.store.transaction() as transaction:
        transaction.forget(row, 5)
    assert numbers(bench, where="device == 'PID1'") == [5]


def test_each_change_by_the_control_plane_is_said_with_the_status_that_answered_it(bench: Bench) -> None:
    asked: list[tuple[str, str, Any]] = [
        ("PUT", "rig", {"seed": 7}),
        ("PUT", "clock", {"rate": 0}),
        ("PUT", "journal", {"record": "requests"}),
        ("PATCH", "state", {"devices": {"A": {"state": 1}}}),
        ("POST", "faults", {"fault": "empty"}),
        ("DELETE", "faults", None),
        ("POST", "snapshots", {"name": "here"}),
        ("POST", "snapshots/here/restore", None),
        ("DELETE", "snapshots/here", None),
        ("POST", "reset", None),
    ]
    statuses = [bench.admin(method, path, body).status for method, path, body in asked]

    entries = ask(bench)["entries"]
    assert [entry["status"] for entry in entries] == statuses
    assert [entry["verb"] for entry in entries] == [
        *("seed", "clock", "record", "patch", "fault", "mend", "snapshot", "restore", "delete-snapshot", "reset")
    ]
    for entry in entries:
        assert entry["number"] in numbers(bench, where=f"verb == '{entry['verb']}'")


def test_what_was_an_event_has_its_number_and_nothing_else_has(bench: Bench) -> None:
    bench.admin("PUT", "clock", {"rate": 0})
    bench.get("/startA.py")
    bench.ask("/setCible1_200.py")
    bench.admin("POST", "snapshots", {"name": "here"})
    bench.admin("PATCH", "state", {"devices": {"A": {"state": 0}, "R1": {"state": 1}}})
    bench.admin("POST", "faults", {"faults": [{"fault": "stuck", "device": "A"}, {"fault": "empty", "device": "B"}]})
    bench.admin("POST", "faults", {"fault": "empty", "device": "B"})
    bench.get("/Reset.py")
    bench.admin("POST", "snapshots/here/restore")
    bench.admin("POST", "snapshots/here/restore")

    assert [(entry["verb"], entry.get("event")) for entry in ask(bench)["entries"]] == [
        ("clock", None),
        ("turn_on", 1),
        ("set_setpoint", None),
        ("snapshot", None),
        ("patch", 2),
        ("fault", 3),
        ("fault", None),
        ("reset", 4),
        ("restore", 1),
        ("restore", 1),
    ]
    assert numbers(bench, where="event == 1") == [2, 9, 10]


@pytest.mark.parametrize("field", ["after", "run"])
def test_an_integer_of_more_bits_than_a_store_has_is_refused(bench: Bench, field: str) -> None:
    answer = bench.admin("GET", f"journal?{field}=1e300")

    assert answer.status == 400
    assert answer.json()["errors"] == [{"field": field, "message": "1e+300 is a number; it must be an integer of at least 0"}]
