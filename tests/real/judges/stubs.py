"""WireMock and Mockoon as programs of a test, started with a file that was exported for them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

from tests.real.client import Client
from tests.real.waiting import wait_until

LISTENING = "0A"  # in /proc/net/tcp (proc(5))
WAIT = 60.0  # s for a first reply


@contextmanager
def served(command: Sequence[str], output: Path) -> Iterator[Client]:
    """A client of a program that listens on a port of its own choice, and can't be asked which."""
    with output.open("wb") as sink, subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink) as process:
        try:
            client = Client(wait_until(lambda: _port(process, output), within=WAIT, what=f"a port of {command[0]}"))
            yield client
            client.close()
        finally:
            process.kill()


def wiremock(java: str, jar: Path, document: Mapping[str, Any], folder: Path) -> list[str]:
    """The command that serves mappings."""
    (folder / "mappings").mkdir()
    (folder / "mappings" / "exported.json").write_text(json.dumps(document), "ascii")
    options = ["--port", "0", "--bind-address", "127.0.0.1", "--root-dir", str(folder), "--disable-banner"]
    return [java, "-jar", str(jar), *options]


def mockoon(program: str, document: Mapping[str, Any], folder: Path) -> list[str]:
    """The command that serves an environment."""
    file = folder / "environment.json"
    file.write_text(json.dumps(document), "ascii")
    return [program, "start", "--data", str(file), "--port", "0", "--hostname", "127.0.0.1", "--disable-log-to-file", "--disable-admin-api"]


def _port(process: subprocess.Popen[bytes], output: Path) -> int | Literal[False]:
    """The port of 127.0.0.1 on which it listens."""
    assert process.poll() is None, f"ended with {process.returncode}: {output.read_text()}"
    sockets = set(_targets(Path(f"/proc/{process.pid}/fd")))
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *rest = line.split()
            if state == LISTENING and f"socket:[{rest[5]}]" in sockets:
                return int(local.rpartition(":")[2], 16)
    return False


def _targets(folder: Path) -> Iterator[str]:
    for link in folder.iterdir():
        with suppress(FileNotFoundError):  # it has closed that one meanwhile
            yield link.readlink().name


Command = Callable[[Mapping[str, Any], Path], list[str]]
