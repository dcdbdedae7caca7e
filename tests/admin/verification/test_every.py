"""An entry every so often: over the whole time, over a window of it, or while a condition holds."""

from __future__ import annotations

import pytest

from mockbrew.rigs import Rigs
from mockbrew.testbench.history import history, wanted
from tests.admin.verification.expectations import failed, recording, verified
from tests.app.asking import Bench

EVERY = {"where": "url == '/getTemp1.py'", "seconds": 10, "while": "PID1.state"}


def polled(bench: Bench, *pauses: float) -> None:
    """PID1 is on while Temp1 is read after each of these pauses (s), and a last one."""
    bench.get("/startPID1.py")
    for pause in pauses[:-1]:
        bench.wait(pause)
        bench.get("/getTemp1.py")
    bench.wait(pauses[-1])
    bench.get("/stopPID1.py")


def test_a_reading_every_so_often_while_something_holds(bench: Bench) -> None:
    recording(bench).wait(500)
    polled(bench, 10, 9.5, 10, 3)
    bench.wait(500)
    polled(bench, 5, 0, 10)
    bench.wait(500)

    (checked,) = verified(bench, {"every": EVERY})
    assert checked["message"] == "5 entries with url == '/getTemp1.py'; one every 10 s expected while PID1.state"
    assert (checked["found"], checked["stretches"], checked["gaps"]) == (5, 2, [])


def test_gaps_are_told_from_when_to_when(bench: Bench) -> None:
    recording(bench).wait(500)
    polled(bench, 11, 10, 10.5, 3)
    bench.wait(500)
    polled(bench, 12)
    bench.wait(1)
    polled(bench, 13)

    checked = failed(bench, {"every": EVERY})
    assert checked["message"] == (
        "no entry with url == '/getTemp1.py' from 500.0 s to 511.0 s, nor in 3 other stretches; one every 10 s expected while PID1.state"
    )
    assert checked["gaps"] == [
        {"from": 500.0, "until": 511.0, "seconds": 11.0},
        {"from": 521.0, "until": 531.5, "seconds": 10.5},
        {"from": 1034.5, "until": 1046.5, "seconds": 12.0},
    ]


def test_what_still_holds_counts_up_to_now(bench: Bench) -> None:
    recording(bench).get("/startPID1.py")
    bench.wait(9)
    verified(bench, {"every": EVERY})

    bench.wait(2)

    assert failed(bench, {"every": EVERY})["gaps"] == [{"from": 0.0, "until": 11.0, "seconds": 11.0}]


def test_without_a_while_it_is_the_whole_time(bench: Bench) -> None:
    recording(bench)
    for _ in range(5):
        bench.wait(10)
        bench.get("/getTemp1.py")

    every = {"where": "url == '/getTemp1.py'", "seconds": 10}
    verified(bench, {"every": every})
    assert failed(bench, {"every": {**every, "seconds": 9.999}})["gaps"][0] == {"from": 0.0, "until": 10.0, "seconds": 10.0}


def test_a_window_of_time_is_all_that_counts(bench: Bench) -> None:
    recording(bench)
    polled(bench, 30, 10, 10, 30)

    failed(bench, {"every": EVERY})
    verified(bench, {"every": EVERY, "from": 30, "until": 50}, {"every": EVERY, "from": 20, "until": 60})
    assert failed(bench, {"every": EVERY, "from": 19.5, "until": 60})["gaps"] == [{"from": 19.5, "until": 30.0, "seconds": 10.5}]


def test_what_never_held_is_said_to_have_passed_for_that_reason(bench: Bench) -> None:
    recording(bench).wait(100)

    (checked,) = verified(bench, {"every": EVERY})
    assert checked["message"] == ("no entries with url == '/getTemp1.py'; one every 10 s expected while PID1.state, which was never so")


def test_a_condition_that_moves_holds_from_its_exact_crossing_on(bench: Bench) -> None:
    recording(bench)
    bench.get("/startB1.py")
    bench.wait(3600)

    (gap,) = failed(bench, {"every": {"where": "url == '/getTemp1.py'", "seconds": 60, "while": "HotTank.temperature >= 30"}})["gaps"]
    rigs = Rigs(bench.app.spec, bench.store)
    (point,) = history(rigs, "default", wanted(rigs, ["HotTank.temperature"]), gap["from"], gap["from"], 2).columns["HotTank.temperature"]
    assert point == pytest.approx(30.0, abs=1e-6)
    assert gap["until"] == 3600.0


def test_conditions_may_span_cells(bench: Bench) -> None:
    """Temp1 and Temp3 are of different cells; either may end the stretch."""
    recording(bench)
    for url in ("/startPID1.py", "/startPID3.py"):
        bench.wait(10)
        bench.get(url)
    for url in ("/stopPID1.py", "/stopPID3.py"):
        bench.wait(40)
        bench.get(url)

    checked = failed(bench, {"every": {"where": "url == '/getTemp1.py'", "seconds": 1, "while": "PID1.state and PID3.state"}})
    assert checked["gaps"] == [{"from": 20.0, "until": 60.0, "seconds": 40.0}]


def test_after_a_restore_it_begins_with_the_run(bench: Bench) -> None:
    recording(bench)
    bench.get("/startPID1.py")
    bench.wait(100)
    bench.admin("POST", "snapshots", {"name": "here"})
    bench.admin("POST", "snapshots/here/restore")
    bench.wait(8)
    bench.get("/getTemp1.py")

    verified(bench, {"every": EVERY})
    assert failed(bench, {"every": {**EVERY, "seconds": 7}})["gaps"] == [{"from": 100.0, "until": 108.0, "seconds": 8.0}]


def test_what_was_not_recorded_is_a_failure(bench: Bench) -> None:
    recording(bench)
    polled(bench, 5, 5)
    bench.wait(100)
    bench.admin("PUT", "journal", {"record": "commands"})
    bench.wait(100)
    verified(bench, {"every": EVERY})
    bench.get("/startPID1.py")
    bench.wait(5)
    recording(bench)
    bench.get("/getTemp1.py")

    assert failed(bench, {"every": EVERY})["message"] == (
        'requests were not recorded from 210.0 s to 215.0 s; PUT journal {"record": "requests"} before, or begin later; '
        'or say "verb != null and ..." for commands only'
    )
    verified(bench, {"every": EVERY, "from": 215})


def test_what_was_never_recorded_is_a_failure(bench: Bench) -> None:
    polled(bench, 5, 4)

    assert failed(bench, {"every": EVERY})["message"].startswith("requests were not recorded from 0.0 s to 9.0 s")


def test_what_was_recorded_too_late_is_a_failure(bench: Bench) -> None:
    polled(bench, 5, 4)
    bench.wait(1)
    recording(bench)

    assert failed(bench, {"every": EVERY})["message"].startswith("requests were not recorded from 0.0 s to 9.0 s")


def test_what_the_event_log_has_forgotten_is_a_failure(bench: Bench) -> None:
    """A restore begins the past anew, at what the rig went on from."""
    recording(bench).wait(100)
    bench.get("/startPID1.py")
    bench.admin("POST", "snapshots", {"name": "here"})
    bench.admin("POST", "snapshots/here/restore")
    bench.wait(5)
    verified(bench, {"every": EVERY, "from": 100})

    message = failed(bench, {"every": EVERY, "from": 50})["message"]
    assert message.startswith("rig 'default': ")
    assert "100.0 s" in message
