"""Refused: the exchanges of a path that is none, of a method that an endpoint does not take, of arguments that a command does not."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mockbrew.devices.base import Device
from mockbrew.devices.declare import MOST, NONE, Argument, Number, exact
from mockbrew.endpoints import Address
from mockbrew.errors import BadArgument, MethodNotAllowed, MockbrewError, NoSuchEndpoint
from mockbrew.exports.exchange import Exchange
from mockbrew.reply_schemas import tree_schema
from mockbrew.router import Router
from mockbrew.shapes import phrase, problem
from mockbrew.spec import Spec

NOWHERE = "/no-such-endpoint"
UNTAKEN = "DELETE"  # a method that no endpoint takes
UNREADABLE = "no-such-value"
TREE = {"title": "{title}", "status": "{status}", "detail": "{detail}"}  # of a problem document, without what is there for programs


class Refused:
    """The exchanges of one spec that are refused. None of them changes anything."""

    __slots__ = ("_router", "_spec")

    def __init__(self, spec: Spec, router: Router) -> None:
        self._spec, self._router = spec, router

    def nowhere(self) -> Exchange:
        """Of an endpoint that there is not."""
        return self._refusal("an endpoint that there is not", "GET", NOWHERE, NoSuchEndpoint(NOWHERE, ()))

    def of(self, address: Address) -> Iterator[Exchange]:
        """Of an endpoint: another method; and for each argument one beyond its bounds, and a text that is no value."""
        endpoint = address.endpoint
        says = f"{endpoint.device or 'the rig'}: {UNTAKEN} ({endpoint.name})"
        yield self._refusal(says, UNTAKEN, address.sample, MethodNotAllowed(UNTAKEN, endpoint.url, endpoint.methods))
        for place, name in enumerate(endpoint.arguments):
            device = self._spec.entries[endpoint.device or ""].device
            for text in (*_beyond(address.arguments[place], device), UNREADABLE):
                yield from self._argument(address, device, place, f"{device.name}: {endpoint.verb} ({endpoint.name}), {name} {text}", text)

    def _argument(self, address: Address, device: Device, place: int, says: str, text: str) -> Iterator[Exchange]:
        """If the path still means this endpoint, and the verb refuses it."""
        path = address.path((*address.examples[:place], text, *address.examples[place + 1 :]))
        try:
            endpoint, texts = self._router.match(path)
            if endpoint.url == address.endpoint.url:
                device.verbs[endpoint.verb or ""].parse(device, texts)
        except NoSuchEndpoint:
            return
        except BadArgument as error:
            yield self._refusal(says, "GET", path, error)

    def _refusal(self, says: str, method: str, path: str, error: MockbrewError) -> Exchange:
        content_type, body = problem(error.status, str(error), NONE, self._spec.errors)
        shape = self._spec.errors.get(error.status) or self._spec.errors.get(0)
        constants = {"status": error.status, "title": phrase(error.status)}
        schema = tree_schema(shape.reply if shape else TREE, {"detail": {"type": "string"}}, constants.__getitem__)
        return Exchange(f"{says}: refused", method, path, error.status, content_type, body, schema, headers=dict(error.headers))


def _beyond(argument: Argument, device: Device) -> Iterator[str]:
    """One more than the greatest, where the wire has room for that."""
    if isinstance(argument, Number):
        more = exact(argument.bounds(device)[1]) + Decimal(1)
        if abs(more) <= MOST:
            yield f"{more:f}"
