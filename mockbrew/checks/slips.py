"""Slips of TOML: what its parser says of the commonest ones does not say what would be right."""

from __future__ import annotations

import re
from collections.abc import Mapping

import tomli

from mockbrew.checks.findings import shown

_NAME = r"[A-Za-z0-9_-]+"
_TWICE = re.compile(rf"[ \t]*({_NAME}(?:\.{_NAME})*)[ \t]*=")  # the key of a whole line
_HEADER = re.compile(r"[ \t]*(\[[^\]\n]{1,200}\])")

# By the beginning of what the parser says, what stands where it stopped, and what would be right there.
_AT: Mapping[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    "invalid value": (
        (re.compile(r"[“”„«»‘’]"), 'a text has straight quotes: "'),
        (re.compile(r"(?i:(true|false))\b"), "true and false are written small"),
        (re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,63})(?![A-Za-z0-9_-])"), 'a text has quotes: "{}"'),
    ),
    "expected newline": ((re.compile(r",[0-9]"), "a number has a decimal point, not a comma"),),
}
_DECIMAL_COMMA = re.compile(r"=[ \t]*[+-]?[0-9]+,[0-9]+[ \t]*$")


def told(error: tomli.TOMLDecodeError, text: str) -> str:
    """What the parser says, and what would be right if that is known."""
    message = f"{error.msg[:1].lower()}{error.msg[1:]}"
    line = text.split("\n")[error.lineno - 1]
    key, header = _TWICE.match(line), _HEADER.match(line)
    if key and message.startswith("cannot overwrite"):
        return f"{shown(key[1])} is given above already, or a part of it; delete one of the two, or give it another name"
    if header and message.startswith("cannot declare"):
        return f"{header[1]} is there already; put these lines under it"
    advice = _advice(message, line[: error.colno - 1], line[error.colno - 1 :])
    return f"{message}; {advice}" if advice else message


def _advice(message: str, before: str, after: str) -> str:
    if _DECIMAL_COMMA.search(before):
        return "a number has a decimal point, not a comma"
    fitting = (
        advice.format(*match.groups())
        for begins, slips in _AT.items()
        if message.startswith(begins)
        for pattern, advice in slips
        if (match := pattern.match(after))
    )
    return next(fitting, "")
