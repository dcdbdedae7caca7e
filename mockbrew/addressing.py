"""Which rig a request speaks to: by the prefix of its path, `/rigs/NAME/...`, or by a header; else the rig `default`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any
from urllib.parse import unquote

from mockbrew.errors import BadRig, Near
from mockbrew.messages import Headers, Request
from mockbrew.misspelling import why
from mockbrew.roster import DEFAULT, NAME

PREFIX = "/rigs/"
CONTROL = re.compile(r"(/rigs/[^/]*)?/__admin(/.*)?", re.DOTALL)
HEADER = "HTTP_X_MOCKBREW_RIG"
FIELD = "X-Mockbrew-Rig"  # the same in a reply
SEGMENTS = 4  # of a path, that may be too much at its beginning
RIGS, ADMIN = PREFIX.strip("/"), "__admin"
LIKE = 0.75  # of two words that may be meant for each other: rig, Rigs, rgis; admin, _admn, adm


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


def within(path: str) -> str:
    """A path without the prefix that names a rig."""
    return f"/{path[len(PREFIX) :].partition('/')[2]}" if path.startswith(PREFIX) else path


def of_rig(name: str) -> Headers:
    """What a reply says of the rig that answers, but for the default one."""
    return [(FIELD, name)] if name != DEFAULT else []


def named(name: str) -> str:
    """The name, if a rig can have it. Raises BadRig."""
    if not NAME.fullmatch(name):
        shown = name if len(name) <= 64 else f"{name[:64]}..."
        meant = f" (did you mean {name.lower()!r}?)" if NAME.fullmatch(name.lower()) else ""
        raise BadRig(
            f"{shown!r} can't be the name of a rig; one begins with a-z or 0-9, goes on with those, '.', '_' or '-', up to 64 in all{meant}"
        )
    return name


# -- paths that begin wrongly --------------------------------------------------------------------------------------


def readdressed(path: str) -> Iterator[Near]:
    """Paths that may have been meant: with the prefix of a rig or of the control plane written as it should be, or with none; decoded.

    Of no path at all: the page that shows every one.
    """
    if path == "/":
        yield Near(f"/{ADMIN}/docs", "where all is shown that is served")
    meant = unquote(path)
    if meant != path:
        yield Near(meant, why(path, meant))
    yield from (Near(right, why(path, right)) for right in (*_prefixed(path), *_endings(path)) if right != path)


def _endings(path: str) -> Iterator[str]:
    """Without its first segments."""
    rest = path
    for _ in range(SEGMENTS):
        _, slash, rest = rest[1:].partition("/")
        if not slash:
            return
        rest = f"/{rest}"
        yield rest


def _prefixed(path: str) -> Iterator[str]:
    """With its first segment as `/rigs/NAME/` or `/__admin/` has it, where it looks like that."""
    first, _, rest = path[1:].partition("/")
    if _like(first, RIGS) and NAME.fullmatch(rest.partition("/")[0]):
        yield f"{PREFIX}{rest}"
    if _like(first, ADMIN):
        yield f"/{ADMIN}/{rest}"


def _like(word: str, right: str) -> bool:
    """Whether one may be meant by the other: the letters of which it is made, in their order."""
    return SequenceMatcher(None, word.strip("_").lower(), right.strip("_")).ratio() >= LIKE
