"""Answered: the exchanges of endpoints, as the plant answers at 0 s.

Each begins after a reset, or with one reading set (`presets`), whichever comes first in which the exchange shows something: a reading that
is not what it is after a reset, a command that changes what its reply shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from mockbrew.beginning import Beginning, Refused
from mockbrew.decimals import pattern
from mockbrew.devices.base import Device, refers
from mockbrew.devices.declare import NONE, Argument, Choice, Value
from mockbrew.devices.vessel import Vessel
from mockbrew.endpoints import Address, Endpoint
from mockbrew.exports.exchange import Document, Exchange, words
from mockbrew.presets import wanted
from mockbrew.reply_schemas import escaped, reply_schema
from mockbrew.schema import table_of
from mockbrew.spec import Spec

WARM = 65.0  # what a number is set to, if it may be: mash temperature, degC
GET, POST = "GET", "POST"


class Answered:
    """The exchanges of one spec that are answered with 200."""

    __slots__ = ("_beginning", "_spec")

    def __init__(self, spec: Spec) -> None:
        self._spec, self._beginning = spec, Beginning(spec)

    def exchanges(self, address: Address) -> Iterator[Exchange]:
        """One by each method that has a body; none, if the endpoint has no good reply in any of the states."""
        endpoint, address = address.endpoint, self._telling(address)
        shown = self._shown(address)
        if shown is None:
            return
        params, body = shown
        says = f"{endpoint.device or 'the rig'}: {endpoint.verb or 'read'} ({endpoint.name})"
        schema, taken = reply_schema(self._spec, endpoint), self._paths(address) if address.arguments else None
        for method in (GET, POST) if endpoint.verb else (GET,):
            said = says if method == GET else f"{says} by {method}"
            yield Exchange(
                said, method, address.sample, 200, endpoint.content_type, body, schema, words(params), params=params, taken=taken
            )

    def _telling(self, address: Address) -> Address:
        """With an argument that people would set, where it is taken: the least that is, is 0 as a rule."""
        device = self._device(address.endpoint)
        return address._replace(examples=tuple(map(partial(_example, device), address.arguments, address.examples)))

    def _shown(self, address: Address) -> tuple[Document, bytes] | None:
        """The first state in which it shows something, else the first in which it has a good reply; and that reply."""
        first: tuple[Document, bytes] | None = None
        for params in (NONE, *self._states(address.endpoint)):
            try:
                before, after = self._bodies(address, params)
            except Refused:
                continue
            if before != after:
                return params, after
            first = first or (params, after)
        return first

    def _bodies(self, address: Address, params: Document) -> tuple[bytes | None, bytes]:
        """The reply as it would be without what is shown, if there is one, and as it is. Raises Refused."""
        endpoint, device = address.endpoint, self._device(address.endpoint)
        if device is None:
            return None, endpoint.body(NONE.__getitem__)
        begun = self._beginning.of(device)
        moment = begun.preset(wanted(params))
        if endpoint.verb is None:
            return begun.body(endpoint, device, NONE), moment.body(endpoint, device, NONE)
        arguments = self._parsed(address, device)
        after = moment.commanded(device, endpoint.verb, arguments)
        return moment.body(endpoint, device, arguments), after.body(endpoint, device, arguments)

    def _parsed(self, address: Address, device: Device) -> Mapping[str, Any]:
        texts = dict(zip(address.endpoint.arguments, address.examples, strict=True))
        return device.verbs[address.endpoint.verb or ""].parse(device, texts)

    # -- states ----------------------------------------------------------------------------------------------------

    def _states(self, endpoint: Endpoint) -> Iterator[Document]:
        """With one reading set: one of its own that it shows, another of its own, or one of a vessel that it names."""
        device = self._device(endpoint)
        if device is None:
            return
        for name in dict.fromkeys([*endpoint.reply.names, *device.presets]):
            yield from self._settings(device, name)
        for _, other, _ in refers(device):
            vessel = self._spec.entries[other].device
            for name in vessel.presets if isinstance(vessel, Vessel) else ():
                yield from self._settings(vessel, name)

    def _settings(self, device: Device, reading: str) -> Iterator[Document]:
        known = device.presets.get(reading)
        for value in _tried(known.schema(device, self._spec.surroundings)) if known else ():
            yield {table_of(device.kind): {device.name: {reading: value}}}

    def _device(self, endpoint: Endpoint) -> Device | None:
        return None if endpoint.device is None else self._spec.entries[endpoint.device].device

    # -- paths -----------------------------------------------------------------------------------------------------

    def _paths(self, address: Address) -> str:
        """All that the command takes."""
        device = self._device(address.endpoint)
        first, *others = map(escaped, address.constants)
        arguments = [_pattern(argument, device) for argument in address.arguments]
        return f"^{first}{''.join(f'{argument}{text}' for argument, text in zip(arguments, others, strict=True))}$"


def _tried(schema: Mapping[str, Any]) -> Iterator[Value]:
    """Values that a reading may be set to, one of which it hardly has after a reset."""
    yield from schema.get("enum", ())
    if schema.get("type") == "boolean":
        yield from (True, False)
    elif schema.get("type") in ("number", "integer"):
        low, high = schema.get("minimum", 0), schema.get("maximum", WARM)
        yield from (high, low) if schema["type"] == "integer" else (min(max(WARM, low), high), low)


def _example(device: Device | None, argument: Argument, least: str) -> str:
    if isinstance(argument, Choice):
        return least
    low, high = argument.bounds(device)
    return f"{WARM:g}" if low <= WARM <= high else least


def _pattern(argument: Argument, device: Device | None) -> str:
    """Of one argument, without the ends of a text."""
    if isinstance(argument, Choice):
        return f"({'|'.join(map(escaped, argument.words))})"
    return f"({pattern(*argument.bounds(device)).removeprefix('^').removesuffix('$')})"
