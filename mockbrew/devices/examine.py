"""What is wrong with a kind, in words, before any spec is read: for kinds that others wrote, and for the tests of their authors."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from mockbrew.devices.base import Controller, Device, HeatSource
from mockbrew.devices.declare import Choice, Number, Reading, Verb

RESERVED = ("id", "interface", "kind", "name")  # words that a spec has for every device
OF_AN_OPTION = ("schema", "refers", "unit")  # the metadata that `declare` gives to each
HOOKS = ((HeatSource, ("heat",)), (Controller, ("due", "act")))  # what a role leaves to its kinds


def faults(kind: type[Device]) -> Iterator[str]:
    """What is wrong with it; what would be right, one sentence each. Nothing for a sound kind."""
    # Not `is_dataclass`: that is inherited, and fields of an undecorated class would silently be no options.
    if "__dataclass_params__" not in vars(kind):
        yield "it is no frozen dataclass; decorate it with @dataclass(frozen=True, slots=True, kw_only=True)"
    yield from _hooks(kind)
    yield from _layout(kind)
    for field in dataclasses.fields(kind):
        yield from (f"option {field.name!r}: {fault}" for fault in _option(field))
    for table, made_of, check in (("readings", Reading, _reading), ("verbs", Verb, _verb)):
        yield from _table(kind, table, made_of, check)


def _hooks(kind: type[Device]) -> Iterator[str]:
    for role, hooks in HOOKS:
        missing = [hook for hook in hooks if issubclass(kind, role) and getattr(kind, hook) is getattr(role, hook)]
        yield from (f"it is a {role.__name__} without a method {hook!r}; write one" for hook in missing)


def _layout(kind: type[Device]) -> Iterator[str]:
    if not _is_named_tuple(kind.layout):
        yield f"its layout {kind.layout!r} is no NamedTuple; give a class derived from typing.NamedTuple"
    elif kind.initial is Device.initial and len(kind.layout._field_defaults) < len(kind.layout._fields):
        yield f"nothing says its first state; give every field of {kind.layout.__name__} a default, or the kind a method 'initial'"


def _is_named_tuple(layout: Any) -> bool:
    return isinstance(layout, type) and issubclass(layout, tuple) and hasattr(layout, "_field_defaults")


# -- options -------------------------------------------------------------------------------------------------------


def _option(field: dataclasses.Field[Any]) -> Iterator[str]:
    described = all(key in field.metadata for key in OF_AN_OPTION)
    if field.name in RESERVED:
        if described or field.name != "name":  # `name` itself is a field of every device
            yield "the name is reserved; choose one other than " + ", ".join(RESERVED)
    elif not described:
        yield "nothing declares it; make it with number(), reference(), references() or choice() of mockbrew.devices.declare"
    else:
        yield from _schema(field.metadata["schema"]) or _default(field)


def _default(field: dataclasses.Field[Any]) -> Iterator[str]:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - 0.2 s that nobody waits for who has no other kinds
    from jsonschema.exceptions import best_match  # noqa: PLC0415 - as above

    if field.default is dataclasses.MISSING or field.default is None:
        return
    default = list(field.default) if isinstance(field.default, tuple) else field.default
    error = best_match(Draft202012Validator(field.metadata["schema"]).iter_errors(default))
    if error is not None:
        yield f"its own schema refuses its default: {error.message}"


def _schema(schema: Any) -> list[str]:
    from jsonschema import Draft202012Validator, SchemaError  # noqa: PLC0415 - as above

    if not isinstance(schema, Mapping) or "type" not in schema:
        return ["its schema has no 'type'; give the JSON type of its values"]
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        return [f"its schema is no JSON Schema: {error.message}"]
    return []


# -- readings and verbs --------------------------------------------------------------------------------------------


def _table(kind: type[Device], table: str, made_of: type, check: Any) -> Iterator[str]:
    entries = getattr(kind, table)
    if not isinstance(entries, Mapping):
        yield f"its {table} are a {type(entries).__name__}; give a mapping of names to {made_of.__name__}"
        return
    for name, entry in entries.items():
        found = check(kind, name, entry) if isinstance(entry, made_of) else [f"it is a {type(entry).__name__}; give a {made_of.__name__}"]
        yield from (f"{table[:-1]} {name!r}: {fault}" for fault in found)


def _reading(kind: type[Device], name: str, reading: Reading) -> Iterator[str]:
    if name == "id" or not (name.isascii() and name.isidentifier()):
        yield "no placeholder can name it; choose letters, digits and _, other than id"
    yield from _schema(reading.schema)
    if not _takes(reading.read, None, None, None):
        yield "its 'read' does not take (device, state, view)"


def _verb(kind: type[Device], name: str, verb: Verb) -> Iterator[str]:
    if not _takes(verb.apply, None, None, 0, **dict.fromkeys(verb.arguments)):
        yield f"its 'apply' does not take ({', '.join(('device', 'state', 'at', *verb.arguments))})"
    for argument, of in verb.arguments.items():
        yield from (f"argument {argument!r}: {fault}" for fault in _argument(kind, of))


def _argument(kind: type[Device], argument: object) -> Iterator[str]:
    if isinstance(argument, Number):
        options = {field.name for field in dataclasses.fields(kind)}
        named = [bound for bound in (argument.low, argument.high) if isinstance(bound, str)]
        yield from (f"its bound {bound!r} is no option; name one, or give a number" for bound in named if bound not in options)
    elif not isinstance(argument, Choice):
        yield f"it is a {type(argument).__name__}; give a Number or a Choice"


def _takes(function: Any, *positional: object, **named: object) -> bool:
    try:
        inspect.signature(function).bind(*positional, **named)
    except TypeError:
        return False
    return True
