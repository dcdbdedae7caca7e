"""Transport: one HTTP request and its reply, to the byte. No redirects, no proxies of the environment, no connection that is kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from io import BufferedReader, RawIOBase
from socket import socket
from typing import Any, cast
from urllib.parse import quote, urlsplit

from mockbrew.conformance.results import Exchange
from mockbrew.errors.contracts import BadTarget

MOST = 1 << 20  # bytes of a body that are read
PIECE = 1 << 16  # bytes at a time
AFTER_HEAD = 0.25  # s in which a body that should not be there must begin to come
PORTS = {"http": 80, "https": 443}
GONE = -1  # the status of an exchange for which there was no connection


@dataclass(frozen=True, slots=True)
class Target:
    """Where a server is. prefix: of all paths, without a slash at the end."""

    scheme: str
    host: str
    port: int
    prefix: str

    @property
    def url(self) -> str:
        """As one writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{'' if self.port == PORTS[self.scheme] else f':{self.port}'}{self.prefix}"


def target(url: str) -> Target:
    """The server that a URL names. Raises BadTarget."""
    try:
        parts = urlsplit(url if "//" in url else f"http://{url}")
        port = parts.port
    except ValueError as error:
        raise BadTarget(url, str(error)) from error
    if parts.scheme not in PORTS:
        raise BadTarget(url, f"unknown scheme {parts.scheme!r}")
    if port == 0:
        raise BadTarget(url, "nobody listens at port 0")
    if not parts.hostname:
        raise BadTarget(url, "it names no host")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise BadTarget(url, "it has more than a scheme, a host, a port and a path")
    return Target(parts.scheme, parts.hostname, port or PORTS[parts.scheme], quote(parts.path.rstrip("/"), safe="/%!$&'()*+,;=:@-._~"))


@dataclass(frozen=True, slots=True)
class Transport:
    """Asks one server. timeout: s for all of a request."""

    target: Target
    timeout: float = 10.0
    clock: Callable[[], float] = time.monotonic

    def ask(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Exchange:
        """The reply to one request. One that fails on its way has status 0, one for which there is no connection GONE."""
        began = self.clock()
        url = f"{self.target.prefix}{path}"
        connection = self._connection()
        try:
            connection.connect()
        except (OSError, UnicodeError) as error:  # a host that is no name of one
            return self._failed(method, url, GONE, f"no connection to {self.target.url}: {_words(error)}", began)
        wire = _Wire(connection.sock, self.clock, began + self.timeout)
        connection.sock = cast(socket, wire)
        try:
            connection.request(method, url, body, {"Connection": "close", "Accept": "*/*", **(headers or {})})
            with connection.getresponse() as response:
                text = self._head(wire, response) if method == "HEAD" else self._body(response)
                fields = {name.lower(): value for name, value in response.getheaders()}
                return Exchange(method, url, response.status, fields, text, self.clock() - began)
        except (OSError, HTTPException, ValueError) as error:
            return self._failed(method, url, 0, _words(error), began)
        finally:
            connection.close()

    def _connection(self) -> HTTPConnection:
        kind = HTTPSConnection if self.target.scheme == "https" else HTTPConnection
        return kind(self.target.host, self.target.port, timeout=self.timeout)

    def _failed(self, method: str, url: str, status: int, why: str, began: float) -> Exchange:
        return Exchange(method, url, status, {}, b"", self.clock() - began, why)

    def _body(self, response: HTTPResponse) -> bytes:
        """Raises HTTPException where it is cut off, and TimeoutError."""
        pieces: list[bytes] = []
        size = 0
        while size <= MOST:
            piece = response.read(min(PIECE, MOST + 1 - size)) if response.length is not None else response.read1(PIECE)
            if not piece:
                break
            pieces.append(piece)
            size += len(piece)
        if size <= MOST and response.length:
            raise HTTPException(f"the body ended {response.length} bytes before its Content-Length")
        return b"".join(pieces)[:MOST]

    def _head(self, wire: _Wire, response: HTTPResponse) -> bytes:
        """What comes behind the headers of a reply that has no body."""
        reader: Any = response.fp  # a BufferedReader
        wire.until = min(wire.until, self.clock() + AFTER_HEAD)
        try:
            return bytes(reader.read1(PIECE))
        except OSError:
            return b""


class _Wire:
    """A socket that is through at an instant of the clock, `until`, however slowly bytes come and go."""

    def __init__(self, sock: socket, clock: Callable[[], float], until: float) -> None:
        self._sock, self._clock, self.until = sock, clock, until

    def sendall(self, data: bytes) -> None:
        self.hurry()
        self._sock.sendall(data)

    def makefile(self, mode: str) -> BufferedReader:
        return BufferedReader(_Drops(self, self._sock.makefile("rb", buffering=0)))

    def close(self) -> None:
        self._sock.close()

    def hurry(self) -> None:
        """Raises TimeoutError when it is too late."""
        left = self.until - self._clock()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)


class _Drops(RawIOBase):
    """What comes from a socket."""

    def __init__(self, wire: _Wire, raw: Any) -> None:
        self._wire, self._raw = wire, raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._wire.hurry()
        count: int | None = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no reply in time"
    return str(error) or type(error).__name__
