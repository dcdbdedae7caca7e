"""Judging: one reply against what the spec says of it. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from mockbrew.conformance.known.contract import Point
from mockbrew.conformance.results import Difference, Exchange
from mockbrew.devices.declare import Value
from mockbrew.shapes import as_json

LONG = 160  # characters of a text in a report
AROUND = 20  # bytes before the first one that differs
STRUCTURE = re.compile(rb'("(?:[^"\\]|\\.)*")|\s+')
NO_BODY = "the reply was no 200 with a body to judge"

PLAIN = "identity"  # the content coding that is none (RFC 9110, 8.4.1)

Written = Callable[[str, Value], Value]
"""(name of a placeholder, value in a reply) -> the same value as the spec writes it: 78.0 where it is written 78."""


class Verdict(NamedTuple):
    """Of one check: what differs, nothing if all is well. why: it was not looked at; or what the differences mean."""

    name: str
    differences: tuple[Difference, ...] = ()
    why: str = ""
    skipped: bool = False


class Judged(NamedTuple):
    """A reply, judged. shown: the values in it that have the type of their reading."""

    verdicts: tuple[Verdict, ...]
    shown: Mapping[str, Value]

    @property
    def good(self) -> bool:
        """Whether there is a reply that can be read."""
        return not any(verdict.differences for verdict in self.verdicts if verdict.name in ("status", "json"))


def judge(point: Point, exchange: Exchange, written: Written | None) -> Judged:
    """What there is to say of the reply to a good request. written: None where any layout will do."""
    if exchange.status != 200:
        said = Verdict("status", (Difference("status", "200", status(exchange)),))
        return Judged((said, *_unseen(point, NO_BODY, "content-type", "json", "schema", "layout")), {})
    if (coding := exchange.headers.get("content-encoding", PLAIN)).lower() != PLAIN:
        coded = Verdict("json", (Difference("header Content-Encoding", f"none: {PLAIN} is what was asked for", coding),))
        return Judged((Verdict("status"), coded, *_unseen(point, "the body is compressed", "content-type", "schema", "layout")), {})
    fine = Verdict("status"), Verdict("content-type", tuple(content_type(point.endpoint.content_type, exchange)))
    try:
        data = parse(exchange.body)
    except ValueError as error:
        broken = Verdict("json", (Difference("body", "JSON", f"{excerpt(exchange.body)} ({error})"),))
        return Judged((*fine, broken, *_unseen(point, "the body is no JSON", "schema", "layout")), {})
    shown = {name: value for name, value in point.shown(data).items() if _is_one(point, name, value)}
    schema = Verdict("schema", tuple(unfit(point.schema, data)))
    verdicts = *fine, Verdict("json"), schema, _layout(point, exchange, shown, written, schema)
    return Judged((*verdicts, *_values(point, shown)), shown)


def _unseen(point: Point, why: str, *names: str) -> Iterator[Verdict]:
    """What can't be looked at."""
    yield from (Verdict(name, why=why, skipped=True) for name in (*names, *(["value"] if point.nullable else [])))


def _values(point: Point, shown: Mapping[str, Value]) -> Iterator[Verdict]:
    """Whether what may be null has a value."""
    if point.nullable:
        empty = [name for name in point.nullable if name in shown and shown[name] is None]
        yield Verdict("value", tuple(Difference(f"{point.of}.{name}", "a value", "null") for name in empty))


def status(exchange: Exchange) -> str:
    """A status in words."""
    return f"no reply: {exchange.failure}" if exchange.status <= 0 else str(exchange.status)


def content_type(wanted: str, exchange: Exchange) -> Iterator[Difference]:
    """What the reply says it is. A parameter that the spec does not ask for says nothing new of JSON."""
    got = exchange.headers.get("content-type")
    first, *parameters = _pieces(wanted)
    mine, *given = _pieces(got or "")
    if first != mine or not set(parameters) <= set(given):
        yield Difference("header Content-Type", wanted, got or "none")


def parse(body: bytes) -> Any:
    """Strict JSON. Raises ValueError."""
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_constant)
    except RecursionError:
        raise ValueError("too many levels") from None


def unfit(schema: Mapping[str, Any], data: Any) -> Iterator[Difference]:
    """Where a value is not what a JSON Schema says."""
    for error in sorted(Draft202012Validator(schema).iter_errors(data), key=lambda error: [str(step) for step in error.absolute_path]):
        yield from _told(error)


def excerpt(body: bytes) -> str:
    """The beginning of a body, as a reader can see it."""
    text = body.decode("utf-8", "backslashreplace")
    return text if len(text) <= LONG else f"{text[:LONG]}..."


def text(value: Any) -> str:
    """A value in a report."""
    try:
        said = as_json(value)
    except ValueError:
        said = repr(value)
    return said if len(said) <= LONG else f"{said[:LONG]}..."


# -- JSON ----------------------------------------------------------------------------------------------------------


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the name {next(name for name in names if names.count(name) > 1)!r} is there twice")
    return found


def _constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


def _told(error: ValidationError) -> Iterator[Difference]:
    where = "body" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    said: Any = error.validator_value
    schema: Any = error.schema
    if error.validator == "required":
        yield from (Difference(f"{where}.{name}", "there", "missing") for name in said if error.message.startswith(repr(name)))
    elif error.validator == "additionalProperties":
        known = schema.get("properties", {})
        given: Any = error.instance
        yield from (Difference(f"{where}.{name}", "not there", text(given[name])) for name in given if name not in known)
    else:
        yield Difference(where, _wanted(error), text(error.instance))


def _wanted(error: ValidationError) -> str:
    words: Mapping[str, Callable[[Any], str]] = {
        "const": text,
        "type": lambda types: " or ".join([types] if isinstance(types, str) else types),
        "enum": lambda values: " or ".join(text(value) for value in values),
        "pattern": lambda pattern: f"a text like {pattern}",
        "minimum": lambda least: f"at least {text(least)}",
        "maximum": lambda most: f"at most {text(most)}",
    }
    return words.get(str(error.validator), lambda value: f"{error.validator} {text(value)}")(error.validator_value)


def _is_one(point: Point, name: str, value: Value) -> bool:
    """Whether a value can be one of this reading; of an argument, it can."""
    reading = point.device.readings.get(name) if point.device is not None else None
    return reading is None or _valid(as_json(dict(reading.schema)), value)


@lru_cache(maxsize=256)
def _validator(schema: str) -> Any:
    return Draft202012Validator(json.loads(schema))


def _valid(schema: str, value: Value) -> bool:
    return bool(_validator(schema).is_valid(value))


# -- bytes ---------------------------------------------------------------------------------------------------------


def _layout(point: Point, exchange: Exchange, shown: Mapping[str, Value], written: Written | None, schema: Verdict) -> Verdict:
    if written is None:
        return Verdict("layout", why="left out, as was asked for", skipped=True)
    if schema.differences or not set(point.endpoint.reply.names) <= shown.keys():
        return Verdict("layout", why="the body is not what the spec says, so it cannot be written as such", skipped=True)
    wanted = point.endpoint.body(lambda name: written(name, shown[name]))
    if wanted == exchange.body:
        return Verdict("layout")
    return Verdict("layout", (_first(wanted, exchange.body),), _means(wanted, exchange.body))


def _first(wanted: bytes, got: bytes) -> Difference:
    """The first byte that differs, with what is around."""
    place = next((at for at, (mine, other) in enumerate(zip(wanted, got, strict=False)) if mine != other), min(len(wanted), len(got)))
    start = max(place - AROUND, 0)
    return Difference(f"byte {place}", *(excerpt(body[start:]) or "the end" for body in (wanted, got)))


def _means(wanted: bytes, got: bytes) -> str:
    """What sort of difference it is."""
    if STRUCTURE.sub(rb"\1", wanted) == STRUCTURE.sub(rb"\1", got):
        return "white space"
    if as_json(json.loads(wanted)) == as_json(json.loads(got)):
        return "how texts or numbers are written"
    if _ordered(wanted) == _ordered(got):
        return "the order of the keys"
    return "how a number is written: whole, or with a fraction"


def _ordered(body: bytes) -> str:
    return json.dumps(json.loads(body), sort_keys=True)


def _pieces(content_type: str) -> list[str]:
    return [piece.strip().lower() for piece in content_type.split(";")]
