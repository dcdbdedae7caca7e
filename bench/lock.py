"""30 days of silence with everything running: how long a request takes, what it gets done, and how long it holds the lock.

And what a command to another rig of the same store takes meanwhile, in another process.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

from bench.machine import Hand
from bench.measuring import show_upright, spread
from bench.plants import Case, cases
from mockbrew.clock import DAY, SECOND
from mockbrew.errors import StillEvolving
from mockbrew.rigs import DEFAULT, Order, Rigs
from mockbrew.stores import open_store
from mockbrew.stores.base import Store, Transaction

DAYS = 30
NEIGHBOUR = 8.0  # s that the other rig's commands are measured
QUEUES = (1, 60, 600, 3600)  # s of virtual time that a command waits for the lock
MS = 1e-3


@dataclass(slots=True)
class Watched:
    """A store that notes how long each of its transactions lasts, s, and lets time go by before it gives one: `queue` ns.

    worked: the same in processor time, which leaves out what other processes of the machine took.
    """

    store: Store
    hand: Hand
    queue: int = 0
    held: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """As the store's."""
        self.hand.wait(self.queue)
        self.queue = 0
        with self.store.transaction() as transaction, self._noted():
            yield transaction

    def checkpoint(self, *args: Any) -> bool:
        """As the store's; all of it is under the lock."""
        with self._noted():
            return self.store.checkpoint(*args)

    @contextmanager
    def _noted(self) -> Iterator[None]:
        begin, work = time.perf_counter(), time.thread_time()
        yield
        self.held.append(time.perf_counter() - begin)
        self.worked.append(time.thread_time() - work)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


def neighbour(url: str, now: int, title: str) -> list[float]:
    """s that each of the commands to another rig takes."""
    hand = Hand()
    hand.wait(now)
    store = open_store(url, machine=hand)
    spec = next(case.spec for case in cases() if case.title == title)
    rigs, taken, end = Rigs(spec, store), [], time.perf_counter() + NEIGHBOUR
    while time.perf_counter() < end:
        begin = time.perf_counter()
        rigs.command("neighbour", Order("A", "turn_on", {}), lambda look: b"")
        taken.append(time.perf_counter() - begin)
    store.close()
    return taken


def caught_up(rigs: Rigs) -> tuple[list[float], list[float]]:
    """How long each request took, s, and how much of the silence it got done, h, until a reading is answered."""
    taken, behind = [], [float(DAYS * DAY // SECOND)]
    while behind[-1]:
        begin = time.perf_counter()
        behind.append(left(lambda: rigs.read(DEFAULT, "Temp1").look.reading("Temp1", "temperature")))
        taken.append(time.perf_counter() - begin)
    return taken, [(before - after) / 3600 for before, after in pairwise(behind)]


def left(ask: Callable[[], object]) -> float:
    """s of virtual time that the request leaves to the next one."""
    try:
        ask()
    except StillEvolving as error:
        return error.behind
    return 0.0


def row(case: Case, folder: Path) -> list[str]:
    """Of the table."""
    hand = Hand()
    store = Watched(open_store(f"sqlite:///{folder / case.title.replace(' ', '-')}.db", machine=hand), hand)
    rigs = Rigs(case.spec, store)
    for device, verb in case.orders:
        rigs.command(DEFAULT, Order(device, verb, {}), lambda look: b"")
    hand.wait(DAYS * DAY)
    with get_context("spawn").Pool(1) as processes:
        alone = processes.apply(neighbour, (store.url, hand.monotonic(), case.title))
        beside = processes.apply_async(neighbour, (store.url, hand.monotonic(), case.title))
        taken, done = caught_up(rigs)
        meanwhile = beside.get()
    for queue in QUEUES:
        store.queue = queue * SECOND
        rigs.command(DEFAULT, Order("PID1", "set_setpoint", {"setpoint": 70.0}), lambda look: b"")
    store.store.close()
    effect = f"{median(meanwhile) / median(alone):.2f}"
    held = [f"{max(times) / MS:.1f}" for times in (store.worked, store.held)]
    return [case.title, str(len(taken)), f"{max(taken):.2f}", *spread(done), *held, *spread(alone, MS), *spread(meanwhile, MS), effect]


def main() -> None:
    """Print the table."""
    head = [
        "",
        "requests",
        "longest, s (goal 5)",
        "h done in each: min",
        "median",
        "max",
        "worked under the lock at most, ms (goal 20)",
        "held it at most, ms",
    ]
    head += ["neighbour's command alone, ms: min", "median", "max", "meanwhile: min", "median", "max", "ratio"]
    with tempfile.TemporaryDirectory() as folder:
        rows = [row(case, Path(folder)) for case in cases()]
    show_upright(f"{DAYS} days of silence with three PIDs on, {sys.platform}", head, rows)


if __name__ == "__main__":
    main()
