"""Cross-origin reading: what a browser must be told so that a page of another origin may read replies. Of the spec's endpoints only.

It keeps nobody from commanding: a browser sends a simple GET to anywhere, and only keeps the reply from the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockbrew.messages import NO_STORE, Headers, Reply

METHODS = "GET, HEAD, POST, OPTIONS"
AGE = "600"  # s that a browser may keep the answer to a preflight: a spec may change
EXPOSED = "Allow, Retry-After, X-Mockbrew-Fault, X-Mockbrew-Rig"  # what a page may read beside what every page may


def preflight(environ: Mapping[str, Any], origins: tuple[str, ...]) -> Reply | None:
    """The answer to a browser that asks before it sends what a page wants; None to anything else.

    Also where there is no such endpoint: the page is to read the 404 that says so.
    """
    if environ["REQUEST_METHOD"] != "OPTIONS" or "HTTP_ACCESS_CONTROL_REQUEST_METHOD" not in environ:
        return None
    if _allowed(environ, origins) is None:
        return None
    fields = [("Access-Control-Allow-Methods", METHODS), ("Access-Control-Max-Age", AGE), NO_STORE]
    asked = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS")
    return 204, [*fields, *([("Access-Control-Allow-Headers", asked)] if asked else [])], b""


def fields(environ: Mapping[str, Any], origins: tuple[str, ...]) -> Headers:
    """The header fields that every reply gets, a refusal too."""
    vary = [("Vary", "Origin")] if "*" not in origins else []
    allowed = _allowed(environ, origins)
    return vary if allowed is None else [("Access-Control-Allow-Origin", allowed), ("Access-Control-Expose-Headers", EXPOSED), *vary]


def _allowed(environ: Mapping[str, Any], origins: tuple[str, ...]) -> str | None:
    """What the origin of a request is told that it is; None where it may not read."""
    origin = environ.get("HTTP_ORIGIN")
    if origin is None:
        return None
    return "*" if "*" in origins else origin if origin in origins else None
