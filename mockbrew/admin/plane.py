"""The plane: from a request to its resource, once it is known who asks and what the request says."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mockbrew.addressing import of_rig
from mockbrew.admin.access import Access
from mockbrew.admin.pages import PAGES, SHOWN
from mockbrew.admin.payload import received, understood
from mockbrew.admin.resources import JSON, PLACE, PREFIX, Answer, Call, Desk, Resource
from mockbrew.errors import MethodNotAllowed, Near, NoSuchEndpoint
from mockbrew.messages import NO_STORE, Asked, Reply, Request, headers
from mockbrew.neighbours import LONGEST, Neighbours, Open
from mockbrew.shapes import as_json

ANY = frozenset(string.printable) - {"/"}  # what the text in the place of a name is made of, as far as slips go
NAMED = "NAME"


@dataclass(frozen=True, slots=True)
class Plane:
    """The resources over what is served at the moment."""

    desk: Desk

    def answer(self, request: Request) -> Reply:
        """Raises MockbrewError, SpecChanged. The request is one that `admitted` has let in."""
        ways = _ways(self.desk.resources, request.path)
        if not ways:
            path = _text(request.path)
            raise NoSuchEndpoint(path[:LONGEST], _near(self.desk.resources, path))
        allowed = _allowed(ways)
        if request.method not in allowed:
            raise MethodNotAllowed(request.method, request.path[:LONGEST], allowed)
        if request.method == "OPTIONS":
            return 204, [("Allow", ", ".join(allowed)), NO_STORE, *of_rig(request.rig)], b""
        return self._answer(request, *ways["GET" if request.method == "HEAD" else request.method])

    def _answer(self, request: Request, resource: Resource, name: str) -> Reply:
        if resource.needs_rig:
            self.desk.rigs.row(request.rig)
        query, body = understood(resource, request.environ.get("QUERY_STRING", ""), request.body)
        call = Call(request.rig, name, query, body, Asked(request.method, _url(request)))
        return _reply(resource.act(self.desk, call), request)


def admitted(request: Request, resources: tuple[Resource, ...], access: Access) -> Request:
    """The request with its body, if who sends it may. Touches no store. Raises MockbrewError."""
    ways = _ways(resources, request.path)
    if not ways or not all(resource.open for resource, _ in ways.values()):
        access.check(request.method, request.environ)
    return replace(request, body=received(request.environ))


def _ways(resources: tuple[Resource, ...], path: str) -> Mapping[str, tuple[Resource, str]]:
    """The resources of a path by their methods, with the text in the place of {name}. An exact path beats one with such a place."""
    rest = _text(path)[len(PREFIX) :]
    found = [(resource, name) for resource in resources if (name := resource.place(rest)) is not None]
    exact = [way for way in found if not way[1]]
    return {resource.method: (resource, name) for resource, name in exact or found}


def _allowed(ways: Mapping[str, Any]) -> tuple[str, ...]:
    return (*ways, *(("HEAD",) if "GET" in ways else ()), "OPTIONS")


def serves(resources: tuple[Resource, ...], path: str) -> bool:
    """Whether there is a resource or a page on this path."""
    return bool(_ways(resources, path)) or path.removeprefix(PREFIX) in PAGES


def _near(resources: tuple[Resource, ...], path: str) -> list[Near]:
    paths = {f"{PREFIX}{path}" for path in (*(resource.path for resource in resources), *SHOWN)}
    opened = {path.replace(PLACE, NAMED): Open(path, tuple(path.split(PLACE)), (ANY,), (NAMED,)) for path in paths if PLACE in path}
    return Neighbours(paths - {each.url for each in opened.values()}, opened, paths.__contains__).of(path)


def _reply(answer: Answer, request: Request) -> Reply:
    body = _body(answer)
    return answer.status, [*headers(answer.content_type, body), *of_rig(request.rig)], body


def _body(answer: Answer) -> bytes:
    if isinstance(answer.body, bytes):
        return answer.body
    return (as_json(answer.body) if answer.content_type == JSON else str(answer.body)).encode("utf-8", "backslashreplace")


def _url(request: Request) -> str:
    query = request.environ.get("QUERY_STRING", "")
    return f"{request.path}?{query}" if query else request.path


def _text(path: str) -> str:
    """A path of WSGI, whose characters are bytes, as the text that it is in UTF-8."""
    return path.encode("latin-1", "replace").decode("utf-8", "replace")
