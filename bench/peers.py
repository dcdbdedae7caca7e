"""Peers: mock servers of others, each told to answer one body at some paths, in the way that is fastest for it.

So without logs, without a journal of requests and without CORS, where they can do without; and mountebank, which closes its connections
by itself, is told to keep them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.constant import BODY
from bench.processes import Running, free_port, started
from bench.tools import NODE, java, program, wiremock
from bench.web import ready
from mockbrew.exports import mockoon

WITHIN = 60.0  # s for a first reply
TEXT, JSON = BODY.decode(), {"Content-Type": "application/json"}

Command = Callable[[Path, int, Sequence[str]], list[str]]
"""The command line that serves some paths at a port, with files in a folder. Raises Missing."""


@dataclass(frozen=True, slots=True)
class Peer:
    """package: of npm, which has its version. java: it gets faster for some seconds."""

    name: str
    package: str
    command: Command
    java: bool = False

    @property
    def title(self) -> str:
        """Name and version."""
        return f"{self.name} {version(self.package)}"


@contextmanager
def peer(one: Peer, folder: Path, paths: Sequence[str], asked: str) -> Iterator[Running]:
    """It serves `paths`, and has answered at one of them. Raises Missing, Ended."""
    program("wrk")  # without it none need be started
    own, port = folder / f"{one.name}-{len(paths)}", free_port()
    own.mkdir()
    command = one.command(own, port, paths)
    with started(command, name=one.name, folder=own, port=port, environment={"HOME": str(own)}) as running:
        yield ready(running, asked, WITHIN)


def version(package: str) -> str:
    """Of a package that npm installed where the bench looks for it; `?` for one from elsewhere."""
    for folder in NODE:
        if (file := folder / package / "package.json").exists():
            return str(json.loads(file.read_text("utf-8"))["version"])
    return "?"


# -- how each is told ----------------------------------------------------------------------------------------------


def _prism(folder: Path, port: int, paths: Sequence[str]) -> list[str]:
    reply = {"200": {"description": "as it is", "content": {"application/json": {"example": json.loads(BODY)}}}}
    document = {
        "openapi": "3.0.3",
        "info": {"title": "bench", "version": "1"},
        "paths": {path: {"get": {"responses": reply}} for path in paths},
    }
    return [program("prism"), "mock", _file(folder, document), "--port", str(port), "--cors=false", "--verboseLevel", "silent"]


def _mountebank(folder: Path, port: int, paths: Sequence[str]) -> list[str]:
    answer = {"is": {"statusCode": 200, "headers": {**JSON, "Connection": "keep-alive"}, "body": TEXT}}
    stubs = [{"predicates": [{"equals": {"method": "GET", "path": path}}], "responses": [answer]} for path in paths]
    imposter = {"port": port, "protocol": "http", "recordRequests": False, "stubs": stubs}
    quiet = ["--nologfile", "--loglevel", "error", "--localOnly", "--noParse", "--pidfile", str(folder / "pid")]
    return [program("mb"), "start", "--port", str(free_port()), "--configfile", _file(folder, {"imposters": [imposter]}), *quiet]


def _wiremock(folder: Path, port: int, paths: Sequence[str], *machine: str) -> list[str]:
    """Options of the Java machine: `machine`."""
    reply = {"status": 200, "headers": JSON, "body": TEXT}
    mappings = [{"request": {"method": "GET", "urlPath": path}, "response": reply} for path in paths]
    (folder / "mappings").mkdir()
    _file(folder / "mappings", {"mappings": mappings})
    where = ["--port", str(port), "--bind-address", "127.0.0.1", "--root-dir", str(folder)]
    return [java(), *machine, "-jar", str(wiremock()), *where, "--disable-banner", "--no-request-journal", "--disable-request-logging"]


def _small_wiremock(folder: Path, port: int, paths: Sequence[str]) -> list[str]:
    """With as little memory as it still runs well in: by itself a Java machine takes a share of what is there."""
    return _wiremock(folder, port, paths, "-Xmx128m", "-XX:+UseSerialGC")


def _mockoon(folder: Path, port: int, paths: Sequence[str]) -> list[str]:
    routes = [mockoon.route(path, "get", path[1:], mockoon.response(path, 200, JSON, BODY)) for path in paths]
    environment = mockoon.environment("bench", "bench", routes, port=port)
    quiet = ["--disable-log-to-file", "--disable-admin-api"]
    return [program("mockoon-cli"), "start", "--data", _file(folder, environment), "--port", str(port), "--hostname", "127.0.0.1", *quiet]


def _file(folder: Path, document: Mapping[str, Any]) -> str:
    file = folder / "told.json"
    file.write_text(json.dumps(document), "ascii")
    return str(file)


WIREMOCK, PRISM = "WireMock", "Prism"
PEERS = (
    Peer(WIREMOCK, "wiremock", _wiremock, java=True),
    Peer(f"{WIREMOCK} in 128 MB", "wiremock", _small_wiremock, java=True),
    Peer(PRISM, "@stoplight/prism-cli", _prism),
    Peer("mountebank", "mountebank", _mountebank),
    Peer("Mockoon", "@mockoon/cli", _mockoon),
)
