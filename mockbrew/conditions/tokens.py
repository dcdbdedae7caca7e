"""Tokens: the numbers, words, quoted texts and signs that a condition is written with. What other languages write is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from mockbrew.checks.findings import shown

LONGEST = 1000  # characters
EXAMPLE = "such as 'Temp3 >= 65' or 'Mashtun.volume <= 0.5'"

_TOKEN = re.compile(
    r"(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<word>[A-Za-z][A-Za-z0-9_.-]*)"
    r"|(?P<quoted>'[^']*'|\"[^\"]*\")"
    r"|(?P<sign><=|>=|==|!=|<(?!>)|>|[-+*/()])"
    r"|(?P<space>[ \t\r\n]+)",
    re.ASCII,
)
# What other languages write; the longer ones first.
_SLIPS: Mapping[str, str] = MappingProxyType(
    {
        "=>": "write >=",
        "=<": "write <=",
        "<>": "write !=",
        "=": "write == to compare",
        "&": "write and",
        "|": "write or",
        "!": "write not",
        "'": "the text has no end; close its quotes",
        '"': "the text has no end; close its quotes",
        ".": "write a digit before the point, such as 0.5",
        ",": "write a point in numbers, such as 0.5",
    }
)


class Wrong(Exception):
    """What is wrong with a condition, and what would be right. at: the character, counted from 0."""

    def __init__(self, at: int, message: str) -> None:
        super().__init__(message)
        self.at = at


class Token(NamedTuple):
    """sort: a group of `_TOKEN`, or `end`. at: where it begins."""

    sort: str
    text: str
    at: int

    @property
    def end(self) -> int:
        return self.at + len(self.text)


def tokens(text: str) -> list[Token]:
    """Those of a condition, in their order, with an `end` behind them. Raises Wrong."""
    if len(text) > LONGEST:
        raise Wrong(LONGEST, f"it is {len(text)} characters long; at most {LONGEST}")
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise Wrong(at, _stray(text[at:]))
        if match.lastgroup != "space":
            yield Token(match.lastgroup, match.group(), at)
        at = match.end()
    yield Token("end", "", len(text))


def _stray(rest: str) -> str:
    slip = next((slip for slip in _SLIPS if rest.startswith(slip)), None)
    if slip is None:
        return f"{shown(rest[0])} means nothing here; write a condition, {EXAMPLE}"
    return f"{shown(slip)} means nothing here; {_SLIPS[slip]}"
