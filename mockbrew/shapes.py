"""Reply shapes: JSON trees with placeholders, compiled once, rendered to bytes for every reply.

A string that is exactly one placeholder keeps the JSON type of its value; in a longer one the value is interpolated as text. Keys are
taken as they are. NaN and infinity have no JSON: one that comes this far is a bug of a kind, and raises ValueError.

What is known when the server starts (names, options, labels) becomes part of a text per device; only the rest is encoded per reply. So
a reply costs about a microsecond, where a tree of dicts and `json.dumps` cost several.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from math import isfinite
from typing import Any

from mockbrew.devices.declare import NONE
from mockbrew.pattern import Placeholder, split
from mockbrew.spec import ErrorShape

Encode = Callable[[Any], str]

PROBLEM = "application/problem+json"  # RFC 9457

LONE = "backslashreplace"  # a lone surrogate has no UTF-8, but as a backslash escape it is JSON all the same

_tree_as_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def as_json(value: Any) -> str:
    """A value as compact JSON. Raises ValueError for NaN and infinity."""
    return _ENCODERS.get(type(value), _tree_as_json)(value)


def as_text(value: Any) -> str:
    """A value as it reads inside a text: a string as it is, anything else as JSON writes it."""
    return value if isinstance(value, str) else as_json(value)


@dataclass(frozen=True, slots=True)
class Reply:
    """The body of one endpoint of one device: a text, and what is put into it at each reply."""

    template: str
    slots: tuple[tuple[str, Encode], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The readings and arguments that it shows."""
        return tuple(dict.fromkeys(name for name, _ in self.slots))

    @property
    def readable(self) -> str:
        """The body with {placeholders} where readings and arguments stand."""
        return self.template % tuple(f"{{{name}}}" for name, _ in self.slots)

    def render(self, value: Callable[[str], Any]) -> bytes:
        """The body. value: what a reading or an argument is, by its name. Raises ValueError for NaN and infinity."""
        if len(self.slots) == 1:  # as nearly always: without a list and a tuple
            ((name, encode),) = self.slots
            text = self.template % encode(value(name))
        else:
            text = self.template % tuple([encode(value(name)) for name, encode in self.slots])
        return text.encode("utf-8", LONE)


@dataclass(frozen=True, slots=True)
class Shape:
    """A reply tree, compiled, for all devices that share it. constants: what `bind` needs of each of them, by name."""

    parts: tuple[str | tuple[str, Encode], ...]
    constants: tuple[str, ...]
    slots: tuple[tuple[str, Encode], ...]

    def bind(self, values: Mapping[str, Any]) -> Reply:
        """The reply of one device, whose constants these are."""
        return Reply("".join([part if isinstance(part, str) else _constant(part, values) for part in self.parts]), self.slots)


def compile_shape(tree: Any, live: Container[str]) -> Shape:
    """The shape of a reply tree. live: the names whose values are known at each reply only; all others are a device's constants.

    Raises ValueError for a brace without a partner, and for NaN and infinity.
    """
    parts = list(_parts(tree))
    slots = tuple(part for part in parts if not isinstance(part, str) and part[0] in live)
    constants = dict.fromkeys(part[0] for part in parts if not isinstance(part, str) and part[0] not in live)
    template = tuple(_escape(part) if isinstance(part, str) else "%s" if part[0] in live else part for part in parts)
    return Shape(template, tuple(constants), slots)


def problem(status: int, detail: str, members: Mapping[str, object], errors: Mapping[int, ErrorShape]) -> tuple[str, bytes]:
    """Content type and body of an error: an RFC 9457 problem document, unless the spec's `errors` has the hardware's own shape for it.

    members: extension members of the document, facts for a program; they never replace the standard ones. `type` is left out, which
    means `about:blank`: the title is the phrase of the status.
    """
    facts = {"title": phrase(status), "status": status, "detail": detail}
    own = errors.get(status) or errors.get(0)
    if own is None:
        return PROBLEM, _bytes(as_json({**facts, **{name: value for name, value in members.items() if name not in facts}}))
    return own.content_type, compile_shape(own.reply, live=facts).bind(NONE).render(facts.__getitem__)


def phrase(status: int) -> str:
    """What stands behind a status in HTTP; some hardware has codes of its own."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


# -- trees to parts: JSON text, and (name, encoding) for each placeholder ------------------------------------------


def _parts(tree: Any) -> Iterator[str | tuple[str, Encode]]:
    if isinstance(tree, str):
        yield from _string(tree)
    elif isinstance(tree, dict):
        yield from _joined("{", ((f"{as_json(key)}:", value) for key, value in tree.items()), "}")
    elif isinstance(tree, list | tuple):
        yield from _joined("[", (("", value) for value in tree), "]")
    else:
        yield as_json(tree)


def _joined(begin: str, items: Iterator[tuple[str, Any]], end: str) -> Iterator[str | tuple[str, Encode]]:
    yield begin
    for index, (key, value) in enumerate(items):
        yield f",{key}" if index else key
        yield from _parts(value)
    yield end


def _string(text: str) -> Iterator[str | tuple[str, Encode]]:
    match split(text):
        case (Placeholder(name),):
            yield name, as_json
        case parts:
            yield '"'
            for part in parts:
                yield _inside(part) if isinstance(part, str) else (part.name, _inside)
            yield '"'


def _constant(slot: tuple[str, Encode], values: Mapping[str, Any]) -> str:
    name, encode = slot
    return _escape(encode(values[name]))


def _escape(text: str) -> str:
    return text.replace("%", "%%")


# -- values to JSON ------------------------------------------------------------------------------------------------


def _inside(value: Any) -> str:
    return as_json(as_text(value))[1:-1]


def _number(value: float) -> str:
    if isfinite(value):
        return repr(value)
    raise ValueError(f"{value!r} has no JSON")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", LONE)


# What `json` does for these types, without its set-up for each value.
_ENCODERS: Mapping[type, Encode] = {
    int: repr,
    float: _number,
    str: json.encoder.encode_basestring,
    bool: {True: "true", False: "false"}.__getitem__,
    type(None): {None: "null"}.__getitem__,
}
