"""The states of a cell as text: compact JSON, one line for each device, by position. What has not changed is not written anew."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import isfinite
from typing import Any, NamedTuple

BEGIN, BETWEEN, END = "[[\n", ",\n", "\n],"  # no text of a state has a line break in it


class Inscription(NamedTuple):
    """States of a cell, and the text of each."""

    states: tuple[Any, ...]
    texts: tuple[str, ...]

    @property
    def lines(self) -> str:
        """All of them, to be followed by more of the same array."""
        return f"{BEGIN}{BETWEEN.join(self.texts)}{END}"


def inscribed(states: tuple[Any, ...], before: Inscription | None) -> Inscription:
    """These states as text; `before` has that of those which are the same objects still."""
    if before is None or len(before.states) != len(states):
        return Inscription(states, tuple([_text(state) for state in states]))
    known = zip(states, before.states, before.texts, strict=True)
    return Inscription(states, tuple([text if state is old else _text(state) for state, old, text in known]))


def _text(state: Sequence[Any]) -> str:
    return f"[{','.join([_scalar(value) for value in state])}]"


def _scalar(value: Any) -> str:
    """What `json.dumps` makes of it, which takes five times as long for a number. Raises ValueError if it is not finite."""
    if type(value) is int or (type(value) is float and isfinite(value)):
        return repr(value)
    return json.dumps(value, separators=(",", ":"), allow_nan=False)
