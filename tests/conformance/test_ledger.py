"""The ledger: what failed once has failed, whatever is seen later."""

from __future__ import annotations

from mockbrew.conformance.judged.ledger import DIFFERENCES, Ledger
from mockbrew.conformance.known.plan import of_device
from mockbrew.conformance.results import FAILED, PASSED, Check, Difference

DUE = of_device("holds", "PID1")


def difference(number: int) -> Difference:
    return Difference(f"PID1.{number}", "0", "1")


def only(ledger: Ledger) -> Check:
    (check,) = ledger.checks([DUE])
    return check


def test_what_failed_once_stays_so() -> None:
    ledger = Ledger()

    assert ledger.note(DUE)
    assert not ledger.note(DUE, [difference(1)], reason="late")
    assert ledger.note(DUE)
    ledger.skip(DUE, "not looked at")

    assert ledger.failed(DUE)
    assert (only(ledger).outcome, only(ledger).differences, only(ledger).reason) == (FAILED, (difference(1),), "late")


def test_what_was_looked_at_is_not_skipped_and_what_was_skipped_may_be_looked_at() -> None:
    ledger = Ledger()
    ledger.skip(DUE, "not looked at")
    ledger.note(DUE)
    ledger.skip(DUE, "not looked at")

    assert (only(ledger).outcome, only(ledger).reason) == (PASSED, "")


def test_all_that_differs_is_told_once_as_far_as_there_is_room() -> None:
    ledger = Ledger()
    for number in (1, 2, 1):
        ledger.note(DUE, [difference(number)])

    assert only(ledger).differences == (difference(1), difference(2))

    ledger.note(DUE, map(difference, range(20)))

    assert only(ledger).differences == (difference(1), difference(2), difference(0), *map(difference, range(3, DIFFERENCES)))
