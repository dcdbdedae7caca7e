"""How things are measured and shown."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from statistics import median

RUNS = 5


def timed(work: Callable[[], object], runs: int = RUNS) -> list[float]:
    """s that each of several runs took."""
    taken = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return taken


def spread(taken: Sequence[float], unit: float = 1.0) -> list[str]:
    """Least, median and most."""
    return [f"{value / unit:.4g}" for value in (min(taken), median(taken), max(taken))]


def show(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table."""
    table = [list(head), *map(list, rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join(cell.rjust(width) if i else cell.ljust(width) for i, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in table
    ]
    sys.stdout.write("\n".join([title, "", *lines, "", ""]))


def show_upright(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table with a column for each of these rows: where there are more figures than rows."""
    first, *rest = zip(head, *rows, strict=True)
    show(title, first, rest)
