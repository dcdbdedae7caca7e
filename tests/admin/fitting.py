"""Values that fit a JSON Schema, as far as the control plane's schemas go; and values that nearly do."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st
from jsonschema import Draft202012Validator

Schema = Mapping[str, Any]

ANYTHING: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**64), 2**64),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.just([]),
    st.just({}),
)


def fits(schema: Schema, value: Any) -> bool:
    """Whether a value does, to a program that knows JSON Schema and nothing of this server."""
    return Draft202012Validator(schema).is_valid(value)


def fitting(schema: Schema) -> st.SearchStrategy[Any]:
    """Values that fit."""
    return _made(schema).filter(lambda value: fits(schema, value))


def _made(schema: Any) -> st.SearchStrategy[Any]:
    """Values that are likely to."""
    if schema is True:
        return ANYTHING
    if "if" in schema:
        return _made(_without(schema, "if", "then")).map(lambda value: value if fits(schema, value) else _without(value, "endpoint"))
    word = next((word for word in ("oneOf", "anyOf") if word in schema), None)
    if word is not None:
        rest = _without(schema, word)
        return st.sampled_from(schema[word]).flatmap(lambda way: _made(_merged(rest, way)))
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return st.one_of([_MAKERS[each](schema) for each in types])


def _merged(base: Schema, way: Schema) -> dict[str, Any]:
    """One of the ways that a schema offers, together with what it says of all of them."""
    both = {**base, **way, "required": [*base.get("required", ()), *way.get("required", ())]}
    known = way["properties"] if "additionalProperties" in way else {**base.get("properties", {}), **way.get("properties", {})}
    said = base.get("properties", {})
    return {**both, "properties": {name: said.get(name, True) if each is True else each for name, each in known.items()}}


def _without(value: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: each for name, each in value.items() if name not in names}


def _number(schema: Schema) -> st.SearchStrategy[Any]:
    low, high = schema.get("minimum", schema.get("exclusiveMinimum")), schema["maximum"]
    floats = st.floats(low, high, exclude_min="exclusiveMinimum" in schema, allow_subnormal=False)
    return floats | st.sampled_from([each for each in (low, high) if "minimum" in schema or each != low])


def _integer(schema: Schema) -> st.SearchStrategy[Any]:
    whole = st.integers(schema["minimum"], schema["maximum"])
    return whole | whole.filter(lambda value: abs(value) < 2**53).map(float)


def _string(schema: Schema) -> st.SearchStrategy[Any]:
    if "examples" in schema:
        return st.sampled_from(schema["examples"])
    if schema.get("format") in ("condition", "journal-condition"):
        return st.just("true")
    return st.from_regex(schema["pattern"]) if "pattern" in schema else st.text(max_size=8)


def _array(schema: Schema) -> st.SearchStrategy[Any]:
    return st.lists(_made(schema["items"]), min_size=schema.get("minItems", 0), max_size=min(schema.get("maxItems", 3), 3))


def _object(schema: Schema) -> st.SearchStrategy[Any]:
    known = {name: _made(each) for name, each in schema.get("properties", {}).items()}
    required = {name: known.pop(name) for name in dict.fromkeys(schema.get("required", ()))}
    made = st.fixed_dictionaries(required, optional=known)
    if schema.get("minProperties") and not required:
        one = st.sampled_from(sorted(known)).flatmap(lambda name: st.fixed_dictionaries({name: known[name]}))
        return st.builds(lambda some, least: {**least, **some}, made, one)
    return made


_MAKERS: Mapping[str, Callable[[Schema], st.SearchStrategy[Any]]] = {
    "number": _number,
    "integer": _integer,
    "string": _string,
    "null": lambda schema: st.none(),
    "boolean": lambda schema: st.booleans(),
    "array": _array,
    "object": _object,
}


# -- what does not fit ---------------------------------------------------------------------------------------------


def spoilt(schema: Schema) -> st.SearchStrategy[Any]:
    """Objects that do not fit: ones that do, with something changed at one place."""
    return fitting(schema).flatmap(_changed).filter(lambda value: isinstance(value, dict) and not fits(schema, value))


@st.composite
def _changed(draw: st.DrawFn, value: Any) -> Any:
    changed = json.loads(json.dumps(value))
    holder = draw(st.sampled_from(list(_holders(changed))))
    if isinstance(holder, list):
        holder.append(draw(ANYTHING))
        return changed
    names = [*holder, "colour"]
    name = draw(st.sampled_from(names))
    if name in holder and draw(st.booleans()):
        del holder[name]
    else:
        holder[name] = draw(ANYTHING)
    return changed


def _holders(value: Any) -> list[Any]:
    """All objects and lists in it, itself among them."""
    if not isinstance(value, dict | list):
        return []
    inner = value.values() if isinstance(value, dict) else value
    return [value, *(holder for each in inner for holder in _holders(each))]
