"""Problems: what refusals look like, by status, as schemas and responses that all operations share.

The endpoints of the spec answer with RFC 9457 documents, or with the hardware's own shapes; the control plane with the former in any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mockbrew.devices.declare import NONE
from mockbrew.openapi.parts import CACHED, RETRIED, RIG, ref, shown
from mockbrew.reply_schemas import fixed, tree_schema
from mockbrew.shapes import PROBLEM, phrase
from mockbrew.spec import ErrorShape

Data = dict[str, Any]

TEXT: Data = {"type": "string"}
NUMBER: Data = {"type": "number"}
TEXTS: Data = {"type": "array", "items": TEXT}
NEAREST: Data = {
    "type": "array",
    "items": {"type": "object", "properties": {"url": TEXT, "why": TEXT}, "required": ["url", "why"], "additionalProperties": False},
    "description": "what comes nearest, and why it is not that",
}
MISTAKES: Data = {
    "type": "array",
    "items": {"type": "object", "properties": {"field": TEXT, "message": TEXT}, "required": ["field", "message"]},
    "description": "all that is wrong, each with the field that it is about",
}

BASE: Data = {
    "type": "object",
    "description": "RFC 9457; `type` is left out, which means about:blank",
    "properties": {
        "title": {"type": "string", "description": "the phrase of the status"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "where: what is wrong; what would be right"},
    },
    "required": ["title", "status", "detail"],
}

WIRE: Mapping[int, tuple[str, Mapping[str, Data]]] = {
    400: (
        "an argument that the command does not take, or a name that no rig can have; nothing was changed",
        {"device": TEXT, "argument": TEXT, "wanted": TEXT, "nearest": NEAREST},
    ),
    403: ("a page of another site may not make a rig by a command", {}),
    404: ("no endpoint has this path", {"nearest": NEAREST, "rig": TEXT}),
    405: ("the endpoint has other methods, which Allow names; nothing was changed", {"allowed": TEXTS, "nearest": NEAREST}),
    409: ("the command would break a rule of the rig that refuses; nothing was changed", {"rule": TEXT, "device": TEXT}),
    500: ("a bug in mockbrew or in a kind; nothing was changed", {}),
    503: (
        "a device that can't be read, a store that can't be used, too many rigs, or, with Retry-After, a rig that still computes",
        {"device": TEXT, "reading": TEXT, "cap": {"type": "integer"}},
    ),
}
"""By status: what it means at the endpoints of the spec, and the members that its document may have."""

PLANE: Mapping[int, tuple[str, Mapping[str, Data]]] = {
    400: (
        "what is asked for has mistakes, all of which are told; nothing was changed",
        {"errors": MISTAKES, "column": {"type": "integer"}, "condition": TEXT},
    ),
    401: ("the token is missing, or another", {}),
    403: ("the control plane is closed to this caller, or the caller is a page of another site", {"setting": TEXT}),
    404: ("there is no such thing, or no such rig", {"nearest": NEAREST, "rig": TEXT, "snapshot": TEXT}),
    405: ("the path has other methods, which Allow names", {"allowed": TEXTS, "nearest": NEAREST}),
    409: ("the rig is not as it would have to be", {"rig": TEXT, "time": NUMBER, "errors": MISTAKES}),
    410: ("what is asked for is gone from the log", {"earliest": NUMBER}),
    413: ("the body is too long", {"most": {"type": "integer"}}),
    415: ("a body of another sort", {"wanted": TEXT}),
    500: ("a bug in mockbrew or in a kind", {}),
    503: (
        "the store can't be used, there are too many rigs, or, with Retry-After, the rig still computes",
        {"time": NUMBER, "limit": NUMBER, "cap": {"type": "integer"}},
    ),
}
"""The same of the control plane."""

OTHER: tuple[str, Mapping[str, Data]] = ("a refusal", {})
ADMIN = "Admin"


def _name(status: int) -> str:
    words = phrase(status).replace("-", " ").split()
    return "".join(word.capitalize() for word in words) if words != ["Unknown"] else f"Status{status}"


_REFUSED: Mapping[int, Data] = {status: ref("responses", _name(status)) for status in WIRE}


def of_wire(status: int) -> Data:
    """The response with which an endpoint refuses."""
    return _REFUSED[status]


def of_plane(status: int) -> Data:
    """The response with which the control plane refuses."""
    return ref("responses", f"{ADMIN}{_name(status)}")


def schemas(plane: Iterable[int]) -> Data:
    """Those of all problems. plane: the statuses of the control plane."""
    wire = {_problem(_name(status)): _members(status, WIRE[status][1]) for status in WIRE}
    admin = {_problem(f"{ADMIN}{_name(status)}"): _members(status, PLANE.get(status, OTHER)[1]) for status in plane}
    return {"Problem": BASE, **wire, **admin}


def responses(errors: Mapping[int, ErrorShape], plane: Iterable[int]) -> Data:
    """Those of all problems. errors: the spec's own shapes."""
    wire = {_name(status): _wire(status, errors.get(status) or errors.get(0)) for status in WIRE}
    return {**wire, **{f"{ADMIN}{_name(status)}": _response(status, PLANE.get(status, OTHER)[0], _plane(status)) for status in plane}}


def _wire(status: int, own: ErrorShape | None) -> Data:
    if own is None:
        return _response(status, WIRE[status][0], {PROBLEM: {"schema": ref("schemas", _problem(_name(status)))}})
    facts = {"status": fixed(status), "title": fixed(phrase(status)), "detail": TEXT}
    return _response(status, WIRE[status][0], shown(own.content_type, tree_schema(own.reply, facts, NONE.__getitem__)))


def _plane(status: int) -> Data:
    return {PROBLEM: {"schema": ref("schemas", _problem(f"{ADMIN}{_name(status)}"))}}


def _response(status: int, description: str, content: Data) -> Data:
    special: Mapping[int, Data] = {401: {"WWW-Authenticate": {"schema": TEXT, "required": True}}, 405: ALLOWED, 503: RETRIED}
    return {"description": description, "headers": {**CACHED, **RIG, **special.get(status, {})}, "content": content}


ALLOWED: Data = {"Allow": {"schema": TEXT, "required": True, "description": "the methods that are answered"}}


def _members(status: int, members: Mapping[str, Data]) -> Data:
    own = {"status": {"const": status}, **members}
    return {"allOf": [ref("schemas", "Problem"), {"type": "object", "properties": own}]}


def _problem(name: str) -> str:
    return f"Problem{name}"
