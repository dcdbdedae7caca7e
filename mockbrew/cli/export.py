"""`mockbrew export`: the static part of a contract in a format of another tool."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from mockbrew.cli.printing import print_json
from mockbrew.cli.reading import read, settings, spec_argument
from mockbrew.cli.recording import unwritable
from mockbrew.exports.mockoon import mockoon
from mockbrew.exports.pact import pact
from mockbrew.exports.wiremock import wiremock

PACT = "pact"
FORMATS: Mapping[str, Callable[..., dict[str, Any]]] = MappingProxyType({PACT: pact, "wiremock": wiremock, "mockoon": mockoon})


@click.command("export")
@click.argument("format_", metavar="FORMAT", type=click.Choice(list(FORMATS)))
@spec_argument
@click.option("--consumer", help="What a pact calls the client.  [default: client]")
@click.option("--provider", help="What a pact calls the server.  [default: the title of the rig]")
@click.option("--output", type=click.Path(path_type=Path), help="The file to write.  [default: standard output]")
def command(format_: str, spec: Path | None, *, consumer: str | None, provider: str | None, output: Path | None) -> None:
    """Write what SPEC answers as FORMAT: pact, wiremock or mockoon.

    Such a file has examples of every endpoint, and of what is refused. It has no time, no physics and no state between requests; it says
    so itself.
    """
    names = {name: each for name, each in (("consumer", consumer), ("provider", provider)) if each}
    if names and format_ != PACT:
        raise click.UsageError(f"--{next(iter(names))}: only a pact has one; leave it out, or export pact")
    loaded, _ = read(settings(spec=spec).spec)
    _write(FORMATS[format_](loaded, **names), output)


def _write(document: Mapping[str, Any], output: Path | None) -> None:
    if output is None:
        print_json(document)
        return
    try:
        output.write_text(json.dumps(document, indent=2) + "\n", "ascii")
    except OSError as error:
        raise unwritable("--output", output, error) from error
