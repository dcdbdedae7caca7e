"""Components: what operations of the endpoints and of the control plane have in common: references, headers, contents."""

from __future__ import annotations

import json
from typing import Any

from mockbrew.roster import NAME

Data = dict[str, Any]


def ref(sort: str, name: str) -> Data:
    """A reference to a component."""
    return {"$ref": f"#/components/{sort}/{name}"}


# -- header fields -------------------------------------------------------------------------------------------------

HEADERS: Data = {
    "CacheControl": {
        "description": "commands come by GET: no cache may answer one",
        "required": True,
        "schema": {"type": "string", "const": "no-store"},
    },
    "Rig": {
        "description": "the rig that answers, but for the default one; 'new' where nothing has made it yet, 'stands-still' where its time "
        "has stopped because nothing happened for long",
        "schema": {"type": "string", "pattern": f"^{NAME.pattern}(; (new|stands-still))?$"},
    },
    "RetryAfter": {"description": "s after which to ask again", "schema": {"type": "string", "pattern": "^[0-9]+$"}},
    "Fault": {"description": "the faults of transport that hit the request, of those that are announced", "schema": {"type": "string"}},
}
CACHED: Data = {"Cache-Control": ref("headers", "CacheControl")}
RIG: Data = {"X-Mockbrew-Rig": ref("headers", "Rig")}
RETRIED: Data = {"Retry-After": ref("headers", "RetryAfter")}
FAULT: Data = {"X-Mockbrew-Fault": ref("headers", "Fault")}


def allowed(*methods: str) -> Data:
    """A 204 that says which methods there are."""
    allow = {"required": True, "schema": {"type": "string", "const": ", ".join(methods)}}
    return {"description": f"answers {', '.join(methods)}; any other method is a 405", "headers": {"Allow": allow, **CACHED, **RIG}}


# -- contents ------------------------------------------------------------------------------------------------------


def shown(content_type: str, schema: Data, example: bytes | None = None) -> Data:
    """The content of a response whose body is JSON, under whatever content type."""
    bare = content_type.partition(";")[0].strip()  # a type without parameters is about all that have some
    if bare.lower() == "application/json" or bare.lower().endswith("+json"):
        return {bare: {"schema": schema, **({} if example is None else {"example": json.loads(example)})}}
    text = {"type": "string", "contentMediaType": "application/json", "contentSchema": schema}
    return {bare: {"schema": text, **({} if example is None else {"example": example.decode()})}}
