"""The listening socket of `mockbrew serve`, and what can be wrong with the address it is asked for."""

from __future__ import annotations

import errno
import socket
from ipaddress import ip_address

from mockbrew.errors import ConfigurationError

BACKLOG = 2048  # connections that may wait, as gunicorn's default


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises ConfigurationError."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except (socket.gaierror, UnicodeError) as error:
        raise ConfigurationError(f"--host {host!r}: no such host; name an address of this machine, such as 127.0.0.1") from error
    except OSError as error:
        raise ConfigurationError(_explained(error, host, port)) from error
    # Connections inherit it. Granian writes a head and its body apart; without it the body waits 40 ms for the client's acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


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
