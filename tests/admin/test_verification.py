"""What was expected of a journal, and what is said where it is not so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mockbrew import journal
from mockbrew.errors import TooLong
from mockbrew.rigs import DEFAULT, Rigs
from mockbrew.testbench import recording as recording_of
from mockbrew.testbench.history import history, wanted
from mockbrew.testbench.verification import verify
from tests.app.asking import Bench, on_file, on_memory
from tests.rigs.small import Stopwatch

Checked = dict[str, Any]


@pytest.fixture(params=["memory", "file"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = on_file(tmp_path) if request.param == "file" else on_memory()
    yield made
    made.store.close()


@pytest.fixture
def brewed(bench: Bench) -> Bench:
    """Entry 1 at 0 s: A on. 2 and 3 at 60 s: a setpoint is refused, another is set. 4 at 90 s: B on."""
    bench.get("/startA.py")
    bench.wait(60)
    bench.ask("/setCible1_999.py")
    bench.get("/setCible1_65.py")
    bench.wait(30)
    bench.get("/startB.py")
    bench.wait(10)
    return bench


def verified(bench: Bench, *expect: Any, passed: bool = True) -> list[Checked]:
    answer = bench.admin("POST", "journal/verify", {"expect": list(expect)})

    assert answer.status == (200 if passed else 409), answer.json()
    shown = answer.json()
    assert shown["passed"] is passed
    checked: list[Checked] = shown["checked"]
    if not passed:
        assert shown["errors"] == [{"field": each["field"], "message": each["message"]} for each in checked if not each["passed"]]
    return checked


def failed(bench: Bench, expect: Any) -> Checked:
    (checked,) = verified(bench, expect, passed=False)
    return checked


def shown(entries: list[dict[str, Any]]) -> list[int]:
    return [entry["number"] for entry in entries]


# -- counts and order ----------------------------------------------------------------------------------------------


def test_what_is_so_passes_and_says_what_was_found(brewed: Bench) -> None:
    checked = verified(
        brewed,
        {"count": {"where": "verb == 'turn_on'", "exactly": 2}},
        {"count": {"where": "verb != null and status == 200", "at_least": 1, "at_most": 3}},
        {"never": {"where": "verb != null and status >= 500"}},
        {"order": {"where": ["device == 'A'", "status == 400", "device == 'B'"]}},
        {"count": {"where": "verb == 'turn_on'", "exactly": 1}, "from": 0.5},
        {"count": {"where": "verb == 'turn_on'", "exactly": 1}, "until": 89.9},
        {"count": {"where": "arguments.setpoint != null or verb == 'set_setpoint'", "exactly": 2}, "from": 60, "until": 60},
    )

    assert [(each["field"], each["message"]) for each in checked] == [
        ("expect[0]", "2 entries with verb == 'turn_on'; exactly 2 expected"),
        ("expect[1]", "3 entries with verb != null and status == 200; at least 1 and at most 3 expected"),
        ("expect[2]", "no entries with verb != null and status >= 500; none expected"),
        ("expect[3]", "in this order: entries 1, 2, 4"),
        ("expect[4]", "1 entry with verb == 'turn_on'; exactly 1 expected"),
        ("expect[5]", "1 entry with verb == 'turn_on'; exactly 1 expected"),
        ("expect[6]", "2 entries with arguments.setpoint != null or verb == 'set_setpoint'; exactly 2 expected"),
    ]


def test_too_few_are_told_with_what_comes_near(brewed: Bench) -> None:
    checked = failed(brewed, {"count": {"where": "verb != null and device == 'PID1' and status == 200", "at_least": 2}})

    assert checked["message"] == "1 entry with verb != null and device == 'PID1' and status == 200; at least 2 expected"
    assert (checked["found"], shown(checked["entries"]), shown(checked["near"])) == (1, [3], [1, 2, 4])


def test_too_many_are_told_with_some_of_them(brewed: Bench) -> None:
    for _ in range(3):
        brewed.get("/startC.py")

    checked = failed(brewed, {"count": {"where": "status == 200 and verb == 'turn_on'", "exactly": 1}})
    assert checked["message"] == "5 entries with status == 200 and verb == 'turn_on'; exactly 1 expected"
    assert (checked["found"], shown(checked["entries"]), "near" in checked) == (5, [1, 4, 5], False)


def test_what_was_never_to_be_is_told(brewed: Bench) -> None:
    checked = failed(brewed, {"never": {"where": "verb != null and status >= 400"}})

    assert (checked["message"], shown(checked["entries"])) == ("1 entry with verb != null and status >= 400; none expected", [2])


def test_an_order_says_how_far_it_got(brewed: Bench) -> None:
    checked = failed(brewed, {"order": {"where": ["changes.A", "changes.B", "verb == 'set_setpoint' and status == 200"]}})

    assert checked["message"] == "no entry with verb == 'set_setpoint' and status == 200 after entry 4; it is expected as number 3 of 3"
    assert (shown(checked["entries"]), "near" in checked) == ([1, 4], False)


def test_an_order_shows_what_comes_near(brewed: Bench) -> None:
    checked = failed(brewed, {"order": {"where": ["device == 'B' and verb == 'turn_off'"]}})

    assert checked["message"] == "no entry with device == 'B' and verb == 'turn_off'; it is expected as number 1 of 1"
    assert shown(checked["near"]) == [4]


def test_one_entry_is_not_two_of_an_order(brewed: Bench) -> None:
    failed(brewed, {"order": {"where": ["device == 'A'", "device == 'A'"]}})


def test_all_failures_are_told_beside_what_passed(brewed: Bench) -> None:
    checked = verified(
        brewed,
        {"never": {"where": "verb != null and status >= 400"}},
        {"never": {"where": "verb != null and status >= 500"}},
        {"count": {"where": "verb != null and device == 'C'", "exactly": 1}},
        passed=False,
    )

    assert [each["passed"] for each in checked] == [False, True, False]


def test_only_the_run_that_the_rig_is_in_counts(brewed: Bench) -> None:
    brewed.admin("POST", "snapshots", {"name": "here"})
    brewed.admin("POST", "snapshots/here/restore")

    verified(brewed, {"never": {"where": "verb != null and device == 'A'"}})
    brewed.get("/startA.py")
    verified(brewed, {"count": {"where": "verb != null and device == 'A'", "exactly": 1}})


# -- what was not recorded -----------------------------------------------------------------------------------------

UNRECORDED = "requests were not recorded %s; " + recording_of.REMEDY


@pytest.mark.parametrize(
    ("expect", "found"),
    [
        ({"never": {"where": "url == '/getTemp1.py'"}}, "no entries with url == '/getTemp1.py'; none expected"),
        ({"never": {"where": "status == 404"}}, "no entries with status == 404; none expected"),
        (
            {"never": {"where": "not (verb == 'turn_on') and url == '/x'"}},
            "no entries with not (verb == 'turn_on') and url == '/x'; none expected",
        ),
        ({"never": {"where": "verb == null"}}, "no entries with verb == null; none expected"),
        ({"never": {"where": "verb == 'stop' or status == 404"}}, "no entries with verb == 'stop' or status == 404; none expected"),
        ({"never": {"where": "device == 'C'"}}, "no entries with device == 'C'; none expected"),
        ({"count": {"where": "device == 'A'", "at_most": 1}}, "1 entry with device == 'A'; at most 1 expected"),
        ({"count": {"where": "device == 'A'", "exactly": 1}}, "1 entry with device == 'A'; exactly 1 expected"),
        (
            {"count": {"where": "device == 'A'", "at_least": 1, "at_most": 9}},
            "1 entry with device == 'A'; at least 1 and at most 9 expected",
        ),
        ({"count": {"where": "device == 'A'", "at_least": 2}}, "1 entry with device == 'A'; at least 2 expected"),
        ({"order": {"where": ["device == 'Temp1'"]}}, "no entry with device == 'Temp1'; it is expected as number 1 of 1"),
    ],
)
def test_nothing_is_said_to_have_passed_about_requests_that_were_not_recorded(expect: Any, found: str, brewed: Bench) -> None:
    brewed.get("/getTemp1.py")
    brewed.ask("/x")

    assert failed(brewed, expect)["message"] == f"{found}; but {UNRECORDED % 'from 0.0 s to 100.0 s'}"


@pytest.mark.parametrize(
    "expect",
    [
        {"never": {"where": "verb != null and status == 404"}},
        {"never": {"where": "verb == 'stop'"}},
        {"never": {"where": "(verb == 'stop' or arguments.setpoint > 70) and device == 'PID1'"}},
        {"never": {"where": "changes.C"}},
        {"never": {"where": "fault == 'gone'"}},
        {"never": {"where": "event > 900"}},
        {"count": {"where": "verb == 'turn_on'", "exactly": 2}},
        {"count": {"where": "verb == 'turn_on'", "at_most": 2}},
        {"count": {"where": "device == 'A'", "at_least": 1}},
        {"order": {"where": ["device == 'A'", "status == 400"]}},
        {"every": {"where": "verb == 'turn_on'", "seconds": 90}},
    ],
)
def test_what_can_be_so_of_commands_only_and_what_was_found_needs_no_recording(expect: Any, brewed: Bench) -> None:
    verified(brewed, expect)


def test_too_many_are_too_many_whatever_was_recorded(brewed: Bench) -> None:
    assert (
        failed(brewed, {"count": {"where": "status == 200", "at_most": 2}})["message"] == "3 entries with status == 200; at most 2 expected"
    )
    assert failed(brewed, {"never": {"where": "status == 200"}})["message"] == "3 entries with status == 200; none expected"


NEVER_404 = {"never": {"where": "status == 404"}}


def test_from_when_on_requests_are_recorded_it_can_be_told_that_something_never_was(brewed: Bench) -> None:
    recording(brewed).wait(5)

    assert failed(brewed, NEVER_404)["message"].endswith(UNRECORDED % "from 0.0 s to 100.0 s")
    assert failed(brewed, {**NEVER_404, "from": 95, "until": 98})["message"].endswith(UNRECORDED % "from 95.0 s to 98.0 s")
    verified(brewed, {**NEVER_404, "from": 100})
    brewed.ask("/x")
    assert failed(brewed, {**NEVER_404, "from": 100})["message"] == "1 entry with status == 404; none expected"
    brewed.admin("DELETE", "journal")
    verified(brewed, NEVER_404)


def test_what_was_recorded_no_more_is_not_known(bench: Bench) -> None:
    recording(bench).wait(10)
    bench.admin("PUT", "journal", {"record": "commands"})
    assert failed(bench, NEVER_404)["message"].endswith(UNRECORDED % "at 10.0 s")
    recording(bench).wait(10)

    assert failed(bench, NEVER_404)["message"].endswith(UNRECORDED % "at 10.0 s")
    verified(bench, {**NEVER_404, "until": 9.9}, {**NEVER_404, "from": 10.1})


def test_on_a_clock_that_stands_it_is_known_whether_anything_is_recorded(bench: Bench) -> None:
    bench.admin("PUT", "clock", {"rate": 0})
    assert failed(bench, NEVER_404)["message"].endswith(UNRECORDED % "at 0.0 s")

    recording(bench)

    verified(bench, NEVER_404)


def test_recording_goes_on_after_a_restore(bench: Bench) -> None:
    bench.wait(10)
    recording(bench).wait(10)
    bench.admin("POST", "snapshots", {"name": "here"})
    bench.admin("POST", "snapshots/here/restore")
    bench.wait(10)

    verified(bench, NEVER_404)


# -- what clients did not ask for ----------------------------------------------------------------------------------


def test_what_the_control_plane_did_is_no_request_of_a_client(bench: Bench) -> None:
    recording(bench)
    bench.admin("PUT", "clock", {"rate": 0})
    bench.admin("POST", "clock/advance", {"seconds": 1})
    assert bench.admin("POST", "clock/run-until", {"condition": "Temp1 > 90", "limit": 1}).status == 409
    bench.admin("POST", "faults", {"fault": "stuck", "device": "A", "name": "jammed"})
    bench.admin("DELETE", "faults/jammed")
    bench.admin("PATCH", "state", {"devices": {"A": {"state": 1}}})
    bench.admin("POST", "snapshots", {"name": "here"})
    bench.admin("POST", "reset")
    assert len(bench.admin("GET", "journal?where=status>0").json()["entries"]) == 9

    verified(bench, {"never": {"where": "status > 0"}}, {"count": {"where": "verb != null", "exactly": 0}})
    failed(bench, {"count": {"where": "verb == 'reset'", "at_least": 1}})
    failed(bench, {"order": {"where": ["changes.A"]}})
    bench.get("/Reset.py")
    verified(bench, {"count": {"where": "verb == 'reset'", "exactly": 1}}, {"order": {"where": ["url == '/Reset.py'"]}})


# -- what is not known ---------------------------------------------------------------------------------------------


def test_what_the_journal_has_forgotten_is_never_taken_for_what_did_not_happen(brewed: Bench) -> None:
    forget(brewed, 3)

    checked = failed(brewed, {"never": {"where": "verb != null and status >= 500"}})
    assert checked["message"] == "the journal has forgotten what was before 60.0 s; begin later, or empty it before it is full"
    failed(brewed, {"never": {"where": "verb != null and status >= 500"}, "from": 60})
    verified(brewed, {"never": {"where": "verb != null and status >= 400"}, "from": 60.1})


def forget(bench: Bench, before: int) -> None:
    with bench.store.transaction() as transaction:
        row = transaction.rig("default")
        assert row is not None
        transaction.forget(row, before)


def test_what_an_earlier_run_has_forgotten_does_not_matter(brewed: Bench) -> None:
    brewed.admin("POST", "snapshots", {"name": "here"})
    brewed.admin("POST", "snapshots/here/restore")
    forget(brewed, 3)
    verified(brewed, {"never": {"where": "verb != null and status >= 500"}})

    forget(brewed, 6)

    verified(brewed, {"never": {"where": "verb != null and status >= 500"}})


def test_a_journal_that_was_emptied_is_known_from_then_on(brewed: Bench) -> None:
    brewed.admin("DELETE", "journal")
    brewed.wait(5)
    brewed.get("/startC.py")

    verified(
        brewed, {"never": {"where": "verb != null and status >= 400"}}, {"count": {"where": "verb == 'turn_on'", "exactly": 1}, "from": 100}
    )
    checked = failed(brewed, {"never": {"where": "verb != null and status >= 400"}, "from": 99})
    assert checked["message"] == "the journal was emptied at 100.0 s, so what was from 99.0 s on is not known; begin later"


def test_what_was_before_a_journal_was_emptied_is_not_known_either_where_only_an_end_is_given(brewed: Bench) -> None:
    brewed.admin("DELETE", "journal")

    checked = failed(brewed, {"never": {"where": "verb == 'turn_on'"}, "until": 99})

    assert checked["message"] == "the journal was emptied at 100.0 s, so what was until 99.0 s is not known; end later"
    verified(brewed, {"never": {"where": "verb == 'turn_on'"}, "until": 100})


def test_what_takes_too_long_to_check_is_refused(brewed: Bench) -> None:
    stopwatch = Stopwatch(1.0)
    rigs = Rigs(brewed.read_spec(), brewed.store, stopwatch=stopwatch)
    never = {"never": {"where": "verb != null and status >= 500"}}

    with pytest.raises(TooLong) as refused:
        verify(rigs, DEFAULT, {"expect": [never] * 3})

    assert str(refused.value) == (
        "to check all this takes too long; expect less at a time, of a shorter stretch, or empty the journal more often"
    )
    assert refused.value.status == 400
    assert verify(rigs, DEFAULT, {"expect": [never]})["passed"]


def test_a_journal_that_was_emptied_and_has_forgotten_since_says_so(brewed: Bench) -> None:
    brewed.admin("DELETE", "journal")
    brewed.get("/startC.py")
    brewed.get("/startC.py")
    forget(brewed, 6)

    failed(brewed, {"never": {"where": "verb != null and status >= 500"}})


# -- every so often ------------------------------------------------------------------------------------------------

EVERY = {"where": "url == '/getTemp1.py'", "seconds": 10, "while": "PID1.state"}


def polled(bench: Bench, *pauses: float) -> None:
    """PID1 is on while Temp1 is read after each of these pauses (s), and a last one."""
    bench.get("/startPID1.py")
    for pause in pauses[:-1]:
        bench.wait(pause)
        bench.get("/getTemp1.py")
    bench.wait(pauses[-1])
    bench.get("/stopPID1.py")


def recording(bench: Bench) -> Bench:
    bench.admin("PUT", "journal", {"record": "requests"})
    return bench


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


# -- what can't be expected ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expect", "field", "message"),
    [
        ({}, "expect[0]", "one of count, never, order, every belongs here; there is none of them"),
        (
            {"never": {"where": "status == 1"}, "order": {"where": ["status == 1"]}},
            "expect[0]",
            "one of count, never, order, every belongs here; there is never and order",
        ),
        ({"count": {"where": "status == 1"}}, "expect[0].count", "how many are expected is missing; say exactly, at_least, at_most"),
        ({"never": {"where": "status = 1"}}, "expect[0].never.where", "column 8: '=' means nothing here; write == to compare"),
        ({"order": {"where": ["status == 1", "nr"]}}, "expect[0].order.where[1]", "column 1: unknown field 'nr'"),
        ({"every": {"where": "number > 1", "seconds": 1, "while": "PID9.on"}}, "expect[0].every.while", "column 1: unknown device 'PID9'"),
        (
            {"never": {"where": "status == 1 or device == 'B22'"}},
            "expect[0].never.where",
            "column 26: unknown device 'B22'; known: A, B, B1, B2,",
        ),
        (
            {"never": {"where": "'strat' != verb"}},
            "expect[0].never.where",
            "column 1: unknown verb 'strat'; known: reset, set_setpoint, start, stop, turn_off, turn_on (did you mean 'start'?)",
        ),
        ({"order": {"where": ["verb == 'reset'", "verb == 'patch'"]}}, "expect[0].order.where[1]", "column 9: unknown verb 'patch'"),
        ({"never": {"where": "status == 1"}, "until": 100.5}, "expect[0].until", "100.5 s is still to come; it is 100.0 s now"),
        ({"never": {"where": "status == 1"}, "from": 5, "until": 4}, "expect[0].from", "5.0 s is after the end, 4.0 s"),
        ({"never": {"where": "status == 1"}, "from": 101}, "expect[0].from", "101.0 s is after the end, 100.0 s"),
        ({"neevr": {"where": "status == 1"}}, "expect[0].neevr", "unknown field 'neevr'"),
        (
            {"every": {"where": "number > 1", "seconds": 0}},
            "expect[0].every.seconds",
            "0 is out of range; it must be a number above 0, at most 10000000 s",
        ),
    ],
)
def test_what_can_t_be_understood_is_refused(brewed: Bench, expect: Any, field: str, message: str) -> None:
    answer = brewed.admin("POST", "journal/verify", {"expect": [expect]})

    assert answer.status == 400
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert error["message"].startswith(message), error


def test_all_that_can_t_be_understood_is_told_at_once(brewed: Bench) -> None:
    expect = [{"never": {"where": "x"}}, {"every": {"where": "y", "seconds": 1, "while": "z"}}, {}]

    answer = brewed.admin("POST", "journal/verify", {"expect": expect})
    assert [error["field"] for error in answer.json()["errors"]] == [
        "expect[0].never.where",
        "expect[1].every.while",
        "expect[1].every.where",
        "expect[2]",
    ]


def test_verifying_changes_nothing(brewed: Bench) -> None:
    before = brewed.store.rigs()
    verified(brewed, {"never": {"where": "verb != null and status >= 500"}})

    assert brewed.store.rigs() == before
    assert len(list(journal.entries(brewed.store, replace(before[0])))) == 4
