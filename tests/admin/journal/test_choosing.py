"""Which entries are read: by conditions, by device and run, page by page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mockbrew.rigs import Rigs
from mockbrew.testbench.journal import PAGE
from tests.admin.journal.brewed import ask, brewed, numbers
from tests.app.asking import Bench


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
