"""A quick yes: whether a value certainly fits a JSON Schema.

A no only means: ask jsonschema, which has the last word and knows why. It costs 0.2 s to import and 50 times as much a device, and the spec
that a server starts with is right nearly always.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from sys import float_info
from typing import Any

Accept = Callable[[Any], bool]

ANNOTATIONS = frozenset({"title", "description", "default", "examples", "format", "unit"})
OPEN = ("additionalProperties", True)  # as if nothing was said


def acceptor(schema: Mapping[str, Any]) -> Accept:
    """The quick yes for one schema; for one that says more than is known here, always no."""
    rules = {keyword: value for keyword, value in schema.items() if keyword not in ANNOTATIONS and (keyword, value) != OPEN}
    if not rules:
        return _anything
    kind = rules.pop("type", None)
    make, keywords = _MAKERS.get(kind, _UNKNOWN) if isinstance(kind, str) else _UNKNOWN
    return make(rules) if keywords.issuperset(rules) else _never


def _anything(value: Any) -> bool:
    return True


def _never(value: Any) -> bool:
    return False


def _number(rules: Mapping[str, Any]) -> Accept:
    # The bounds of floats keep out what is not finite.
    low = max(rules.get("minimum", -float_info.max), -float_info.max)
    high = min(rules.get("maximum", float_info.max), float_info.max)
    above = rules.get("exclusiveMinimum", float("-inf"))
    return lambda value: type(value) in (int, float) and low <= value <= high and value > above


def _string(rules: Mapping[str, Any]) -> Accept:
    words = rules.get("enum")
    if words is not None:
        return lambda value: isinstance(value, str) and value in words
    if "pattern" in rules:
        pattern = re.compile(rules["pattern"])
        return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None
    return lambda value: isinstance(value, str)


def _array(rules: Mapping[str, Any]) -> Accept:
    item, unique = acceptor(rules.get("items", {})), rules.get("uniqueItems", False)
    return lambda value: isinstance(value, list) and all(map(item, value)) and not (unique and _repeats(value))


def _repeats(values: list[Any]) -> bool:
    """Whether one may be there twice: of what is no text, equality is jsonschema's business."""
    return not all(isinstance(value, str) for value in values) or len(set(values)) < len(values)


def _object(rules: Mapping[str, Any]) -> Accept:
    required = frozenset(rules.get("required", ()))
    properties = {name: acceptor(schema) for name, schema in rules.get("properties", {}).items()}
    additional = rules.get("additionalProperties", {})
    other = _never if additional is False else acceptor(additional)
    name_fits = acceptor({"type": "string", **rules.get("propertyNames", {})})

    def accept(value: Any) -> bool:
        return (
            isinstance(value, dict)
            and required <= value.keys()
            and all(name_fits(name) and properties.get(name, other)(item) for name, item in value.items())
        )

    return accept


def _boolean(rules: Mapping[str, Any]) -> Accept:
    return lambda value: isinstance(value, bool)


_MAKERS: Mapping[str, tuple[Callable[[Mapping[str, Any]], Accept], frozenset[str]]] = {
    "number": (_number, frozenset({"minimum", "maximum", "exclusiveMinimum"})),
    "string": (_string, frozenset({"enum", "pattern"})),
    "boolean": (_boolean, frozenset()),
    "array": (_array, frozenset({"items", "uniqueItems"})),
    "object": (_object, frozenset({"properties", "required", "additionalProperties", "propertyNames"})),
}
_UNKNOWN: tuple[Callable[[Mapping[str, Any]], Accept], frozenset[str]] = (lambda rules: _never, frozenset())
