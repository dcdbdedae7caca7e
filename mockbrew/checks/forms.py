"""Forms: what entries of one kind with the same keys have in common, found once for any number of them; and their devices, made at once."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockbrew.checks.acceptor import Accept, acceptor
from mockbrew.checks.bugs import all_made
from mockbrew.devices.base import Device
from mockbrew.schema import kind_schema

Rows = Mapping[str, Any]
"""Some of a table of entries, or all of it: by name, what stands there."""


@dataclass(frozen=True, slots=True)
class Form:
    """What some keys are to a kind.

    complete: whether no option is missing. given: the options among the keys. words: the keys that are no options.
    """

    kind: type[Device]
    schema: Mapping[str, Any]
    complete: bool
    given: Mapping[str, Accept]
    words: tuple[str, ...]

    def devices(self, rows: Rows) -> Sequence[Device] | None:
        """Of entries of this form. None: ask `declared` about one after the other, which knows what is wrong."""
        given = {option: [row[option] for row in rows.values()] for option in self.given}
        if not self.complete or not all(_all_fit(accept, given[option]) for option, accept in self.given.items()):
            return None
        return all_made(self.kind, {"name": [*rows], **{option: _frozen(values) for option, values in given.items()}})


def form_of(kind: type[Device], keys: Mapping[str, Any], own: Container[str]) -> Form:
    """own: the keys that mean something to every kind."""
    schema = kind_schema(kind)
    options = schema["properties"]
    given = {key: acceptor(options[key]) for key in keys if key in options}
    words = tuple(key for key in keys if key not in options and key not in own)
    return Form(kind, schema, keys.keys() >= set(schema["required"]), given, words)


def _all_fit(accept: Accept, values: Sequence[Any]) -> bool:
    """Of texts, and of numbers, those that are equal fit alike."""
    sorts = {*map(type, values)}
    return all(map(accept, {*values} if sorts <= {str} or sorts <= {int, float} else values))


def _frozen(values: Sequence[Any]) -> Sequence[Any]:
    """With tuples for lists."""
    return [tuple(value) if isinstance(value, list) else value for value in values] if list in {*map(type, values)} else values
