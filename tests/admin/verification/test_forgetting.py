"""What a journal has forgotten, what it was emptied of, and what takes too long to look through: it is not known."""

from __future__ import annotations

import pytest

from mockbrew.errors import TooLong
from mockbrew.rigs import DEFAULT, Rigs
from mockbrew.testbench.verification import verify
from tests.admin.verification.expectations import failed, verified
from tests.app.asking import Bench
from tests.rigs.small import Stopwatch


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
