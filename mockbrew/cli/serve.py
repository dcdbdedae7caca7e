"""`mockbrew serve`: a rig on an address of this machine, by gunicorn.

The listening socket is made before anything else is promised: so port 0 has a number that can be told, a taken one is one line, and whoever
reads the first line can connect at once.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import click
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # gunicorn has no types
from gunicorn.errors import HaltServer  # type: ignore[import-untyped]  # as above

from mockbrew import __version__, gunicorn_conf
from mockbrew.admin.access import Access
from mockbrew.app import app_from_environment
from mockbrew.cli.reading import read, settings, spec_argument
from mockbrew.errors import ConfigurationError
from mockbrew.router import Router
from mockbrew.settings import TOKEN, Settings
from mockbrew.spec import Spec
from mockbrew.stores import open_store

BACKLOG = 2048  # connections that may wait, as gunicorn's default
THREADS = 16  # a worker: browsers open connections ahead and leave them idle, and each holds a thread (a sync worker whole) for seconds


@click.command("serve")
@spec_argument
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8890, show_default=True, help="The port; 0 takes a free one.")
@click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True, help="Processes that answer.")
@click.option("--store", help="sqlite:///PATH or memory://.  [default: MOCKBREW_STORE, else a file beside SPEC]")
def command(spec: Path | None, *, host: str, port: int, workers: int, store: str | None) -> None:
    """Serve SPEC until Ctrl-C."""
    chosen = settings(spec=spec, store=store)
    loaded, router = read(chosen.spec)
    with listen(host, port) as listener:
        shared, access = _usable(chosen.store), Access(chosen.token, local=_of_this_machine(listener))
        _announce(chosen, loaded, router, listener)
        _warn(access)
        if not shared:
            click.echo(f"  note   memory:// keeps the state in one process: 1 worker with {THREADS} threads; it is gone when this ends")
        until_ended(Server(chosen, fd=listener.detach(), workers=workers if shared else 1, local=access.local).run)


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn with the project's settings and these."""

    def __init__(self, chosen: Settings, *, fd: int, workers: int, local: bool) -> None:
        """local: only this machine reaches it. Workers know it from here, not from their environment, which anybody could set."""
        self._local = local
        # As under `gunicorn wsgi:app`, each worker reads what it serves from its environment.
        os.environ.update(MOCKBREW_SPEC=str(chosen.spec), MOCKBREW_STORE=chosen.store)
        self._settings = {
            **vars(gunicorn_conf),
            "bind": f"fd://{fd}",
            "workers": workers,
            "threads": THREADS,  # which takes gthread workers
            "loglevel": "warning",
            "post_worker_init": _leave_ctrl_c_to_master,
            **({"when_ready": _end_with_terminal} if _at_a_terminal() else {}),
        }
        super().__init__()

    def load_config(self) -> None:
        """What is no setting of this gunicorn is ignored, as in a file of settings."""
        for name, value in self._settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        return app_from_environment(local=self._local)


def until_ended(run: Callable[[], None]) -> None:
    """Run a server to its end. Raises ConfigurationError where its workers can't start, as after a SIGHUP with mistakes in the spec.

    They have said why. Gunicorn ends with 3 then; or, where a second worker fails while it stops, by an exception that it lets escape.
    """
    master = os.getpid()
    try:
        run()
    except (HaltServer, SystemExit) as ended:
        asked_for = isinstance(ended, SystemExit) and not ended.code
        if asked_for or os.getpid() != master:  # a worker tells the master by its own code
            raise
        raise ConfigurationError(
            "the server has ended, because a worker could not start; mend what is said above, and start it again"
        ) from ended


def _at_a_terminal() -> bool:
    """Whether the terminal that this was started from should end it when it is closed, which `nohup` is there to prevent."""
    return os.isatty(0) and signal.getsignal(signal.SIGHUP) == signal.SIG_DFL


def _end_with_terminal(arbiter: Any) -> None:
    """A closed terminal says SIGHUP. Gunicorn would take it for an order to load again, and serve on unseen."""
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


def _leave_ctrl_c_to_master(worker: Any) -> None:
    """A terminal sends it to every process, and the master then stops its workers: two signals would end one with a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises ConfigurationError."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except (socket.gaierror, UnicodeError) as error:
        raise ConfigurationError(f"--host {host!r}: no such host; name an address of this machine, such as 127.0.0.1") from error
    except OSError as error:
        raise ConfigurationError(_explained(error, host, port)) from error


def _explained(error: OSError, host: str, port: int) -> str:
    reason = {
        errno.EADDRINUSE: f"--port {port}: something else serves there already; end it, or take another port (0 for any free one)",
        errno.EACCES: f"--port {port}: this user may not serve there; take one above 1023",
        errno.EADDRNOTAVAIL: f"--host {host!r}: is no address of this machine; take 127.0.0.1, or 0.0.0.0 for all of its addresses",
    }
    return reason.get(error.errno or 0, f"{host} port {port}: can't be served: {error}; take another --host or --port")


def _usable(url: str) -> bool:
    """Whether processes can share the store; raises what is wrong with it: StoreError, ConfigurationError."""
    store = open_store(url)
    try:
        with store.transaction():
            return store.shared
    finally:
        store.close()  # before gunicorn forks


def _announce(chosen: Settings, spec: Spec, router: Router, listener: socket.socket) -> None:
    address, port = listener.getsockname()[:2]
    host = f"[{address}]" if ":" in address else address
    click.echo(f"mockbrew {__version__} serves {spec.title!r} on http://{host}:{port} (Ctrl-C ends it)")
    click.echo(f"  spec   {chosen.spec}")
    click.echo(f"  store  {chosen.store}")
    click.echo(f"  try    http://{_reachable(host)}:{port}{_first_url(router)}")


def _warn(access: Access) -> None:
    if not access.local:
        click.echo("warning: other machines can reach this address and command the rig; --host 127.0.0.1 keeps them out", err=True)
    if access.closed:
        click.echo(f"warning: so /__admin/ is closed to everybody; set {TOKEN} to open it to whoever sends that token", err=True)


def _of_this_machine(listener: socket.socket) -> bool:
    """Whether no other machine reaches it."""
    return ip_address(listener.getsockname()[0]).is_loopback


def _reachable(host: str) -> str:
    """Where this machine itself finds what listens on all addresses."""
    return {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)  # noqa: S104 - looked up, not listened on


def _first_url(router: Router) -> str:
    readings = (endpoint.url for endpoint in router.endpoints if not endpoint.commands)
    return next(readings, "/")
