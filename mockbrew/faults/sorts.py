"""Sorts of faults of transport: what each makes of a reply on its way, and what has to be said of it. Each is an entry of a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from mockbrew.shapes import phrase, problem
from mockbrew.spec import ErrorShape

CAP = 10.0  # s that one reply is held back at most, by all faults together: a sync worker of gunicorn is killed after 30 s of silence
DELAY = "delay"

Reply = tuple[int, list[tuple[str, str]], bytes]
CLOSED: Reply = (0, [], b"")  # instead of any reply
Errors = Mapping[int, ErrorShape]
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sort:
    """A way in which transport fails.

    parameters: JSON Schema of what it says of itself. forms: the sets of parameters of which exactly one must be given; all may be left
    out where there is none. spoil: (parameters, reply, the spec's error shapes) -> what the client gets; None for the reply as it is.
    """

    doc: str
    parameters: Mapping[str, Schema] = field(default_factory=dict)
    forms: tuple[tuple[str, ...], ...] = ()
    spoil: Callable[[Mapping[str, Any], Reply, Errors], Reply] | None = None


def _status(parameters: Mapping[str, Any], reply: Reply, errors: Errors) -> Reply:
    code = parameters["code"]
    content_type, body = problem(code, _described(code), {}, errors)
    later = [("Retry-After", str(parameters["retry_after"]))] if "retry_after" in parameters else []
    return code, [*_fields(reply, content_type, body), *later], body


def _empty(parameters: Mapping[str, Any], reply: Reply, errors: Errors) -> Reply:
    return 200, _fields(reply, None, b""), b""


def _truncated(parameters: Mapping[str, Any], reply: Reply, errors: Errors) -> Reply:
    status, _, body = reply
    rest = body[: int(len(body) * parameters.get("share", 0.5))]
    return status, _fields(reply, None, rest), rest


def _invalid_json(parameters: Mapping[str, Any], reply: Reply, errors: Errors) -> Reply:
    """A brace too many at the beginning: no JSON goes on like that, whatever the body was, and no parser gets far enough to use a part."""
    status, _, body = reply
    return status, _fields(reply, None, b"{" + body), b"{" + body


def _content_type(parameters: Mapping[str, Any], reply: Reply, errors: Errors) -> Reply:
    status, _, body = reply
    return status, _fields(reply, parameters.get("type", "text/html"), body), body


def _closed(parameters: Mapping[str, Any], reply: Reply, errors: Errors) -> Reply:
    return CLOSED


def _fields(reply: Reply, content_type: str | None, body: bytes) -> list[tuple[str, str]]:
    """The header of a reply, with another content type unless it is None, and the length of another body."""
    new = {"Content-Length": str(len(body))} | ({"Content-Type": content_type} if content_type is not None else {})
    return [(name, new.get(name, value)) for name, value in reply[1]]


def _described(code: int) -> str:
    try:
        return HTTPStatus(code).description or phrase(code)
    except ValueError:
        return phrase(code)


SORTS: Mapping[str, Sort] = {
    DELAY: Sort(
        f"the reply comes later, at most {CAP:g} s in all; what was asked is done when the wait is over",
        {
            "seconds": {"type": "number", "minimum": 0, "maximum": CAP, "unit": "s", "description": "always as long"},
            "low": {"type": "number", "minimum": 0, "maximum": CAP, "unit": "s", "description": "uniform: the least"},
            "high": {"type": "number", "minimum": 0, "maximum": CAP, "unit": "s", "description": "uniform: the most"},
            "median": {"type": "number", "exclusiveMinimum": 0, "maximum": CAP, "unit": "s", "description": "lognormal: half are longer"},
            "sigma": {"type": "number", "minimum": 0, "maximum": 5, "description": "lognormal: standard deviation of the logarithm"},
        },
        forms=(("seconds",), ("low", "high"), ("median", "sigma")),
    ),
    "status": Sort(
        "an error of this status, in the form of the rig's errors",
        {
            "code": {"type": "integer", "minimum": 400, "maximum": 599, "description": "the status"},
            "retry_after": {"type": "integer", "minimum": 0, "maximum": 86400, "unit": "s", "description": "what Retry-After says"},
        },
        forms=(("code",),),
        spoil=_status,
    ),
    "empty": Sort("200 and no body", spoil=_empty),
    "truncated": Sort(
        "the body stops before its end, and its length is told as if that were all",
        {"share": {"type": "number", "minimum": 0, "maximum": 0.99, "description": "of the body, which is sent; 0.5 by default"}},
        spoil=_truncated,
    ),
    "invalid_json": Sort("the body is no JSON", spoil=_invalid_json),
    "content_type": Sort(
        "the body has another content type",
        {"type": {"type": "string", "pattern": r"[!-~]+/[!-~]+( ?; ?[!-~]+)*", "description": "a content type; text/html by default"}},
        spoil=_content_type,
    ),
    "closed": Sort("the connection is closed without a reply", spoil=_closed),
}
