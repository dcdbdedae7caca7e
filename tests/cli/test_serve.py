from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from mockbrew import __version__
from mockbrew.cli.offer import THREADS
from mockbrew.settings import REFERENCE
from tests.cli.conftest import Run
from tests.cli.rigs import BAD, GOOD
from tests.cli.serving import SLOWER, Serving, is_deaf

Start = Callable[..., Serving]


def test_it_serves_on_the_port_that_it_tells_and_ends_quietly_on_ctrl_c(serving: Start) -> None:
    server = serving()

    client = server.announced()

    assert client.get("/getA.py").body == b'{"Sensor":"VanneA","State":0}'
    assert server.said() == (
        f"mockbrew {__version__} serves 'Brasserie trois cuves' on http://127.0.0.1:{client.port} (Ctrl-C ends it)\n"
        f"  spec   {REFERENCE}\n"
        "  store  sqlite:///mockbrew-reference.db\n"
        f"  try    http://127.0.0.1:{client.port}/getA.py\n" + (SLOWER if server.by == "gunicorn" else "")
    )
    client.close()
    server.workers(2)
    assert server.interrupt() == 0
    assert server.complained() == ""


def test_it_ends_quietly_on_sigterm_with_a_connection_open(serving: Start) -> None:
    server = serving()
    client = server.announced()
    assert client.get("/getA.py").status == 200
    server.workers(2)

    server.process.send_signal(signal.SIGTERM)

    assert server.process.wait(20) == 0
    assert server.complained() == ""
    client.close()


def test_its_workers_share_the_state_and_it_outlives_them(serving: Start, tmp_path: Path) -> None:
    store = ("--store", f"sqlite:///{tmp_path / 'rigs.db'}")
    first = serving("--workers", "3", *store)
    client = first.announced()
    assert client.get("/startA.py").status == 200
    assert [client.get("/getA.py", {"Connection": "close"}).json()["State"] for _ in range(20)] == [1] * 20
    client.close()
    first.workers(3)
    first.interrupt()

    second = serving(*store).announced()

    assert second.get("/getA.py").json()["State"] == 1
    second.close()


def test_idle_connections_keep_nobody_waiting(serving: Start) -> None:
    server = serving()
    client = server.announced()
    idle = [socket.create_connection(("127.0.0.1", client.port)) for _ in range(8)]

    assert client.get("/getA.py").status == 200  # within the client's patience, which is less than a worker's
    for connection in idle:
        connection.close()
    client.close()


def test_memory_is_served_by_one_process_and_it_says_so(serving: Start) -> None:
    server = serving("--store", "memory://", "--workers", "3")
    client = server.announced()
    assert client.get("/startA.py").status == 200

    states = [client.get("/getA.py", {"Connection": "close"}).json()["State"] for _ in range(20)]

    assert states == [1] * 20
    client.close()
    note = f"  note   memory:// keeps the state in one process: 1 worker with {THREADS} threads; it is gone when this ends\n"
    assert note in server.said()


def test_the_environment_names_spec_and_store(serving: Start, tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(GOOD)

    server = serving(MOCKBREW_SPEC=str(tmp_path / "good.toml"), MOCKBREW_STORE="memory://")

    client = server.announced()
    assert client.get("/V1").body == b'{"on":0}'
    client.close()
    assert f"  try    http://127.0.0.1:{client.port}/V1\n" in server.said()


def test_beyond_this_machine_it_warns(serving: Start) -> None:
    server = serving("--host", "0.0.0.0")
    client = server.announced()
    assert client.get("/getA.py").status == 200
    client.close()

    assert server.complained() == (
        "warning: other machines can reach this address and command the rig; --host 127.0.0.1 keeps them out\n"
        "warning: so /__admin/ is closed to everybody; set MOCKBREW_ADMIN_TOKEN to open it to whoever sends that token\n"
    )
    assert f"on http://0.0.0.0:{client.port} " in server.said()
    assert f"  try    http://127.0.0.1:{client.port}/getA.py\n" in server.said()


def test_an_address_of_ipv6_is_served(serving: Start) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")

    server = serving("--host", "::1")

    port = server.announced().port
    assert f"on http://[::1]:{port} " in server.said()
    with socket.create_connection(("::1", port)) as connection:
        connection.sendall(b"GET /getA.py HTTP/1.0\r\n\r\n")
        connection.settimeout(20)
        assert connection.recv(100).startswith(b"HTTP/1.0 200 OK")


def test_ctrl_c_is_for_the_master_alone(serving: Start) -> None:
    server = serving("--workers", "1")
    client = server.announced()
    assert client.get("/getA.py").status == 200
    client.close()

    server.workers(1)  # which are deaf to it
    assert not is_deaf(server.process.pid, signal.SIGINT)


# -- what it refuses -----------------------------------------------------------------------------------------------


def refused(mockbrew: Run, *arguments: str) -> str:
    result = mockbrew("serve", *arguments)

    assert (result.exit_code, result.stdout) == (1, "")
    return result.stderr


def test_a_taken_port_is_one_line_and_no_store_is_made(mockbrew: Run, tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]

        said = refused(mockbrew, "--port", str(port))

    assert said == f"--port {port}: something else serves there already; end it, or take another port (0 for any free one)\n"
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_another_of_it_serves_is_taken(serving: Start, mockbrew: Run) -> None:
    with closing(serving().announced()) as client:
        said = refused(mockbrew, "--port", str(client.port))

        assert said == f"--port {client.port}: something else serves there already; end it, or take another port (0 for any free one)\n"
        assert client.get("/getA.py").status == 200


def test_a_host_that_is_not_this_machine_is_one_line(mockbrew: Run) -> None:
    # 192.0.2.0/24 is kept for documents (RFC 5737): nobody has such an address.
    assert refused(mockbrew, "--host", "192.0.2.1") == (
        "--host '192.0.2.1': is no address of this machine; take 127.0.0.1, or 0.0.0.0 for all of its addresses\n"
    )


@pytest.mark.parametrize("host", ["no.such.host.invalid", ".", "not a host"])
def test_a_host_that_does_not_exist_is_one_line(mockbrew: Run, host: str) -> None:
    said = refused(mockbrew, "--host", host)

    assert said == f"--host {host!r}: no such host; name an address of this machine, such as 127.0.0.1\n"


def test_a_bad_spec_is_told_and_nothing_is_made(mockbrew: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(BAD)

    said = refused(mockbrew, "bad.toml", "--port", "0")

    assert [line.split(" ")[0] for line in said.splitlines()] == ["bad.toml:4:14:", "bad.toml:5:22:"]
    assert [path.name for path in tmp_path.iterdir()] == ["bad.toml"]


def test_a_bad_store_is_told(mockbrew: Run, tmp_path: Path) -> None:
    said = refused(mockbrew, "--port", "0", "--store", "sqlite:///cellar/rigs.db")

    place = tmp_path / "cellar" / "rigs.db"
    assert said == f"{place}: its directory is missing; make the directory, or name another file; nothing was changed\n"


def test_a_store_without_a_meaning_is_told(mockbrew: Run) -> None:
    said = refused(mockbrew, "--port", "0", "--store", "memory")

    assert said.startswith("store 'memory': has no scheme; known: ")


@pytest.mark.parametrize("arguments", [["--port", "65536"], ["--port", "http"], ["--workers", "0"]])
def test_numbers_out_of_range_are_wrong_usage(mockbrew: Run, arguments: list[str]) -> None:
    assert mockbrew("serve", *arguments).exit_code == 2
