"""Lines: the TOML of a large spec, whose tables of entries are one plain line after the other, read by Python's parser of JSON.

A third of the time that 100,000 devices take to load is the parser's of TOML, in C; that of JSON takes a third of that third, and keys
that come again and again are one text. What is plain is decided strictly: a line that is not, and all is tomli's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import tomli

LONG = 2**18  # characters of a text for which it is worth while

# Nothing stands in a plain text that means something between texts, nor a backslash: so replacing what stands between is enough.
_TEXT = r'"[^"\\=,{}\x00-\x1f\x7f]*"'
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"  # as both languages write it
_KEY = r"[A-Za-z0-9_-]+"
_VALUE = rf"(?:{_TEXT}|{_NUMBER}|true|false|\[(?:{_TEXT}(?:, ?{_TEXT})*)?\])"
_IS = "(?: = |=)"
_LINE = re.compile(rf"{_KEY}{_IS}\{{ ?{_KEY}{_IS}{_VALUE}(?:, ?{_KEY}{_IS}{_VALUE})* ?\}}\n")
_HEADER = re.compile(r"\n\[(vessels|pipes|devices)\]\n")  # begins with a text, which is looked for twenty times as fast as `^`
_AS_JSON = ((" = ", "="), ("=", '":'), ("{ ", "{"), ("{", '{"'), (", ", ","), (",", ',"'), (',""', ',"'), ("}\n", '},"'))


def loads(text: str) -> dict[str, Any]:
    """As `tomli.loads`, and raises what that raises."""
    return (_quickly(text) if len(text) >= LONG else None) or tomli.loads(text)


def _quickly(text: str) -> dict[str, Any] | None:
    """None where it can't be done, for whatever reason: mistakes are tomli's to tell."""
    if '"""' in text or "'''" in text:  # a header could be a part of one
        return None
    rest, bodies = _parted(text)
    try:
        document = tomli.loads(rest)
        tables = {name: _table(body) for name, body in bodies.items()}
    except (ValueError, RecursionError):
        return None
    if not tables or any(document.get(name) != {} or not table for name, table in tables.items()):
        return None
    return {**document, **tables}


def _parted(text: str) -> tuple[str, Mapping[str, str]]:
    """The text without what stands in the tables of entries, and that, by table."""
    rest, bodies, at = [], {}, 0
    for header in _HEADER.finditer(text):
        end = text.find("\n[", header.end() - 1) + 1 or len(text)
        rest.append(text[at : header.end()])
        bodies[header[1]] = text[header.end() : end]
        at = end
    return "".join([*rest, text[at:]]), bodies


def _table(body: str) -> dict[str, Any]:
    """The entries of plain lines; none if a line is not plain, or a key comes twice. Raises ValueError as `json` does."""
    lines = body.strip(" \t\n") + "\n"  # what else Python takes for white space is none in TOML
    if _LINE.sub("", lines):
        return {}
    made = lines
    for before, after in _AS_JSON:
        made = made.replace(before, after)
    table: dict[str, Any] = json.loads(f'{{"{made[:-2]}}}')
    said = made.count('":')
    return table if said == len(table) + sum(map(len, table.values())) else {}
