"""`mockbrew kinds`: what a spec can be made of."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import click

from mockbrew import __version__
from mockbrew.checks.words import wanted
from mockbrew.cli.printing import print_json, print_table
from mockbrew.cli.reading import json_option
from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import options, summary
from mockbrew.devices.declare import Argument, Choice, Number, Reading, Verb
from mockbrew.devices.failures import Failure
from mockbrew.plugins import Found, Plugin, installed


@click.command("kinds")
@json_option
def command(*, as_json: bool) -> None:
    """List the kinds of devices: options, readings, verbs, failures."""
    found = installed()
    listed = _listed(found)
    if as_json:
        print_json({"kinds": [_described(kind) for kind in listed]})
    else:
        for kind in listed:
            _print(kind)
    found.kinds()  # raises what is wrong with the others


def _listed(found: Found) -> list[Plugin]:
    """The built-in kinds as if they were plugins of mockbrew itself, and the plugins."""
    return [*(Plugin(kind, "mockbrew", __version__) for kind in BUILT_IN.values()), *found.plugins]


# -- for programs --------------------------------------------------------------------------------------------------


def _described(listed: Plugin) -> dict[str, Any]:
    kind = listed.kind
    return {
        "kind": kind.kind,
        "doc": summary(kind),
        "distribution": listed.distribution,
        "version": listed.version,
        "options": {name: _option(field) for name, field in options(kind).items()},
        "readings": {name: {**reading.schema, "description": reading.doc, "unit": reading.unit} for name, reading in kind.readings.items()},
        "verbs": {name: {"description": verb.doc, "arguments": _arguments(verb)} for name, verb in kind.verbs.items()},
        "failures": {name: {"description": failure.doc, "parameters": _parameters(failure)} for name, failure in kind.failures.items()},
    }


def _option(field: dataclasses.Field[Any]) -> dict[str, Any]:
    refers = field.metadata["refers"]
    return {
        **field.metadata["schema"],
        "required": _required(field),
        "unit": field.metadata["unit"],
        "refers": refers.wanted if refers else None,
    }


def _arguments(verb: Verb) -> dict[str, Any]:
    return {name: _argument(argument) for name, argument in verb.arguments.items()}


def _argument(argument: Argument) -> dict[str, Any]:
    """Bounds are numbers, or the names of the options that hold them."""
    if isinstance(argument, Number):
        return {"type": "number", "minimum": argument.low, "maximum": argument.high, "unit": argument.unit}
    return {"type": "string", "enum": list(argument.words)}


def _parameters(failure: Failure) -> dict[str, Any]:
    """Bounds as with arguments."""
    return {
        name: {**_argument(parameter.takes), "type": "integer" if parameter.whole else "number", "description": parameter.doc}
        for name, parameter in failure.parameters.items()
    }


# -- for people ----------------------------------------------------------------------------------------------------


def _print(listed: Plugin) -> None:
    kind = listed.kind
    origin = "built in" if listed.kind in BUILT_IN.values() else f"{listed.distribution} {listed.version}"
    click.echo(f"{kind.kind} ({origin}): {summary(kind)}")
    rows = [
        *(("option", name, *_option_in_words(field)) for name, field in options(kind).items()),
        *(("reading", name, *_reading_in_words(reading)) for name, reading in kind.readings.items()),
        *(("verb", name, _arguments_in_words(verb.arguments), "", verb.doc) for name, verb in kind.verbs.items()),
        *(("failure", name, _parameters_in_words(failure), "", failure.doc) for name, failure in kind.failures.items()),
    ]
    print_table(("", "name", "takes or gives", "default", "what it is"), rows)
    click.echo()


def _option_in_words(field: dataclasses.Field[Any]) -> tuple[str, str, str]:
    schema, unit = field.metadata["schema"], field.metadata["unit"]
    takes = _reference_in_words(field) if field.metadata["refers"] else wanted({**schema, "unit": unit})
    return takes, _default(field), schema["description"].removesuffix(f" [{unit}]")


def _reference_in_words(field: dataclasses.Field[Any]) -> str:
    wanted_of: str = field.metadata["refers"].wanted
    return f"[{wanted_of}, ...]" if field.metadata["schema"]["type"] == "array" else wanted_of


def _reading_in_words(reading: Reading) -> tuple[str, str, str]:
    return wanted({**reading.schema, "unit": reading.unit}), "", reading.doc


def _arguments_in_words(arguments: Mapping[str, Argument]) -> str:
    return "; ".join(f"{name}: {_argument_in_words(argument)}" for name, argument in arguments.items())


def _argument_in_words(argument: Argument) -> str:
    if isinstance(argument, Choice):
        return wanted(argument.schema(None))
    return f"from {argument.low} to {argument.high} {argument.unit}".rstrip()


def _parameters_in_words(failure: Failure) -> str:
    return "; ".join(f"{name}: {_argument_in_words(parameter.takes)}" for name, parameter in failure.parameters.items())


def _default(field: dataclasses.Field[Any]) -> str:
    if _required(field):
        return "required"
    return "" if field.default in (None, ()) else str(field.default).lower()


def _required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING
