from __future__ import annotations

import os
import pty
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from http.client import HTTPException
from pathlib import Path

import pytest
from gunicorn.errors import HaltServer  # type: ignore[import-untyped]  # gunicorn has no types

from mockbrew import __version__
from mockbrew.cli.by_gunicorn import until_ended
from mockbrew.cli.offer import HALTED, THREADS
from mockbrew.errors import ConfigurationError
from mockbrew.gunicorn_conf import GOES_ON
from mockbrew.settings import REFERENCE
from tests.cli.conftest import Run
from tests.cli.rigs import BAD, GOOD
from tests.cli.serving import SLOWER, Serving, is_deaf
from tests.real.client import Client
from tests.real.waiting import wait_until

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


# -- the control plane ---------------------------------------------------------------------------------------------


def reset(client: Client, **headers: str) -> int:
    """The status of a reset by the control plane."""
    return client.request("POST", "/__admin/reset", headers={name.replace("_", "-"): text for name, text in headers.items()}).status


def test_on_this_machine_the_control_plane_is_open_to_direct_callers(serving: Start) -> None:
    server = serving()
    client = server.announced()

    assert client.get("/__admin/rig").json()["rig"] == "default"
    assert reset(client) == 200
    assert reset(client, X_Forwarded_For="203.0.113.7") == 403
    assert reset(client, Host="evil.test") == 403
    client.close()
    assert server.complained() == ""


def test_it_stays_open_when_the_workers_are_new(serving: Start) -> None:
    server = serving("--workers", "1")
    client = server.announced()
    assert reset(client, Connection="close") == 200
    (before,) = server.workers(1)

    server.process.send_signal(signal.SIGHUP)

    wait_until(lambda: before not in server.workers(1), within=20, what="a new worker")
    assert reset(client, Connection="close") == 200
    client.close()


def test_beyond_this_machine_the_control_plane_is_closed_also_to_callers_on_it(serving: Start) -> None:
    client = serving("--host", "0.0.0.0").announced()

    assert (client.get("/__admin/health").status, reset(client)) == (200, 403)
    client.close()


def test_with_a_token_it_is_open_to_who_bears_it_wherever_it_is_served(serving: Start) -> None:
    server = serving("--host", "0.0.0.0", MOCKBREW_ADMIN_TOKEN="hops-and-malt")
    client = server.announced()

    assert (reset(client), reset(client, Authorization="Bearer hops")) == (401, 401)
    assert reset(client, Authorization="Bearer hops-and-malt") == 200
    client.close()
    assert server.complained().count("\n") == 1
    assert "hops" not in server.said() + server.complained()


def test_no_variable_of_the_environment_opens_it(serving: Start) -> None:
    client = serving("--host", "0.0.0.0", MOCKBREW_LOCAL="1", MOCKBREW_ADMIN_LOCAL="1", MOCKBREW_ADMIN_TOKEN="").announced()

    assert reset(client) == 403
    client.close()


def test_a_token_that_no_header_can_carry_is_told_and_nothing_is_served(mockbrew: Run) -> None:
    result = mockbrew("serve", "--port", "0", "--store", "memory://", MOCKBREW_ADMIN_TOKEN="hops and malt")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("MOCKBREW_ADMIN_TOKEN: it has characters that no bearer token can have (its value is not shown); ")


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


def ended_by(error: BaseException) -> BaseException:
    """What comes of what gunicorn ends with."""

    def run() -> None:
        raise error

    with pytest.raises((ConfigurationError, SystemExit)) as caught:
        until_ended(run)
    return caught.value


@pytest.mark.parametrize("error", [HaltServer("Worker failed to boot.", 3), SystemExit(3)])
def test_however_gunicorn_tells_that_a_worker_can_t_start_it_is_one_line(error: BaseException) -> None:
    assert str(ended_by(error)) == HALTED


def test_an_end_that_was_asked_for_is_none_to_complain_of() -> None:
    asked_for = SystemExit(0)

    assert ended_by(asked_for) is asked_for


def found(client: Client, path: str) -> bool:
    """Whether somebody knows the path; a worker that is on its way out may break the connection off."""
    try:
        return client.get(path, {"Connection": "close"}).status == 200
    except (OSError, HTTPException):
        return False


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
