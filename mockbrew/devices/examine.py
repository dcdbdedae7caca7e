"""What is wrong with a kind, in words, before any spec is read: for kinds that others wrote, and for the tests of their authors."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from mockbrew.devices.base import Controller, Device, Gate, HeatSource, Mover
from mockbrew.devices.declare import Reading, Reference, Verb
from mockbrew.devices.examine_arguments import argument_faults, takes
from mockbrew.devices.examine_failures import failure_faults
from mockbrew.devices.failures import Failure

RESERVED = ("id", "interface", "kind", "name")  # words that a spec has for every device
OF_AN_OPTION = ("schema", "refers", "unit")  # the metadata that `declare` gives to each
HOOKS: tuple[tuple[type[Device], Mapping[str, tuple[str, ...]]], ...] = (
    (HeatSource, {"heat": ("state",)}),
    (Gate, {"passes": ("state",)}),
    (Mover, {"moves": ("state",)}),
    (Controller, {"due": ("state",), "act": ("state", "view")}),
)  # what a role leaves to its kinds, and what each then takes
METHODS = (
    ("initial", ("view",)),
    ("carried", ("state", "before", "at")),
    ("check", ("surroundings",)),
    ("refusal", ("reading", "value")),
    ("commanded", ("state", "view")),
)  # what any kind may have, and what it then takes
NAMELESS = "no placeholder can name it; choose letters, digits and _, other than id"


def faults(kind: type[Device]) -> Iterator[str]:
    """What is wrong with it; what would be right, one sentence each. Nothing for a sound kind."""
    # Not `is_dataclass`: that is inherited, and fields of an undecorated class would silently be no options.
    if "__dataclass_params__" not in vars(kind):
        yield "it is no frozen dataclass; decorate it with @dataclass(frozen=True, slots=True, kw_only=True)"
    yield from _hooks(kind)
    yield from _layout(kind)
    for field in dataclasses.fields(kind):
        if "condition" in field.metadata:
            yield from (f"condition {field.name!r}: {fault}" for fault in _condition(field))
        elif field.init:  # else the kind computes it of its options
            yield from (f"option {field.name!r}: {fault}" for fault in _option(field))
    for table, made_of, check in (("readings", Reading, _reading), ("verbs", Verb, _verb), ("failures", Failure, failure_faults)):
        yield from _table(kind, table, made_of, check)


def _hooks(kind: type[Device]) -> Iterator[str]:
    for role, hooks in HOOKS:
        if issubclass(kind, role):
            yield from (fault for hook, given in hooks.items() for fault in _hook(kind, role, hook, given))
    for method, given in METHODS:
        yield from _method(kind, method, given)


def _hook(kind: type[Device], role: type[Device], hook: str, given: tuple[str, ...]) -> Iterator[str]:
    if getattr(kind, hook) is getattr(role, hook):
        yield f"it is a {role.__name__} without a method {hook!r}; write one"
    else:
        yield from _method(kind, hook, given)


def _method(kind: type[Device], method: str, given: tuple[str, ...]) -> Iterator[str]:
    if not takes(getattr(kind, method), None, *given):
        yield f"its {method!r} does not take ({', '.join(('self', *given))})"


def _layout(kind: type[Device]) -> Iterator[str]:
    if not _is_named_tuple(kind.layout):
        yield f"its layout {kind.layout!r} is no NamedTuple; give a class derived from typing.NamedTuple"
    elif kind.initial is Device.initial and len(kind.layout._field_defaults) < len(kind.layout._fields):
        yield f"nothing says its first state; give every field of {kind.layout.__name__} a default, or the kind a method 'initial'"
    elif issubclass(kind, HeatSource) and kind.time_constant is not HeatSource.time_constant and "heat" not in kind.layout._fields:
        yield f"its heat follows with a time constant, and {kind.layout.__name__} has no field 'heat' to keep it in; add one, in W"


def _is_named_tuple(layout: Any) -> bool:
    return isinstance(layout, type) and issubclass(layout, tuple) and hasattr(layout, "_field_defaults")


# -- options -------------------------------------------------------------------------------------------------------


def _option(field: dataclasses.Field[Any]) -> Iterator[str]:
    described = all(key in field.metadata for key in OF_AN_OPTION)
    if field.name in RESERVED:
        if described or field.name != "name":  # `name` itself is a field of every device
            yield "the name is reserved; choose one other than " + ", ".join(RESERVED)
    elif not described:
        yield "nothing declares it; make it with number(), flag(), choice(), reference() or references() of mockbrew.devices.declare"
    else:
        yield from _schema(field.metadata["schema"]) or _declared(field)


def _condition(field: dataclasses.Field[Any]) -> Iterator[str]:
    if field.default is dataclasses.MISSING:
        yield "nothing says what it is while nothing fails; make it with condition() of mockbrew.devices.declare, and give a default"


def _declared(field: dataclasses.Field[Any]) -> Iterator[str]:
    """What is wrong with an option whose schema is one."""
    schema, refers, unit = (field.metadata[key] for key in OF_AN_OPTION)
    if not isinstance(schema.get("description"), str):
        yield "its schema has no 'description'; say in a few words what the option is"
    if not isinstance(unit, str):
        yield f"its unit is a {type(unit).__name__}; give a text, '' for none"
    if refers is not None:
        yield from _reference(field, refers)
    yield from _default(field)


def _reference(field: dataclasses.Field[Any], to: object) -> Iterator[str]:
    if not isinstance(to, Reference):
        yield f"what it refers to is a {type(to).__name__}; give a Reference, or None"
    if field.metadata["schema"]["type"] not in ("string", "array"):
        yield "it refers to others, whose names are texts; make it with reference() or references()"
    elif field.default is None and field.metadata["schema"]["type"] == "array":
        yield "it refers to others, and its default is None; make it with references(), whose default is none of them"


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
    if not _is_placeholder(name):
        yield NAMELESS
    yield from _schema(reading.schema)
    if not takes(reading.read, None, None, None):
        yield "its 'read' does not take (device, state, view)"


def _verb(kind: type[Device], name: str, verb: Verb) -> Iterator[str]:
    arguments: Any = verb.arguments
    if not isinstance(arguments, Mapping):
        yield f"its arguments are a {type(arguments).__name__}; give a mapping of names to Number or Choice"
        return
    nameless = [argument for argument in arguments if not _is_placeholder(argument)]
    yield from (f"argument {argument!r}: {NAMELESS}" for argument in nameless)
    if not nameless and not takes(verb.apply, None, None, 0, **dict.fromkeys(arguments)):
        yield f"its 'apply' does not take ({', '.join(('device', 'state', 'at', *arguments))})"
    for argument, of in arguments.items():
        yield from (f"argument {argument!r}: {fault}" for fault in argument_faults(kind, of))


def _is_placeholder(name: object) -> bool:
    return isinstance(name, str) and name.isascii() and name.isidentifier() and name != "id"
