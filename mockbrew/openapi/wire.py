"""The endpoints of a spec as OpenAPI: a path for each URL, an operation for each method that it answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from mockbrew.admin.resources import SEGMENT
from mockbrew.beginning import Refused
from mockbrew.decimals import pattern
from mockbrew.devices.base import Device, summary
from mockbrew.devices.declare import Argument, Number
from mockbrew.endpoints import COMMAND_METHODS, READING_METHODS, Endpoint
from mockbrew.interlocks import interlocks
from mockbrew.openapi.components import CACHED, FAULT, RIG, Data, allowed, ref, shown
from mockbrew.openapi.names import Names
from mockbrew.openapi.problems import TOO_LONG, of_wire
from mockbrew.openapi.samples import Samples
from mockbrew.openapi.sharing import Schemas
from mockbrew.reply_schemas import reply_schema
from mockbrew.spec import RIG_VERBS, Spec

OF_THE_RIG = "rig"  # a tag

SHARED: Data = {
    "ReadingMethods": allowed(*READING_METHODS),
    "CommandMethods": allowed(*COMMAND_METHODS),
    "Head": {"description": "as GET, without the body", "headers": {**CACHED, **RIG, **FAULT}},
    "HeadRefused": {"description": "refused as GET is, without the body", "headers": {**CACHED, **RIG}},
}
"""Responses that all endpoints share."""


class Wire:
    """The operations of all endpoints. responses: what each of them answers, for the components."""

    def __init__(self, spec: Spec, endpoints: Iterable[Endpoint], names: Names, schemas: Schemas) -> None:
        self._spec, self._samples, self._schemas = spec, Samples(spec), schemas
        locked = interlocks(spec)
        self._locked = frozenset(chain.from_iterable(cell for cell in spec.cells if cell[0] in locked))
        self._endpoints = tuple(endpoints)
        self._names = {endpoint.url: _named(endpoint, names) for endpoint in self._endpoints}
        self._readings: dict[str | None, list[Endpoint]] = {}
        for endpoint in self._endpoints:
            if not endpoint.commands:
                self._readings.setdefault(endpoint.device, []).append(endpoint)
        self.responses: Data = {}

    def paths(self) -> Data:
        """The path items by URL, whose characters are such as need no encoding."""
        return {endpoint.url: self._item(endpoint) for endpoint in self._endpoints}

    def _item(self, endpoint: Endpoint) -> Data:
        names, shared = self._names[endpoint.url], self._shared(endpoint)
        self.responses[names["GET"]] = self._ok(endpoint, names["GET"])
        operations = {method.lower(): self._operation(endpoint, method) for method in endpoint.methods}
        return {**shared, **operations}

    def _shared(self, endpoint: Endpoint) -> Data:
        parameters = list(self._parameters(endpoint))
        return {"parameters": parameters} if parameters else {}

    def _operation(self, endpoint: Endpoint, method: str) -> Data:
        names = self._names[endpoint.url]
        said = {"operationId": names[method], "tags": [self._tag(endpoint)], "summary": self._summary(endpoint, method)}
        if method == "OPTIONS":
            methods = ref("responses", "CommandMethods" if endpoint.commands else "ReadingMethods")
            loose = {"parameters": [_segment(name) for name in endpoint.arguments]} if endpoint.arguments else {}
            return {**said, **loose, "responses": {"204": methods, **of_wire(400, *_lost(endpoint), 500, 503)}}
        if method == "HEAD":
            refused = ref("responses", "HeadRefused")
            return {**said, "responses": {"200": ref("responses", "Head"), **{str(status): refused for status in (400, 500, 503)}}}
        return {**said, "responses": {"200": ref("responses", names["GET"]), **of_wire(*self._statuses(endpoint))}}

    def _statuses(self, endpoint: Endpoint) -> Iterator[int]:
        """With which it may refuse."""
        yield 400
        if endpoint.commands:
            yield 403
        yield from _lost(endpoint)
        if endpoint.commands and endpoint.device in self._locked:
            yield 409
        yield from (500, 503)

    def _ok(self, endpoint: Endpoint, name: str) -> Data:
        schema = self._schemas.ref(reply_schema(self._spec, endpoint), name)
        content = shown(endpoint.content_type, schema, self._example(endpoint))
        links = self._links(endpoint) if endpoint.commands else {}
        return {
            "description": self._does(endpoint),
            "headers": {**CACHED, **RIG, **FAULT},
            "content": content,
            **({"links": links} if links else {}),
        }

    def _example(self, endpoint: Endpoint) -> bytes | None:
        try:
            return self._samples.reply(endpoint)
        except Refused:
            return None

    def _links(self, endpoint: Endpoint) -> Data:
        """To the readings that show what a command has done: those of its device."""
        shown_by = [self._names[reading.url]["GET"] for reading in self._readings.get(endpoint.device, ())]
        return {name: {"operationId": name, "description": "shows what the command has done"} for name in shown_by}

    # -- words ---------------------------------------------------------------------------------------------------

    def _tag(self, endpoint: Endpoint) -> str:
        return self._device(endpoint).kind if endpoint.device is not None else OF_THE_RIG

    def _summary(self, endpoint: Endpoint, method: str) -> str:
        if method == "OPTIONS":
            return f"{endpoint.device or 'the rig'}: the methods of this endpoint"
        return f"{endpoint.device or 'the rig'}: {self._does(endpoint)}"

    def _does(self, endpoint: Endpoint) -> str:
        if endpoint.device is None:
            return RIG_VERBS[endpoint.verb or ""]
        device = self._device(endpoint)
        if endpoint.verb is not None:
            return device.verbs[endpoint.verb].doc
        told = [device.readings[name].doc for name in endpoint.reply.names]
        return f"read {', '.join(endpoint.reply.names)}: {'; '.join(told)}" if told else "read what the spec says of it"

    def _device(self, endpoint: Endpoint) -> Device:
        return self._spec.entries[endpoint.device or ""].device

    # -- arguments -----------------------------------------------------------------------------------------------

    def _parameters(self, endpoint: Endpoint) -> Iterator[Data]:
        if endpoint.device is not None and endpoint.verb is not None:
            device = self._device(endpoint)
            for name in endpoint.arguments:
                yield _parameter(name, device, device.verbs[endpoint.verb].arguments[name])


def argument_schema(device: Device, argument: Argument) -> Data:
    """JSON Schema of the texts that an argument takes in a URL."""
    if isinstance(argument, Number):
        return {"type": "string", "pattern": pattern(*argument.bounds(device))}
    return argument.schema(device)


def tags(spec: Spec, endpoints: Iterable[Endpoint]) -> list[Data]:
    """One for each kind, in the order of the endpoints, with what it is."""
    kinds = {kind.kind: kind for kind in (_kind(spec, endpoint) for endpoint in endpoints) if kind}
    rig = [{"name": OF_THE_RIG, "description": "what belongs to no device"}] if spec.rig_endpoints else []
    return [*rig, *({"name": name, "description": summary(kind) or kind.kind} for name, kind in kinds.items())]


def _kind(spec: Spec, endpoint: Endpoint) -> type[Device] | None:
    return type(spec.entries[endpoint.device].device) if endpoint.device is not None else None


def _named(endpoint: Endpoint, names: Names) -> Mapping[str, str]:
    """The names of its operations, by method. That of GET is the endpoint's own."""
    own = names.new(endpoint.device or OF_THE_RIG, endpoint.name)
    return {"GET": own, **{method: names.new(own, method.lower()) for method in endpoint.methods if method != "GET"}}


def _parameter(name: str, device: Device, argument: Argument) -> Data:
    said = {"name": name, "in": "path", "required": True, "description": argument.wanted(device)}
    return {**said, "schema": argument_schema(device, argument), "example": argument.example(device)}


def _segment(name: str) -> Data:
    """What OPTIONS takes in the place of an argument: anything."""
    return {"name": name, "in": "path", "required": True, "description": "any text", "schema": SEGMENT}


def _lost(endpoint: Endpoint) -> tuple[int, ...]:
    """An argument with a slash in it makes it another path; one may be too long for any."""
    return (404, TOO_LONG) if endpoint.arguments else ()
