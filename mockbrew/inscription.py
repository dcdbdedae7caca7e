"""The states of a cell as text: compact JSON, one line for each device, by position.

What has not changed is not written anew, and what has been read before is not read again: cells change little from one command to the next.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import compress, count
from math import isfinite
from operator import ne
from typing import Any, NamedTuple

from mockbrew.cells import changed
from mockbrew.devices.base import Device

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
    texts = list(before.texts)
    for place in changed(before.states, states):
        texts[place] = _text(states[place])
    return Inscription(states, tuple(texts))


def read(body: str, devices: Sequence[Device], before: Inscription | None) -> tuple[Inscription, list[Any]]:
    """The states of these devices that open a body, and what else is in it. Those whose text is in `before` are the same objects.

    Raises ValueError or TypeError if there are none, or if a number is not finite: JSON as Python reads it has NaN, Infinity and 1e999.
    """
    if not body.startswith(BEGIN):  # written by a version that knew no lines
        rows, *rest = json.loads(body)
        return inscribed(_made(devices, rows), None), rest
    end = body.rindex(END)
    texts = tuple(body[len(BEGIN) : end].split(BETWEEN))
    if len(texts) != len(devices):
        raise ValueError(f"{len(texts)} states for {len(devices)} devices")
    states, new = ([None] * len(texts), range(len(texts))) if before is None else (list(before.states), _others(before.texts, texts))
    rows, *rest = json.loads(f"[[{','.join([texts[place] for place in new])}],{body[end + len(END) :]}")
    for place, state in zip(new, _made([devices[place] for place in new], rows), strict=True):
        states[place] = state
    return Inscription(tuple(states), texts), rest


def _others(before: Sequence[str], after: Sequence[str]) -> Sequence[int]:
    return list(compress(count(), map(ne, before, after)))


def _made(devices: Sequence[Device], rows: Sequence[Sequence[Any]]) -> tuple[Any, ...]:
    if not all(isfinite(value) for row in rows for value in row if isinstance(value, float)):
        raise ValueError("a number is not finite")
    return tuple([device.layout(*row) for device, row in zip(devices, rows, strict=True)])


def _text(state: Sequence[Any]) -> str:
    """What `json.dumps` makes of it, which takes three times as long. Raises ValueError if a number is not finite."""
    values = [repr(value) if (kind := type(value)) is int or (kind is float and isfinite(value)) else _scalar(value) for value in state]
    return f"[{','.join(values)}]"


def _scalar(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)
