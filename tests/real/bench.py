"""The real servers and clients of one test, ended with it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Literal

from tests.real.client import Client
from tests.real.servers import Server, spawn_gunicorn, spawn_nginx, spawn_prism, spawn_serve

Door = Literal["direct", "nginx"]
DOORS: tuple[Door, ...] = ("direct", "nginx")


class Bench:
    """Starts what a test asks for: `server = bench.gunicorn(workers=4).wait_ready()`, `bench.client(server).get("/getA.py")`."""

    def __init__(self, folder: Path, require_program: Callable[[str], str]) -> None:
        self.folder = folder
        self.file = folder / "rigs.db"
        self.store = f"sqlite:///{self.file}"
        self._require_program = require_program
        self._servers: list[Server] = []
        self._ends = ExitStack()

    def gunicorn(
        self,
        *,
        app: str = "wsgi:app",
        workers: int = 2,
        threads: int = 1,
        options: Sequence[str] = (),
        spec: Path | None = None,
        store: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Server:
        """A gunicorn that may not answer yet; `options` are further ones of its command line, `["--preload"]` for one.

        More than one thread makes it take gthread workers, which keep connections. Without a `store` all servers of a test
        share `self.store`, so a second one goes on from the state of the first; without a `spec` it serves the reference rig.
        """
        settings = {"MOCKBREW_STORE": store or self.store} | ({"MOCKBREW_SPEC": str(spec)} if spec else {}) | dict(environment or {})
        command_line = ["--workers", str(workers), "--threads", str(threads), *options]
        return self._watch(spawn_gunicorn(self._folder("gunicorn") / "output", settings, *command_line, app=app))

    def serve(
        self,
        *,
        workers: int = 2,
        options: Sequence[str] = (),
        spec: Path | None = None,
        store: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Server:
        """A `mockbrew serve`, by Granian, that may not answer yet; as `gunicorn` otherwise."""
        settings = {"MOCKBREW_STORE": store or self.store} | ({"MOCKBREW_SPEC": str(spec)} if spec else {}) | dict(environment or {})
        return self._watch(spawn_serve(self._folder("serve"), settings, "--workers", str(workers), *options))

    def nginx(self, upstream: int) -> Server:
        """An nginx with deploy/nginx.conf in front of the port `upstream`; it may not answer yet."""
        return self._watch(spawn_nginx(self._require_program("nginx"), self._folder("nginx"), upstream=upstream))

    def prism(self, document: Path, *options: str, upstream: int) -> Server:
        """A Prism that holds what goes to and comes from the port `upstream` against an OpenAPI document."""
        return self._watch(spawn_prism(self._require_program("prism"), self._folder("prism"), document, *options, upstream=upstream))

    def front(self, server: Server, how: Door) -> Server:
        """What clients speak to: the server itself, or an nginx in front of it."""
        return server if how == "direct" else self.nginx(server.port).wait_ready()

    def client(self, server: Server, *, timeout: float = 10.0) -> Client:
        client = Client(server.port, timeout=timeout)
        self._ends.callback(client.close)
        return client

    def close(self) -> None:
        """End everything; what the servers said goes to standard output, which pytest shows of a test that failed."""
        self._ends.close()
        for server in self._servers:
            sys.stdout.write(f"--- {server.output}\n{server.said()}\n")

    def _watch(self, server: Server) -> Server:
        self._servers.append(server)
        self._ends.callback(server.kill)
        return server

    def _folder(self, what: str) -> Path:
        folder = self.folder / f"{what}-{len(self._servers)}"
        folder.mkdir()
        return folder
