"""What every store promises of the events that it keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mockbrew.stores.base import RigRow, Store
from tests.stores.rows import append, event, numbers


def test_events_come_oldest_first_and_by_cell(store: Store, rig: RigRow) -> None:
    append(store, rig, [event(2, "HotTank"), event(1, "HotTank"), event(3, "Ebu"), event(4, ""), event(10, "HotTank")])

    assert numbers(store, rig, "HotTank") == [1, 2, 10]
    assert numbers(store, rig, "Ebu") == [3]
    assert numbers(store, rig, "") == [4]
    assert numbers(store, replace(rig, name="other")) == []


def test_a_log_is_told_from_a_number_on(store: Store, rig: RigRow) -> None:
    append(store, rig, [event(number) for number in (1, 2, 10)])

    assert [[each.number for each in store.events(rig, "HotTank", first)] for first in (0, 2, 3, 11)] == [[1, 2, 10], [2, 10], [10], []]


def test_a_number_that_is_in_the_log_is_refused_and_nothing_is_replaced(store: Store, rig: RigRow) -> None:
    append(store, rig, [event(1, base="first")])
    with store.transaction() as transaction:
        transaction.append(rig, event(2))
        with pytest.raises(ValueError, match=r"^event 1 of cell 'HotTank' is in the log already$"):
            transaction.append(rig, event(1, base="second"))

    assert list(store.events(rig, "HotTank")) == [event(1, base="first"), event(2)]


@pytest.mark.parametrize(
    ("keep", "left"),
    [
        (0, [7, 8]),
        (1, [7, 8]),
        (2, [7, 8]),
        (3, [4, 5, 6, 7, 8]),
        (5, [4, 5, 6, 7, 8]),
        (6, [2, 3, 4, 5, 6, 7, 8]),
        (7, [2, 3, 4, 5, 6, 7, 8]),
        (8, [1, 2, 3, 4, 5, 6, 7, 8]),
        (9, [1, 2, 3, 4, 5, 6, 7, 8]),
    ],
)
def test_a_log_is_trimmed_by_whole_stretches(store: Store, rig: RigRow, keep: int, left: list[int]) -> None:
    bases = {2, 4, 7}
    log = [event(n, base="" if n in bases else None) for n in range(1, 9)]  # an empty base is a base
    append(store, rig, [*log, event(9, "Ebu"), event(10, "")])
    with store.transaction() as transaction:
        transaction.trim(rig, "HotTank", keep)

    assert list(store.events(rig, "HotTank")) == [each for each in log if each.number in left]
    assert numbers(store, rig, "Ebu") + numbers(store, rig, "") == [9, 10]


def test_a_log_without_a_base_is_never_trimmed(store: Store, rig: RigRow) -> None:
    append(store, rig, [event(n) for n in range(1, 9)])
    with store.transaction() as transaction:
        transaction.trim(rig, "HotTank", 1)

    assert numbers(store, rig) == list(range(1, 9))


def test_a_transaction_trims_what_it_appended_itself(store: Store, rig: RigRow) -> None:
    append(store, rig, [event(1, base="one"), event(2)])
    with store.transaction() as transaction:
        transaction.append(rig, event(3, base="three"))
        transaction.trim(rig, "HotTank", 1)

    assert numbers(store, rig) == [3]


def test_a_log_that_is_being_read_has_no_gap_when_it_is_trimmed(store: Store, rig: RigRow) -> None:
    append(store, rig, [event(n, base="base") for n in range(1, 2_001)])
    reading = store.events(rig, "HotTank")
    first = next(reading)
    with store.transaction() as transaction:
        transaction.trim(rig, "HotTank", 1)

    assert [first.number, *(each.number for each in reading)] == list(range(1, 2_001))
