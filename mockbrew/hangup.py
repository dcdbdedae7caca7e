"""Hanging up: a connection is closed instead of a reply, as far as the server allows."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

# These take it for a client that has gone: they close the connection, log nothing, and the worker goes on.
QUIET = ("gunicorn/", "Werkzeug/", "WSGIServer/")


def hang_up(environ: Mapping[str, Any], start_response: Callable[[str, list[tuple[str, str]]], object]) -> Iterable[bytes]:
    """What a WSGI callable returns instead of a reply. Raises ConnectionResetError where the server understands it.

    Granian (2.8) takes a length that is none for the application's fault, and closes the connection before it has sent a byte of the reply.
    Elsewhere a byte is announced that never comes, which no server can turn into a whole reply.
    """
    server = str(environ.get("SERVER_SOFTWARE", ""))
    if server.startswith(QUIET):
        if "werkzeug.socket" in environ:  # its development server waits for the next request otherwise
            with suppress(OSError):  # the client has gone before
                environ["werkzeug.socket"].shutdown(socket.SHUT_WR)
        raise ConnectionResetError(errno.ECONNRESET, "a fault of the rig closes the connection")
    start_response("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", "none" if server == "Granian" else "1")])
    return ()
