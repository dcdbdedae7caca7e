"""`kill -9` under load: what was acknowledged is there, nothing is torn, and what was never sent did not happen."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest

from mockbrew import create_app
from mockbrew.stores.base import Event
from mockbrew.timeline import KEPT
from tests.real.bench import Bench, Door
from tests.real.load import Load
from tests.real.owner import Owner, Watcher, owners
from tests.real.servers import Server
from tests.real.workers import at_work

KILLS = 100
DEATHS = 3  # of the whole server
WORKERS = 4
CLIENTS = 16


def kill_one(bench: Bench, server: Server, load: Load) -> None:
    """A random one of the workers at work, while another one is, and some command was acknowledged since the last one died."""
    load.wait_progress()
    victims = load.wait(lambda: len(pids := at_work(server, bench.file)) > 1 and pids, what="two workers at work")
    victim = random.choice(victims)
    os.kill(victim, signal.SIGKILL)
    load.wait(lambda: victim not in server.children(), what="its death")


def logs(bench: Bench) -> Iterator[tuple[tuple[str, ...], list[Event]]]:
    """The devices and the event log of each cell, as the store has it, oldest first. No event is missing but those that were trimmed."""
    app = create_app(store=bench.store)
    with closing(app.store) as store:
        loaded = store.load("default", app.spec.cells[0][0])
        assert loaded is not None
        found = [(cell, list(store.events(loaded.rig, cell[0]))) for cell in app.spec.cells]
    begin = max((log[0].number for _, log in found if is_trimmed(log)), default=1)
    numbers = sorted(event.number for _, log in found for event in log if event.number >= begin)
    assert numbers == list(range(begin, loaded.rig.events + 1))
    yield from found


def is_trimmed(log: Sequence[Event]) -> bool:
    """Whether it is so long that its beginning may have been forgotten."""
    return len(log) >= KEPT


def assert_all_is_told(bench: Bench, workers: Sequence[Owner]) -> None:
    """The file is sound, and its log has every acknowledged command and nothing that was not sent."""
    with closing(sqlite3.connect(bench.file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    everything = {owned.device: owned for owner in workers for owned in owner.owned}
    for cell, log in logs(bench):
        for device in set(cell) & set(everything):
            own = [(event.verb, event.arguments) for event in log if event.device == device]
            everything[device].assert_told(own, trimmed=is_trimmed(log))


@pytest.mark.parametrize(
    ("options", "door"),
    [([], "direct"), (["--preload"], "nginx"), (["--preload", "--threads", "4"], "direct")],
    ids=["plain-direct", "preload-nginx", "threads-direct"],
)
def test_a_hundred_killed_workers_lose_no_acknowledged_command(bench: Bench, options: list[str], door: Door) -> None:
    server = bench.gunicorn(workers=WORKERS, options=options).wait_ready()
    lose_nothing(bench, server, bench.front(server, door).port, server.port)


def test_a_hundred_killed_workers_of_granian_lose_no_acknowledged_command(bench: Bench) -> None:
    server = bench.serve(workers=WORKERS).wait_ready()
    lose_nothing(bench, server, server.port)


def lose_nothing(bench: Bench, server: Server, *ports: int) -> None:
    """Kill workers under load. ports: of the load."""
    assert bench.client(server).get("/startB2.py").status == 200
    clients = owners(CLIENTS)

    load = Load([*clients, Watcher()])
    with load.on(*ports):
        for _ in range(KILLS):
            kill_one(bench, server, load)
        load.wait_turns(1)
    load.check(*ports)

    assert sum(client.broken for client in clients) > 0, "no kill hit a request: this was no load"
    server.stop()
    assert_all_is_told(bench, clients)


@pytest.mark.parametrize("options", [[], ["--threads", "4"]], ids=["plain", "threads"])
def test_a_server_killed_whole_goes_on_where_it_was(bench: Bench, options: list[str]) -> None:
    clients = owners(CLIENTS)
    load = Load(clients)
    for _ in range(DEATHS):
        server = bench.gunicorn(workers=WORKERS, options=options).wait_ready()
        load.check(server.port)
        with load.on(server.port):
            load.wait_turns(5)
            server.kill()

    load.check(bench.gunicorn(workers=WORKERS).wait_ready().port)
    assert_all_is_told(bench, clients)
