"""What entries of the journal say."""

from __future__ import annotations

from typing import Any

from tests.admin.journal.brewed import ask, brewed, numbers
from tests.app.asking import Bench


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
