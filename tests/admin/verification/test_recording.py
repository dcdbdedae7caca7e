"""What was not recorded is not known, so nothing is said to have passed about it."""

from __future__ import annotations

from typing import Any

import pytest

from mockbrew.testbench import recording as recording_of
from tests.admin.verification.expectations import failed, recording, verified
from tests.app.asking import Bench

UNRECORDED = "requests were not recorded %s; " + recording_of.REMEDY
NEVER_404 = {"never": {"where": "status == 404"}}


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
