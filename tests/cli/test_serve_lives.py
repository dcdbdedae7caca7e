"""The life of a server and of its workers: terminals, reloads, workers that die, and a master that is killed."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPException
from pathlib import Path

import pytest
from werkzeug.test import Client as WerkzeugClient

from mockbrew.app import create_app
from mockbrew.gunicorn_conf import GOES_ON
from tests.cli.rigs import BAD, GOOD
from tests.cli.serving import Serving
from tests.real.client import Client
from tests.real.waiting import wait_until

Start = Callable[..., Serving]


@pytest.fixture
def terminal() -> Iterator[int]:
    """A file of a terminal of the test's own."""
    ours, theirs = pty.openpty()
    yield theirs
    os.close(theirs)
    os.close(ours)


def test_it_ends_with_its_terminal(serving: Start, terminal: int) -> None:
    server = serving(stdin=terminal)
    client = server.announced()
    assert client.get("/getA.py").status == 200
    client.close()
    server.workers(2)

    server.process.send_signal(signal.SIGHUP)

    assert server.process.wait(20) == 0
    assert server.complained() == ""


# What POSIX asks of `nohup`; the one of GNU also takes the terminal away.
NOHUP = ["sh", "-c", "trap '' HUP; exec \"$@\"", "sh"]


@pytest.mark.parametrize("preceding", [[], NOHUP], ids=["without a terminal", "nohup"])
def test_where_no_terminal_ends_it_sighup_loads_the_spec_again(serving: Start, tmp_path: Path, terminal: int, preceding: list[str]) -> None:
    spec = tmp_path / "rig.toml"
    spec.write_text(GOOD)
    server = serving(str(spec), preceding=preceding, stdin=terminal if preceding else subprocess.DEVNULL)
    client = server.announced()
    assert client.get("/V2").status == 404
    server.workers(2)
    spec.write_text(f'{GOOD}V2 = {{ kind = "valve", interface = "switch" }}\n')

    server.process.send_signal(signal.SIGHUP)

    wait_until(lambda: found(client, "/V2"), within=20, what="the new valve")
    client.close()
    assert server.complained().splitlines()[0] == f"{spec}: loaded again: 5 devices, 1 vessel, 0 pipes, 7 endpoints, 3 cells"


def test_a_spec_with_mistakes_is_told_and_the_one_before_goes_on_when_it_is_loaded_again(serving: Start, tmp_path: Path) -> None:
    spec = tmp_path / "rig.toml"
    spec.write_text(GOOD)
    server = serving(str(spec))
    client = server.announced()
    before = server.workers(2)
    spec.write_text(BAD)

    server.process.send_signal(signal.SIGHUP)

    wait_until(lambda: not set(before) & set(server.workers(2)), within=20, what="new workers")
    assert client.get("/V1", {"Connection": "close"}).body == b'{"on":0}'
    said = server.complained()
    assert said.count(f"{spec}:4:14: devices.A.kind: unknown kind 'valv'") == said.count(f"\n{GOES_ON}\n") == 1
    assert "Traceback" not in said
    assert "loaded again" not in said
    client.close()


def test_a_spec_that_was_mended_is_served_when_it_is_loaded_once_more(serving: Start, tmp_path: Path) -> None:
    spec = tmp_path / "rig.toml"
    spec.write_text(GOOD)
    server = serving(str(spec))
    client = server.announced()
    server.workers(2)
    spec.write_text(BAD)
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: GOES_ON in server.complained(), within=20, what="what is said of the mistakes")
    spec.write_text(f'{GOOD}V2 = {{ kind = "valve", interface = "switch" }}\n')

    server.process.send_signal(signal.SIGHUP)

    wait_until(lambda: found(client, "/V2"), within=20, what="the new valve")
    client.close()


def test_a_killed_worker_is_replaced_with_what_is_served_though_the_file_has_mistakes_now(serving: Start, tmp_path: Path) -> None:
    spec = tmp_path / "rig.toml"
    spec.write_text(GOOD)
    server = serving(str(spec), "--workers", "1")
    client = server.announced()
    spec.write_text(BAD)

    for _ in range(3):  # sooner one after the other than Granian by itself would bear
        kill_and_wait(server)

    assert client.get("/V1", {"Connection": "close"}).status == 200
    assert server.process.poll() is None
    client.close()


def test_who_waits_at_a_worker_that_dies_is_answered_by_its_successor(serving: Start) -> None:
    server = serving("--workers", "1", "--store", "memory://")
    client = server.announced()
    (worker,) = server.workers(1)
    os.kill(worker, signal.SIGSTOP)
    wait_until(lambda: state(worker) == "T", within=20, what="a worker that stands still")
    with socket.create_connection(("127.0.0.1", client.port), timeout=20) as waiting:
        waiting.sendall(b"GET /getA.py HTTP/1.0\r\n\r\n")

        os.kill(worker, signal.SIGKILL)

        assert waiting.recv(100).startswith(b"HTTP/1.0 200 OK")


@pytest.mark.parametrize("by", ["granian"], indirect=True)  # a worker of gunicorn takes what comes while it waits for nothing else
def test_connections_that_come_together_are_dealt_out_to_all_workers(serving: Start) -> None:
    server = serving()
    port = server.announced().port
    workers = server.workers(2)
    before = [sockets(worker) for worker in workers]

    with ExitStack() as opened:
        for _ in range(40):
            opened.enter_context(socket.create_connection(("127.0.0.1", port)))
        wait_until(lambda: sum(map(sockets, workers)) >= sum(before) + 40, within=20, what="all of them taken")

        assert all(sockets(worker) - each >= 5 for worker, each in zip(workers, before, strict=True))


def sockets(pid: int) -> int:
    """How many a process has open."""
    return sum(str(each.readlink()).startswith("socket:") for each in Path(f"/proc/{pid}/fd").iterdir())


@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGINT])
def test_when_it_has_ended_the_file_of_the_store_alone_has_every_command(serving: Start, tmp_path: Path, order: signal.Signals) -> None:
    spec = tmp_path / "rig.toml"
    spec.write_text(GOOD)
    kept, copied = tmp_path / "kept.db", tmp_path / "copied.db"
    server = serving(str(spec), "--store", f"sqlite:///{kept}")
    client = server.announced()
    for _ in range(20):  # for either worker
        assert client.get("/V1/start", {"Connection": "close"}).status == 200
    client.close()
    server.workers(2)

    server.process.send_signal(order)

    assert server.process.wait(20) == 0
    assert [path.name for path in tmp_path.glob("kept.db-*")] == ["kept.db-lock"]
    shutil.copy(kept, copied)
    app = create_app(spec, f"sqlite:///{copied}")
    assert WerkzeugClient(app).get("/V1").json == {"on": 1}
    app.store.close()


def test_a_command_that_is_served_while_it_ends_is_in_the_file_of_the_store_too(serving: Start, tmp_path: Path) -> None:
    spec = tmp_path / "rig.toml"
    spec.write_text(GOOD)
    server = serving(str(spec), "--store", f"sqlite:///{tmp_path / 'kept.db'}")
    client = server.announced()
    server.workers(2)
    delay = json.dumps({"fault": "delay", "seconds": 2, "device": "V1"}).encode()
    assert client.request("POST", "/__admin/faults", body=delay, headers={"Content-Type": "application/json"}).status == 201
    slow = Client(client.port, timeout=30)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(slow.get, "/V1/start")
        wait_until(lambda: client.get("/__admin/faults").json()["faults"][0]["hits"] == 1, within=20, what="it to be held back")
        client.close()
        server.process.send_signal(signal.SIGTERM)
        reply = waiting.result()

    slow.close()
    assert (reply.status, server.process.wait(20)) == (200, 0)
    assert [path.name for path in tmp_path.glob("kept.db-*")] == ["kept.db-lock"]


def kill_and_wait(server: Serving) -> None:
    (worker,) = server.workers(1)
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: worker not in server.workers(1), within=20, what="another worker")


def test_workers_end_with_a_master_that_was_killed_and_let_go_of_the_port(serving: Start) -> None:
    server = serving()
    client = server.announced()
    client.close()
    workers = server.workers(2)

    server.process.kill()

    wait_until(lambda: {state(worker) for worker in workers} <= {"", "Z"}, within=20, what="the end of the workers")
    wait_until(lambda: is_free(client.port), within=20, what="the port")  # a corpse may still be about to let go


def is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def state(pid: int) -> str:
    """Of a process: T for one that stands still, Z for a corpse that nobody has buried, nothing where there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def found(client: Client, path: str) -> bool:
    """Whether somebody knows the path; a worker that is on its way out may break the connection off."""
    try:
        return client.get(path, {"Connection": "close"}).status == 200
    except (OSError, HTTPException):
        return False
