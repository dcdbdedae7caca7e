"""Texts with {placeholders}: the URL patterns and reply shapes of the spec.

`{{` and `}}` stand for the braces themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_TOKEN = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*)\}|[{}]")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`{name}`."""

    name: str


Part = str | Placeholder


@lru_cache(maxsize=1024)  # texts that interfaces and overrides say over and over: what is nobody's own is little
def split(text: str) -> tuple[Part, ...]:
    """Literals and placeholders in turn. Raises ValueError, with the reason, on a brace that has no partner."""
    return tuple(part for part in _parts(text) if part != "")


def placeholders(tree: Any) -> Iterator[str]:
    """The names of all placeholders in a text, or in all texts of a JSON tree, in their order."""
    if isinstance(tree, str):
        yield from (part.name for part in split(tree) if isinstance(part, Placeholder))
    elif isinstance(tree, dict):
        for value in tree.values():
            yield from placeholders(value)
    elif isinstance(tree, list | tuple):
        for value in tree:
            yield from placeholders(value)


def _parts(text: str) -> Iterator[Part]:
    end = 0
    for token in _TOKEN.finditer(text):
        yield text[end : token.start()]
        end = token.end()
        if token[0] in ("{{", "}}"):
            yield token[0][0]
        elif token[1]:
            yield Placeholder(token[1])
        else:
            where = f"{token[0]!r} at character {token.start() + 1}"
            raise ValueError(f"{where} has no partner; write {token[0] * 2!r} for the character itself")
    yield text[end:]
