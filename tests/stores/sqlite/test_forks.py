"""Children of a process that has a file open: what they write, and what they may not."""

from __future__ import annotations

import signal
from pathlib import Path

from mockbrew.stores.base import CellRow, RigRow, Store
from tests.stores.rows import command, numbers
from tests.stores.sqlite.talk import Start, heard, rest, revision


def test_what_a_forked_child_writes_outlives_its_parent(start: Start, store: Store, rig: RigRow) -> None:
    store.close()
    answered = [int(line) for line in rest(start("fork_and_part"))]

    assert answered == [1, 2, 3, 4, 5]
    assert numbers(store, rig) == [1, 2, 3, 4, 5]
    assert revision(store) == 5


def test_a_child_that_only_ends_takes_nothing_from_its_parent(start: Start, store: Store, rig: RigRow) -> None:
    store.close()
    answered = [int(line) for line in rest(start("fork_a_child_that_only_ends"))]

    assert answered == numbers(store, rig) == [1, 2]


def test_a_child_of_a_transaction_neither_commits_nor_undoes_it(start: Start, store: Store, rig: RigRow) -> None:
    store.close()
    parent = start("fork_inside")

    assert rest(parent) == ["the transaction is over", "'committed'"]
    with store.transaction() as transaction:
        rows = dict(transaction.cells(rig))
    assert rows.pop("HotTank") == CellRow(1, 0, 10, "body 1")
    assert rows == {f"cell {number}": CellRow(number, 0, 10, str(number) * 200_000) for number in range(20)}


def test_a_child_of_a_transaction_is_refused_whatever_it_does(start: Start, store: Store, rig: RigRow, path: Path) -> None:
    refusal = (
        f"{path}: was in use when this process was forked, which SQLite does not survive; "
        "fork before the store is used, or start a new program instead; nothing was changed"
    )

    assert rest(start("in_forked_child")) == ["the transaction is over", refusal, refusal, refusal, "1"]
    assert revision(store) == 1


def test_a_parent_that_is_killed_inside_is_not_outlived_by_its_lock(start: Start, store: Store, rig: RigRow) -> None:
    parent = start("killed_inside_with_a_child")
    assert int(heard(parent)) == parent.pid
    parent.send_signal(signal.SIGKILL)
    parent.wait(10)

    assert command(store) == 1
