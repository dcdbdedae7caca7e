"""Replies: all that the endpoints of a spec can answer, byte for byte as the rig writes it, for the parser of a client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from jsonschema import Draft202012Validator

from mockbrew.devices.base import Device
from mockbrew.devices.declare import Value
from mockbrew.strategies.asked import Command, Reading, Replied
from mockbrew.strategies.material import Material, on_the_wire
from mockbrew.strategies.requests import commands, readings

FAR = 10**6  # of a number without bounds: more than anything that a brewery measures
ANYTHING = ("number", "integer", "string", "boolean", "null")


def replies(material: Material) -> SearchStrategy[Replied]:
    """To readings and to commands."""
    return (readings(material) | commands(material)).flatmap(lambda request: _to(material, request))


def values(schema: Mapping[str, Any]) -> SearchStrategy[Value]:
    """What a reading of this JSON Schema can be."""
    if "const" in schema or "enum" in schema:
        return st.sampled_from(schema.get("enum", [schema.get("const")]))
    said = schema.get("type", ANYTHING)
    types = [said] if isinstance(said, str) else said
    return st.one_of([_of_type(each, schema) for each in types]).filter(Draft202012Validator(schema).is_valid)


def _of_type(name: str, schema: Mapping[str, Any]) -> SearchStrategy[Value]:
    if name in ("number", "integer"):
        low, high = schema.get("minimum", -FAR), schema.get("maximum", FAR)
        low, high = schema.get("exclusiveMinimum", low), schema.get("exclusiveMaximum", high)
        whole = st.integers(int(low), int(high))
        return whole if name == "integer" else st.floats(float(low), float(high)) | whole
    if name == "string":
        pattern = schema.get("pattern")
        return st.text(min_size=schema.get("minLength", 0)) if pattern is None else st.from_regex(pattern)
    return st.booleans() if name == "boolean" else st.none()


def _to(material: Material, request: Reading | Command) -> SearchStrategy[Replied]:
    endpoint, _ = material.router.match(on_the_wire(request.path))
    device = material.device(endpoint)
    known = request.arguments if isinstance(request, Command) else {}
    drawn = st.fixed_dictionaries({name: _shown(device, name, known) for name in endpoint.reply.names})
    return drawn.map(lambda shown: Replied(request, endpoint.content_type, endpoint.body(shown.__getitem__)))


def _shown(device: Device | None, name: str, arguments: Mapping[str, Any]) -> SearchStrategy[Value]:
    """A reading, but for what would be told as an error; or an argument, where the device has no reading of that name."""
    if device is None or name not in device.readings:
        return st.just(arguments[name])
    return values(device.readings[name].schema).filter(lambda value: device.refusal(name, value) is None)
