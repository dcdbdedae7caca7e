"""`openapi.json`: what is served, as OpenAPI."""

from __future__ import annotations

from mockbrew.admin.examples import always
from mockbrew.admin.resources import Answer, Call, Desk, Resource, Schema
from mockbrew.errors import SpecTooLarge
from mockbrew.openapi import contents, opening
from mockbrew.shapes import as_json

WRITTEN = "openapi"
MOST = 5_000  # endpoints, and as many devices, vessels and pipes: 16 MB, made in 4 s; no browser shows more, and a worker has better to do

REPLY: Schema = {
    "type": "object",
    "description": "an OpenAPI 3.1 document",
    "properties": {
        "openapi": {"type": "string", "pattern": r"^3\.1\.[0-9]+$"},
        "servers": {"type": "array", "items": {"type": "object"}},
        "info": {"type": "object"},
        "tags": {"type": "array", "items": {"type": "object"}},
        "paths": {"type": "object"},
        "components": {"type": "object"},
    },
    "required": ["openapi", "servers", "info", "paths", "components"],
    "additionalProperties": False,
}


def told(desk: Desk, call: Call) -> Answer:
    """As `mockbrew openapi` tells it, but that the URLs of the rig that is spoken to come first. Raises SpecTooLarge."""
    written = desk.written.get(WRITTEN)
    if written is None:
        written = desk.written[WRITTEN] = _written(desk)
    return Answer(as_json(opening(call.rig))[:-1].encode() + b"," + written[1:])


def _written(desk: Desk) -> bytes:
    """All but the opening. It is the same for all rigs, so it is written once."""
    spec, endpoints = desk.rigs.spec, desk.router.endpoints
    for number, of in ((len(endpoints), "endpoints"), (len(spec.entries), "entries")):
        if number > MOST:
            raise SpecTooLarge(number, of, MOST)
    said = contents(spec, endpoints, desk.resources, desk.kinds, token=desk.token)
    return as_json(said).encode("utf-8", "backslashreplace")


RESOURCES = (
    Resource(
        "GET",
        "openapi.json",
        "show all that is served as an OpenAPI 3.1 document, as `mockbrew openapi` does",
        told,
        absent="served",
        reply=REPLY,
        refuses=(501,),
        examples=always(),
    ),
)
