"""The listening sockets of `mockbrew serve`, and what can be wrong with the address it is asked for.

Each worker has one of its own, and all are made and kept by the master. From a single one the first worker that wakes takes all connections
that come together, and goes on doing so; and what waits at a socket that is a dead worker's own is lost.
"""

from __future__ import annotations

import errno
import socket
import sys
from ipaddress import ip_address
from typing import Any

from mockbrew.errors import ConfigurationError

BACKLOG = 2048  # connections that may wait at a socket, as gunicorn's default


def bind(host: str, port: int) -> socket.socket:
    """A socket that has the address to itself; it does not listen yet. Raises ConfigurationError."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return _bound(family, address[:2])
    except (socket.gaierror, UnicodeError) as error:
        raise ConfigurationError(f"--host {host!r}: no such host; name an address of this machine, such as 127.0.0.1") from error
    except OSError as error:
        raise ConfigurationError(_explained(error, host, port)) from error


def listen(first: socket.socket, number: int) -> list[socket.socket]:
    """The socket and others with its address, all listening: the kernel deals connections out. Raises ConfigurationError."""
    address = first.getsockname()[:2]
    try:
        first.listen(BACKLOG)
        if number == 1 or sys.platform != "linux":  # elsewhere one of them would get everything
            return [first]
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # not before: two that begin together could both listen
        others = [_bound(first.family, address, socket.SO_REUSEPORT) for _ in range(1, number)]
        for each in others:
            each.listen(BACKLOG)
    except OSError as error:  # somebody was quicker
        raise ConfigurationError(_explained(error, *address)) from error
    return [first, *others]


def _bound(family: int, address: tuple[Any, ...], *options: int) -> socket.socket:
    bound = socket.socket(family)
    try:
        for option in (socket.SO_REUSEADDR, *options):  # the first, so that a server can start again at once
            bound.setsockopt(socket.SOL_SOCKET, option, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        # Connections inherit it. Granian writes a head and its body apart; the body would wait 40 ms for the client's acknowledgement.
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound


def of_this_machine(listener: socket.socket) -> bool:
    """Whether no other machine reaches it."""
    return ip_address(listener.getsockname()[0]).is_loopback


def _explained(error: OSError, host: str, port: int) -> str:
    reason = {
        errno.EADDRINUSE: f"--port {port}: something else serves there already; end it, or take another port (0 for any free one)",
        errno.EACCES: f"--port {port}: this user may not serve there; take one above 1023",
        errno.EADDRNOTAVAIL: f"--host {host!r}: is no address of this machine; take 127.0.0.1, or 0.0.0.0 for all of its addresses",
    }
    return reason.get(error.errno or 0, f"{host} port {port}: can't be served: {error}; take another --host or --port")
