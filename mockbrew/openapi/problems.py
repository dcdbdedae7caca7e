"""Problems: what refusals look like, by status, as schemas and responses that all operations share.

The endpoints of the spec answer with RFC 9457 documents, or with the hardware's own shapes; the control plane with the former in any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mockbrew.admin.resources import TIME, Schema
from mockbrew.admin.shapes import NEAR, NOW, STILL, array, flag, known, span, text, whole
from mockbrew.devices.declare import NONE
from mockbrew.openapi.components import CACHED, RETRIED, RIG, Data, ref, shown
from mockbrew.reply_schemas import fixed, tree_schema
from mockbrew.schema import without_units
from mockbrew.shapes import PROBLEM, phrase
from mockbrew.spec import ErrorShape

Meaning = tuple[str, Mapping[str, Schema]]
"""What a status means, and the members that its document may have for programs. Which of them it has depends on its reason."""

DEVICE = text("the device that it is about")
NEAREST = array(NEAR, "what comes nearest, the nearest first")
ALLOWED = array({"type": "string"}, "the methods that there are")

WIRE: Mapping[int, Meaning] = {
    400: (
        "an argument that the command does not take, or a name that no rig can have; nothing was changed",
        {"device": DEVICE, "argument": text("its name"), "wanted": text("what would be taken"), "nearest": NEAREST},
    ),
    403: ("a page of another site may not make a rig by a command", {}),
    404: ("no endpoint has this path", {"nearest": NEAREST, "rig": text("the rig that there is not")}),
    405: (
        "the endpoint has other methods, which Allow names; nothing was changed",
        {"allowed": ALLOWED, "nearest": NEAREST},
    ),
    409: ("the command would break a rule of the rig that refuses; nothing was changed", {"rule": text("its name"), "device": DEVICE}),
    500: ("a bug in mockbrew or in a kind; nothing was changed", {}),
    503: (
        "a device that can't be read, a store that can't be used, too many rigs, or, with Retry-After, a rig that still computes",
        {"device": DEVICE, "reading": text("what can't be read"), "cap": {"type": "integer", "description": "rigs that there may be"}},
    ),
}
"""Of the endpoints of the spec, by status."""

MISTAKE = known({"field": text("where; empty for the whole of it"), "message": text("what is wrong, and what would be right")})
OF_RIG = text("the rig that it is about")  # any text: a refusal may be of a name that no rig can have
SNAPSHOT = text("the name of the snapshot")

PLANE: Mapping[int, Meaning] = {
    400: (
        "what is asked for has mistakes, all of which are told; nothing was changed",
        {"errors": array(MISTAKE, "all that is wrong with the request", minItems=1)},
    ),
    401: ("the token is missing, or another; nothing was changed", {}),
    403: (
        "the control plane is closed to this caller, or the caller is a page of another site; nothing was changed",
        {"setting": text("the setting of the server that opens the control plane")},
    ),
    404: ("there is no such thing, or no such rig", {"rig": OF_RIG, "snapshot": SNAPSHOT, "nearest": NEAREST}),
    405: ("the path has other methods, which Allow names", {"allowed": ALLOWED, "nearest": NEAREST}),
    409: (
        "the rig is not as it would have to be",
        {
            "rig": OF_RIG,
            "seed": {"type": "integer", "description": "the seed that the rig has"},
            "events": whole("events that it has had"),
            "time": NOW,
            "most": whole("how many there may be"),
            "snapshot": SNAPSHOT,
            "waited": span("virtual time that was waited"),
            "nearest": text("how near the condition came to being so; empty where nothing can be said"),
            "stands_still": STILL,
            "passed": flag("whether all is as expected"),
            "errors": array(MISTAKE, "each expectation that is not met", minItems=1),
            "checked": array({"type": "object"}, "what came of each expectation", minItems=1),
        },
    ),
    410: (
        "what is asked for is gone from the log",
        {"earliest": {**TIME, "description": "virtual time from which on it is known [s]"}},
    ),
    413: ("the body is too long; nothing was changed", {"most": whole("bytes that a body may have")}),
    415: ("a body of another sort than is read; nothing was changed", {"wanted": text("the content type that is read")}),
    500: ("a bug in mockbrew or in a kind; nothing was changed", {}),
    501: (
        "the spec has more endpoints, or devices, vessels and pipes, than are described here",
        {
            "endpoints": whole("how many the spec has"),
            "entries": whole("how many devices, vessels and pipes it has"),
            "most": whole("how many there may be"),
        },
    ),
    503: (
        "the store can't be used, there are too many rigs, or, with Retry-After, the rig still computes",
        {"cap": whole("rigs that there may be"), "time": NOW, "limit": span("what is left of the limit")},
    ),
}
"""Of the control plane."""

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
    wire = {_problem(_name(status)): without_units(document(status, WIRE)) for status in WIRE}
    return {**wire, **{_problem(f"{ADMIN}{_name(status)}"): without_units(document(status, PLANE)) for status in plane}}


def responses(errors: Mapping[int, ErrorShape], plane: Iterable[int]) -> Data:
    """Those of all problems. errors: the spec's own shapes."""
    wire = {_name(status): _response(status, WIRE[status][0], _content(status, errors.get(status) or errors.get(0))) for status in WIRE}
    admin = {f"{ADMIN}{_name(status)}": _response(status, PLANE[status][0], _problems(ADMIN, status)) for status in plane}
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


def document(status: int, meanings: Mapping[int, Meaning]) -> Data:
    """JSON Schema of a problem document with this status. meanings: `WIRE` or `PLANE`."""
    facts = {
        "title": {**fixed(phrase(status)), "description": "the phrase of the status"},
        "status": {**fixed(status), "description": "the HTTP status"},
        "detail": text("what is wrong, and what would be right"),
    }
    members = meanings[status][1]
    return known({**facts, **members}, *members)


def _problem(name: str) -> str:
    return f"Problem{name}"
