"""Pages: what a browser shows of the control plane. They are files, the same for every rig, and tell nothing of any.

What they show they load from resources, as any client does, with the token where there is one. Which files there are stands in a table:
no part of a path is ever taken for the name of a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from mockbrew.addressing import of_rig
from mockbrew.admin.access import Access
from mockbrew.admin.resources import PREFIX
from mockbrew.errors import MethodNotAllowed
from mockbrew.messages import NO_STORE, Headers, Reply, Request, headers

FILES = Path(__file__).parent / "page"
METHODS = ("GET", "HEAD", "OPTIONS")
SWAGGER_UI = "5.35.0"

# Swagger UI draws its icons from data: URLs; all else comes from here, and no page of another site may frame "Try it out".
POLICY = "; ".join(
    (
        *("default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'"),
        *("base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"),
    )
)
SAFE: Headers = [("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer")]
FOREVER = ("Cache-Control", "public, max-age=31536000, immutable")  # its name has the version: another version has another URL


@dataclass(frozen=True, slots=True)
class Page:
    """file: below `FILES`. caching: what is said of it to caches."""

    file: str
    content_type: str
    caching: tuple[str, str] = NO_STORE
    more: tuple[tuple[str, str], ...] = ()


CSS, JS = "text/css; charset=utf-8", "text/javascript; charset=utf-8"

PAGES: Mapping[str, Page] = MappingProxyType(
    {
        "docs": Page("docs.html", "text/html; charset=utf-8", more=(("Content-Security-Policy", POLICY),)),
        "docs/docs.css": Page("docs.css", CSS),
        "docs/docs.js": Page("docs.js", JS),
        f"docs/swagger-ui-{SWAGGER_UI}.css": Page("swagger-ui/swagger-ui.css", CSS, FOREVER),
        f"docs/swagger-ui-{SWAGGER_UI}.js": Page("swagger-ui/swagger-ui-bundle.js", JS, FOREVER),
    }
)
"""By their paths behind `/__admin/`."""

SHOWN = ("docs",)  # those that people ask for; the others belong to them


def shown(request: Request, access: Access) -> Reply | None:
    """The page that a request asks for; None if there is none on its path. Touches no store. Raises MockbrewError."""
    page = PAGES.get(request.path.removeprefix(PREFIX))
    if page is None:
        return None
    access.check_page(request.environ)
    if request.method not in METHODS:
        raise MethodNotAllowed(request.method, request.path, METHODS)
    if request.method == "OPTIONS":
        return 204, [("Allow", ", ".join(METHODS)), NO_STORE, *of_rig(request.rig)], b""
    return _reply(page, request.rig)


def _reply(page: Page, rig: str) -> Reply:
    body = (FILES / page.file).read_bytes()
    fields = dict([*headers(page.content_type, body), page.caching, *SAFE, *page.more])
    return 200, [*fields.items(), *of_rig(rig)], body
