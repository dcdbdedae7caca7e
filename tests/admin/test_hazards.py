"""Hazards as the control plane tells them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mockbrew import verdicts
from tests.app.asking import Bench, on_file, on_memory


@pytest.fixture(params=["memory", "file"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = on_file(tmp_path) if request.param == "file" else on_memory()
    yield made
    made.store.close()


def hazards(bench: Bench, query: str = "") -> list[Any]:
    """Rule, begin and end of each."""
    answer = bench.admin("GET", f"hazards{query}")

    assert answer.status == 200, answer
    return [(each["rule"], each["begins"], each["ends"]) for each in answer.json()["hazards"]]


def brewed(bench: Bench) -> None:
    """The kettle is emptied; a burner is on under it for 10 s, then the other one overflows the hot tank for 20 s."""
    bench.get("/getA.py")
    for path in ("/startE.py", "/startG.py", "/startP2.py"):
        bench.get(path)
    bench.wait(75)
    for path in ("/stopP2.py", "/startB2.py"):
        bench.get(path)
    bench.wait(10)
    bench.get("/stopB2.py")
    bench.wait(15)
    bench.get("/startA.py")
    bench.wait(80)
    bench.get("/stopA.py")
    bench.wait(1)


def test_what_was_broken_is_told_with_the_request_that_it_came_after(bench: Bench) -> None:
    brewed(bench)

    answer = bench.admin("GET", "hazards").json()

    assert answer == {
        "rig": "default",
        "run": 1,
        "time": 181.0,
        "found": 2,
        "earlier": 0,
        "dropped": 0,
        "hazards": [
            {
                "rule": "dry-fire-kettle",
                "title": "burner under an empty kettle",
                "severity": "danger",
                "when": "B2.on and Ebu.volume < 5",
                "run": 1,
                "begins": 75.0,
                "ends": 85.0,
                "after": {"event": 5, "device": "B2", "verb": "turn_on", "arguments": {}, "time": 75.0},
            },
            {
                "rule": "overflow-hot-tank",
                "title": "hot tank overflows",
                "severity": "warning",
                "when": "HotTank.full and Fill.flow > 0",
                "run": 1,
                "begins": pytest.approx(160, abs=1e-6),
                "ends": 180.0,
                "after": {"event": 7, "device": "A", "verb": "turn_on", "arguments": {}, "time": 100.0},
            },
        ],
    }


@pytest.mark.parametrize(
    ("query", "rules"),
    [
        ("?severity=danger", ["dry-fire-kettle"]),
        ("?severity=warning", ["overflow-hot-tank"]),
        ("?rule=dry-fire-kettle", ["dry-fire-kettle"]),
        ("?rule=dry-fire-kettle&rule=overflow-hot-tank", ["dry-fire-kettle", "overflow-hot-tank"]),
        ("?rule=boil-over", []),
        ("?from=85", ["dry-fire-kettle", "overflow-hot-tank"]),
        ("?from=85.001", ["overflow-hot-tank"]),
        ("?until=75", ["dry-fire-kettle"]),
        ("?until=74.999", []),
        ("?from=90&until=100", []),
        ("?run=1", ["dry-fire-kettle", "overflow-hot-tank"]),
        ("?run=2", []),
    ],
)
def test_the_list_can_be_narrowed_down(query: str, rules: list[str], bench: Bench) -> None:
    brewed(bench)

    assert [rule for rule, _, _ in hazards(bench, query)] == rules
    assert bench.admin("GET", f"hazards{query}").json()["found"] == len(rules)


def test_what_lasts_has_no_end(bench: Bench) -> None:
    bench.get("/startA.py")
    bench.wait(100)

    ((rule, begins, ends),) = hazards(bench, "?from=200")

    assert (rule, begins, ends) == ("overflow-hot-tank", pytest.approx(60, abs=1e-6), None)


def test_a_valve_that_was_open_for_a_moment_is_found_on_a_clock_that_stands(bench: Bench) -> None:
    bench.get("/startA.py")
    bench.wait(65)
    bench.get("/stopA.py")
    bench.admin("PUT", "clock", {"rate": 0})
    begins = bench.admin("GET", "clock").json()["time"]
    bench.get("/startA.py")
    bench.admin("POST", "clock/advance", {"seconds": 0.001})
    bench.get("/stopA.py")
    bench.admin("POST", "clock/advance", {"seconds": 60})

    assert hazards(bench)[1:] == [("overflow-hot-tank", begins, begins + 0.001)]


def test_what_was_found_can_be_forgotten(bench: Bench) -> None:
    brewed(bench)

    answer = bench.admin("DELETE", "hazards")

    assert (answer.status, answer.json()) == (200, {"rig": "default", "hazards": []})
    assert hazards(bench) == []
    bench.wait(100)
    assert hazards(bench) == []


def test_on_a_clock_that_stands_what_was_found_is_forgotten_too(bench: Bench) -> None:
    bench.admin("PUT", "clock", {"rate": 0})
    bench.admin("PATCH", "state", {"vessels": {"Ebu": {"volume": 3}}})
    for path in ("/startB2.py", "/stopB2.py"):
        bench.get(path)
    assert hazards(bench) == [("dry-fire-kettle", 0.0, 0.0)]

    bench.admin("DELETE", "hazards")

    assert hazards(bench) == []
    bench.get("/startB2.py")
    assert hazards(bench) == [("dry-fire-kettle", 0.0, None)]
    bench.admin("DELETE", "hazards")
    assert hazards(bench) == [("dry-fire-kettle", 0.0, None)]
    bench.get("/stopB2.py")
    bench.admin("POST", "clock/advance", {"seconds": 9})
    assert hazards(bench) == [("dry-fire-kettle", 0.0, 0.0)]


def test_hazards_are_those_of_the_present_run_and_it_is_told_how_many_there_were_in_earlier_ones(bench: Bench) -> None:
    bench.admin("PUT", "clock", {"rate": 0})
    bench.admin("PATCH", "state", {"vessels": {"Ebu": {"volume": 3}}})
    bench.admin("POST", "snapshots", {"name": "begin"})
    for _ in range(2):
        bench.get("/startB2.py")
        assert hazards(bench) == [("dry-fire-kettle", 0.0, None)]
        bench.admin("POST", "snapshots/begin/restore")
        assert hazards(bench) == []

    told = bench.admin("GET", "hazards").json()

    run = told["run"]
    assert (told["found"], told["earlier"], told["dropped"], told["hazards"]) == (0, 2, 0, [])
    assert bench.admin("GET", "hazards?severity=warning").json()["earlier"] == 0
    before = bench.admin("GET", f"hazards?run={run - 1}").json()
    assert (before["run"], before["found"], before["earlier"]) == (run, 1, 1)
    assert [(each["run"], each["begins"], each["ends"]) for each in before["hazards"]] == [(run - 1, 0.0, 0.0)]

    every = bench.admin("GET", "hazards?runs=all").json()
    assert (every["run"], every["found"], every["earlier"]) == (run, 2, 2)
    assert [each["run"] for each in every["hazards"]] == [run - 2, run - 1]

    bench.admin("DELETE", "hazards")

    assert bench.admin("GET", "hazards").json()["earlier"] == 0
    assert hazards(bench, f"?run={run - 1}") == []


def test_hazards_are_the_rig_s_own(bench: Bench) -> None:
    brewed(bench)
    bench.ask("/rigs/team-a/getA.py")
    bench.ask("/rigs/team-a/startA.py")

    assert bench.admin("GET", "hazards", rig="team-a").json()["hazards"] == []
    assert bench.admin("GET", "hazards", rig="team-b").status == 404


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("?rule=dry-fire&rule=dry-fire", "rule", "unknown rule 'dry-fire'; known: boil-over, dead-head-hot-tank,"),
        ("?from=5&until=4", "from", "5 s is after the end, 4 s"),
        ("?run=1&runs=all", "run", "either one run, or all of them; leave one of them out"),
        ("?severity=bad", "severity", "unknown word 'bad'; it must be one of warning, danger"),
        ("?limit=5", "limit", "unknown query parameter 'limit'; known: from, rule, run, runs, severity, until"),
    ],
)
def test_what_is_asked_for_wrongly_is_told(query: str, field: str, message: str, bench: Bench) -> None:
    answer = bench.admin("GET", f"hazards{query}")

    assert answer.status == 400
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert error["message"].startswith(message)


def test_hazards_that_are_no_more_kept_are_counted(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "MOST", 1)
    brewed(bench)

    answer = bench.admin("GET", "hazards").json()

    assert (answer["found"], answer["dropped"], [each["rule"] for each in answer["hazards"]]) == (1, 1, ["overflow-hot-tank"])


def test_a_hazard_after_a_fault_names_the_fault_and_the_journal_has_it_by_the_number_of_its_event(bench: Bench) -> None:
    bench.admin("PUT", "clock", {"rate": 0})
    bench.admin("PATCH", "state", {"vessels": {"Ebu": {"volume": 3}}})
    bench.admin("POST", "faults", {"fault": "stuck_on", "device": "B2", "name": "welded"})
    bench.admin("POST", "clock/advance", {"seconds": 5})

    (told,) = bench.admin("GET", "hazards?rule=dry-fire-kettle").json()["hazards"]
    (entry,) = bench.admin("GET", f"journal?where=event=={told['after']['event']}").json()["entries"]

    assert told["after"] == {"event": 2, "device": "", "verb": "fault", "arguments": {"faults": ["welded"]}, "time": 0.0}
    assert (entry["verb"], entry["arguments"]["faults"][0]["device"]) == ("fault", "B2")


def test_a_hazard_after_an_event_that_says_much_tells_its_number_and_the_journal_the_rest(bench: Bench) -> None:
    faults = [{"fault": "stuck_on", "device": "B2", "name": f"welded-{number:050}"} for number in range(20)]
    bench.admin("PUT", "clock", {"rate": 0})
    bench.admin("PATCH", "state", {"vessels": {"Ebu": {"volume": 3}}})
    bench.admin("POST", "faults", {"faults": faults})
    bench.admin("POST", "clock/advance", {"seconds": 5})

    (told,) = bench.admin("GET", "hazards?rule=dry-fire-kettle").json()["hazards"]

    assert told["after"] == {"event": 2, "device": "", "verb": "fault", "arguments": {}, "time": 0.0}
