"""A hundred suites on four workers: each does all that a bench offers to a rig of its own, and nobody sees anything of the others."""

from __future__ import annotations

from tests.real.bench import Bench
from tests.real.load import Load
from tests.real.suites import ENVIRONMENT, groups
from tests.real.waiting import wait_until
from tests.real.workers import at_work, resident

RIGS, CLIENTS, WORKERS = 100, 20, 4
WARM_UP, MEASURED = 150, 150  # requests of each client at least
# After the warm-up a worker still meets cells of rigs that others served so far, and SQLite still fills its cache: measured 0.9 to 1.9 MB,
# and 1 MB in all in the minute after that (bench/suites.py). A worker answers some 900 requests meanwhile: if it kept a reply or an entry
# of 4 kB of each, it would be at 5 MB.
FLAT = 4 * 2**20  # bytes by which a worker may grow after the warm-up


def test_a_hundred_suites_on_four_workers_do_not_see_each_other_and_memory_is_flat(bench: Bench) -> None:
    server = bench.gunicorn(workers=WORKERS, threads=4, environment=ENVIRONMENT).wait_ready()

    load = Load(groups(RIGS, CLIENTS))
    with load.on(server.port):
        load.wait_turns(WARM_UP)
        workers = wait_until(lambda: len(pids := at_work(server, bench.file)) == WORKERS and pids, within=10, what="four workers")
        before = {pid: resident(pid) for pid in workers}
        load.wait_turns(MEASURED)
        after = {pid: resident(pid) for pid in workers}
    load.check(server.port)

    assert at_work(server, bench.file) == workers
    assert max(after[pid] - before[pid] for pid in workers) < FLAT, (before, after)
    assert "Traceback" not in server.said()
