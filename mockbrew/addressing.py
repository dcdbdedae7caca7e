"""Which rig a request speaks to: by the prefix of its path, `/rigs/NAME/...`, or by a header; else the rig `default`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mockbrew.errors import BadRig
from mockbrew.messages import Headers, Request
from mockbrew.roster import DEFAULT, NAME

PREFIX = "/rigs/"
CONTROL = re.compile(r"(/rigs/[^/]*)?/__admin(/.*)?", re.DOTALL)
HEADER = "HTTP_X_MOCKBREW_RIG"
FIELD = "X-Mockbrew-Rig"  # the same in a reply


def addressed(environ: Mapping[str, Any]) -> Request:
    """The request that `environ` holds. Raises BadRig."""
    path, header = environ.get("PATH_INFO", ""), environ.get(HEADER)
    if header is None and not path.startswith(PREFIX):
        return Request(environ["REQUEST_METHOD"], path, DEFAULT, environ)
    rig = None if header is None else named(header)
    if path.startswith(PREFIX):
        name, slash, rest = path[len(PREFIX) :].partition("/")
        if rig is not None and rig != name:
            raise BadRig(f"the path speaks to rig {name!r}, the header X-Mockbrew-Rig to {rig!r}; leave one of them out")
        rig, path = named(name), f"{slash}{rest}"
    return Request(environ["REQUEST_METHOD"], path, rig or DEFAULT, environ)


def of_control_plane(environ: Mapping[str, Any]) -> bool:
    """Whether a request speaks to the control plane, of whichever rig."""
    path = environ.get("PATH_INFO", "")
    return "/__admin" in path and CONTROL.fullmatch(path) is not None


def of_rig(name: str) -> Headers:
    """What a reply says of the rig that answers, but for the default one."""
    return [(FIELD, name)] if name != DEFAULT else []


def named(name: str) -> str:
    """The name, if a rig can have it. Raises BadRig."""
    if not NAME.fullmatch(name):
        shown = name if len(name) <= 64 else f"{name[:64]}..."
        raise BadRig(
            f"{shown!r} can't be the name of a rig; one begins with a-z or 0-9, goes on with those, '.', '_' or '-', up to 64 in all"
        )
    return name
