"""Servers of WSGI callables that are compared: gunicorn with sync and with gthread workers, and Granian; two workers each.

And `mockbrew serve`, which is Granian with a socket and care for workers of its own: the callable that it is compared with is under plain
Granian.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.options import Options
from bench.processes import Running, free_port, started
from bench.tools import ROOT, granian, program
from bench.web import TOKEN, ready

SYNC, GTHREAD, GRANIAN, SERVE = "gunicorn, 2 sync", "gunicorn, 2 gthread x 4", "Granian, 2 x 1", "mockbrew serve"
KINDS = (SYNC, GTHREAD, GRANIAN, SERVE)
CONSTANT, BARE, MOCKBREW = "bench.constant:app", "bench.bare:app", "wsgi:app"
READING = "/getA.py"


def command(kind: str, app: str, port: int) -> list[str]:
    """The command line. Raises Missing."""
    where = ["--host", "127.0.0.1", "--port", str(port)]
    if kind == SERVE and app == MOCKBREW:
        return [sys.executable, "-m", "mockbrew", "serve", *where, "--workers", "2"]
    if kind in {GRANIAN, SERVE}:
        options = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "1", "--no-ws", "--log-level", "warning"]
        return [sys.executable, "-m", granian(), *options, *where, app]
    threads = ["--threads", "4"] if kind == GTHREAD else []
    bind = f"127.0.0.1:{port}"
    return [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "gunicorn.conf.py"), "-b", bind, "-w", "2", *threads, app]


@contextmanager
def served(
    kind: str, app: str, options: Options, *, spec: Path | None = None, path: str = READING, core: int | None = None
) -> Iterator[Running]:
    """A server that answers at `path`, with a new store in a file. core: the only one that it may use."""
    program("wrk")  # without it no server need be started
    port = free_port()
    name = f"{app.partition(':')[0]}-{port}"
    line = [*([] if core is None else [program("taskset"), "-c", str(core)]), *command(kind, app, port)]
    with started(line, name=name, folder=options.folder, port=port, environment=environment(options.folder / f"{name}.db", spec)) as server:
        yield ready(server, path)


def environment(store: Path, spec: Path | None = None) -> Mapping[str, str]:
    """The settings of mockbrew: a store in a file, the control plane open to the bench."""
    chosen = {} if spec is None else {"MOCKBREW_SPEC": str(spec)}
    return {"MOCKBREW_STORE": f"sqlite:///{store}", "MOCKBREW_ADMIN_TOKEN": TOKEN, **chosen}
