"""The yardstick: a WSGI callable that does nothing. Its reply has the headers and the body of a reading of mockbrew's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

BODY = b'{"Sensor":"VanneA","State":0}'
HEADERS = [("Content-Type", "application/json"), ("Content-Length", str(len(BODY))), ("Cache-Control", "no-store")]


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Always the same."""
    start_response("200 OK", list(HEADERS))
    return [BODY]  # not a tuple: a list Granian sends with the head
