"""The address of a server on the command line: http or https, and nothing secret in it, since it is shown in reports."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

import click

SCHEMES = ("http", "https")
EXAMPLE = "http://127.0.0.1:8890"

_PLAIN = re.compile(r"[!-~]+")  # what a URL may have on the wire


def server_url(_: click.Context | None, param: click.Parameter | None, value: str | None) -> str | None:
    """`http://host:8890` or `http://host/rigs/team-a`, without a slash at its end (a callback of click). Raises click.BadParameter."""
    why = _wrong(value) if value is not None else ""
    if why:
        raise click.BadParameter(why, param=param)
    return value and value.rstrip("/")


def _wrong(value: str) -> str:
    """Why it is no such address, or nothing. What stands before an @ is never shown."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return f"this is no address; write one such as {EXAMPLE}"
    if "@" in (parts.netloc or value):
        return "a user name or a password has no place in it, since it is shown in reports; leave out what stands before the @"
    return _malformed(value, parts)


def _malformed(value: str, parts: SplitResult) -> str:
    if parts.scheme not in SCHEMES:
        meant = f" (did you mean 'http://{value}'?)" if "://" not in value else ""
        return f"{value!r} is no http or https address; write one such as {EXAMPLE}{meant}"
    if not parts.hostname:
        return f"{value!r} names no host; write one such as {EXAMPLE}"
    if parts.query or parts.fragment or "?" in value or "#" in value:
        return f"{value!r} has a query or a fragment; write what stands before it"
    return "" if _PLAIN.fullmatch(value) else f"{value!r} has a character that no address has; write it as %XX"
