"""`mockbrew serve`: a rig on an address of this machine, by Granian or, where that is missing, by gunicorn.

The address is taken before anything else is done, and listened at before anything is promised: so port 0 has a number that can be told, a
taken one is one line, and whoever reads the first line can connect at once.
"""

from __future__ import annotations

import os
import signal
import socket
from contextlib import ExitStack
from pathlib import Path

import click

from mockbrew import __version__
from mockbrew.admin.access import Access
from mockbrew.cli.choice import server
from mockbrew.cli.listening import bind, listen, of_this_machine
from mockbrew.cli.loading import Loaded
from mockbrew.cli.offer import THREADS, Offer
from mockbrew.cli.reading import settings, spec_argument
from mockbrew.routes import addresses
from mockbrew.settings import TOKEN, Settings
from mockbrew.spec import Spec
from mockbrew.stores import open_store


@click.command("serve")
@spec_argument
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8890, show_default=True, help="The port; 0 takes a free one.")
@click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True, help="Processes that answer.")
@click.option("--threads", type=click.IntRange(1, 512), default=THREADS, show_default=True, help="Of each; a delayed reply holds one.")
@click.option("--store", help="sqlite:///PATH or memory://.  [default: MOCKBREW_STORE, else a file beside SPEC]")
def command(spec: Path | None, *, host: str, port: int, workers: int, threads: int, store: str | None) -> None:
    """Serve SPEC until Ctrl-C."""
    chosen = settings(spec=spec, store=store)
    with ExitStack() as opened:
        first = opened.enter_context(bind(host, port))
        access = Access(chosen.token, local=of_this_machine(first))
        loaded, shared = Loaded(chosen, access), _usable(chosen.store)
        serve, note = server()
        listeners = [opened.enter_context(each) for each in listen(first, workers if shared else 1)]
        _announce(chosen, loaded.app.spec, first)
        _warn(access)
        if not shared:
            click.echo(f"  note   memory:// keeps the state in one process: 1 worker with {threads} threads; it is gone when this ends")
        if note:
            click.echo(f"  note   {note}")
        serve(Offer(loaded, listeners, workers=workers if shared else 1, threads=threads, ends_with_terminal=_at_a_terminal()))


def _at_a_terminal() -> bool:
    """Whether the terminal that this was started from should end it when it is closed, which `nohup` is there to prevent."""
    return os.isatty(0) and signal.getsignal(signal.SIGHUP) == signal.SIG_DFL


def _usable(url: str) -> bool:
    """Whether processes can share the store; raises what is wrong with it: StoreError, ConfigurationError."""
    store = open_store(url)
    try:
        with store.transaction():
            return store.shared
    finally:
        store.close()  # before the server forks


def _announce(chosen: Settings, spec: Spec, listener: socket.socket) -> None:
    address, port = listener.getsockname()[:2]
    host = f"[{address}]" if ":" in address else address
    click.echo(f"mockbrew {__version__} serves {spec.title!r} on http://{host}:{port} (Ctrl-C ends it)")
    click.echo(f"  spec   {chosen.spec}")
    click.echo(f"  store  {chosen.store}")
    click.echo(f"  try    http://{_reachable(host)}:{port}{_first_url(spec)}")


def _warn(access: Access) -> None:
    if not access.local:
        click.echo("warning: other machines can reach this address and command the rig; --host 127.0.0.1 keeps them out", err=True)
    if access.closed:
        click.echo(f"warning: so /__admin/ is closed to everybody; set {TOKEN} to open it to whoever sends that token", err=True)


def _reachable(host: str) -> str:
    """Where this machine itself finds what listens on all addresses."""
    return {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)  # noqa: S104 - looked up, not listened on


def _first_url(spec: Spec) -> str:
    readings = (address.endpoint.url for address in addresses(spec) if not address.endpoint.commands)
    return next(readings, "/")
