"""A journal of a hundred thousand entries: what a reading, a command and a question to it take, against one that is empty."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

from bench.measuring import show, spread
from mockbrew.devices import BUILT_IN
from mockbrew.files import load
from mockbrew.journal import KEPT
from mockbrew.messages import Asked
from mockbrew.rigs import DEFAULT, Order, Rigs
from mockbrew.settings import REFERENCE
from mockbrew.stores import open_store
from mockbrew.stores.base import Entry, RigRow, Transaction
from mockbrew.testbench.journal import Wanted, listed

ROUNDS = 2_000
ASKED, REPLY = Asked("GET", "/startA.py"), b'{"Sensor":"VanneA","State":1}'
US, MS = 1e-6, 1e-3


def command(rigs: Rigs) -> bytes:
    """One, with its entry."""
    return rigs.command(DEFAULT, Order("A", "turn_on", {}), lambda look: REPLY, ASKED)


def reading(rigs: Rigs) -> object:
    """One that nothing has been asked about before: others have written meanwhile."""
    return rigs.read(DEFAULT, "Temp1").look.reading("Temp1", "temperature")


def fill(rigs: Rigs) -> None:
    """As many entries as are kept, like the one that is there."""
    row = rigs.row(DEFAULT)
    (first,) = rigs.store.journal(row, 0, 1)
    for begin in range(2, KEPT, 5_000):
        with rigs.store.transaction() as transaction:
            _record(transaction, row, first, range(begin, min(begin + 5_000, KEPT)))


def _record(transaction: Transaction, row: RigRow, like: Entry, numbers: range) -> None:
    for number in numbers:
        transaction.record(row, replace(like, number=number))
    transaction.put_rig(replace(row, entries=numbers[-1]))


def compared(works: dict[str, Rigs], work: Callable[[Rigs], object], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """s that each took, by turns."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, rigs in works.items():
            begin = time.perf_counter()
            work(rigs)
            taken[name].append(time.perf_counter() - begin)
    return taken


def row(title: str, taken: dict[str, list[float]], unit: float) -> list[str]:
    """Of the table."""
    empty, full = taken["empty"], taken["full"]
    return [title, *spread(empty, unit), *spread(full, unit), f"{median(full) / median(empty):.2f}"]


def main() -> None:
    """Print the table."""
    spec = load(REFERENCE, BUILT_IN)
    with tempfile.TemporaryDirectory() as folder:
        works = {name: Rigs(spec, open_store(f"sqlite:///{Path(folder) / name}.db")) for name in ("empty", "full")}
        for rigs in works.values():
            command(rigs)
        fill(works["full"])
        rows = [
            row("a reading, us", compared(works, reading), US),
            row("a command, us", compared(works, command), US),
            row("the last 100 entries, ms", compared(works, lambda rigs: listed(rigs, DEFAULT, Wanted()), 5), MS),
            row("those of a condition, ms", compared(works, lambda rigs: listed(rigs, DEFAULT, Wanted("status >= 400")), 5), MS),
        ]
        for rigs in works.values():
            rigs.store.close()
    head = ["", "empty: min", "median", "max", f"{KEPT} entries: min", "median", "max", "ratio"]
    show(f"a journal, {sys.platform}", head, rows)


if __name__ == "__main__":
    main()
