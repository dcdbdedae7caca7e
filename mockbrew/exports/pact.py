"""Pact: the contract as a pact file, of version 3 of its specification, which every verifier in use reads.

Constants and words are matched exactly, numbers as numbers: they move. Where a state is needed, it is a provider state whose parameters
say what it is; `POST /__admin/provider-states` of a mock puts the rig there, so a verifier needs no code.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mockbrew.exports.exchange import LEFT, Exchange
from mockbrew.exports.exchanges import exchanges
from mockbrew.spec import Spec

VERSION = "3.0.0"
CONSUMER = "client"
SOMETHING = r"^[\s\S]+$"
ANY, ALIKE = ".*", {"match": "type"}
MATCHERS = ("number", "integer", "boolean", "null")  # as JSON Schema calls these types

Rules = dict[str, dict[str, Any]]
"""Matchers by the place in the body that they are for, `$.light.level`."""


def pact(spec: Spec, *, consumer: str = CONSUMER, provider: str = "") -> dict[str, Any]:
    """The pact file, as data. provider: by default what the spec calls its rig."""
    return {
        "consumer": {"name": consumer},
        "provider": {"name": provider or spec.title or "rig"},
        "interactions": [_interaction(exchange) for exchange in exchanges(spec)],
        "metadata": {
            "pactSpecification": {"version": VERSION},
            "mockbrew": {"spec": spec.digest, "left_out": list(LEFT)},
        },
    }


def _interaction(exchange: Exchange) -> dict[str, Any]:
    path = {"matchingRules": {"path": _rule({"match": "regex", "regex": exchange.taken})}} if exchange.taken else {}
    return {
        "description": exchange.says,
        "providerStates": [{"name": exchange.state, "params": dict(exchange.params)}],
        "request": {"method": exchange.method, "path": exchange.path, **path},
        "response": _response(exchange),
    }


def _response(exchange: Exchange) -> dict[str, Any]:
    body, rules = _body(exchange)
    matching = {"matchingRules": {"body": rules}} if rules else {}
    headers = {"Content-Type": exchange.content_type, **exchange.headers}
    return {"status": exchange.status, "headers": headers, "body": body, **matching}


def _body(exchange: Exchange) -> tuple[Any, Rules]:
    """What is not told to be JSON is a text to Pact, matched whole."""
    data = json.loads(exchange.body)
    rules = dict(_rules(exchange.schema, data, "$"))
    if "json" in exchange.content_type:
        return data, rules
    return exchange.body.decode(), {"$": _rule({"match": "regex", "regex": SOMETHING})} if rules else {}


def _rules(schema: Mapping[str, Any], value: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """What may differ from the example, and how."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _rules(schema["properties"][key], each, f"{place}{_key(key)}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _rules(schema["prefixItems"][index], each, f"{place}[{index}]")
    elif "pattern" in schema:
        yield place, _rule(ALIKE if ANY in place else {"match": "regex", "regex": schema["pattern"]})
    elif "const" not in schema and "enum" not in schema:
        yield place, _rule(ALIKE if ANY in place else {"match": _matcher(schema.get("type"), value)})


def _rule(matcher: Mapping[str, Any]) -> dict[str, Any]:
    return {"combine": "AND", "matchers": [matcher]}


def _key(key: str) -> str:
    """As in paths of Pact, which have no way to write an apostrophe: there, any key, so that what is below must be alike only."""
    if "'" in key:
        return ANY
    return f".{key}" if key.isidentifier() else f"['{key}']"


def _matcher(said: Any, value: Any) -> str:
    """Of the type that the schema says; of that of the example, where it says several or none."""
    found = said if isinstance(said, str) else _type(value)
    return found if found in MATCHERS else "type"


def _type(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    return "number" if isinstance(value, int | float) else "string"
