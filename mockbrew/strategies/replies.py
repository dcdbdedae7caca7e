"""Replies: all that the endpoints of a spec can answer, byte for byte as the rig writes it, for the parser of a client."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from math import ceil, floor
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from jsonschema import Draft202012Validator

from mockbrew.devices.declare import Value
from mockbrew.strategies.contract import Contract, on_the_wire
from mockbrew.strategies.examples import Command, Reading, Replied
from mockbrew.strategies.requests import commands, readings

FAR = 10**6  # of a number without bounds: more than anything that a brewery measures
Shown = Callable[..., SearchStrategy[Value]]
"""Of a device and its reading, by their names, what that can be."""

ANYTHING = ("number", "integer", "string", "boolean", "null")


def replies(contract: Contract) -> SearchStrategy[Replied]:
    """To readings and to commands."""
    shown = cache(partial(_reading, contract))  # Hypothesis looks into each filter when it is made, which takes longer than to draw
    return (readings(contract) | commands(contract)).flatmap(lambda request: _to(contract, request, shown))


def values(schema: Mapping[str, Any]) -> SearchStrategy[Value]:
    """What a reading of this JSON Schema can be."""
    if "const" in schema or "enum" in schema:
        return st.sampled_from(schema.get("enum", [schema.get("const")]))
    said = schema.get("type", ANYTHING)
    types = [said] if isinstance(said, str) else said
    return st.one_of([_of_type(each, schema) for each in types]).filter(Draft202012Validator(schema).is_valid)


def _of_type(name: str, schema: Mapping[str, Any]) -> SearchStrategy[Value]:
    if name in ("number", "integer"):
        low, high = _bounds(schema)
        whole = st.integers(ceil(low), floor(high)) if ceil(low) <= floor(high) else st.nothing()
        return whole if name == "integer" else st.floats(float(low), float(high)) | whole
    if name == "string":
        pattern = schema.get("pattern")
        return st.text(min_size=schema.get("minLength", 0)) if pattern is None else st.from_regex(pattern)
    return st.booleans() if name == "boolean" else st.none()


def _bounds(schema: Mapping[str, Any]) -> tuple[float, float]:
    """FAR from zero, or from the only one that there is, where that is beyond."""
    low = schema.get("exclusiveMinimum", schema.get("minimum"))
    high = schema.get("exclusiveMaximum", schema.get("maximum"))
    least = -FAR if low is None else low
    greatest = max(FAR, least + FAR) if high is None else high
    return (min(least, greatest - FAR) if low is None else least), greatest


def _to(contract: Contract, request: Reading | Command, shown: Shown) -> SearchStrategy[Replied]:
    endpoint, _ = contract.router.match(on_the_wire(request.path))
    device, known = contract.device(endpoint), request.arguments if isinstance(request, Command) else {}
    own = device.readings if device else {}  # an argument is shown where the device has no reading of that name
    drawn = {name: shown(endpoint.device, name) if name in own else st.just(known[name]) for name in endpoint.reply.names}
    return st.fixed_dictionaries(drawn).map(lambda said: Replied(request, endpoint.content_type, endpoint.body(said.__getitem__)))


def _reading(contract: Contract, device: str, name: str) -> SearchStrategy[Value]:
    """But for what would be told as an error."""
    kind = contract.spec.entries[device].device
    return values(kind.readings[name].schema).filter(lambda value: kind.refusal(name, value) is None)
