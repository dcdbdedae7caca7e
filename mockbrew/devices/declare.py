"""What a kind declares of itself, as data: options, readings, verbs and their arguments.

Everything else follows from these declarations: the JSON Schema of the spec, the checks, the endpoints' types, the listings.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from types import MappingProxyType
from typing import Any

from mockbrew.errors import BadArgument

Value = int | float | str | bool | None
"""What a reading can be: a JSON scalar."""

State = tuple[Any, ...]
"""The state of one device: an immutable named tuple of JSON scalars."""

NONE: Mapping[str, Any] = MappingProxyType({})


# -- options -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reference:
    """That an option names another entry of the spec, and what this entry must be able to do.

    role: in words, for messages. kind: its kind must be this one. base: its kind must be derived from this role. reading, verbs: it
    must have them. output: the device that declares this commands it, so nobody else may. words: may be given instead of a name.
    """

    role: str
    kind: str | None = None
    base: type | None = None
    reading: str | None = None
    verbs: tuple[str, ...] = ()
    output: bool = False
    words: tuple[str, ...] = ()

    @property
    def wanted(self) -> str:
        """`a vessel, or 'mains'`."""
        return ", or ".join((self.role, *map(repr, self.words)))


def number(doc: str, *, unit: str, default: Any = dataclasses.MISSING, **bounds: float) -> Any:
    """An option that is a finite number. Bounds in JSON Schema's words: minimum, exclusiveMinimum, maximum."""
    return _option({"type": "number", **bounds}, doc, default, unit=unit)


def reference(doc: str, to: Reference, *, default: Any = dataclasses.MISSING) -> Any:
    """An option that names one other entry; with None for its default it may name none."""
    return _option({"type": "string"}, doc, default, refers=to)


def references(doc: str, to: Reference) -> Any:
    """An option that lists other entries; none by default."""
    return _option({"type": "array", "items": {"type": "string"}, "uniqueItems": True}, doc, (), refers=to)


def choice(doc: str, *of: str, default: Any = dataclasses.MISSING) -> Any:
    """An option that is one of a few words."""
    return _option({"type": "string", "enum": list(of)}, doc, default)


def flag(doc: str, *, default: bool = False) -> Any:
    """An option that is true or false."""
    return _option({"type": "boolean"}, doc, default)


def condition(default: Any = None) -> Any:
    """A field that no spec says: what a failure makes of the device (`failures`)."""
    return field(default=default, repr=False, metadata={"condition": True})


def _option(schema: dict[str, Any], doc: str, default: Any, *, unit: str = "", refers: Reference | None = None) -> Any:
    described = f"{doc} [{unit}]" if unit else doc
    entry: dict[str, Any] = {**schema, "description": described}
    if default is not dataclasses.MISSING and default is not None:
        entry["default"] = list(default) if isinstance(default, tuple) else default
    return field(default=default, metadata={"schema": entry, "refers": refers, "unit": unit})


# -- readings ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """Something that a device reports at an instant.

    read: (device, state, view) -> value, of the JSON type that `schema` says.
    """

    read: Callable[[Any, Any, Any], Value]
    schema: Mapping[str, Any]
    doc: str
    unit: str = ""


# -- verbs and arguments -------------------------------------------------------------------------------------------

WHOLE, PLACES = 6, 12  # digits before the point and behind it that the wire has room for
LAST_PLACE = Decimal(1).scaleb(-PLACES)
MOST = 10**WHOLE - LAST_PLACE


def exact(bound: float) -> Decimal:
    """A bound as the author of the spec wrote it: 0.1 is a tenth, not the float that comes nearest to it."""
    return Decimal(str(bound))


@dataclass(frozen=True, slots=True)
class Number:
    """A number with bounds. `low` and `high` are numbers or the names of the device's options that hold them."""

    low: float | str
    high: float | str
    unit: str = ""

    # What the wire contract has room for: no exponent, no sign but minus, ASCII digits only.
    grammar = re.compile(rf"-?[0-9]{{1,{WHOLE}}}(\.[0-9]{{1,{PLACES}}})?", re.ASCII)
    characters = frozenset("-.0123456789")

    def bounds(self, device: Any) -> tuple[float, float]:
        return _bound(device, self.low), _bound(device, self.high)

    def wanted(self, device: Any) -> str:
        """What would be accepted, in words."""
        low, high = self.bounds(device)
        return f"a number from {low} to {high}{' ' + self.unit if self.unit else ''}, written like 66 or 66.5"

    def parse(self, device: Any, name: str, text: str) -> float:
        """The number that `text` writes. Raises BadArgument."""
        low, high = map(exact, self.bounds(device))
        if self.grammar.fullmatch(text) and low <= Decimal(text) <= high:
            return float(text)
        raise BadArgument(device.name, name, text, self.wanted(device))

    def example(self, device: Any) -> str:
        """A text that is accepted."""
        low = self.bounds(device)[0]
        written = min(max(exact(low), -MOST), MOST).quantize(LAST_PLACE, ROUND_CEILING)
        return str(low) if self.grammar.fullmatch(str(low)) else f"{written:f}"

    def schema(self, device: Any) -> dict[str, Any]:
        """JSON Schema of the accepted values."""
        low, high = self.bounds(device)
        return {"type": "number", "minimum": low, "maximum": high}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]

    @property
    def characters(self) -> frozenset[str]:
        """What the accepted texts are made of."""
        return frozenset("".join(self.words))

    def wanted(self, device: Any) -> str:
        return f"one of {', '.join(self.words)}"

    def parse(self, device: Any, name: str, text: str) -> str:
        """The word itself. Raises BadArgument."""
        if text in self.words:
            return text
        raise BadArgument(device.name, name, text, self.wanted(device))

    def example(self, device: Any) -> str:
        return self.words[0]

    def schema(self, device: Any) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.words)}


Argument = Number | Choice


@dataclass(frozen=True, slots=True)
class Verb:
    """A command: its name is the key that it is declared under.

    apply: (device, state, at, **arguments) -> the new state; `at` is the virtual instant in ns. It must be pure; what it
    raises, other than BadArgument, is a bug of the kind.
    """

    apply: Callable[..., Any]
    doc: str
    arguments: Mapping[str, Argument] = field(default_factory=lambda: NONE)

    def parse(self, device: Any, texts: Mapping[str, str]) -> dict[str, Any]:
        """The arguments that `texts` write, typed and within bounds. Raises BadArgument."""
        return {name: argument.parse(device, name, texts[name]) for name, argument in self.arguments.items()}


# -- presets -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Preset:
    """Something that can be set from outside, by the reading that shows it, as if it had always been so.

    schema: (device, surroundings) -> JSON Schema of the values that it takes. apply: (device, state, at, value) -> the new state.
    """

    schema: Callable[[Any, Any], Mapping[str, Any]]
    apply: Callable[[Any, Any, int, Any], Any]


def _bound(device: Any, limit: float | str) -> float:
    return getattr(device, limit) if isinstance(limit, str) else limit
