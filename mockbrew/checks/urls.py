"""URLs by themselves: what a path can be, and which ones are mockbrew's own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mockbrew.checks.findings import shown
from mockbrew.pattern import Placeholder, split

RESERVED = ("/rigs/", "/__admin")  # URLs that belong to mockbrew

ALLOWED = "-._~!$&'()*+,;=:@/"  # beside letters and digits: RFC 3986, section 3.3, without percent-encoding

_FOREIGN = re.compile(rf"[^A-Za-z0-9{re.escape(ALLOWED)}]")
_REASONS = {"?": "begins a query", "#": "begins a fragment", "%": "begins an escape"}


def faults_of(pattern: str) -> Iterator[str]:
    """What is wrong with a URL pattern, whatever will stand in its placeholders."""
    try:
        parts = split(pattern)
    except ValueError as error:
        yield f"{str(error).partition(';')[0]}; a placeholder is written {{name}}"
        return
    literal = "".join(part for part in parts if isinstance(part, str))
    foreign = _FOREIGN.search(literal)
    if not pattern.startswith("/"):
        yield f"{shown(pattern)} does not begin with '/'; write the absolute path, such as '/get{{id}}'"
    if foreign:
        yield foreign_character(foreign[0])
    if not foreign:
        # A letter stands for each placeholder: what they make of the path is judged for each device.
        yield from faults_of_path("".join("x" if isinstance(part, Placeholder) else part for part in parts))


def faults_of_path(path: str) -> Iterator[str]:
    """What is wrong with a path as a whole."""
    if path.startswith(RESERVED) or path == "/rigs":
        yield f"{shown(path)} is reserved: {' and '.join(RESERVED)} are mockbrew's own; choose another"
    segments = path.split("/")[1:]
    if "" in segments[:-1]:
        yield f"{shown(path)} has '//', which servers merge into one; write one '/'"
    if "." in segments or ".." in segments:
        yield f"{shown(path)} has a segment '.' or '..', which clients resolve before they ask; name it otherwise"


def foreign_in(text: str) -> str | None:
    """What is wrong with a text that is to stand in a path."""
    foreign = _FOREIGN.search(text)
    return foreign_character(foreign[0]) if foreign else None


def foreign_character(character: str) -> str:
    """Why a character can't stand in a path."""
    reason = _REASONS.get(character, "is not ASCII" if not character.isascii() else "is no part of a URL")
    return f"{character!r} {reason}; a path has letters, digits and {ALLOWED}"
