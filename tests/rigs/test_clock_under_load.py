"""Readers in several threads and processes, while the clock of their rig is changed again and again."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from mockbrew.rigs import DEFAULT, Rigs
from mockbrew.stores import open_store
from mockbrew.testbench.clock import Timekeeper
from tests.rigs.small import KETTLE, spec_of

FREEZES = 40
THREADS = 2  # of each process
BETWEEN = 100  # readings of the one who changes the clock, between two changes: others have as many and more


class Seen(NamedTuple):
    """A reading: when it began and ended, by the machine's clock, and the virtual ns that it was of."""

    begin: int
    end: int
    at: int


def look(rigs: Rigs) -> Seen:
    begin = time.monotonic_ns()
    at = rigs.read(DEFAULT, "A").look.at
    return Seen(begin, time.monotonic_ns(), at)


def read_until(rigs: Rigs, stop: threading.Event) -> list[Seen]:
    """Read on and on."""
    seen = []
    while not stop.is_set():
        seen.append(look(rigs))
    return seen


def read_in_threads(url: str, stop: threading.Event) -> list[Seen]:
    rigs = Rigs(spec_of(KETTLE), open_store(url))
    with ThreadPoolExecutor(THREADS) as pool:
        readers = [pool.submit(read_until, rigs, stop) for _ in range(THREADS)]
        seen = [each for reader in readers for each in reader.result()]
    rigs.store.close()
    return seen


def read_as_a_process(url: str) -> None:
    """Until standard input ends; what was seen goes to standard output."""
    stop = threading.Event()

    def hear() -> None:
        sys.stdin.read()
        stop.set()

    threading.Thread(target=hear, daemon=True).start()
    json.dump(read_in_threads(url, stop), sys.stdout)


@contextmanager
def readers(url: str, into: list[Seen]) -> Iterator[None]:
    """In this process and in another one."""
    code = f"from tests.rigs.test_clock_under_load import read_as_a_process; read_as_a_process({url!r})"
    stop = threading.Event()
    with (
        subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process,
        ThreadPoolExecutor(1) as pool,
    ):
        here = pool.submit(read_in_threads, url, stop)
        try:
            yield
        finally:
            stop.set()
            said, _ = process.communicate("")
        into += here.result()
        into += [Seen(*each) for each in json.loads(said)]


def gone_back(seen: list[Seen]) -> list[tuple[Seen, Seen]]:
    """Readings that are of an earlier instant than one that had ended before they began."""
    found, furthest, ended = [], Seen(0, 0, -1), iter(sorted(seen, key=lambda each: each.end))
    done = next(ended)
    for each in sorted(seen):
        while done.end < each.begin:
            furthest, done = max(furthest, done, key=lambda one: one.at), next(ended)
        if each.at < furthest.at:
            found.append((furthest, each))
    return found


def test_nobody_sees_a_time_beyond_an_answered_freeze_nor_one_that_goes_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.db'}"
    store = open_store(url)
    rigs = Rigs(spec_of(KETTLE), store)
    keeper = Timekeeper(rigs)
    keeper.set(DEFAULT, rate=Fraction(1000))
    seen: list[Seen] = []
    freezes: list[tuple[int, int, int]] = []  # answered, ended, virtual ns

    with readers(url, seen):
        for _ in range(FREEZES):
            at, answered = keeper.set(DEFAULT, rate=Fraction(0)).at, time.monotonic_ns()
            seen += [look(rigs) for _ in range(BETWEEN)]
            freezes.append((answered, time.monotonic_ns(), at))
            keeper.set(DEFAULT, rate=Fraction(1000))
            seen += [look(rigs) for _ in range(BETWEEN)]
    store.close()

    assert len(seen) > 2 * BETWEEN * FREEZES + 1000  # others have read too
    assert gone_back(seen) == []
    for answered, ended, at in freezes:
        assert all(each.at <= at for each in seen if each.end < ended)
        assert all(each.at == at for each in seen if answered < each.begin and each.end < ended)


def test_the_test_itself_sees_a_time_that_goes_back() -> None:
    one, other, later = Seen(0, 5, 100), Seen(3, 8, 90), Seen(6, 9, 99)

    assert gone_back([one, other, later]) == [(one, later)]
