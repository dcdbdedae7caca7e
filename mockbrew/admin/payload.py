"""The payload: what a request to the control plane says in its query and body, checked against what its resource takes.

All that is wrong is said at once. A body is JSON as everybody understands it: keys once, numbers finite and of 64 bits, texts of Unicode.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any
from urllib.parse import parse_qsl

from mockbrew.admin.resources import JSON, Resource, Schema, refuse
from mockbrew.checks.acceptor import acceptor
from mockbrew.checks.findings import Finding
from mockbrew.checks.words import BODY, QUERY, Tongue, faults
from mockbrew.errors import BadRequest, TooLarge, UnsupportedBody

MOST = 2**20  # bytes of a body, as in deploy/nginx.conf
LARGEST = 2**63  # integers are of 64 bits, in bodies as in specs
PARAMETERS = 1_000  # in a query


def received(environ: Mapping[str, Any]) -> bytes:
    """The body of a request. Raises BadRequest, TooLarge, UnsupportedBody."""
    length = environ.get("CONTENT_LENGTH") or ""
    if length and not (length.isascii() and length.isdigit()):
        raise BadRequest([("", f"Content-Length {length!r} is no number of bytes")])
    if len(length) > 18 or int(length or 0) > MOST:
        raise TooLarge(MOST)
    body: bytes = environ["wsgi.input"].read(int(length) if length else MOST + 1) if length or _ends_by_itself(environ) else b""
    if len(body) > MOST:
        raise TooLarge(MOST)
    if len(body) < int(length or 0):  # the connection broke; what came may look whole
        raise BadRequest([("", f"the body ends after {len(body)} of its {length} bytes")])
    content_type = (environ.get("CONTENT_TYPE") or JSON).partition(";")[0].strip().lower()
    if body and content_type != JSON:
        raise UnsupportedBody(content_type, JSON)
    return body


def _ends_by_itself(environ: Mapping[str, Any]) -> bool:
    """Whether a body without a length, which came in chunks, can be read to its end."""
    return bool(environ.get("wsgi.input_terminated"))


def understood(resource: Resource, query: str, body: bytes) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Query and body as the schemas of the resource have them. Raises BadRequest with everything that is wrong."""
    parameters, repeated = _parameters(resource.query, query)
    document = _document(body)
    refuse([*repeated, *_against(resource.query, parameters, QUERY), *_against(resource.body, document, BODY)])
    return _whole(resource.query, parameters), _whole(resource.body, document)


def _whole(schema: Schema, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """With integers where those are wanted: to JSON Schema 3.0 is one."""
    wanted = {name for name, each in schema["properties"].items() if each.get("type") == "integer"}
    return {name: int(value) if name in wanted else value for name, value in values.items()}


def _against(schema: Schema, value: Any, tongue: Tongue) -> Iterator[Finding]:
    return iter(()) if acceptor(schema)(value) else faults(schema, value, (), tongue)


# -- the query -----------------------------------------------------------------------------------------------------


def _parameters(schema: Schema, query: str) -> tuple[dict[str, Any], list[Finding]]:
    """The parameters, as far as they are what their schemas want; and those that are given twice."""
    given: dict[str, list[str]] = {}
    for name, text in _pairs(query):
        given.setdefault(name, []).append(text)
    lists = {name for name, each in schema["properties"].items() if each.get("type") == "array"}
    typed = {name: _typed(schema["properties"].get(name, {}), texts) for name, texts in given.items()}
    twice = [name for name, texts in given.items() if len(texts) > 1 and name not in lists]
    return typed, [Finding((name,), f"this is given {len(given[name])} times; give it once") for name in twice]


def _pairs(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=PARAMETERS)
    except UnicodeDecodeError:
        raise BadRequest([("", "the query is not UTF-8")]) from None
    except ValueError:
        raise BadRequest([("", f"the query has more than {PARAMETERS} parameters")]) from None


def _typed(schema: Schema, texts: list[str]) -> Any:
    """What the texts say, if they can be of the type that is wanted; else a text, which the schema then refuses."""
    wanted = schema.get("type")
    if wanted == "array":
        return [_typed(schema.get("items", {}), [text]) for text in texts]
    text = texts[-1]
    if wanted == "boolean":
        return {"true": True, "false": False}.get(text, text)
    return _numeric(text) if wanted in ("number", "integer") else text


def _numeric(text: str) -> Any:
    """The number that JSON would take the text for; else the text."""
    try:
        return json.loads(text, parse_constant=_no_number, parse_int=_integer) if text[:1] in tuple("-0123456789") else text
    except (ValueError, BadRequest):
        return text


# -- the body ------------------------------------------------------------------------------------------------------


def _document(body: bytes) -> dict[str, Any]:
    """What a body says; nothing, if there is none. Raises BadRequest where it is no JSON object."""
    if not body.strip():
        return {}
    try:
        document = _loaded(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadRequest([("", f"the body is not UTF-8 from byte {error.start + 1} on")]) from None
    except UnicodeEncodeError:
        raise BadRequest([("", "the body has half a character, an escape from \\ud800 to \\udfff without its partner")]) from None
    except json.JSONDecodeError as error:
        raise BadRequest([("", f"the body is not JSON from line {error.lineno}, column {error.colno} on")]) from None
    except RecursionError:
        raise BadRequest([("", "the body is nested too deep; make it flatter")]) from None
    if not isinstance(document, dict):
        raise BadRequest([("", 'the body must be a JSON object, such as {"seconds": 600}')])
    return document


def _loaded(text: str) -> Any:
    document = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number, parse_int=_integer, parse_float=_finite)
    if "\\u" in text:
        json.dumps(document, ensure_ascii=False).encode("utf-8")  # which half a character has not
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        times = Counter(name for name, _ in pairs)
        twice = [name for name, number in times.items() if number > 1]
        raise BadRequest([(name, "this is given twice; give it once") for name in twice])
    return found


def _no_number(text: str) -> Any:
    raise BadRequest([("", f"{text} is no number of JSON; write a finite one")])


def _integer(text: str) -> int:
    value = int(text) if len(text) < 21 else LARGEST
    if not -LARGEST <= value < LARGEST:
        said = text if len(text) < 21 else f"{text[:20]}..."
        raise BadRequest([("", f"{said} has more than 64 bits; write a smaller number")])
    return value


def _finite(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise BadRequest([("", f"{text[:20]} is more than a number of 64 bits can be; write a smaller one")])
    return value
