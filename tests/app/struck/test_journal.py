"""Requests that faults of transport hit: what the journal and the log say of them."""

from __future__ import annotations

import pytest

from mockbrew.admin.access import LOCAL
from mockbrew.app import App
from tests.app.asking import Bench
from tests.app.faulty import OFF, fail, journal


def test_the_journal_says_which_fault_hit_a_reading_and_what_its_client_got(bench: Bench) -> None:
    fail(bench, fault="truncated", device="A", name="cut")

    bench.ask("/getA.py")
    bench.ask("/getB.py")

    assert journal(bench) == [
        {"method": "GET", "url": "/getA.py", "device": "A", "fault": "cut", "status": 200, "reply": OFF[:14]},
    ]


def test_the_journal_says_whether_a_command_was_carried_out(bench: Bench) -> None:
    fail(bench, fault="status", code=500, count=1)
    bench.ask("/startA.py")
    fail(bench, fault="empty", count=1, applied=True)
    bench.ask("/startA.py")

    not_applied, applied = journal(bench)

    assert (not_applied["verb"], not_applied["fault"], not_applied["status"], not_applied["applied"]) == ("turn_on", "f1", 500, False)
    assert "changes" not in not_applied
    assert (applied["verb"], applied["fault"], applied["status"], applied["reply"]) == ("turn_on", "f2", 200, "")
    assert applied["changes"] == {"A": {"state": [0, 1]}}


def test_the_journal_says_of_a_closed_connection_that_there_was_no_reply(bench: Bench) -> None:
    fail(bench, fault="closed", applied=True)

    with pytest.raises(ConnectionResetError):
        bench.ask("/startA.py", SERVER_SOFTWARE="gunicorn/27.0")

    (said,) = journal(bench)
    assert (said["fault"], said["status"], said["reply"], said["changes"]) == ("f1", 0, "", {"A": {"state": [0, 1]}})


def test_the_journal_names_all_faults_that_hit_a_request(bench: Bench) -> None:
    bench.app = App(bench.read_spec, bench.store, bench.kinds, LOCAL, wait=lambda _: None)
    fail(bench, fault="delay", seconds=1, name="late")
    fail(bench, fault="empty", name="none")

    bench.ask("/startA.py")
    bench.ask("/setCible1_999.py")

    assert [(said["fault"], said["status"]) for said in journal(bench)] == [("late, none", 200), ("late, none", 200)]


def test_the_log_says_what_was_injected(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "mockbrew")
    fail(bench, fault="empty", name="none")

    bench.ask("/getA.py")

    assert "rig 'default': GET /getA.py is hit by fault none" in caplog.text
