"""What is served, as an OpenAPI 3.1 document: the endpoints of the spec and the control plane, exactly as they answer.

It is made from the spec alone (docs/adr/0026): no store is touched, nothing depends on what a rig has been through.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from mockbrew.admin.resources import Resource
from mockbrew.devices.base import Kinds
from mockbrew.endpoints import Endpoint
from mockbrew.openapi import problems
from mockbrew.openapi.components import HEADERS, Data
from mockbrew.openapi.names import Names
from mockbrew.openapi.plane import SECURITY, Plane
from mockbrew.openapi.plane import SHARED as OF_PLANE
from mockbrew.openapi.sharing import Schemas
from mockbrew.openapi.tour import tour
from mockbrew.openapi.wire import SHARED as OF_WIRE
from mockbrew.openapi.wire import Wire, tags
from mockbrew.roster import DEFAULT
from mockbrew.spec import Spec

OPENAPI = "3.1.0"

WITH_PLANE = "A rig as mockbrew serves it: the endpoints of its spec, and under `/__admin/` the control plane, with which tests work."
WIRE_ONLY = "A rig as mockbrew serves it: the endpoints of its spec. The control plane is left out."
ABOUT = """\
Readings answer GET, HEAD and OPTIONS, commands GET, POST and OPTIONS; any other method is refused with a 405 whose `Allow` names these.
HEAD is no method of a command: whoever asks without wanting to see did not mean to command.

A path as it stands speaks to the rig `default`; behind `/rigs/NAME`, or with the header `X-Mockbrew-Rig: NAME`, it speaks to the rig NAME,
which its first command makes. What faults of transport do to replies, where the control plane has set some, is not described here.
"""


def document(
    spec: Spec, endpoints: Iterable[Endpoint], resources: Collection[Resource], kinds: Kinds, *, token: bool, rig: str = DEFAULT
) -> Data:
    """The document, as data.

    endpoints: of this spec, as its router has them. resources: of the control plane; none leave it out. kinds: that a spec may have.
    token: whether callers of the control plane must bear one. rig: whose URLs come first.
    """
    return {**opening(rig), **contents(spec, endpoints, resources, kinds, token=token)}


def opening(rig: str) -> Data:
    """What is different for each rig: where the paths are to be found, the given rig's first."""
    own = [{"url": f"/rigs/{rig}", "description": f"the rig {rig}"}] if rig != DEFAULT else []
    named = {"default": DEFAULT, "description": "the name of a rig: a-z or 0-9, then up to 63 of those, '.', '_' and '-'"}
    any_rig = {"url": "/rigs/{rig}", "description": "any rig", "variables": {"rig": named}}
    return {"openapi": OPENAPI, "servers": [*own, {"url": "/", "description": f"the rig {DEFAULT}"}, any_rig]}


def contents(spec: Spec, endpoints: Iterable[Endpoint], resources: Collection[Resource], kinds: Kinds, *, token: bool) -> Data:
    """All but the opening: the same for all rigs."""
    names, schemas, endpoints = Names(), Schemas(), tuple(endpoints)
    wire = Wire(spec, endpoints, names, schemas)
    plane = Plane(spec, resources, names, schemas, tour(spec, resources, kinds), token=token)
    paths = {**wire.paths(), **plane.paths()}
    statuses = plane.statuses() if resources else []
    return {
        "info": {
            "title": spec.title or "mockbrew",
            "version": spec.digest[:12],
            "description": f"{WITH_PLANE if resources else WIRE_ONLY}\n\n{ABOUT}",
        },
        "tags": [*tags(spec, endpoints), *plane.tags()],
        "paths": paths,
        "components": {
            "schemas": {**problems.schemas(statuses), **schemas.said},
            "headers": HEADERS,
            "responses": {**OF_WIRE, **(OF_PLANE if resources else {}), **problems.responses(spec.errors, statuses), **wire.responses},
            **({"securitySchemes": SECURITY} if token and resources else {}),
        },
    }
