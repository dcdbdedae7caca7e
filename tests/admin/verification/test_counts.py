"""How many entries there are and in which order, and what is said where that is not as expected."""

from __future__ import annotations

from dataclasses import replace

from mockbrew import journal
from tests.admin.verification.expectations import failed, recording, shown, verified
from tests.app.asking import Bench


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


def test_verifying_changes_nothing(brewed: Bench) -> None:
    before = brewed.store.rigs()
    verified(brewed, {"never": {"where": "verb != null and status >= 500"}})

    assert brewed.store.rigs() == before
    assert len(list(journal.entries(brewed.store, replace(before[0])))) == 4


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
