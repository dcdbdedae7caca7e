"""What JSON Schema says of a value, in words: each keyword that a value can break has its sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from math import isfinite
from typing import Any, NamedTuple

from mockbrew.checks.findings import Finding, Path, described, dotted, hint, missing, shown, unknown_key

LONGEST = 200  # characters of a message that is not ours
LARGEST = 2**63
LONGEST_NAMED = 64  # characters of a value that is written anew: a name has no more

Table = Mapping[str, Any]


class Tongue(NamedTuple):
    """What the language of a document has. key: a name in a table, in its words. table: what has such. several: how to ask for a list.

    brackets: whether a table is written in some, and a list of tables in two.
    """

    key: str
    table: str
    several: str = ""
    brackets: bool = False


TOML = Tongue("key", "a table", brackets=True)
BODY = Tongue("field", "an object")
QUERY = Tongue("query parameter", "an object", several="name at least one")


class Broken(NamedTuple):
    """A keyword that a value breaks. says: the keyword's own value in the schema."""

    keyword: str
    says: Any
    value: Any
    schema: Table
    path: Path
    message: str
    tongue: Tongue

    @property
    def wanted(self) -> str:
        """What the value must be."""
        return wanted(self.schema, self.tongue)


def faults(schema: Table, value: Any, path: Path, tongue: Tongue = TOML) -> Iterator[Finding]:
    """What `schema` has against `value`, which stands at `path`.

    One finding for each missing key, repeated as often as jsonschema does; `distinct` removes the copies.
    """
    return (finding for broken in _broken(schema, value, path, tongue) for finding in _sentence(broken))


def _broken(schema: Table, value: Any, path: Path, tongue: Tongue) -> Iterator[Broken]:
    import jsonschema  # noqa: PLC0415 - 0.2 s that a right spec need not wait for

    def full_match(validator: Any, pattern: str, value: Any, schema: Any) -> Iterator[jsonschema.ValidationError]:
        if isinstance(value, str) and not re.fullmatch(pattern, value):
            yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")

    # Numbers are finite, integers have 64 bits, and a pattern fits the whole text: its `$` lets a line break pass.
    draft: Any = jsonschema.Draft202012Validator
    types = draft.TYPE_CHECKER.redefine_many({"number": lambda _, number: _finite(number), "integer": lambda _, number: is_integer(number)})
    extend: Any = jsonschema.validators.extend
    for error in extend(draft, {"pattern": full_match}, type_checker=types)(schema).iter_errors(value):
        keyword = "propertyNames" if "propertyNames" in error.absolute_schema_path else error.validator
        yield Broken(keyword, error.validator_value, error.instance, error.schema, (*path, *error.absolute_path), error.message, tongue)


def _finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def is_integer(value: Any) -> bool:
    """Of 64 bits, which is what stores and most clients have. JSON has 3.0 for 3 too."""
    return _finite(value) and value == int(value) and -LARGEST <= value < LARGEST


# -- a sentence for each keyword -----------------------------------------------------------------------------------


def _sentence(broken: Broken) -> Iterator[Finding]:
    return _SENTENCES.get(broken.keyword, _otherwise)(broken)


def _wrong_type(broken: Broken) -> Iterator[Finding]:
    yield Finding(broken.path, f"{not_a(broken.value, broken.schema, broken.tongue)}{_rewritten(broken)}")


def _rewritten(broken: Broken) -> str:
    """How to write the value that was meant, where brackets are the mistake."""
    value, wanted, item = broken.value, broken.schema.get("type"), broken.schema.get("items", {}).get("type")
    if (wanted, item) == ("array", "string") and isinstance(value, str):
        return f', written ["{value}"]' if len(value) <= LONGEST_NAMED else ""
    if wanted == "string" and isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        return f', written "{value[0]}"' if len(value[0]) <= LONGEST_NAMED else ""
    if not broken.tongue.brackets:
        return ""
    if (wanted, item) == ("array", "object") and isinstance(value, dict):
        return f", each written [[{dotted(broken.path)}]]"
    return f", written [{dotted(broken.path)}]" if wanted == "object" and isinstance(value, list) else ""


def _missing(broken: Broken) -> Iterator[Finding]:
    for name in broken.says:
        if name not in broken.value:
            yield missing((*broken.path, name), _purpose(broken.schema["properties"].get(name, {}), broken.tongue))


def _surplus(broken: Broken) -> Iterator[Finding]:
    known = broken.schema["properties"]
    yield from (unknown_key((*broken.path, name), broken.tongue.key, known) for name in broken.value if name not in known)


def _bad_key(broken: Broken) -> Iterator[Finding]:
    yield Finding(
        (*broken.path, broken.value), f"unknown {broken.tongue.key} {shown(broken.value)}; it must be {broken.wanted}", at_key=True
    )


def _repeated(broken: Broken) -> Iterator[Finding]:
    for index, item in enumerate(broken.value):
        if item in broken.value[:index]:
            yield Finding((*broken.path, index), f"{shown(item)} is listed twice; list it once")


def _out_of_range(broken: Broken) -> Iterator[Finding]:
    yield Finding(broken.path, f"{shown(broken.value)} is out of range; it must be {broken.wanted}")


def _wrong_word(broken: Broken) -> Iterator[Finding]:
    if isinstance(broken.value, str):  # else its type is wrong, which is said already
        near = hint(broken.value, sorted(map(str, broken.says)))
        yield Finding(broken.path, f"unknown word {shown(broken.value)}; it must be {broken.wanted}{near}")


def _too_few(broken: Broken) -> Iterator[Finding]:
    yield Finding(broken.path, "this is empty; give at least one" if not broken.value else f"give at least {broken.says}")


def _too_many(broken: Broken) -> Iterator[Finding]:
    yield Finding(broken.path, f"these are {len(broken.value)}; give at most {broken.says}")


def _too_short(broken: Broken) -> Iterator[Finding]:
    yield Finding(broken.path, f"{shown(broken.value)} is too short; it must have at least {_characters(broken.says)}")


def _too_long(broken: Broken) -> Iterator[Finding]:
    yield Finding(broken.path, f"{shown(broken.value)} is too long; it may have {_characters(broken.says)}")


def _characters(number: int) -> str:
    return "1 character" if number == 1 else f"{number} characters"


def _otherwise(broken: Broken) -> Iterator[Finding]:
    """A keyword that only other people's kinds have: in jsonschema's words."""
    purpose = f"; it is {broken.schema['description']}" if "description" in broken.schema else ""
    yield Finding(broken.path, f"{broken.message[:LONGEST]}{purpose}")


_SENTENCES: Mapping[str, Callable[[Broken], Iterator[Finding]]] = {
    "type": _wrong_type,
    "pattern": _wrong_type,
    "required": _missing,
    "additionalProperties": _surplus,
    "propertyNames": _bad_key,
    "uniqueItems": _repeated,
    "minItems": _too_few,
    "maxItems": _too_many,
    "minLength": _too_short,
    "maxLength": _too_long,
    "enum": _wrong_word,
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _out_of_range),
}


# -- what would be right -------------------------------------------------------------------------------------------


def not_a(value: Any, schema: Table, tongue: Tongue = TOML) -> str:
    """`'5' is a text; it must be a number from 0 to 100 L`."""
    return f"{described(value, tongue.table)}; it must be {wanted(schema, tongue)}"


def _purpose(schema: Table, tongue: Tongue) -> str:
    purpose = schema.get("description", "").partition(" [")[0]
    if tongue.several and schema.get("type") == "array":
        return f"{tongue.several}, {purpose}"
    if "type" not in schema:
        return f"it is {purpose}"
    return f"it must be {wanted(schema, tongue)}{', ' if purpose else ''}{purpose}"


def wanted(schema: Table, tongue: Tongue = TOML) -> str:
    """`a number from 0 to 1000000 W`."""
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    if "pattern" in schema:
        return str(schema.get("description", f"a text like {schema['pattern']}"))
    types = schema.get("type", "anything")
    words = " or ".join(
        tongue.table if each == "object" else _TYPES.get(each, each) for each in ([types] if isinstance(types, str) else types)
    )
    return f"{words}{_bounds(schema)}"


def _bounds(schema: Table) -> str:
    unit = f" {schema['unit']}" if schema.get("unit") not in (None, "", "1") else ""  # 1: a share
    low, above = _plain(schema.get("minimum")), _plain(schema.get("exclusiveMinimum"))
    high, below = _plain(schema.get("maximum")), _plain(schema.get("exclusiveMaximum"))
    limits = [
        *([f"of at least {low}"] if low else []),
        *([f"above {above}"] if above else []),
        *([f"at most {high}"] if high else []),
        *([f"below {below}"] if below else []),
    ]
    if low and high:
        return f" from {low} to {high}{unit}"
    return f" {', '.join(limits)}{unit}" if limits else f" in{unit}" if unit else ""


def _plain(bound: float | None) -> str:
    """1000000, not 1e+06."""
    return "" if bound is None else str(int(bound)) if bound == int(bound) else str(bound)


_TYPES = {
    "number": "a number",
    "integer": "an integer",
    "string": "a text",
    "array": "a list",
    "boolean": "true or false",
}
