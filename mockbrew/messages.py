"""Requests, orders and replies as the app sees them, between WSGI and what answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Headers = list[tuple[str, str]]
Reply = tuple[int, Headers, bytes]

NO_STORE = ("Cache-Control", "no-store")  # commands come by GET: no cache may ever answer one


@dataclass(slots=True)  # not frozen: to make one would cost three times as much, at each request
class Request:
    """path: WSGI's PATH_INFO without the prefix that names a rig. rig: the rig that it speaks to. body: read for the control plane only.

    strikes: what faults of transport do to it, once that is known: it is counted and drawn once, whichever spec answers it in the end.
    """

    method: str
    path: str
    rig: str
    environ: Mapping[str, Any]
    body: bytes = b""
    strikes: list[Any] = field(default_factory=list, compare=False)


class Asked(NamedTuple):
    """A request as it came, for the journal: its method and its URL."""

    method: str
    url: str


DIRECT = Asked("", "")  # no request: a program in this process


class Order(NamedTuple):
    """A command as it is applied: arguments typed and within their bounds."""

    device: str
    verb: str
    arguments: Mapping[str, Any]


def headers(content_type: str, body: bytes) -> Headers:
    """What every reply has."""
    return [("Content-Type", content_type), ("Content-Length", str(len(body))), NO_STORE]
