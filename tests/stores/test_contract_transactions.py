"""What every store promises of transactions, and of its wall."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest

from mockbrew.stores.base import CellRow, Loaded, RigRow, Store, Transaction
from tests.stores.rows import Machine, append, command, entry, event, numbers, put_cell, put_notes, record, rig_row


def in_another_thread(function: Callable[[], object]) -> object:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result(timeout=10)


# -- transactions --------------------------------------------------------------------------------------------------


class Broken(Exception):
    """What goes wrong in a transaction of a test."""


def everything(transaction: Transaction, rig: RigRow) -> None:
    transaction.put_spec("new", "document")
    transaction.put_rig(replace(rig, events=9, resets=1))
    transaction.put_rig(rig_row("new", transaction.new_run()))
    transaction.put_cell(rig, "HotTank", CellRow(9, 1, 90, "new"))
    transaction.append(rig, event(9, base="new"))
    transaction.trim(rig, "HotTank", 1)
    transaction.drop_cells(rig)
    transaction.put_cell(rig, "Ebu", CellRow(9, 1, 90, "new"))
    transaction.put_note(rig, "snapshot", "warm", "new")
    transaction.record(rig, entry(9))
    transaction.forget(rig, 9)


def test_a_transaction_that_raises_has_changed_nothing(store: Store, rig: RigRow) -> None:
    put_cell(store, rig, CellRow(1, 0, 10, "row"))
    append(store, rig, [event(1, base="base")])
    put_notes(store, rig, warm="old")
    record(store, rig, [entry(1)])
    store.checkpoint(rig, "HotTank", CellRow(1, 0, 20, "ahead"))
    before = store.load("default", "HotTank")
    with suppress(Broken), store.transaction() as transaction:
        everything(transaction, rig)
        raise Broken

    assert store.load("default", "HotTank") == before == Loaded(rig, CellRow(1, 0, 10, "row"), CellRow(1, 0, 20, "ahead"))
    assert (store.load("default", "Ebu"), store.load("new", "HotTank")) == (Loaded(rig, None, None), None)
    assert numbers(store, rig) == [1]
    assert (store.notes(rig, "snapshot"), store.journal(rig, 0, 9)) == ({"warm": "old"}, [entry(1)])
    with store.transaction() as transaction:
        assert transaction.spec("new") is None
        assert transaction.cell(rig, "HotTank") == CellRow(1, 0, 10, "row")


def test_a_transaction_sees_its_own_changes(store: Store, rig: RigRow) -> None:
    put_cell(store, rig, CellRow(1, 0, 10, "row"))
    with store.transaction() as transaction:
        everything(transaction, rig)

        assert transaction.rig("default") == replace(rig, events=9, resets=1)
        assert transaction.cell(rig, "HotTank") is None
        assert list(transaction.cells(rig)) == [("Ebu", CellRow(9, 1, 90, "new"))]
        assert transaction.spec("new") == "document"


def test_nobody_sees_a_transaction_before_its_end_nor_waits_for_it(store: Store, rig: RigRow) -> None:
    put_cell(store, rig, CellRow(1, 0, 10, "row"))
    append(store, rig, [event(1)])
    before = Loaded(rig, CellRow(1, 0, 10, "row"), None)
    with store.transaction() as transaction:
        everything(transaction, rig)

        assert in_another_thread(lambda: store.load("default", "HotTank")) == before
        assert in_another_thread(lambda: numbers(store, rig)) == [1]
        assert in_another_thread(lambda: (store.notes(rig, "snapshot"), store.journal(rig, 0, 9))) == ({}, [])
        assert in_another_thread(store.rigs) == [rig]
        assert in_another_thread(lambda: store.cells(rig)) == [("HotTank", CellRow(1, 0, 10, "row"))]

    assert store.load("default", "HotTank") == in_another_thread(lambda: store.load("default", "HotTank")) != before


def test_a_writer_waits_for_the_one_before_and_builds_on_what_it_did(store: Store, rig: RigRow) -> None:
    answered = []
    second = threading.Thread(target=lambda: answered.append(command(store)))
    with store.transaction() as transaction:
        second.start()
        second.join(0.2)
        assert second.is_alive()
        transaction.put_rig(replace(rig, events=41))
    second.join(10)

    assert answered == [42]


def test_transactions_of_many_threads_never_overlap(store: Store, rig: RigRow) -> None:
    together = threading.Barrier(4)

    def commands() -> list[int]:
        together.wait()
        return [command(store) for _ in range(25)]

    with ThreadPoolExecutor(4) as pool:
        answered = [number for each in [pool.submit(commands) for _ in range(4)] for number in each.result()]

    assert sorted(answered) == numbers(store, rig) == list(range(1, 101))


def test_readers_see_rows_of_one_transaction_only(store: Store, rig: RigRow) -> None:
    seen: list[Loaded | None] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.append(store.load("default", "HotTank"))

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(look) for _ in range(2)]
        for _ in range(50):
            command(store)
        done.set()
        for reader in readers:
            reader.result()

    looks = [(each.rig.events, each.row.revision if each.row else 0) for each in seen if each is not None]
    assert len(looks) == len(seen) > 0
    assert all(events == revision for events, revision in looks)


@pytest.mark.parametrize("way", ["load", "rigs", "cells", "notes", "journal", "events", "checkpoint", "transaction", "close"])
def test_inside_a_transaction_the_store_itself_is_refused(store: Store, rig: RigRow, way: str) -> None:
    def again() -> None:
        with store.transaction():
            pass

    ways: dict[str, Callable[[], object]] = {
        "load": lambda: store.load("default", "HotTank"),
        "rigs": store.rigs,
        "cells": lambda: store.cells(rig),
        "notes": lambda: store.notes(rig, "snapshot"),
        "journal": lambda: store.journal(rig, 0, 9),
        "events": lambda: store.events(rig, "HotTank"),
        "checkpoint": lambda: store.checkpoint(rig, "HotTank", CellRow(0, 0, 40, "ahead")),
        "transaction": again,
        "close": store.close,
    }
    with store.transaction() as transaction:
        transaction.append(rig, event(1))
        with pytest.raises(RuntimeError, match=r"^inside a transaction only the transaction itself and the wall may be asked$"):
            ways[way]()

    assert store.load("default", "HotTank") == Loaded(rig, None, None)
    assert numbers(store, rig) == [1]


def test_a_transaction_that_is_over_is_refused_and_changes_nothing(store: Store, rig: RigRow) -> None:
    with store.transaction() as kept:
        pass
    with suppress(Broken), store.transaction() as undone:
        raise Broken

    for transaction in (kept, undone):
        with pytest.raises(RuntimeError, match=r"^the transaction is over$"):
            transaction.put_rig(replace(rig, events=9))
        with pytest.raises(RuntimeError, match=r"^the transaction is over$"):
            transaction.append(rig, event(1))
        with pytest.raises(RuntimeError, match=r"^the transaction is over$"):
            transaction.rig("default")
        with pytest.raises(RuntimeError, match=r"^the transaction is over$"):
            transaction.put_note(rig, "snapshot", "warm", "late")
        with pytest.raises(RuntimeError, match=r"^the transaction is over$"):
            transaction.record(rig, entry(1))
        with pytest.raises(RuntimeError, match=r"^the transaction is over$"):
            transaction.drop_rig(rig)
        with pytest.raises(RuntimeError, match=r"^the transaction is over$"):
            transaction.sweep(9)
    assert store.load("default", "HotTank") == Loaded(rig, None, None)
    assert numbers(store, rig) == []
    assert (store.notes(rig, "snapshot"), store.journal(rig, 0, 9), store.rigs()) == ({}, [], [rig])


# -- the wall ------------------------------------------------------------------------------------------------------


def test_the_wall_starts_at_real_time_and_goes_on_with_the_monotonic_clock(store: Store, machine: Machine) -> None:
    start = store.wall()
    machine.since_boot += 1_500
    machine.since_1970 -= 10**15  # somebody set the clock back by eleven days

    assert start == 1_800_000_000_000_000_000
    assert store.wall() == in_another_thread(store.wall) == start + 1_500


def test_a_transaction_may_ask_for_the_wall(store: Store, machine: Machine) -> None:
    with store.transaction():
        assert store.wall() == machine.since_1970
