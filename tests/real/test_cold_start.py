"""A fresh store and four workers, commanded from the first accepted connection on: before any of them has been forked."""

from __future__ import annotations

import socket
from contextlib import closing

import pytest

from tests.real.bench import Bench
from tests.real.load import Load
from tests.real.owner import owners
from tests.real.servers import Server
from tests.real.waiting import wait_until
from tests.real.workers import at_work

STARTS = 50
WORKERS = 4
CLIENTS = 6


def accepts(server: Server) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", server.port)) == 0


@pytest.mark.parametrize("start", range(STARTS))
def test_no_acknowledged_command_is_lost_to_a_worker_that_was_still_importing(bench: Bench, start: int) -> None:
    server = bench.gunicorn(workers=WORKERS)
    wait_until(lambda: accepts(server), within=30, what="an accepted connection")

    load = Load(owners(CLIENTS))
    with load.on(server.port):
        load.wait(lambda: len(at_work(server, bench.file)) == WORKERS, what="all workers at work")
        load.wait_turns(1)
    load.check(server.port)
