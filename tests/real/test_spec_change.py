"""A spec that is edited while servers run: adding valve K is adding a line."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from mockbrew.settings import REFERENCE
from tests.real.bench import Bench
from tests.real.client import Client
from tests.real.servers import Server
from tests.real.waiting import wait_until

LINE = 'K = { kind = "valve", interface = "switch", sensor = "VanneK" }'
WORKERS = 2


@pytest.fixture
def spec(bench: Bench) -> Path:
    """A copy of the reference spec that a test may edit."""
    copy = bench.folder / "spec.toml"
    copy.write_bytes(REFERENCE.read_bytes())
    return copy


@pytest.fixture
def server(bench: Bench, spec: Path) -> Server:
    """One that serves the copy, with some devices moved from where a reset puts them."""
    server = bench.gunicorn(workers=WORKERS, spec=spec).wait_ready()
    for path in ("/startA.py", "/startB1.py", "/setCible2_61.py", "/startPID3.py"):
        assert bench.client(server).get(path).status == 200
    return server


def add_k(spec: Path) -> None:
    text = spec.read_text()
    assert text.count("\n[devices]\n") == 1
    spec.write_text(text.replace("\n[devices]\n", f"\n[devices]\n{LINE}\n"))


def assert_kept(client: Client) -> None:
    bodies = [client.get(path).body for path in ("/getA.py", "/getB.py", "/getB1.py", "/getCible2.py", "/getPID3.py")]
    assert bodies == [
        b'{"Sensor":"VanneA","State":1}',
        b'{"Sensor":"VanneB","State":0}',
        b'{"Sensor":"Bruleur1","State":1}',
        b'{"Sensor":"Ebu","Cible":61.0}',
        b'{"Sensor":"Mashtun","PID":1}',
    ]


def assert_k_answers(client: Client) -> None:
    bodies = [client.get(path).body for path in ("/getK.py", "/startK.py", "/getK.py", "/stopK.py", "/getK.py")]
    assert bodies == [b'{"Sensor":"VanneK","State":%d}' % state for state in (0, 1, 1, 0, 0)]


def test_a_reload_serves_the_edited_spec_and_the_devices_that_remain_keep_their_state(bench: Bench, spec: Path, server: Server) -> None:
    assert bench.client(server).get("/getK.py").status == 404

    add_k(spec)
    client = bench.client(server.reload())

    assert_k_answers(client)
    assert_kept(client)
    assert "rig 'default' goes on with a changed spec" in server.said()
    assert "fresh: K;" in server.said()


def test_a_server_that_was_not_restarted_follows_one_that_was(bench: Bench, spec: Path, server: Server) -> None:
    add_k(spec)
    assert_kept(bench.client(server))
    other = bench.gunicorn(workers=WORKERS, spec=spec).wait_ready()
    assert_kept(bench.client(other))

    old = bench.client(server)

    for _ in range(4 * WORKERS):  # whichever worker answers
        assert_k_answers(old)
    assert_kept(old)
    assert_k_answers(bench.client(other))


def test_a_worker_that_is_replaced_serves_what_the_others_serve_until_they_are_told_to_load_again(
    bench: Bench, spec: Path, server: Server
) -> None:
    add_k(spec)
    wait_until(lambda: len(server.children()) == WORKERS, within=10, what="all workers")
    first, *rest = server.children()
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: len(new := server.children()) == WORKERS and first not in new, within=10, what="a new worker")
    os.kill(rest[0], signal.SIGSTOP)  # so that the new one answers

    try:
        client = bench.client(server)
        assert client.get("/getK.py").status == 404
        assert_kept(client)
    finally:
        os.kill(rest[0], signal.SIGCONT)

    client = bench.client(server.reload())
    for _ in range(4 * WORKERS):
        assert_k_answers(client)
    assert_kept(client)


def test_a_mistake_in_the_file_does_not_disturb_a_server_that_runs(bench: Bench, spec: Path, server: Server) -> None:
    spec.write_text(spec.read_text().replace('kind = "valve"', 'kind = "vlave"'))

    client = bench.client(server)

    assert_kept(client)
    assert client.get("/startB.py").status == 200
    assert client.get("/getB.py").body == b'{"Sensor":"VanneB","State":1}'
