"""What is wrong with what verbs and failures of a kind take, in words: numbers, words and the functions that get them."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from mockbrew.devices.base import Device, options
from mockbrew.devices.declare import Choice, Number


def argument_faults(kind: type[Device], of: object) -> Iterator[str]:
    """Of an argument of a verb."""
    if isinstance(of, Number):
        yield from bounds_faults(kind, of)
    elif isinstance(of, Choice):
        yield from _words(of.words)
    else:
        yield f"it is a {type(of).__name__}; give a Number or a Choice"


def bounds_faults(kind: type[Device], number: Number) -> Iterator[str]:
    """Of the bounds of a number."""
    wrong = [fault for bound in (number.low, number.high) for fault in _bound(kind, bound)]
    yield from wrong
    if not wrong and not isinstance(number.low, str) and not isinstance(number.high, str) and number.low > number.high:
        yield f"nothing is from {number.low} to {number.high}; give the lower bound first"


def _bound(kind: type[Device], bound: object) -> Iterator[str]:
    if not isinstance(bound, str):
        if not is_number(bound):
            yield f"its bound {bound!r} is no number; give a finite one, or name an option"
    elif bound not in options(kind):
        yield f"its bound {bound!r} is no option; name one, or give a number"
    elif not is_option_of_a_number(options(kind)[bound]):
        yield f"its bound {bound!r} is an option without a number; name one made with number() that is required or has a default"


def is_option_of_a_number(field: dataclasses.Field[Any]) -> bool:
    """Whether every device has a number in it."""
    schema = field.metadata["schema"]
    typed = isinstance(schema, Mapping) and schema.get("type") in ("number", "integer")
    return typed and (field.default is dataclasses.MISSING or is_number(field.default))


def is_number(value: object) -> bool:
    """Whether it is a finite one."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _words(words: object) -> Iterator[str]:
    if not isinstance(words, tuple) or not words:
        yield f"its words are {words!r}; give a tuple of one or more texts"
        return
    for word in words:
        if not isinstance(word, str) or not word or "/" in word:  # an argument is a part of one segment of a URL
            yield f"its word {word!r} can't stand in a URL; give a text that is not empty and has no '/'"


def takes(function: Any, *positional: object, **named: object) -> bool:
    """Whether a function can be called like that."""
    try:
        inspect.signature(function).bind(*positional, **named)
    except TypeError:
        return False
    return True
