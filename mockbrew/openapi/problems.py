"""Problems: what refusals look like, by status, as schemas and responses that all operations share.

The endpoints of the spec answer with RFC 9457 documents, or with the hardware's own shapes; the control plane with the former in any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mockbrew.admin.problems import NEAREST, problem_schema
from mockbrew.admin.shapes import known, text
from mockbrew.devices.declare import NONE
from mockbrew.openapi.parts import CACHED, RETRIED, RIG, Data, plain, ref, shown
from mockbrew.reply_schemas import fixed, tree_schema
from mockbrew.shapes import PROBLEM, phrase
from mockbrew.spec import ErrorShape

DEVICE = text("the device that it is about")

WIRE: Mapping[int, tuple[str, Mapping[str, Any]]] = {
    400: (
        "an argument that the command does not take, or a name that no rig can have; nothing was changed",
        {"device": DEVICE, "argument": text("its name"), "wanted": text("what would be taken"), "nearest": NEAREST},
    ),
    403: ("a page of another site may not make a rig by a command", {}),
    404: ("no endpoint has this path", {"nearest": NEAREST, "rig": text("the rig that there is not")}),
    405: (
        "the endpoint has other methods, which Allow names; nothing was changed",
        {"allowed": {"type": "array", "items": {"type": "string"}, "description": "these methods"}, "nearest": NEAREST},
    ),
    409: ("the command would break a rule of the rig that refuses; nothing was changed", {"rule": text("its name"), "device": DEVICE}),
    500: ("a bug in mockbrew or in a kind; nothing was changed", {}),
    503: (
        "a device that can't be read, a store that can't be used, too many rigs, or, with Retry-After, a rig that still computes",
        {"device": DEVICE, "reading": text("what can't be read"), "cap": {"type": "integer", "description": "rigs that there may be"}},
    ),
}
"""By status: what it means at the endpoints of the spec, and the members that its document may have."""

PLANE: Mapping[int, str] = {
    400: "what is asked for has mistakes, all of which are told; nothing was changed",
    401: "the token is missing, or another; nothing was changed",
    403: "the control plane is closed to this caller, or the caller is a page of another site; nothing was changed",
    404: "there is no such thing, or no such rig",
    405: "the path has other methods, which Allow names",
    409: "the rig is not as it would have to be",
    410: "what is asked for is gone from the log",
    413: "the body is too long; nothing was changed",
    415: "a body of another sort than is read; nothing was changed",
    500: "a bug in mockbrew or in a kind; nothing was changed",
    501: "the spec has more endpoints than are described here",
    503: "the store can't be used, there are too many rigs, or, with Retry-After, the rig still computes",
}
"""The same of the control plane, whose members `admin.problems` has."""

TOO_LONG = 414
ADMIN = "Admin"
SPECIAL: Mapping[int, Data] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}, "required": True}},
    405: {"Allow": {"schema": {"type": "string"}, "required": True, "description": "the methods that are answered"}},
    503: RETRIED,
}


def _name(status: int) -> str:
    """`NotFound`."""
    words = phrase(status).replace("-", " ").split()
    return f"Status{status}" if words == ["Unknown"] else "".join(word.capitalize() for word in words)


_REFUSED: Mapping[int, Data] = {status: ref("responses", _name(status)) for status in (*WIRE, TOO_LONG)}


def of_wire(*statuses: int) -> Data:
    """The responses with which an endpoint refuses, by status."""
    return {str(status): _REFUSED[status] for status in statuses}


def of_plane(*statuses: int) -> Data:
    """The responses with which the control plane refuses, by status."""
    return {str(status): _REFUSED[status] if status == TOO_LONG else ref("responses", f"{ADMIN}{_name(status)}") for status in statuses}


def schemas(plane: Iterable[int]) -> Data:
    """Those of all problems. plane: the statuses of the control plane."""
    wire = {_problem(_name(status)): _document(status, members) for status, (_, members) in WIRE.items()}
    return {**wire, **{_problem(f"{ADMIN}{_name(status)}"): plain(problem_schema(status)) for status in plane}}


def responses(errors: Mapping[int, ErrorShape], plane: Iterable[int]) -> Data:
    """Those of all problems. errors: the spec's own shapes."""
    wire = {_name(status): _response(status, WIRE[status][0], _content(status, errors.get(status) or errors.get(0))) for status in WIRE}
    admin = {f"{ADMIN}{_name(status)}": _response(status, PLANE.get(status, phrase(status)), _problems(ADMIN, status)) for status in plane}
    return {**wire, **admin, _name(TOO_LONG): _OF_THE_SERVER}


_OF_THE_SERVER: Data = {
    "description": "the request line is longer than the WSGI server reads; it answers by itself",
    "content": {"text/html": {"schema": {"type": "string"}}},
}


def _content(status: int, own: ErrorShape | None) -> Data:
    if own is None:
        return _problems("", status)
    facts = {"status": fixed(status), "title": fixed(phrase(status)), "detail": {"type": "string"}}
    return shown(own.content_type, tree_schema(own.reply, facts, NONE.__getitem__))


def _problems(prefix: str, status: int) -> Data:
    return {PROBLEM: {"schema": ref("schemas", _problem(f"{prefix}{_name(status)}"))}}


def _response(status: int, description: str, content: Data) -> Data:
    return {"description": description, "headers": {**CACHED, **RIG, **SPECIAL.get(status, {})}, "content": content}


def _document(status: int, members: Mapping[str, Any]) -> Data:
    facts = {"title": fixed(phrase(status)), "status": fixed(status), "detail": text("what is wrong, and what would be right")}
    return known({**facts, **members}, *members)


def _problem(name: str) -> str:
    return f"Problem{name}"
