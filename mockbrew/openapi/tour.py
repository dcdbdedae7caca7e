"""The tour: what resources really answer to their examples. It asks them in this process, of rigs in memory whose wall stands still.

`tour(spec, resources, kinds)` gives, by method and path, each example with its reply. Each is asked of a store of its own, so none knows of
another; and nothing in it depends on when or where it is asked, so it is the same document every time.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from mockbrew.addressing import addressed, of_control_plane
from mockbrew.admin.examples import Example, Step
from mockbrew.admin.plane import Plane, serves
from mockbrew.admin.resources import JSON, PLACE, PREFIX, Desk, Resource
from mockbrew.devices.base import Kinds
from mockbrew.errors import MockbrewError
from mockbrew.journal.recorder import Recorder
from mockbrew.messages import Reply, Request
from mockbrew.plant import Plant
from mockbrew.rigs import Rigs
from mockbrew.router import Router
from mockbrew.shapes import PROBLEM, problem
from mockbrew.spec import Spec
from mockbrew.stores import open_store
from mockbrew.wire import Wire

LONGEST = 65_536  # bytes of a reply that is shown
WALL = 1_767_225_600_000_000_000  # ns: 2026-01-01


@dataclass(frozen=True, slots=True)
class Shown:
    """An example, and its reply. body: data, where that is JSON; else the text."""

    example: Example
    status: int
    content_type: str
    body: Any


class Stopped:
    """A machine on which no time goes by."""

    def boot(self) -> str:
        return "the only one"

    def monotonic(self) -> int:
        return WALL

    def real(self) -> int:
        return WALL


def tour(spec: Spec, resources: Collection[Resource], kinds: Kinds) -> Mapping[tuple[str, str], tuple[Shown, ...]]:
    """What each resource answers to its examples, by method and path. Left out is what is answered otherwise than its example says."""
    guide = _Guide(spec, tuple(resources), kinds)
    return {(each.method, each.path): tuple(guide.shown(each)) for each in resources}


class _Guide:
    """What the stores of all examples share."""

    def __init__(self, spec: Spec, resources: tuple[Resource, ...], kinds: Kinds) -> None:
        self.spec, self.resources, self.kinds, self.router, self.plant = spec, resources, kinds, Router(spec), Plant(spec)

    def shown(self, resource: Resource) -> Iterator[Shown]:
        for example in resource.examples(self.spec):
            visit = self._visit()
            for step in example.before:
                visit.ask(*step, example.rig)
            status, fields, body = visit.ask(*_asked(resource, example), example.rig, example.query)
            wanted = resource.status if example.status is None else example.status
            if status == wanted and len(body) <= LONGEST:
                content_type = dict(fields)["Content-Type"]
                yield Shown(example, status, content_type, json.loads(body) if _is_json(content_type) else body.decode())

    def _visit(self) -> _Visit:
        store = open_store("memory://", machine=Stopped())
        rigs = Rigs(self.spec, store, plant=self.plant)
        wire = Wire(self.router, rigs, Recorder(store), partial(serves, self.resources), _no_time)
        return _Visit(Plane(Desk(rigs, self.router, self.kinds, self.resources)), wire)


@dataclass(frozen=True, slots=True)
class _Visit:
    """What answers, over one store."""

    plane: Plane
    wire: Wire

    def ask(self, method: str, path: str, body: Mapping[str, Any], rig: str, query: Mapping[str, Any] | None = None) -> Reply:
        """One request, as the server answers it."""
        url = path if path.startswith("/") else f"{PREFIX}{path}"
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": url if url.startswith("/rigs/") else f"/rigs/{rig}{url}",
            "QUERY_STRING": urlencode(query or {}, doseq=True),
        }
        request = addressed(environ)
        sent = json.dumps(body).encode() if body else b""
        try:
            if of_control_plane(environ):
                return self.plane.answer(Request(method, request.path, request.rig, environ, sent))
            return self.wire.answer(request)
        except MockbrewError as error:
            content_type, told = problem(error.status, str(error), error.members, {})
            return error.status, [("Content-Type", content_type), *error.headers], told


def _asked(resource: Resource, example: Example) -> Step:
    return resource.method, resource.path.replace(PLACE, example.name), example.body


def _is_json(content_type: str) -> bool:
    return content_type in (JSON, PROBLEM)


def _no_time(seconds: float) -> None:
    """No example waits."""
