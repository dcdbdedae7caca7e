"""Real gunicorn, `mockbrew serve`, nginx and Prism as processes of a test.

Ports have no race: a socket that the OS gave a port is bound here and handed down to the server. (Prism and `mockbrew serve` take none;
they are given their port by the OS, and say which.)
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Literal

from tests.real.client import Client
from tests.real.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]

# What the shell of whoever runs the tests may have set for servers of its own.
FOREIGN = ("MOCKBREW_", "GUNICORN_", "NGINX", "WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS", "PORT")


@dataclass(frozen=True)
class Server:
    """A running server: the process that was started, the port of 127.0.0.1 it serves, the file with what it said."""

    process: subprocess.Popen[bytes]
    port: int
    output: Path

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def wait_ready(self, *, within: float = 30.0) -> Server:
        """Itself, after its first reply, whatever that says. Raises AssertionError if it ends instead, with what it said."""
        wait_until(self._answers, within=within, what=f"a reply from port {self.port}")
        return self

    def children(self) -> list[int]:
        """The processes that it forked and that live, by pid: gunicorn's workers, nginx's."""
        return sorted(pid for pid, state, parent in _processes() if parent == self.process.pid and state != "Z")

    def stop(self, *, within: float = 20.0) -> int:
        """End it as an operator does, with SIGTERM; its exit code."""
        self.process.terminate()
        return self.process.wait(within)

    def reload(self, *, within: float = 30.0) -> Server:
        """Itself, with new workers, as after an operator's SIGHUP to gunicorn."""
        before = set(self.children())  # however many: not all have begun yet after a start, nor have all ended after a reload
        self.process.send_signal(signal.SIGHUP)
        wait_until(lambda: bool(new := self.children()) and not before & set(new), within=within, what="new workers")
        return self.wait_ready(within=within)

    def kill(self) -> None:
        """`kill -9` for it and whatever is left of what it forked, at once."""
        with suppress(ProcessLookupError):  # it has ended, and its workers with it
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _answers(self) -> bool:
        assert self.process.poll() is None, f"ended with {self.process.returncode}: {self.said()}"
        client = Client(self.port)
        try:
            client.get("/__admin/health")
        except (OSError, HTTPException):
            return False
        finally:
            client.close()
        return True


def spawn_gunicorn(output: Path, environment: Mapping[str, str], *options: str, app: str = "wsgi:app") -> Server:
    """Start `gunicorn wsgi:app` as an operator does, from the root of the repository; it may not answer yet."""
    with _bound_socket() as bound:
        command = [sys.executable, "-m", "gunicorn", app, "--bind", f"fd://{bound.fileno()}", *options]
        return _spawn(command, bound, output, environment)


def spawn_serve(folder: Path, environment: Mapping[str, str], *options: str, within: float = 60.0) -> Server:
    """Start `mockbrew serve`; it listens, but may not answer yet."""
    output = folder / "output"
    process = _start([sys.executable, "-m", "mockbrew", "serve", "--port", "0", *options], output, environment)
    return Server(process, _port_of(process, output, r" on http://\S+:(\d+) ", within), output)


def spawn_nginx(program: str, folder: Path, *, upstream: int) -> Server:
    """Start nginx with deploy/nginx.conf in front of the port `upstream`; it may not answer yet."""
    with _bound_socket() as bound:
        # The variable by which an nginx hands its sockets to its successor. It takes them for listening.
        bound.listen(511)
        config = folder / "nginx.conf"
        config.write_text(_with_ports((ROOT / "deploy" / "nginx.conf").read_text(), _port(bound), upstream))
        command = [program, "-p", str(folder), "-c", str(config), "-g", "daemon off;"]
        return _spawn(command, bound, folder / "error.log", {"NGINX": f"{bound.fileno()};"})


def spawn_prism(program: str, folder: Path, document: Path, *options: str, upstream: int, within: float = 60.0) -> Server:
    """Start Prism as a proxy in front of the port `upstream`, that answers with an error what is not as an OpenAPI document says."""
    output = folder / "output"
    command = [program, "proxy", str(document), f"http://127.0.0.1:{upstream}", "--errors", "--port", "0", *options]
    process = _start(command, output, {})
    return Server(process, _port_of(process, output, r"listening on http://127\.0\.0\.1:(\d+)", within), output)


def _port_of(process: subprocess.Popen[bytes], output: Path, pattern: str, within: float) -> int:
    """The port that a server says, which is ended where it does not."""
    try:
        return wait_until(lambda: _announced(process, output, pattern), within=within, what="a port")
    except BaseException:
        process.kill()
        process.wait()
        raise


def _announced(process: subprocess.Popen[bytes], output: Path, pattern: str) -> int | Literal[False]:
    said = output.read_text(errors="replace")
    assert process.poll() is None, f"ended with {process.returncode}: {said}"
    found = re.search(pattern, said)
    return int(found[1]) if found else False


def _with_ports(config: str, listen: int, upstream: int) -> str:
    for line, port in {"listen 127.0.0.1:8080;": listen, "server 127.0.0.1:8890;": upstream}.items():
        assert config.count(line) == 1, f"deploy/nginx.conf: {line!r} stands there {config.count(line)} times, not once"
        config = config.replace(line, f"{line.split(':')[0]}:{port};")
    return config


def _bound_socket() -> socket.socket:
    """Bound, not listening: who comes before the server listens is refused, as with a server that binds by itself."""
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    return bound


def _port(bound: socket.socket) -> int:
    return int(bound.getsockname()[1])


def _spawn(command: Sequence[str], bound: socket.socket, output: Path, environment: Mapping[str, str]) -> Server:
    return Server(_start(command, output, environment, pass_fds=[bound.fileno()]), _port(bound), output)


def _start(
    command: Sequence[str], output: Path, environment: Mapping[str, str], *, pass_fds: Sequence[int] = ()
) -> subprocess.Popen[bytes]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    with output.open("ab") as sink:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env={**own, **environment},
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            pass_fds=pass_fds,
            start_new_session=True,  # a group of its own, for `kill`
        )


def _processes() -> list[tuple[int, str, int]]:
    """(pid, state, parent's pid) of every process, from /proc (proc(5): the fields after the name in parentheses)."""
    seen = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            continue
        seen.append((int(stat.parent.name), state, int(parent)))
    return seen
