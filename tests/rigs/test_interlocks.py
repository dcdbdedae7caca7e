"""Rules that refuse: what would break one is not done, whoever orders it; and what controllers could not do is told as a hazard is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.app.asking import Bench
from tests.rigs.changing import change

START = 'start = { url = "/start{id}", verb = "start", reply = "{state}" }\n'
DRAIN = """[pipes]
Drain = { source = "Kettle", destination = "out", valves = ["D"], pump = "Q" }
[hazards]
dry = { when = "H.on and Kettle.volume < 20", refuse = true, title = "dry fire", severity = "warning" }
[devices]
D = { kind = "valve", interface = "switch" }
Q = { kind = "pump", interface = "switch" }
"""


@pytest.fixture
def bench(bench: Bench) -> Bench:
    """A kettle that can be drained, 10 L/min, and whose heater is interlocked below 20 L of its 40."""
    change(bench, START, START + START.replace("start", "stop"))
    change(bench, "[devices]\n", DRAIN)
    bench.get("/getA")
    return bench


def hazards(bench: Bench) -> list[Any]:
    answer: list[Any] = bench.admin("GET", "hazards").json()["hazards"]
    return answer


def drain(bench: Bench, seconds: float) -> None:
    bench.get("/startD")
    bench.get("/startQ")
    bench.wait(seconds)
    bench.get("/stopQ")


def test_a_command_that_would_break_the_rule_is_refused_and_changes_nothing(bench: Bench) -> None:
    drain(bench, 130)
    (row,) = bench.store.rigs()
    before = bench.store.cells(row), list(bench.store.events(row, "Kettle"))

    answer = bench.ask("/startH")

    assert answer.status == 409
    assert "dry" in answer.json()["detail"]
    (row,) = bench.store.rigs()
    assert (bench.store.cells(row), list(bench.store.events(row, "Kettle"))) == before
    assert (bench.get("/getH"), hazards(bench)) == ("0", [])


def test_a_command_is_done_that_leaves_a_broken_rule_as_it_is(bench: Bench) -> None:
    bench.get("/startH")
    drain(bench, 130)

    assert bench.get("/startA") == "1"
    assert [(each["rule"], each["begins"], each["ends"]) for each in hazards(bench)] == [("dry", pytest.approx(120, abs=1e-6), None)]


def test_what_a_controller_may_not_do_is_told_with_how_often_it_tried(bench: Bench) -> None:
    drain(bench, 130)
    bench.wait(10)
    bench.get("/startC")
    bench.wait(100)
    bench.get("/stopC")
    bench.wait(100)

    (told,) = hazards(bench)

    assert bench.get("/getH") == "0"
    assert (told["rule"], told["severity"], told["begins"]) == ("dry", "warning", 140.0)
    assert told["after"] == {"event": 4, "device": "C", "verb": "start", "arguments": {}, "time": 140.0}
    assert told["blocked"]["controller"] == "C"
    assert (told["blocked"]["output"], told["blocked"]["verb"]) == ("H", "turn_on")
    assert told["blocked"]["times"] >= 10
    assert 230.0 <= told["ends"] <= 240.0


def test_what_a_controller_might_not_do_is_forgotten_with_all_that_is_over_and_told_again_if_it_still_tries(bench: Bench) -> None:
    drain(bench, 130)
    bench.get("/startC")
    bench.wait(100)
    (before,) = hazards(bench)

    bench.admin("DELETE", "hazards")

    assert hazards(bench) == []
    bench.wait(30)
    (told,) = hazards(bench)
    assert (before["ends"] < told["begins"], told["blocked"]["times"] < before["blocked"]["times"]) == (True, True)


@pytest.mark.parametrize("pauses", [[100.0], [50.0, 50.0], [5.0] * 20, [10.0, 0.0, 0.0, 90.0], [33.3, 66.7]])
def test_who_judges_in_between_counts_no_order_twice_and_misses_none(bench: Bench, pauses: list[float]) -> None:
    drain(bench, 130)
    bench.get("/startC")
    for pause in pauses:
        bench.wait(pause)
        hazards(bench)
        bench.get("/startC")
    bench.get("/stopC")
    bench.wait(100)

    (told,) = hazards(bench)

    assert (told["begins"], told["ends"], told["blocked"]["times"]) == (
        130.0,
        230.0,
        21,
    )  # each 5 s, the last one just before it is stopped
