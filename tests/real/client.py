"""An HTTP client that keeps its connections, for tests with many threads."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPMessage
from typing import Any, NamedTuple


class Reply(NamedTuple):
    """What came back, whatever the status."""

    status: int
    headers: HTTPMessage
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """Speaks to one port of this machine. Each thread that uses it has a connection of its own, kept while the server keeps it.

    A request is sent once: when the connection breaks, the error (OSError or http.client.HTTPException) is the caller's to judge, who
    knows whether it was a command, and the next request connects anew.
    """

    def __init__(self, port: int, *, timeout: float = 10.0) -> None:
        self.port, self.timeout = port, timeout  # timeout: s, for connecting and for each read
        self._own = threading.local()
        self._all: list[HTTPConnection] = []

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Reply:
        return self.request("GET", path, headers=headers)

    def request(self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Reply:
        """Send one request and read its reply whole."""
        connection = self._connection()
        try:
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        except BaseException:
            connection.close()  # half a reply must not be taken for the next one's
            raise

    def close(self) -> None:
        """Close the connections of all threads."""
        for connection in self._all:
            connection.close()

    def _connection(self) -> HTTPConnection:
        if not hasattr(self._own, "connection"):
            self._own.connection = HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
            self._all.append(self._own.connection)
        connection: HTTPConnection = self._own.connection
        return connection
