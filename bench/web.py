"""Single requests to a server on this machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from typing import Any, NamedTuple

from bench.processes import Running
from bench.wrk import Broken

TOKEN = "of-the-bench"  # noqa: S105 - of servers that live for a minute, on loopback
PATIENCE = 60.0  # s for one reply


class Reply(NamedTuple):
    """What came back."""

    status: int
    body: bytes


def ask(port: int, path: str, *, method: str = "GET", body: Mapping[str, Any] | None = None) -> Reply:
    """One request on a connection of its own. Raises OSError, HTTPException."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        headers = {"Authorization": f"Bearer {TOKEN}", **({} if body is None else {"Content-Type": "application/json"})}
        connection.request(method, path, body=None if body is None else json.dumps(body), headers=headers)
        response = connection.getresponse()
        return Reply(response.status, response.read())
    finally:
        connection.close()


def asked(port: int, path: str, *, method: str = "GET", body: Mapping[str, Any] | None = None) -> Reply:
    """The same, of which success is expected. Raises Broken."""
    try:
        reply = ask(port, path, method=method, body=body)
    except (OSError, HTTPException) as error:
        raise Broken(f"{method} http://127.0.0.1:{port}{path}", f"no reply: {error!r}") from error
    if reply.status // 100 != 2:
        raise Broken(f"{method} http://127.0.0.1:{port}{path}", f"{reply.status}: {reply.body[:300]!r}")
    return reply


def answers(port: int, path: str) -> bool:
    """Whether there is a reply, a 200."""
    try:
        return ask(port, path).status == 200
    except (OSError, HTTPException):
        return False


def ready(server: Running, path: str, within: float = 60.0) -> Running:
    """The server, after its first 200. Raises Ended."""
    server.wait_until(lambda: answers(server.port, path), within, f"a 200 for {path}")
    return server
