"""A server in a thread of this process, on a port that the system chooses, of which nothing is left at its end."""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from mockbrew.admin.access import LOCAL
from mockbrew.app import create_app
from mockbrew.spec import Spec

HOST = "127.0.0.1"
IDLE = 30  # s after which a connection on which nobody asks anything is closed
LOOK = 0.05  # s between two looks at whether the server is to end

WSGI = Callable[..., Iterable[bytes]]

log = logging.getLogger(__name__)


@contextmanager
def served(spec: Spec | Path) -> Iterator[str]:
    """The URL of a server of this spec, whose rigs are forgotten at its end. Raises as `create_app`."""
    app = create_app(spec, "memory://", access=LOCAL)
    try:
        with serving(app) as url:
            yield url
    finally:
        app.store.close()


@contextmanager
def serving(app: WSGI) -> Iterator[str]:
    """The URL of a server of this app."""
    server = Server(HOST, 0, app, Handler)
    thread = Thread(target=server.serve_forever, args=(LOOK,), name="mockbrew", daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.port}"
    finally:
        server.shutdown()
        thread.join()


class Handler(WSGIRequestHandler):
    """One connection. The journal says what is asked; here nothing is."""

    timeout = IDLE

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - named so in its base
        """Nothing: a line for each request would stand in what is captured of every test."""


class Server(ThreadedWSGIServer):
    """A thread for each connection, which ends at the latest with the server."""

    daemon_threads = False  # such threads are waited for when it closes

    def __init__(self, *arguments: Any) -> None:
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Connections that clients have left open end now, and their threads with them."""
        with self._lock:
            for connection in self._open:
                with suppress(OSError):  # it has ended by itself
                    connection.shutdown(socket.SHUT_RDWR)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """What a handler did not expect; a client that has gone is no matter."""
        log.debug("a connection ended by an error", exc_info=sys.exc_info())

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - named so in its base
        log.error(message, *args)
