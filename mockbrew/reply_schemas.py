"""The reply of an endpoint as JSON Schema (2020-12): `reply_schema(spec, endpoint)` describes the body of each of its 200s.

An object has the keys of the shape, all of them and no others; what the server knows when it starts is a constant. A text that is one
placeholder has the schema of its reading or argument, a longer one a pattern that ECMA-262 and Python read alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from mockbrew.devices.base import Device
from mockbrew.devices.declare import NONE, Reading
from mockbrew.endpoints import Endpoint, constant, pattern_of
from mockbrew.pattern import Part, Placeholder, split
from mockbrew.shapes import as_text
from mockbrew.spec import Spec

Schema = dict[str, Any]

ANY_TEXT = r"[\s\S]*"
A_NUMBER = r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"  # as JSON writes it
WRITTEN: Mapping[str, str] = {"integer": "-?[0-9]+", "number": A_NUMBER, "boolean": "(true|false)", "null": "null"}


def reply_schema(spec: Spec, endpoint: Endpoint) -> Schema:
    """JSON Schema of the body of a 200 of this endpoint, as data."""
    entry = spec.entries[endpoint.device] if endpoint.device is not None else None
    live = _live(entry.device, endpoint.verb) if entry else NONE
    return tree_schema(pattern_of(spec, endpoint).reply, live, partial(constant, entry) if entry else NONE.__getitem__)


def tree_schema(tree: Any, live: Mapping[str, Schema], constants: Callable[[str], Any]) -> Schema:
    """JSON Schema of what a reply tree becomes. live: by name, those of what is known at each reply only; all others are constants."""
    return _Tree(live, constants).schema(tree)


def _live(device: Device, verb: str | None) -> Mapping[str, Schema]:
    """What a reading of a name hides is no argument."""
    arguments = device.verbs[verb].arguments if verb is not None else NONE
    taken = {name: argument.schema(device) for name, argument in arguments.items()}
    return {**taken, **{name: described(reading) for name, reading in device.readings.items()}}


class _Tree:
    """What the placeholders of a reply stand for."""

    __slots__ = ("_constant", "_live")

    def __init__(self, live: Mapping[str, Schema], constants: Callable[[str], Any]) -> None:
        self._live, self._constant = live, constants

    def schema(self, tree: Any) -> Schema:
        """The schema of a JSON tree with placeholders."""
        if isinstance(tree, dict):
            properties = {key: self.schema(value) for key, value in tree.items()}
            return {"type": "object", "properties": properties, "required": list(tree), "additionalProperties": False}
        if isinstance(tree, list | tuple):
            return _listing([self.schema(each) for each in tree])
        return self._text(split(tree)) if isinstance(tree, str) else fixed(tree)

    def _text(self, parts: tuple[Part, ...]) -> Schema:
        if len(parts) == 1 and isinstance(parts[0], Placeholder):
            return self._live[parts[0].name] if parts[0].name in self._live else fixed(self._constant(parts[0].name))
        if not any(isinstance(part, Placeholder) and part.name in self._live for part in parts):
            return fixed("".join(map(self._known, parts)))
        return {"type": "string", "pattern": f"^{''.join(map(self._pattern, parts))}$"}

    def _pattern(self, part: Part) -> str:
        if isinstance(part, Placeholder) and part.name in self._live:
            return _written(self._live[part.name])
        return escaped(self._known(part))

    def _known(self, part: Part) -> str:
        return part if isinstance(part, str) else as_text(self._constant(part.name))


def described(reading: Reading) -> Schema:
    """The schema of a reading's values, with what it is."""
    return {**reading.schema, "description": f"{reading.doc} [{reading.unit}]" if reading.unit else reading.doc}


def fixed(value: Any) -> Schema:
    """The schema of one value. Of numbers, JSON Schema knows whole ones and others, not 78 and 78.0."""
    if isinstance(value, list | tuple):
        return _listing([fixed(each) for each in value])
    return {"type": _type(value), "const": value}


def escaped(text: str) -> str:
    """A text as a regular expression, escaped only where ECMA-262 allows it with its flag `u`."""
    return re.sub(r"[\^$\\.*+?()\[\]{}|]", r"\\\g<0>", text)


def _listing(items: list[Schema]) -> Schema:
    """As many items as there are, each of its own schema. An empty `prefixItems` is none; `items: false` is what not all tools read."""
    places = {"prefixItems": items, "minItems": len(items)} if items else {}
    return {"type": "array", **places, "maxItems": len(items)}


def _type(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    return "string" if isinstance(value, str) else "integer" if isinstance(value, int) else "number"


def _written(schema: Mapping[str, Any]) -> str:
    """What a value of this schema can look like inside a text."""
    if "const" in schema or "enum" in schema:
        return f"({'|'.join(escaped(as_text(value)) for value in schema.get('enum', [schema.get('const')]))})"
    said = schema.get("type", "string")
    types = said if isinstance(said, list) else [said]
    return WRITTEN[types[0]] if types in ([name] for name in WRITTEN) else f"({'|'.join(WRITTEN.get(each, ANY_TEXT) for each in types)})"
