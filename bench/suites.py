"""A hundred suites at once, each with a rig to itself, for a minute: requests, errors, and the memory of the workers meanwhile.

What each answer must be its suite knows, as in `tests/real/test_suites.py`; one that is another ends the bench with it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from bench.measuring import show_upright
from tests.real.load import Load
from tests.real.servers import Server, spawn_gunicorn
from tests.real.suites import ENVIRONMENT, groups
from tests.real.workers import resident

RIGS, CLIENTS, WORKERS = 100, 20, 4
LASTS, LOOKS = 60.0, 6  # s, and how often in it the memory is looked at
MB = 2**20
KINDS = {"gthread, 4 threads": ["--threads", "4"], "sync": []}


def row(kind: str, options: list[str], folder: Path) -> list[str]:
    """Of the table."""
    settings = {**ENVIRONMENT, "MOCKBREW_STORE": f"sqlite:///{folder / 'rigs.db'}"}
    server = spawn_gunicorn(folder / "output", settings, "--workers", str(WORKERS), *options).wait_ready()
    load = Load(groups(RIGS, CLIENTS))
    try:
        seen = measured(server, load)
        load.check(server.port)
        workers = server.children()
    finally:
        server.kill()
    done = sum(worker.acknowledged for worker in load.workers)
    broken = server.said().count("Traceback") + (workers != sorted(seen[0]))
    most = [f"{max(look.values()) / MB:.1f}" for look in seen]
    return [kind, str(done), f"{done / LASTS:.0f}", str(broken), *most]


def _is_past(instant: float) -> bool:
    return time.monotonic() >= instant


def measured(server: Server, load: Load) -> list[dict[int, int]]:
    """The memory of each worker, by pid, at some instants of the load."""
    seen, begin = [], time.monotonic()
    with load.on(server.port):
        for number in range(1, LOOKS + 1):
            load.wait(partial(_is_past, begin + number * LASTS / LOOKS), within=LASTS)
            seen.append({pid: resident(pid) for pid in server.children()})
    return seen


def main() -> None:
    """Print the table."""
    head = [
        "",
        "requests",
        "a second",
        "bugs and lost workers (goal 0)",
        *(f"MB at {LASTS / LOOKS * n:.0f} s" for n in range(1, LOOKS + 1)),
    ]
    rows = []
    for kind, options in KINDS.items():
        with tempfile.TemporaryDirectory() as folder:
            rows.append(row(kind, options, Path(folder)))
    show_upright(f"{RIGS} suites, {CLIENTS} connections, {WORKERS} workers, {sys.platform}; MB of the worker that has most", head, rows)


if __name__ == "__main__":
    main()
