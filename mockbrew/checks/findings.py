"""A finding: one thing that is wrong, by its path in the document; and how paths, values and names are written in messages."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from math import isfinite
from typing import Any, NamedTuple

from mockbrew.errors import known

Path = tuple[str | int, ...]
"""Keys, and the indices of lists, from the top of the document."""

LISTED = 20  # names in a message: a rig may have 100,000
COMPARED = 200  # names among which a similar one is looked for, 0.01 ms each
LONGEST = 60  # characters of a value in a message
MOST_BITS = 4096  # of an integer in decimals: Python writes none of more than 4300 digits

_BARE = re.compile(r"[A-Za-z0-9_-]+")  # keys that TOML writes without quotes


class Finding(NamedTuple):
    """path: of the value, or of where it should be. at_key: its key is what is wrong.

    absent: what is missing. meant: what this was probably meant to be: if that is missing, it is one mistake. column: of the character in a
    text, from 1, at which it is wrong; 0 for all of it.
    """

    path: Path
    message: str
    at_key: bool = False
    meant: Path | None = None
    absent: Path | None = None
    column: int = 0


def distinct(findings: Iterable[Finding]) -> list[Finding]:
    """Each finding once, and what is missing not at all where something else was meant to be it."""
    once = list(dict.fromkeys(findings))
    meant = {finding.meant for finding in once} - {None}
    return [finding for finding in once if finding.absent not in meant]


def missing(path: Path, message: str) -> Finding:
    """Nothing stands at `path`."""
    return Finding(path, f"missing; {message}", absent=path)


def tainted(findings: Iterable[Finding]) -> frozenset[Path]:
    """The paths that have something wrong in them. What depends on one of these is not checked, so that one mistake is one fault."""
    return frozenset(finding.path[:end] for finding in findings for end in range(len(finding.path) + 1))


def unsure(findings: Iterable[Finding]) -> frozenset[Path]:
    """The tables whose own key or value is wrong, or that an unknown key was meant to be: what is not found in them may be there."""
    return frozenset(path for finding in findings for path in (finding.path, finding.meant) if path is not None)


def unknown_key(path: Path, what: str, names: Iterable[str]) -> Finding:
    """A key, the last of `path`, that is none of these names."""
    ordered, word = sorted(names), str(path[-1])
    near = nearest(word, ordered)
    return Finding(path, unknown(what, word, ordered), at_key=True, meant=(*path[:-1], near) if near else None)


def unknown(what: str, word: str, names: Iterable[str], also: str = "") -> str:
    """`unknown kind 'heatr'; known: heater, valve (did you mean 'heater'?)`."""
    ordered = sorted(names)
    return f"unknown {what} {shown(word)}{also}; {listed(ordered)}{hint(word, ordered)}"


def listed(ordered: Sequence[str]) -> str:
    """`known: heater, valve`, for any number of names."""
    first, rest = known(map(_plain, ordered[:LISTED])), len(ordered) - LISTED
    return f"{first} and {rest} more" if rest > 0 else first


def _plain(name: str) -> str:
    return name if _BARE.fullmatch(name) and len(name) <= LONGEST else shown(name)


def hint(word: str, ordered: Sequence[str]) -> str:
    """` (did you mean 'heater'?)`, or nothing."""
    near = nearest(word, ordered)
    return f" (did you mean {near!r}?)" if near else ""


def nearest(word: str, ordered: Sequence[str]) -> str | None:
    """The most similar name, if one is similar; of many, only those near the word in the alphabet are compared."""
    begin = max(bisect_left(ordered, word) - COMPARED // 2, 0) if len(ordered) > COMPARED else 0
    compared = ordered[begin : begin + COMPARED] if len(word) <= LONGEST else ()
    same = (name for name in compared if name.casefold() == word.casefold())  # all capitals are like no small letters to difflib
    return next(chain(same, difflib.get_close_matches(word, compared, n=1)), None)


# -- paths and values ----------------------------------------------------------------------------------------------


def dotted(path: Path) -> str:
    """`devices.PID1.heaters[0]`; keys that TOML would quote are quoted."""
    return "".join(_steps(path)).removeprefix(".")


def _steps(path: Path) -> Iterator[str]:
    for step in path:
        yield f"[{step}]" if isinstance(step, int) else f".{_plain(step)}"


def described(value: Any, table: str = "a table") -> str:
    """`'x' is a text`. table: what the language of the document calls one."""
    return f"{shown(value)} is {table if isinstance(value, dict) else _sort(value)}"


def shown(value: Any) -> str:
    """A value as TOML would write it, on one line and not too long; of a table or a list, only that it is meant."""
    if value is None or isinstance(value, dict | list):
        return "this"
    text = _written(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        return f"{value:#x}"
    return repr(value) if isinstance(value, str | int | float) else str(value)


def _sort(value: Any) -> str:
    if isinstance(value, float) and not isfinite(value):
        return "not a finite number"
    return next((words for types, words in _SORTS if isinstance(value, types)), "a date or a time")


_SORTS: tuple[tuple[Any, str], ...] = (
    (bool, "a boolean"),
    (int | float, "a number"),
    (str, "a text"),
    (list, "a list"),
    (type(None), "null"),
)
