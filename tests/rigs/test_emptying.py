"""A journal that is emptied: at once for whoever reads it, a little at a time in the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from mockbrew import journal
from mockbrew.journal.matching import all_told
from mockbrew.rigs import DEFAULT, Rigs
from mockbrew.stores.base import Entry, Store, Transaction
from mockbrew.testbench import journal as journals
from mockbrew.testbench.journal import Wanted
from tests.rigs.small import Bench

MANY = 2 * journal.STEP + 10


class Dying:
    """A store whose process ends after so many transactions."""

    def __init__(self, store: Store, transactions: int) -> None:
        self.store, self.left = store, transactions

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        if not self.left:
            raise KeyboardInterrupt
        self.left -= 1
        with self.store.transaction() as transaction:
            yield transaction

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


def dying(rig: Bench, transactions: int) -> tuple[Rigs, Any]:
    """Another process, which ends after so many transactions; and its store."""
    store: Any = Dying(rig.store, transactions)
    rigs = rig.process()
    rigs.store = store
    return rigs, store


def filled(rig: Bench) -> None:
    """With many entries, the last of them a command's."""
    rig.look()
    row = rig.rigs.row(DEFAULT)
    with rig.store.transaction() as transaction:
        for number in range(1, MANY):
            transaction.record(row, Entry(number, row.run, 0, 0, "{}"))
        transaction.put_rig(replace(row, entries=MANY - 1))
    rig.command("A", "turn_on")


def kept(rig: Bench) -> int:
    """Entries that the store still holds."""
    return len(rig.store.journal(rig.rigs.row(DEFAULT), 0, 2 * MANY))


def seen(rig: Bench) -> list[int]:
    """Numbers of the entries that are shown, in either way of reading them."""
    row = rig.rigs.row(DEFAULT)
    last = [each["number"] for each in journals.listed(rig.rigs, DEFAULT, Wanted())["entries"]]
    assert [each.entry.number for each in all_told(rig.store, row)] == last
    return last


def test_entries_go_in_steps_of_their_own(rig: Bench) -> None:
    filled(rig)
    rigs, slow = dying(rig, 4)

    journals.empty(rigs, DEFAULT)

    assert (slow.left, kept(rig), seen(rig)) == (0, 0, [])


@pytest.mark.parametrize("transactions", [1, 2, 3])
def test_nobody_sees_what_is_left_where_the_process_ends_in_between(rig: Bench, transactions: int) -> None:
    filled(rig)
    rigs, _ = dying(rig, transactions)

    with pytest.raises(KeyboardInterrupt):
        journals.empty(rigs, DEFAULT)

    assert kept(rig) == MANY - (transactions - 1) * journal.STEP
    assert seen(rig) == []
    rig.command("A", "turn_off")
    assert seen(rig) == [MANY + 1]

    journals.empty(rig.rigs, DEFAULT)
    assert (kept(rig), seen(rig)) == (0, [])
