"""Threads that share a store in a file: each has a connection, which goes with it or with the store."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mockbrew.stores.base import RigRow, Store
from tests.stores.rows import command, event, numbers
from tests.stores.sqlite.talk import Start, heard, revision


def test_a_thread_that_ends_does_not_close_its_connection(store: Store, rig: RigRow, path: Path) -> None:
    before = open_files(path)
    thread = threading.Thread(target=lambda: command(store))
    thread.start()
    thread.join()

    assert len(open_files(path)) > len(before)


def test_the_connections_of_threads_that_ended_are_reclaimed(store: Store, rig: RigRow, path: Path) -> None:
    def in_thread() -> int:
        thread = threading.Thread(target=lambda: command(store))
        thread.start()
        thread.join()
        return len(open_files(path))

    counts = [in_thread() for _ in range(10)]

    assert counts == counts[:1] * 10
    assert revision(store) == 10


def test_a_newcomer_does_not_wait_for_a_writer_to_reclaim_connections(start: Start, store: Store, rig: RigRow) -> None:
    command(store)
    left = threading.Thread(target=lambda: revision(store))
    left.start()
    left.join()
    heard(start("stay_inside"))
    seen = []
    newcomer = threading.Thread(target=lambda: seen.append(revision(store)))
    newcomer.start()
    newcomer.join(10)

    assert seen == [1]


def test_closing_lets_go_of_every_file_and_another_use_opens_again(store: Store, rig: RigRow, path: Path) -> None:
    with_it, closed = threading.Event(), threading.Event()
    seen = []

    def other() -> None:
        command(store)
        with_it.set()
        closed.wait(10)
        seen.append(revision(store))

    thread = threading.Thread(target=other)
    thread.start()
    with_it.wait(10)
    store.close()
    files = open_files(path)
    closed.set()
    thread.join()

    assert files == []
    assert (seen, revision(store)) == ([1], 1)


def test_closing_waits_for_a_transaction_of_another_thread(store: Store, rig: RigRow) -> None:
    inside = threading.Event()

    def other() -> None:
        with store.transaction() as transaction:
            inside.set()
            transaction.put_rig(replace(rig, events=7))
            for number in range(1, 200):
                transaction.append(rig, event(number))

    thread = threading.Thread(target=other)
    thread.start()
    inside.wait(10)
    store.close()
    thread.join()

    assert numbers(store, rig) == list(range(1, 200))


def test_a_thread_whose_connection_is_closed_while_it_waits_for_it_opens_another(store: Store, rig: RigRow) -> None:
    ready, go = threading.Event(), threading.Event()
    seen = []

    def other() -> None:
        command(store)
        ready.set()
        go.wait(10)
        seen.append(revision(store))

    thread = threading.Thread(target=other)
    thread.start()
    ready.wait(10)
    (handle,) = (each for each in store._handles._open if each.thread == thread.ident)  # type: ignore[attr-defined]  # not of the Store protocol
    with handle.busy:
        go.set()
        thread.join(0.1)
        handle.closed = True
        handle.opened.close()
        store._handles._open.discard(handle)  # type: ignore[attr-defined]  # not of the Store protocol
    thread.join(10)

    assert seen == [1]


def open_files(path: Path) -> list[str]:
    """The names of this process's open files that belong to the store."""
    links = [Path(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")]  # noqa: PTH208  # of numbers
    names = []
    for link in links:
        with suppress(OSError):
            names.append(link.readlink().name)
    return sorted(name for name in names if name.startswith(path.name))
